"""Sheets of rows: what a spreadsheet or a table of values holds, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from suyuan.trace.clock import SHANGHAI
from suyuan.trace.words import Names

T = TypeVar("T")
Cell = str | int | Decimal | None
Row = Mapping[str, Cell]
Words = Mapping[str, Mapping[str, Names]]
SEPARATOR = "; "
_AT_ONCE = 500


@dataclass(frozen=True)
class Sheet:
    """Rows with the order of their columns; ``facts`` names those that come of the family.

    ``words`` names the keys that stand in cells, by column: a cell with several has them between
    semicolons.
    """

    key: str
    columns: tuple[str, ...]
    facts: Mapping[str, Names]
    rows: tuple[Row, ...]
    words: Words = field(default_factory=dict)


def in_parts(keys: Sequence[T]) -> Iterable[Sequence[T]]:
    """The keys in parts that either database takes as parameters of one query."""
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))


def local(moment: datetime) -> str:
    """A moment in Shanghai time as text that sorts: ``2026-06-01T08:00:00+08:00``."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def plain(value: object) -> Cell:
    """A recorded value as one cell."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | str() | None:
            return value
        case list():
            return SEPARATOR.join(str(one) for one in value)
    return str(value)
