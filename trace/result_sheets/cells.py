"""One cell of a result sheet as it is taken: its text or day, where it stands, what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.intake.sheets import Cell, column_letter
from suyuan.trace.intake.values import ColumnReading, read_cell
from suyuan.trace.result_sheets.columns import result_vocabulary
from suyuan.trace.result_sheets.layout import DATES
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.written import folded

_LABEL: Final = re.compile(r"[^:：\d]{1,20}[:：]\s*(?P<said>.+)", re.DOTALL)
MOST_CHARACTERS: Final = {
    "number": 80, "sample_number": 80, "cma": 40, "catl": 40, "conclusion": 500,
    "parameter": 120, "result": 120, "unit": 30, "lod": 40, "limit": 120, "method": 120,
    "standard": 120, "line_conclusion": 60, "trace_code": 2000,
}  # fmt: skip
"""As long as the columns of the register are."""


@dataclass(frozen=True)
class Place:
    """Where something stands: the row as people count it, and the letter of the column.

    Row 0 is what was written once for the whole file.
    """

    row: int
    column: str
    heading: str = ""

    @property
    def cell(self) -> str:
        """The cell as a spreadsheet names it; empty for the whole file."""
        return f"{self.column}{self.row}" if self.row else ""


@dataclass(frozen=True)
class CellFault:
    """What is wrong with what stands somewhere, and what would be right."""

    place: Place
    fault: Fault

    @classmethod
    def of(cls, place: Place, error: InvalidInput) -> CellFault:
        """What an error says, at the cell that it is about."""
        return cls(place, Fault(place.cell, error.message, tuple(error.params.items())))


@dataclass(frozen=True)
class Said:
    """What a cell says; ``day`` of a date, ``text`` of everything else."""

    text: str
    place: Place
    day: dt.date | None = None


def place_of(row: int, column: int, heading: str = "") -> Place:
    """The place of a cell whose row and column are counted from 0."""
    return Place(row + 1, column_letter(column), heading)


def says_ditto(cell: Cell) -> bool:
    """Whether a cell says that the one above holds here too (同上)."""
    return folded(cell.text).lower() in result_vocabulary().ditto


def said_in(cell: Cell, key: str, place: Place, today: dt.date) -> Said | CellFault | None:
    """What a cell says of ``key``; None where it says nothing, the fault where it cannot be read.

    ``key``: a field of the result sheets' vocabulary.
    """
    if key not in DATES and isinstance(cell.value, dt.date | dt.time | dt.timedelta):
        error = InvalidInput(
            "The spreadsheet keeps this as the date or time {text}: format the cell as text and "
            "type what was measured or numbered.",
            text=cell.text,
        )
        return CellFault.of(place, error)
    field = result_vocabulary().fields[key]
    reading = read_cell(cell, ColumnReading(field, result_vocabulary(), today))
    if reading.doubts:
        doubt = reading.doubts[0]
        return CellFault(place, Fault(place.cell, doubt.message, doubt.params))
    if reading.value is None:
        return None
    if isinstance(reading.value, StatedDate):
        day = reading.value.day
        if day is None:
            error = InvalidInput(
                "{text} names no single day: write it like 2026-10-03.", text=cell.text[:40]
            )
            return CellFault.of(place, error)
        return Said(cell.text, place, day)
    text = _shown(cell) if key in ("result", "lod") else str(reading.value)
    return _within(text, key, place)


def said_beside(cell: Cell, key: str, place: Place, today: dt.date) -> Said | CellFault | None:
    """The same for a cell above or beside the table, where a label may stand before the fact:
    ``报告编号：JC-2026-001``."""
    match = _LABEL.fullmatch(cell.text) if isinstance(cell.value, str) else None
    return said_in(Cell(match["said"]) if match else cell, key, place, today)


def said_for_file(text: str, key: str) -> Said:
    """What was written once for the whole file."""
    place = Place(0, "", key)
    return Said(text, place, dt.date.fromisoformat(text) if key in DATES else None)


def _shown(cell: Cell) -> str:
    """A number as the sheet shows it: one that is shown in percent is kept as a hundredth."""
    if isinstance(cell.value, Decimal) and "%" in (cell.shown_as or ""):
        return f"{(cell.value * 100).normalize():f}%"
    return " ".join(cell.text.split())


def _within(text: str, key: str, place: Place) -> Said | CellFault:
    most = MOST_CHARACTERS[key]
    if len(text) > most:
        error = InvalidInput(
            "This must be at most {limit} characters; it has {length}.",
            limit=most,
            length=len(text),
        )
        return CellFault.of(place, error)
    return Said(text, place)
