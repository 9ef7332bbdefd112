"""Which script stands first on a label, by place and date (``standards/bilingual_order.json``).

The order has turned round in 2026; stock that was printed before keeps the order of its day. On a
screen the reader's own language counts, not this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.errors import Misconfigured
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, read_standard

Script = Literal["zh", "bo"]
Layout = Literal["stacked", "side"]


@dataclass(frozen=True)
class BilingualOrder:
    """The order for divisions that begin with ``division``, from one day to another inclusive.

    The ratios bound the size of the Tibetan against the Chinese.
    """

    division: str
    valid_from: date | None
    valid_to: date | None
    first: Script
    minimum_ratio: Decimal
    maximum_ratio: Decimal
    layout: Layout
    provenance: Provenance

    def holds(self, division: str, day: date) -> bool:
        return (
            division.startswith(self.division)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


def bilingual_order(division: str, printed_on: date) -> BilingualOrder:
    """The order for a label of this division printed on that day; the nearest division counts."""
    holding = [order for order in _load() if order.holds(division, printed_on)]
    if not holding:
        raise Misconfigured(
            "bilingual_order.json has no order for {division} on {day}.",
            division=division,
            day=printed_on.isoformat(),
        )
    return max(holding, key=lambda order: len(order.division))


@cache
def _load() -> tuple[BilingualOrder, ...]:
    return read_standard("bilingual_order.json").list_of("orders", _read_order)


def _read_order(row: Row) -> BilingualOrder:
    row.only(
        "division", "valid_from", "valid_to", "first", "minimum_ratio", "maximum_ratio", "layout",
        *PROVENANCE,
    )  # fmt: skip
    division = row.get("division").value
    if not isinstance(division, str):
        row.wrong("the division must be the beginning of a division code, or empty for all.")
    return BilingualOrder(
        division=division,
        valid_from=row.maybe("valid_from", Row.day),
        valid_to=row.maybe("valid_to", Row.day),
        first=cast("Script", row.get("first").one_of(get_args(Script))),
        minimum_ratio=row.get("minimum_ratio").number(),
        maximum_ratio=row.get("maximum_ratio").number(),
        layout=cast("Layout", row.get("layout").one_of(get_args(Layout))),
        provenance=row.provenance(),
    )
