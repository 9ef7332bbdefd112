"""Where labels stand on a page: one a page for a roll printer, or many on a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.layout import to_dots
from suyuan.labels.model import Template
from suyuan.trace.errors import InvalidInput

LEAST_DPI: Final = 100
MOST_DPI: Final = 2400


@dataclass(frozen=True)
class Roll:
    """One label a page, the page as large as the label."""


@dataclass(frozen=True)
class Sheet:
    """Labels in a grid on a sheet, row by row, the first ``skip`` places left free.

    Lengths in millimetres; the default page is A4 upright.
    """

    columns: int
    rows: int
    margin_left_mm: float
    margin_top_mm: float
    gap_x_mm: float = 0.0
    gap_y_mm: float = 0.0
    page_mm: tuple[float, float] = (210.0, 297.0)
    skip: int = 0


Layout = Roll | Sheet


def full_sheet(
    template: Template,
    gap_mm: float = 2.0,
    edge_mm: float = 8.0,
    page_mm: tuple[float, float] = (210.0, 297.0),
) -> Sheet:
    """The grid that holds the most labels of this template, centred on the sheet (A4 upright)."""
    page_width, page_height = page_mm
    # one that hardly fits still goes on, nearer to the edge
    columns = max(1, int((page_width - 2 * edge_mm + gap_mm) // (template.width_mm + gap_mm)))
    rows = max(1, int((page_height - 2 * edge_mm + gap_mm) // (template.height_mm + gap_mm)))
    used_width = columns * (template.width_mm + gap_mm) - gap_mm
    used_height = rows * (template.height_mm + gap_mm) - gap_mm
    left, top = (page_width - used_width) / 2, (page_height - used_height) / 2
    return Sheet(columns, rows, left, top, gap_mm, gap_mm, page_mm)


def _points(dots: int, dpi: int) -> float:
    # A hair less: a renderer that rounds a page up must not add a dot.
    return int(dots * 72 / dpi * 1000 - 0.5) / 1000


@dataclass(frozen=True)
class Grid:
    """The places of labels on a page, in whole dots from its top left."""

    dpi: int
    page: tuple[int, int]
    label: tuple[int, int]
    origin: tuple[int, int]
    pitch: tuple[int, int]
    columns: int
    per_page: int
    skip: int

    @property
    def page_pt(self) -> tuple[float, float]:
        return _points(self.page[0], self.dpi), _points(self.page[1], self.dpi)

    def place(self, number: int) -> tuple[int, int]:
        """Top left corner of a place."""
        row, column = divmod(number, self.columns)
        return self.origin[0] + column * self.pitch[0], self.origin[1] + row * self.pitch[1]

    @classmethod
    def of(cls, template: Template, layout: Layout, dpi: int) -> Grid:
        if not LEAST_DPI <= dpi <= MOST_DPI:
            raise InvalidInput("A printer has 100 to 2400 dots an inch.", field="dpi")
        label = to_dots(template.width_mm, dpi), to_dots(template.height_mm, dpi)
        if isinstance(layout, Roll):
            return cls(dpi, label, label, (0, 0), (0, 0), 1, 1, 0)
        _require_grid_fits(template, layout)
        return cls(
            dpi,
            (to_dots(layout.page_mm[0], dpi), to_dots(layout.page_mm[1], dpi)),
            label,
            (to_dots(layout.margin_left_mm, dpi), to_dots(layout.margin_top_mm, dpi)),
            (
                to_dots(template.width_mm + layout.gap_x_mm, dpi),
                to_dots(template.height_mm + layout.gap_y_mm, dpi),
            ),
            layout.columns,
            layout.columns * layout.rows,
            layout.skip,
        )


def _require_grid_fits(template: Template, sheet: Sheet) -> None:
    if sheet.columns < 1 or sheet.rows < 1 or not 0 <= sheet.skip < sheet.columns * sheet.rows:
        raise InvalidInput(
            "A sheet has at least one column and one row, and leaves free fewer places than it"
            " has.",
            field="layout",
        )
    width = sheet.margin_left_mm + sheet.columns * (template.width_mm + sheet.gap_x_mm)
    height = sheet.margin_top_mm + sheet.rows * (template.height_mm + sheet.gap_y_mm)
    over = max(
        width - sheet.gap_x_mm - sheet.page_mm[0], height - sheet.gap_y_mm - sheet.page_mm[1]
    )
    if over > 0 or min(sheet.margin_left_mm, sheet.margin_top_mm) < 0:
        raise DoesNotFit(
            "The grid of labels {template} does not fit on the sheet: it needs {more_mm} mm more.",
            item="layout",
            more_mm=over,
            template=template.id,
        )
