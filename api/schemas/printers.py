"""Printers, as sent and as answered."""

from __future__ import annotations

from suyuan.api.schemas.fields import OneOf, Text, Whole
from suyuan.api.schemas.shapes import Input
from suyuan.labels.output import DPI, MOST_DPI_OF_PICTURES, MOST_HEAD_DOTS, USUAL_GAP_MM
from suyuan.labels.pdf.grid import LEAST_DPI

TRIED = ("pdf", "zpl", "tspl", "png")


class TrialQuery(Input):
    """The paper, and the printer that is tried out."""

    template = Text(40, load_default="trace-50x30")
    form = OneOf(*TRIED, load_default="pdf")
    dpi = Whole(LEAST_DPI, MOST_DPI_OF_PICTURES, strict=False, load_default=DPI)
    gap_mm = Whole(0, 20, strict=False, load_default=int(USUAL_GAP_MM))
    head_dots = Whole(1, MOST_HEAD_DOTS, strict=False, load_default=None)
