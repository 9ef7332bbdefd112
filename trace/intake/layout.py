"""Finding the table in a sheet that a cooperative keeps for itself.

Around the table stand titles, units, stamps, signatures and totals; headings may have two levels
and be merged; rows may be numbered in advance and left empty; a narrow table is often set twice
side by side to save paper. Every row that holds something ends up in exactly one place: title,
heading, data, total or beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.header_rows import (
    Heading,
    filled_cells,
    header_row,
    header_span,
    headings_of,
    side_by_side,
)
from suyuan.trace.intake.sheets import Cell, Merged, Sheet
from suyuan.trace.intake.vocabulary import Vocabulary, comparable

_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")

BesideKind = Literal["stamp", "section", "repeated headings", "numbered in advance", "other"]


@dataclass(frozen=True)
class Beside:
    """A row below the headings that is no data and no total, and why it was taken for that."""

    row: int
    kind: BesideKind
    text: str


@dataclass(frozen=True)
class Table:
    """A table within a sheet. Rows and columns count from 0.

    ``titles`` are the texts above the headings with their rows. ``data``, ``totals`` and
    ``beside`` are disjoint and hold every row below the headings that is not empty.
    """

    sheet: Sheet
    titles: tuple[tuple[int, str], ...]
    header_rows: tuple[int, ...]
    headings: tuple[Heading, ...]
    data: tuple[int, ...]
    totals: tuple[int, ...]
    beside: tuple[Beside, ...]

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns of the table."""
        return tuple(heading.column for heading in self.headings)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the titles and the sheet's name state, in order, each once."""
        stated = [self.sheet.name, *(text for _, text in self.titles)]
        found = (int(year) for text in stated for year in _YEAR.findall(text))
        return tuple(sorted(set(found)))

    def value(self, row: int, column: int) -> tuple[Cell, Merged | None]:
        """The cell, and the merged range whose first cell it was taken from, if it was."""
        cell = self.sheet.cell(row, column)
        if cell.empty:
            area = self.sheet.merged_at(row, column)
            if area is not None and area.top > max(self.header_rows):
                first = self.sheet.cell(area.top, area.left)
                if not first.empty and area.left == column:
                    return first, area
        return cell, None


def find_tables(sheet: Sheet, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """All tables of a sheet, from the top; those set side by side from the left.

    Raises Misread when the sheet holds no row of headings with rows below it.
    """
    tables: list[Table] = []
    start = 0
    while (head := header_row(sheet, start, vocabulary)) is not None:
        top, bottom = header_span(sheet, head, start, vocabulary)
        end = _end_of_table(sheet, head, bottom, vocabulary)
        headings = headings_of(sheet, top, bottom)
        tables.extend(
            _table(sheet, start, (top, bottom), end, side, vocabulary)
            for side in side_by_side(headings)
        )
        start = end
    if not any(table.data for table in tables):
        raise Misread(
            "The sheet {sheet} has no table: a row of headings (such as 耳标号, 重量, 日期) with "
            "rows below it was not found.",
            field="file",
            sheet=sheet.name,
        )
    return tuple(tables)


def _end_of_table(sheet: Sheet, head: int, bottom: int, vocabulary: Vocabulary) -> int:
    """The row at which another table with other headings begins, or the end of the sheet."""
    own = {comparable(text) for _, text in filled_cells(sheet, head)}
    for row in range(bottom + 2, sheet.height):
        texts = {comparable(text) for _, text in filled_cells(sheet, row)}
        if len(texts) < 3 or texts == own:
            continue
        known = sum(vocabulary.knows(text) for text in texts)
        if known >= 3 and known * 3 >= len(texts) * 2:
            return _titles_of_next(sheet, row, bottom)
    return sheet.height


def _titles_of_next(sheet: Sheet, head: int, after: int) -> int:
    """The first title row of the table that begins at ``head``: single cells after a gap."""
    row = head
    while row - 1 > after and len(filled_cells(sheet, row - 1)) == 1:
        row -= 1
    return row


def _table(
    sheet: Sheet,
    start: int,
    header: tuple[int, int],
    end: int,
    headings: tuple[Heading, ...],
    vocabulary: Vocabulary,
) -> Table:
    top, bottom = header
    titles = tuple(
        (row, text) for row in range(start, top) for _, text in filled_cells(sheet, row) if text
    )
    data: list[int] = []
    totals: list[int] = []
    beside: list[Beside] = []
    for row, kind in _classified(sheet, (bottom + 1, end), headings, vocabulary):
        if kind == "data":
            data.append(row)
        elif kind == "total":
            totals.append(row)
        else:
            text = "  ".join(text for _, text in filled_cells(sheet, row))
            beside.append(Beside(row, kind, text))
    rows = tuple(range(top, bottom + 1))
    return Table(sheet, titles, rows, headings, tuple(data), tuple(totals), tuple(beside))


def _classified(
    sheet: Sheet, span: tuple[int, int], headings: tuple[Heading, ...], vocabulary: Vocabulary
) -> Iterator[tuple[int, Literal["data", "total"] | BesideKind]]:
    columns = [heading.column for heading in headings]
    first, last = min(columns), max(columns)
    own = {comparable(heading.parts[-1]) for heading in headings}
    numbering = _numbering_column(headings, vocabulary)
    after_total = False
    for row in range(*span):
        filled = [(at, text) for at, text in filled_cells(sheet, row) if first <= at <= last]
        if not filled:
            outside = filled_cells(sheet, row)
            if outside and first == 0:
                yield row, "stamp" if vocabulary.is_around(outside[0][1]) else "other"
            continue
        kind = _row_kind(sheet, row, filled, own, numbering, vocabulary, len(columns))
        if kind == "section" and after_total:
            kind = "other"
        after_total = after_total or kind == "total"
        yield row, kind


def _row_kind(
    sheet: Sheet,
    row: int,
    filled: list[tuple[int, str]],
    own: set[str],
    numbering: int | None,
    vocabulary: Vocabulary,
    width: int,
) -> Literal["data", "total"] | BesideKind:
    texts = [text for _, text in filled]
    if any(vocabulary.is_total(text) for text in texts[:3]):
        return "total"
    if len(texts) >= 2 and {comparable(text) for text in texts} <= own:
        return "repeated headings"
    if [at for at, _ in filled] == [numbering]:
        return "numbered in advance"
    few = len(filled) <= max(2, width // 3)
    if few and any(vocabulary.is_around(text) for text in texts):
        return "stamp"
    if len(filled) == 1 and width > 2:
        area = sheet.merged_at(row, filled[0][0])
        if area is not None and area.right - area.left + 1 >= 2:
            return "section"
        if isinstance(sheet.cell(row, filled[0][0]).value, str):
            return "section"
    return "data"


def _numbering_column(headings: tuple[Heading, ...], vocabulary: Vocabulary) -> int | None:
    for heading in headings:
        likely = vocabulary.likely(heading.parts[-1])
        if likely and likely[0].field == "sequence":
            return heading.column
    return None
