"""Which labels of a run are meant: from one to another, counted from 1 in the order of printing."""

from __future__ import annotations

from suyuan.trace.errors import InvalidInput


def require_in_order(first: int, last: int) -> None:
    """Raises InvalidInput where the last label comes before the first."""
    if first > last:
        raise InvalidInput(
            "The last label, {last}, comes before the first, {first}: exchange them.",
            field="last",
            first=first,
            last=last,
        )


def require_labels(count: int, first: int, last: int) -> None:
    """Raises InvalidInput where a run of ``count`` labels has none from the first to the last."""
    require_in_order(first, last)
    if first < 1 or last > count:
        raise InvalidInput(
            "The labels of this run are 1 to {last}.",
            field="first" if first < 1 else "last",
            last=count,
        )
