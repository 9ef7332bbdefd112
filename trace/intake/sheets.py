"""A workbook as it was handed in: cells with the types they had, nothing interpreted.

Rows and columns are counted from 1 where people read them (row 5, column G) and from 0 inside
tuples. The wire form at the end is what the reader process sends to the process that asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

Value = str | Decimal | dt.date | dt.datetime | dt.time | dt.timedelta | bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    ``value`` is None for an empty cell. ``formula`` says that the value was computed;
    a formula with value None was never computed by the program that wrote the file.
    ``error`` is the spreadsheet's error word (``#DIV/0!``), the value is then None.
    ``shown_as`` is the number format, kept because units hide in it (``0.0"斤"``).
    """

    value: Value = None
    formula: bool = False
    error: str | None = None
    shown_as: str | None = None

    @property
    def empty(self) -> bool:
        """Nothing was entered here at all."""
        return (self.value is None or self.text == "") and not self.formula and not self.error

    @property
    def text(self) -> str:
        """The value as a person would read it, without spaces around it."""
        value = self.value
        if value is None:
            return self.error or ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, dt.timedelta):
            return f"PT{value.total_seconds():g}S"
        return value.isoformat()


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, first and last row and column, both inclusive, from 0."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> int:
        """How many cells it covers."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; short rows stand for rows with empty cells at their end."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset)

    @property
    def height(self) -> int:
        """Rows up to the last one that holds something."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Columns up to the last one that holds something."""
        return self._width

    def cell(self, row: int, column: int) -> Cell:
        """The cell at this place, empty when outside."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return EMPTY

    def merged_at(self, row: int, column: int) -> Merged | None:
        """The merged range over this cell, if there is one."""
        return self._covered.get((row, column))

    @cached_property
    def _covered(self) -> dict[tuple[int, int], Merged]:
        """Every cell under a merged range; the reader has bounded how many these are."""
        return {
            (row, column): area
            for area in self.merged
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }

    @cached_property
    def _width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class Workbook:
    """A file that was read: its shown name, its format and its sheets in order."""

    name: str
    format: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None


def column_letter(column: int) -> str:
    """The letter of a column counted from 0: 0 is A, 25 Z, 26 AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column, counted from 0, of a letter: A is 0. The inverse of column_letter."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def cell_to_wire(cell: Cell) -> list[Any] | None:
    """A cell as JSON: null, or [letter of the type, text, extras if any]."""
    value = cell.value
    if isinstance(value, bool):
        head = ["b", "1" if value else ""]
    elif isinstance(value, str):
        head = ["t", value]
    elif isinstance(value, Decimal):
        head = ["n", str(value)]
    elif isinstance(value, dt.datetime):
        head = ["D", value.isoformat()]
    elif isinstance(value, dt.date):
        head = ["d", value.isoformat()]
    elif isinstance(value, dt.time):
        head = ["T", value.isoformat()]
    elif isinstance(value, dt.timedelta):
        head = ["h", str(value.total_seconds())]
    else:
        head = ["e", cell.error or ""]
    extras = {"f": 1} if cell.formula else {}
    if cell.shown_as:
        return [*head, {**extras, "as": cell.shown_as}]
    if extras:
        return [*head, extras]
    return None if cell.empty else head


def cell_from_wire(wire: Sequence[Any] | None) -> Cell:
    """The cell that cell_to_wire wrote."""
    if wire is None:
        return EMPTY
    letter, text = str(wire[0]), str(wire[1])
    extras: Mapping[str, Any] = wire[2] if len(wire) > 2 else {}
    return Cell(
        value=_value(letter, text),
        formula=bool(extras.get("f")),
        error=(text or None) if letter == "e" else None,
        shown_as=extras.get("as"),
    )


def _value(letter: str, text: str) -> Value:
    match letter:
        case "t":
            return text
        case "n":
            return Decimal(text)
        case "d":
            return dt.date.fromisoformat(text)
        case "D":
            return dt.datetime.fromisoformat(text)
        case "T":
            return dt.time.fromisoformat(text)
        case "h":
            return dt.timedelta(seconds=float(text))
        case "b":
            return bool(text)
        case _:
            return None


def sheet_to_wire(sheet: Sheet) -> dict[str, Any]:
    """A sheet as JSON."""
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "rows": [[cell_to_wire(cell) for cell in row] for row in sheet.rows],
        "merged": [[m.top, m.left, m.bottom, m.right] for m in sheet.merged],
        "hidden_rows": sorted(sheet.hidden_rows),
    }


def sheet_from_wire(wire: Mapping[str, Any]) -> Sheet:
    """The sheet that sheet_to_wire wrote."""
    return Sheet(
        name=str(wire["name"]),
        hidden=bool(wire["hidden"]),
        rows=tuple(tuple(cell_from_wire(cell) for cell in row) for row in wire["rows"]),
        merged=tuple(Merged(*(int(edge) for edge in area)) for area in wire["merged"]),
        hidden_rows=frozenset(int(row) for row in wire["hidden_rows"]),
    )


def workbook_to_wire(book: Workbook) -> dict[str, Any]:
    """A workbook as JSON: what is kept of an upload until its rows went in."""
    return {
        "name": book.name,
        "format": book.format,
        "encoding": book.encoding,
        "sheets": [sheet_to_wire(sheet) for sheet in book.sheets],
    }


def workbook_from_wire(wire: Mapping[str, Any]) -> Workbook:
    """The workbook that workbook_to_wire wrote."""
    return Workbook(
        name=str(wire["name"]),
        format=str(wire["format"]),
        encoding=wire.get("encoding"),
        sheets=tuple(sheet_from_wire(sheet) for sheet in wire["sheets"]),
    )
