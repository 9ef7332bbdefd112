"""What people decide about doubtful rows, and what follows from it.

After deciding, every data row is in exactly one of three places: accepted, set aside as work, or
still open. Nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suyuan.trace.errors import Fault, InvalidInputs
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.rows import RowDoubt, SheetReading, SheetRow, read_rows
from suyuan.trace.intake.sheets import column_letter

LONGEST_REASON = 500


@dataclass(frozen=True)
class Fix:
    """Another value for one cell: row from 1, column letter, text as if typed into the sheet."""

    row: int
    column: str
    value: str


@dataclass(frozen=True)
class Accept:
    """Doubts that are accepted as they are: one by its id (``45D:repeated-ear-tag``) or, by its
    code alone (``unit-from-title``), all of that kind. Without a reason nothing is accepted."""

    doubt: str
    reason: str


@dataclass(frozen=True)
class SetAside:
    """A row that does not go in now and becomes a work item."""

    row: int
    reason: str = ""


@dataclass(frozen=True)
class Amount:
    """How much the batch is that begins with this row, where its rows do not add up to it."""

    row: int
    quantity: str


Decision = Fix | Accept | SetAside | Amount


@dataclass(frozen=True)
class AcceptedDoubt:
    """A doubt that was accepted, and why: it goes in with the row."""

    doubt: RowDoubt
    reason: str


@dataclass(frozen=True)
class AcceptedRow:
    """A row that goes in, the doubts accepted with it, and the cells that were fixed."""

    row: SheetRow
    accepted: tuple[AcceptedDoubt, ...] = ()
    fixed: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class SetAsideRow:
    """A row that stays out as a work item."""

    row: SheetRow
    reason: str


@dataclass(frozen=True)
class Decided:
    """Where every row is now. ``open_doubts`` hold those of the table's totals too."""

    mapping: ColumnMapping
    accepted: tuple[AcceptedRow, ...]
    set_aside: tuple[SetAsideRow, ...]
    open: tuple[SheetRow, ...]
    open_doubts: tuple[RowDoubt, ...]

    @property
    def settled(self) -> bool:
        """Whether nothing is open, so that the accepted rows may go in."""
        return not self.open_doubts


def decide(reading: SheetReading, decisions: Sequence[Decision]) -> Decided:
    """Apply decisions to a reading.

    Fixes are read like cells and may raise doubts of their own; a later fix of the same cell
    stands. Raises InvalidInputs naming each decision about a row, column or doubt that is not
    there, without a reason, or accepting what cannot be accepted.
    """
    fixes = {(d.row, d.column): d for d in decisions if isinstance(d, Fix)}
    aside = {d.row: d for d in decisions if isinstance(d, SetAside)}
    accepts = {d.doubt: d for d in decisions if isinstance(d, Accept)}
    faults = [*_place_faults(reading, fixes.values(), aside.values())]
    reading = read_rows(
        reading.table,
        reading.mapping,
        reading.vocabulary,
        reading.today,
        fixes={place: fix.value for place, fix in fixes.items()},
        without=aside.keys(),
        family=reading.family,
    )
    faults.extend(_accept_faults(reading, accepts.values()))
    if faults:
        raise InvalidInputs(faults)
    accepted: list[AcceptedRow] = []
    open_rows: list[SheetRow] = []
    still: list[RowDoubt] = []
    for row in reading.rows:
        if row.row in aside:
            continue
        left = [doubt for doubt in row.doubts if _accepted_by(doubt, accepts) is None]
        if left:
            open_rows.append(row)
            still.extend(left)
        else:
            fixed = tuple(fix for fix in fixes.values() if fix.row == row.row)
            accepted.append(AcceptedRow(row, _accepted(row, accepts), fixed))
    still.extend(one for one in reading.doubts if _accepted_by(one, accepts) is None)
    put_aside = (SetAsideRow(r, aside[r.row].reason) for r in reading.rows if r.row in aside)
    return Decided(
        reading.mapping, tuple(accepted), tuple(put_aside), tuple(open_rows), tuple(still)
    )


def _accepted_by(doubt: RowDoubt, accepts: Mapping[str, Accept]) -> Accept | None:
    if not doubt.acceptable:
        return None
    return accepts.get(doubt.id) or accepts.get(doubt.code)


def _accepted(row: SheetRow, accepts: Mapping[str, Accept]) -> tuple[AcceptedDoubt, ...]:
    found = ((doubt, _accepted_by(doubt, accepts)) for doubt in row.doubts)
    return tuple(AcceptedDoubt(doubt, by.reason) for doubt, by in found if by is not None)


def _place_faults(
    reading: SheetReading, fixes: Iterable[Fix], aside: Iterable[SetAside]
) -> list[Fault]:
    rows = {at + 1 for at in reading.table.data}
    letters = {column_letter(column) for column in reading.mapping.columns}
    faults = []
    for fix in fixes:
        if fix.row not in rows or fix.column not in letters:
            message = "There is no cell {column}{row} among the rows and columns that are read."
            params = (("column", fix.column[:5]), ("row", fix.row))
            faults.append(Fault(f"{fix.row}{fix.column}"[:20], message, params))
    for one in aside:
        if one.row not in rows:
            message = "There is no data row {row} in the table."
            faults.append(Fault(str(one.row)[:20], message, (("row", one.row),)))
    return faults


def _accept_faults(reading: SheetReading, accepts: Iterable[Accept]) -> list[Fault]:
    """What is wrong with acceptances. One whose doubt a fix has removed is no fault."""
    hard = {doubt.id for row in reading.rows for doubt in row.doubts if not doubt.acceptable}
    faults = []
    for accept in accepts:
        name = accept.doubt[:60]
        if not accept.reason.strip():
            faults.append(Fault(name, "Say why this is accepted."))
        elif len(accept.reason) > LONGEST_REASON:
            message = "The reason has {count} characters, at most {limit} are kept."
            params = (("count", len(accept.reason)), ("limit", LONGEST_REASON))
            faults.append(Fault(name, message, params))
        elif accept.doubt in hard:
            message = "This cannot be accepted: fix the value or set the row aside."
            faults.append(Fault(name, message))
    return faults


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """A decision as it is kept with the upload."""
    match decision:
        case Fix(row, column, value):
            return {"do": "fix", "row": row, "column": column, "value": value}
        case Accept(doubt, reason):
            return {"do": "accept", "doubt": doubt, "reason": reason}
        case SetAside(row, reason):
            return {"do": "set_aside", "row": row, "reason": reason}
        case Amount(row, quantity):
            return {"do": "amount", "row": row, "quantity": quantity}


def decision_from_json(given: Mapping[str, Any]) -> Decision:
    """A decision as a form or the API gives it. Raises InvalidInputs."""
    match given:
        case {"do": "fix", "row": int(row), "column": str(column), "value": str(value)}:
            return Fix(row, column.strip().upper(), value)
        case {"do": "accept", "doubt": str(doubt), "reason": str(reason)}:
            return Accept(doubt, reason.strip())
        case {"do": "set_aside", "row": int(row)}:
            return SetAside(row, str(given.get("reason") or "").strip()[:LONGEST_REASON])
        case {"do": "amount", "row": int(row), "quantity": str(quantity)}:
            return Amount(row, quantity.strip())
    message = (
        "A decision is one of: fix (row, column, value), accept (doubt, reason), "
        "set_aside (row, reason), amount (row, quantity)."
    )
    raise InvalidInputs([Fault("decisions", message)])


def decision_name(decision: Decision) -> str:
    """What a decision is about: a later one of the same name stands in its place."""
    match decision:
        case Fix(row, column):
            return f"fix {row}{column}"
        case Accept(doubt):
            return f"accept {doubt}"
        case SetAside(row):
            return f"set aside {row}"
        case Amount(row):
            return f"amount {row}"


def merged_decisions(
    before: Iterable[Decision], added: Iterable[Decision], taken_back: Collection[str] = ()
) -> tuple[Decision, ...]:
    """Decisions with further ones; ``taken_back`` are names of those that no longer hold.

    Another value in a cell takes back what was accepted about the value before.
    """
    added = tuple(added)
    cells = tuple(f"accept {one.row}{one.column}:" for one in added if isinstance(one, Fix))
    kept = {
        name: one
        for one in before
        if (name := decision_name(one)) not in taken_back and not name.startswith(cells)
    }
    return tuple({**kept, **{decision_name(one): one for one in added}}.values())
