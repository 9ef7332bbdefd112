"""Telling a sheet's row of headings from the titles above it and the data below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from suyuan.trace.intake.sheets import Sheet, column_letter
from suyuan.trace.intake.vocabulary import Vocabulary, comparable

_SEARCHED_ROWS = 40
_NUMBER = re.compile(r"^[\d.,%+-]+$")


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


def filled_cells(sheet: Sheet, row: int) -> list[tuple[int, str]]:
    """Column and text of each cell of a row that holds something."""
    if not 0 <= row < sheet.height:
        return []
    return [(at, cell.text) for at, cell in enumerate(sheet.rows[row]) if not cell.empty]


def _looks_like_heading(text: str) -> bool:
    return 0 < len(text) <= 40 and not _NUMBER.match(comparable(text) or "0")


def _header_score(sheet: Sheet, row: int, vocabulary: Vocabulary) -> float:
    """How much a row looks like headings: known words count most, numbers against it."""
    filled = filled_cells(sheet, row)
    texts = [text for at, text in filled if isinstance(sheet.cell(row, at).value, str)]
    heads = [text for text in texts if _looks_like_heading(text)]
    if len(heads) < 2 or len(set(heads)) < 2:
        return 0.0
    known = sum(max((one.confidence for one in vocabulary.likely(t)[:1]), default=0) for t in heads)
    numbers = len(filled) - len(heads)
    below = len(filled_cells(sheet, row + 1)) + len(filled_cells(sheet, row + 2))
    return known * 3 + len(heads) * 0.3 - numbers * 1.5 + (0.5 if below >= 2 else -3)


def header_row(sheet: Sheet, start: int, vocabulary: Vocabulary) -> int | None:
    """The row from ``start`` on that looks most like headings, None where none does."""
    rows = [row for row in range(start, sheet.height) if filled_cells(sheet, row)][:_SEARCHED_ROWS]
    scored = [(row, _header_score(sheet, row, vocabulary)) for row in rows]
    best = max(scored, key=lambda one: one[1], default=(0, 0.0))
    if best[1] >= 3:
        return best[0]
    # no word is known: the first row of several short texts above a row as wide counts
    plain = [(row, score) for row, score in scored if score > 0 and _above_a_table(sheet, row)]
    return plain[0][0] if plain else None


def _above_a_table(sheet: Sheet, row: int) -> bool:
    width = len(filled_cells(sheet, row))
    below = [len(filled_cells(sheet, at)) for at in range(row + 1, min(row + 4, sheet.height))]
    return width >= 2 and any(abs(count - width) <= max(1, width // 3) for count in below)


def header_span(sheet: Sheet, head: int, start: int, vocabulary: Vocabulary) -> tuple[int, int]:
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
    filled = filled_cells(sheet, row)
    if not filled or any(not isinstance(sheet.cell(row, at).value, str) for at, _ in filled):
        return False
    wide = [a for a in sheet.merged if a.top == a.bottom == head and a.right > a.left]
    if any(a.left <= at <= a.right for a in wide for at, _ in filled):
        return all(_looks_like_heading(text) for _, text in filled)
    bracketed = all(re.fullmatch(r"[(（\[].{1,12}[)）\]]", text) for _, text in filled)
    gaps = {at for at, _ in filled} - {at for at, _ in filled_cells(sheet, head)}
    known = sum(bool(vocabulary.likely(text)) for _, text in filled)
    return bracketed or (bool(gaps) and known * 2 > len(filled))


def _is_upper_level(sheet: Sheet, row: int, head: int) -> bool:
    """Whether the row above groups the headings; a title fills one cell and is none."""
    filled = filled_cells(sheet, row)
    if len(filled) < 2 or any(not _looks_like_heading(text) for _, text in filled):
        return False
    if any(re.search(r"[:：]", text) for _, text in filled):
        return False
    below = {at for at, _ in filled_cells(sheet, head)}
    wide = any(a.top == a.bottom == row and a.right > a.left for a in sheet.merged)
    tall = any(a.top == row and a.bottom >= head for a in sheet.merged)
    return wide or tall or any(at not in below for at, _ in filled)


def headings_of(sheet: Sheet, top: int, bottom: int) -> tuple[Heading, ...]:
    """The headings that stand in the rows from ``top`` to ``bottom``, column by column."""
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


def side_by_side(headings: tuple[Heading, ...]) -> list[tuple[Heading, ...]]:
    """The headings in equal groups when the whole series is set twice or more side by side."""
    texts = [comparable(heading.text) for heading in headings]
    for period in range(2, len(texts) // 2 + 1):
        whole = len(texts) % period == 0
        if whole and all(text == texts[at % period] for at, text in enumerate(texts)):
            return [headings[at : at + period] for at in range(0, len(texts), period)]
    return [headings]
