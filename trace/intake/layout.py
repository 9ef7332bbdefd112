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
from suyuan.trace.intake.sheets import Cell, Merged, Sheet, column_letter
from suyuan.trace.intake.vocabulary import Vocabulary, comparable

_SEARCHED_ROWS = 40
_NUMBER = re.compile(r"^[\d.,%+-]+$")
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")

BesideKind = Literal["stamp", "section", "repeated headings", "numbered in advance", "other"]


@dataclass(frozen=True)
class Heading:
    """One column's heading; of two levels both are kept, the upper one first."""

    column: int
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The heading in one line."""
        return " / ".join(self.parts)

    @property
    def letter(self) -> str:
        """The column as people name it."""
        return column_letter(self.column)


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
    while (head := _header_row(sheet, start, vocabulary)) is not None:
        top, bottom = _header_span(sheet, head, start, vocabulary)
        end = _end_of_table(sheet, head, bottom, vocabulary)
        headings = _headings(sheet, top, bottom)
        tables.extend(
            _table(sheet, start, (top, bottom), end, side, vocabulary) for side in _sides(headings)
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


def _filled(sheet: Sheet, row: int) -> list[tuple[int, str]]:
    if not 0 <= row < sheet.height:
        return []
    return [(at, cell.text) for at, cell in enumerate(sheet.rows[row]) if not cell.empty]


def _looks_like_heading(text: str) -> bool:
    return 0 < len(text) <= 40 and not _NUMBER.match(comparable(text) or "0")


def _header_score(sheet: Sheet, row: int, vocabulary: Vocabulary) -> float:
    """How much a row looks like headings: known words count most, numbers against it."""
    filled = _filled(sheet, row)
    texts = [text for at, text in filled if isinstance(sheet.cell(row, at).value, str)]
    heads = [text for text in texts if _looks_like_heading(text)]
    if len(heads) < 2 or len(set(heads)) < 2:
        return 0.0
    known = sum(max((one.confidence for one in vocabulary.likely(t)[:1]), default=0) for t in heads)
    numbers = len(filled) - len(heads)
    below = len(_filled(sheet, row + 1)) + len(_filled(sheet, row + 2))
    return known * 3 + len(heads) * 0.3 - numbers * 1.5 + (0.5 if below >= 2 else -3)


def _header_row(sheet: Sheet, start: int, vocabulary: Vocabulary) -> int | None:
    rows = [row for row in range(start, sheet.height) if _filled(sheet, row)][:_SEARCHED_ROWS]
    scored = [(row, _header_score(sheet, row, vocabulary)) for row in rows]
    best = max(scored, key=lambda one: one[1], default=(0, 0.0))
    if best[1] >= 3:
        return best[0]
    # no word is known: the first row of several short texts above a row as wide counts
    plain = [(row, score) for row, score in scored if score > 0 and _above_a_table(sheet, row)]
    return plain[0][0] if plain else None


def _above_a_table(sheet: Sheet, row: int) -> bool:
    width = len(_filled(sheet, row))
    below = [len(_filled(sheet, at)) for at in range(row + 1, min(row + 4, sheet.height))]
    return width >= 2 and any(abs(count - width) <= max(1, width // 3) for count in below)


def _header_span(sheet: Sheet, head: int, start: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """First and last row of the headings around the row that was found."""
    bottom = max(
        (a.bottom for a in sheet.merged if a.top <= head <= a.bottom and a.bottom - head <= 2),
        default=head,
    )
    if bottom == head and _is_second_level(sheet, head, head + 1, vocabulary):
        bottom = head + 1
    top = head
    if head - 1 >= start and _is_upper_level(sheet, head - 1, head):
        top = head - 1
    return top, bottom


def _is_second_level(sheet: Sheet, head: int, row: int, vocabulary: Vocabulary) -> bool:
    """Whether the row below holds finer headings: units, or parts of a merged heading."""
    filled = _filled(sheet, row)
    if not filled or any(not isinstance(sheet.cell(row, at).value, str) for at, _ in filled):
        return False
    wide = [a for a in sheet.merged if a.top == a.bottom == head and a.right > a.left]
    if any(a.left <= at <= a.right for a in wide for at, _ in filled):
        return all(_looks_like_heading(text) for _, text in filled)
    bracketed = all(re.fullmatch(r"[(（\[].{1,12}[)）\]]", text) for _, text in filled)
    gaps = {at for at, _ in filled} - {at for at, _ in _filled(sheet, head)}
    known = sum(bool(vocabulary.likely(text)) for _, text in filled)
    return bracketed or (bool(gaps) and known * 2 > len(filled))


def _is_upper_level(sheet: Sheet, row: int, head: int) -> bool:
    """Whether the row above groups the headings; a title fills one cell and is none."""
    filled = _filled(sheet, row)
    if len(filled) < 2 or any(not _looks_like_heading(text) for _, text in filled):
        return False
    if any(re.search(r"[:：]", text) for _, text in filled):
        return False
    below = {at for at, _ in _filled(sheet, head)}
    wide = any(a.top == a.bottom == row and a.right > a.left for a in sheet.merged)
    tall = any(a.top == row and a.bottom >= head for a in sheet.merged)
    return wide or tall or any(at not in below for at, _ in filled)


def _headings(sheet: Sheet, top: int, bottom: int) -> tuple[Heading, ...]:
    columns = range(max((len(sheet.rows[row]) for row in range(top, bottom + 1)), default=0))
    headings = []
    for column in columns:
        parts: list[str] = []
        for row in range(top, bottom + 1):
            text = _heading_text(sheet, row, column, last=row == bottom)
            if text and text not in parts:
                parts.append(text)
        own = any(not sheet.cell(row, column).empty for row in range(top, bottom + 1))
        spanned = any(
            a.left <= column <= a.right and a.top in range(top, bottom + 1) for a in sheet.merged
        )
        if parts and (own or spanned):
            headings.append(Heading(column, tuple(parts)))
    return tuple(headings)


def _heading_text(sheet: Sheet, row: int, column: int, *, last: bool) -> str:
    """The text over a column in one header row: its own, its merged range's, or its group's."""
    cell = sheet.cell(row, column)
    if not cell.empty:
        return " ".join(cell.text.split())
    area = sheet.merged_at(row, column)
    if area is not None:
        return " ".join(sheet.cell(area.top, area.left).text.split())
    if last or not sheet.cell(row + 1, column).text:
        return ""
    # a group's name without a merged range (CSV) stands over its first column only
    for left in range(column - 1, -1, -1):
        if not sheet.cell(row, left).empty:
            grouped = not sheet.cell(row + 1, left).empty
            return " ".join(sheet.cell(row, left).text.split()) if grouped else ""
    return ""


def _sides(headings: tuple[Heading, ...]) -> list[tuple[Heading, ...]]:
    """The headings in equal groups when the whole series is set twice or more side by side."""
    texts = [comparable(heading.text) for heading in headings]
    for period in range(2, len(texts) // 2 + 1):
        whole = len(texts) % period == 0
        if whole and all(text == texts[at % period] for at, text in enumerate(texts)):
            return [headings[at : at + period] for at in range(0, len(texts), period)]
    return [headings]


def _end_of_table(sheet: Sheet, head: int, bottom: int, vocabulary: Vocabulary) -> int:
    """The row at which another table with other headings begins, or the end of the sheet."""
    own = {comparable(text) for _, text in _filled(sheet, head)}
    for row in range(bottom + 2, sheet.height):
        texts = {comparable(text) for _, text in _filled(sheet, row)}
        if len(texts) < 3 or texts == own:
            continue
        known = sum(vocabulary.knows(text) for text in texts)
        if known >= 3 and known * 3 >= len(texts) * 2:
            return _titles_of_next(sheet, row, bottom)
    return sheet.height


def _titles_of_next(sheet: Sheet, head: int, after: int) -> int:
    """The first title row of the table that begins at ``head``: single cells after a gap."""
    row = head
    while row - 1 > after and len(_filled(sheet, row - 1)) == 1:
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
        (row, text) for row in range(start, top) for _, text in _filled(sheet, row) if text
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
            text = "  ".join(text for _, text in _filled(sheet, row))
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
        filled = [(at, text) for at, text in _filled(sheet, row) if first <= at <= last]
        if not filled:
            outside = _filled(sheet, row)
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
