"""The sheets that labels are printed on: common ones by name, and any grid as it is measured.

The common ones are data (``trace/standards/sticker_sheets.json``). A grid of one's own is written
``210x297 3x7 7.25,15.15 2.5,0``: page, columns and rows, margin left and top, gaps between columns
and rows, in millimetres; its stickers are as large as the label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.model import Template
from suyuan.labels.pdf.grid import Sheet, full_sheet
from suyuan.trace.errors import InvalidInput
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

A4: Final = "a4"
MOST_OF_GRID: Final = 60
"""Characters of a grid as it is written."""
MOST_TAKEN: Final = 9_800
"""Places of the largest grid that can be written, less one that is to be printed on."""

_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
_GRID = re.compile(
    rf"({_NUMBER})x({_NUMBER}) ([0-9]{{1,2}})x([0-9]{{1,2}})"
    rf" ({_NUMBER}),({_NUMBER})(?: ({_NUMBER}),({_NUMBER}))?"
)


@dataclass(frozen=True)
class Stickers:
    """The stickers of a sheet: how many, how large in mm, and where the first one stands."""

    columns: int
    rows: int
    size_mm: tuple[float, float]
    left_mm: float
    top_mm: float
    gap_mm: tuple[float, float]


@dataclass(frozen=True)
class Paper:
    """A sheet that can be bought; without ``stickers`` it is blank, and is filled with labels."""

    key: str
    names: Names
    page_mm: tuple[float, float]
    stickers: Stickers | None
    provenance: Provenance

    def sheet(self, template: Template) -> Sheet:
        """Where labels of this template stand on it: each in the middle of its sticker.

        :raises DoesNotFit: where a sticker, or the blank page, is smaller than the label.
        """
        stickers = self.stickers
        wide, tall = stickers.size_mm if stickers else self.page_mm
        over = max(template.width_mm - wide, template.height_mm - tall)
        if over > 0:
            raise DoesNotFit(
                "The label {template} is larger than a sticker of this sheet: it needs {more_mm} mm"
                " more. Choose a label of {wide} × {tall} mm or another sheet.",
                item="layout",
                more_mm=over,
                template=template.id,
                wide=f"{wide:g}",
                tall=f"{tall:g}",
            )
        if stickers is None:
            return full_sheet(template, page_mm=self.page_mm)
        beside, below = wide - template.width_mm, tall - template.height_mm
        return Sheet(
            stickers.columns,
            stickers.rows,
            stickers.left_mm + beside / 2,
            stickers.top_mm + below / 2,
            stickers.gap_mm[0] + beside,
            stickers.gap_mm[1] + below,
            self.page_mm,
        )


def sheet_for(template: Template, paper: str, taken: int = 0) -> Sheet:
    """The sheet named, or written as a grid; its first ``taken`` stickers are used up already.

    :raises InvalidInput: for a sheet that there is not, and more stickers taken than it has.
    :raises DoesNotFit: where the label is larger than its sticker.
    """
    known = papers().get(paper)
    sheet = known.sheet(template) if known else _grid(paper)
    if not 0 <= taken < max(1, sheet.columns * sheet.rows):
        raise InvalidInput(
            "The sheet has {places} places: leave fewer free.",
            field="taken",
            places=sheet.columns * sheet.rows,
        )
    return Sheet(
        sheet.columns,
        sheet.rows,
        sheet.margin_left_mm,
        sheet.margin_top_mm,
        sheet.gap_x_mm,
        sheet.gap_y_mm,
        sheet.page_mm,
        taken,
    )


def _grid(written: str) -> Sheet:
    found = _GRID.fullmatch(written)
    if found is None:
        raise InvalidInput(
            "A sheet is one of {known}, or a grid such as {example}: page, columns and rows,"
            " margins left and top, gaps, in mm.",
            field="paper",
            known=", ".join(papers()),
            example="210x297 3x7 7.25,15.15 2.5,0",
        )
    wide, tall, columns, rows, left, top, gap_x, gap_y = found.groups(default="0")
    return Sheet(
        int(columns),
        int(rows),
        float(left),
        float(top),
        float(gap_x),
        float(gap_y),
        (float(wide), float(tall)),
    )


@cache
def papers() -> Mapping[str, Paper]:
    """Every sheet that has a name, by its key. Raises Misconfigured."""
    rows = read_standard("sticker_sheets.json").get("sheets").rows()
    return keyed(rows, _paper, lambda paper: paper.key)


def _paper(row: Row) -> Paper:
    row.only(
        "key", "names", "page_mm", "columns", "rows", "sticker_mm", "left_mm", "top_mm", "gap_mm",
        *PROVENANCE,
    )  # fmt: skip
    return Paper(
        row.get("key").text(),
        read_names(row),
        _pair(row, "page_mm"),
        _stickers(row) if row.has("sticker_mm") else None,
        row.provenance(),
    )


def _stickers(row: Row) -> Stickers:
    return Stickers(
        row.get("columns").integer(),
        row.get("rows").integer(),
        _pair(row, "sticker_mm"),
        float(row.get("left_mm").number()),
        float(row.get("top_mm").number()),
        _pair(row, "gap_mm"),
    )


def _pair(row: Row, key: str) -> tuple[float, float]:
    sides = [float(one.number()) for one in row.get(key).rows()]
    if len(sides) != 2:
        row.wrong('the member "{key}" must be two lengths.', key=key)
    return sides[0], sides[1]
