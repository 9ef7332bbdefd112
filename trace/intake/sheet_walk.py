"""Following the cells of one xlsx sheet while its XML is read as a stream.

Runs in the reader process only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from suyuan.trace.errors import TooLarge
from suyuan.trace.intake.limits import ReadingLimits

_PLACE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")


@dataclass
class Marks:
    """What the walk over one sheet noticed, by (row, column) from 0."""

    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    bottom: int = -1
    right: int = -1


class SheetWalk:
    """Follows the rows and cells of one sheet part while expat reads it."""

    def __init__(self, formats: list[str | None], limits: ReadingLimits) -> None:
        self.marks = Marks()
        self._formats = formats
        self._limits = limits
        self._row = -1
        self._column = -1
        self._type = ""
        self._style: str | None = None
        self._has_formula = False
        self._value: list[str] | None = None
        self._has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isdigit() else self._row + 1
            self._column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.marks.hidden_rows.add(self._row)
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "f":
            self._has_formula = True
        elif tag in {"v", "t"}:
            self._value = []

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = _PLACE.match(attributes.get("r", ""))
        if place:
            letters, number = place.groups()
            self._column = 0
            for letter in letters:
                self._column = self._column * 26 + ord(letter) - 64
            self._column -= 1
            self._row = int(number) - 1
        else:
            self._column += 1
        style = attributes.get("s", "")
        index = int(style) if style.isdigit() else 0
        self._style = self._formats[index] if index < len(self._formats) else None
        self._type = attributes.get("t", "")
        self._has_formula = self._has_value = False

    def text(self, data: str) -> None:
        if self._value is not None:
            self._value.append(data)

    def end(self, tag: str) -> None:
        if tag in {"v", "t"} and self._value is not None:
            text = "".join(self._value)
            self._value = None
            if text:
                self._has_value = True
                if self._type == "e":
                    self.marks.errors[self._row, self._column] = text
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if not (self._has_formula or self._has_value):
            return
        marks, place = self.marks, (self._row, self._column)
        marks.bottom = max(marks.bottom, self._row)
        marks.right = max(marks.right, self._column)
        check_extent(marks.bottom + 1, marks.right + 1, self._limits)
        if self._has_formula:
            marks.formulas.add(place)
            if not self._has_value:
                marks.uncomputed.add(place)
        if self._style:
            marks.formats[place] = self._style


def check_extent(rows: int, columns: int, limits: ReadingLimits) -> None:
    """Raise TooLarge when the rectangle around the cells is larger than the limits."""
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise TooLarge(
            "The sheet's cells reach over {rows} rows and {columns} columns; at most {row_limit} "
            "rows, {column_limit} columns and {cell_limit} cells are read. Delete what stands "
            "far outside of the table, or split the sheet.",
            field="file",
            rows=rows,
            columns=columns,
            row_limit=limits.rows,
            column_limit=limits.columns,
            cell_limit=limits.cells,
        )
