"""The form in which a clerk decides the doubtful rows of a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from suyuan.trace.errors import Fault, InvalidInputs
from suyuan.trace.intake.decisions import Accept, Amount, Decision, Fix, SetAside
from suyuan.trace.intake.review import Review
from suyuan.trace.intake.rows import RowDoubt, SheetRow

_CELL = re.compile(r"fix\.([0-9]{1,6})\.([A-Z]{1,3})")
_ROW = re.compile(r"(aside|amount)\.([0-9]{1,6})")
_ONE = "accept."
_KIND = re.compile(r"kind\.([a-z0-9-]{1,60})")


@dataclass(frozen=True)
class DoubtKind:
    """All open doubts of one kind, the first of them, and whether they can be accepted."""

    code: str
    first: RowDoubt
    count: int
    acceptable: bool


@dataclass(frozen=True)
class OpenRow:
    """A row with what is open about it."""

    row: SheetRow
    doubts: tuple[RowDoubt, ...]


def kinds_open(review: Review) -> list[DoubtKind]:
    """The kinds of doubts that are open, the most frequent first."""
    found: dict[str, list[RowDoubt]] = {}
    for doubt in review.decided.open_doubts:
        found.setdefault(doubt.code, []).append(doubt)
    kinds = (
        DoubtKind(code, doubts[0], len(doubts), any(one.acceptable for one in doubts))
        for code, doubts in found.items()
    )
    return sorted(kinds, key=lambda kind: -kind.count)


def rows_open(review: Review) -> list[OpenRow]:
    """The rows that cannot go in yet, each with its open doubts."""
    doubts: dict[int, list[RowDoubt]] = {}
    for doubt in review.decided.open_doubts:
        doubts.setdefault(doubt.row, []).append(doubt)
    return [OpenRow(row, tuple(doubts[row.row])) for row in review.decided.open]


def table_doubts(review: Review) -> list[RowDoubt]:
    """What is open about the table as a whole: its totals."""
    rows = {row.row for row in review.reading.rows}
    return [one for one in review.decided.open_doubts if one.row not in rows]


def read_decisions(given: Mapping[str, str], review: Review) -> tuple[Decision, ...]:
    """What the form decides; fields left empty decide nothing. Raises InvalidInputs."""
    return (*_by_kind(given, review), *_one_by_one(given))


def _by_kind(given: Mapping[str, str], review: Review) -> Iterator[Decision]:
    for name, does in given.items():
        match = _KIND.fullmatch(name)
        if match is None or does not in ("accept", "aside"):
            continue
        code, reason = match[1], given.get(f"why.{match[1]}", "").strip()
        if does == "accept":
            if not reason:
                raise InvalidInputs([Fault(f"why.{code}", "Say why this is accepted.")])
            yield Accept(code, reason)
        else:
            for one in rows_open(review):
                if any(doubt.code == code for doubt in one.doubts):
                    yield SetAside(one.row.row, reason)


def _one_by_one(given: Mapping[str, str]) -> Iterator[Decision]:
    for name, text in given.items():
        if not text.strip():
            continue
        if cell := _CELL.fullmatch(name):
            yield Fix(int(cell[1]), cell[2], text.strip())
        elif row := _ROW.fullmatch(name):
            number = int(row[2])
            if row[1] == "amount":
                yield Amount(number, text.strip())
            else:
                yield SetAside(number, given.get(f"aside-why.{number}", "").strip()[:500])
        elif name.startswith(_ONE):
            yield Accept(name.removeprefix(_ONE), text.strip())
