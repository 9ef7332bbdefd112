"""The labels of a run for a registered printer."""

from __future__ import annotations

from suyuan.labels.output import Output
from suyuan.trace.printers.tables import Printer


def output_of(printer: Printer) -> Output:
    """What a printer takes, its place mended."""
    return Output(
        printer.language,
        printer.dpi,
        gap_mm=printer.gap_mm,
        head_dots=printer.head_dots,
        shift_right=printer.shift_right,
        shift_down=printer.shift_down,
    )
