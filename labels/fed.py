"""What was sent to a registered printer, as it takes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from suyuan.labels.from_facts import write_labels
from suyuan.labels.output import Output
from suyuan.labels.trial.words import Translate
from suyuan.labels.trial.writing import write_trial
from suyuan.trace.printers.tables import Printer, PrinterJob
from suyuan.trace.printing.content import IssuedLabel, LabelFacts


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


def write_job(
    job: PrinterJob,
    drawn: tuple[LabelFacts, Iterable[IssuedLabel]] | None,
    translate: Translate,
    out: BinaryIO,
) -> Output:
    """Write the labels of a job for its printer; returns in which form.

    ``drawn``: as of ``suyuan.trace.printers.queries.to_draw``; None for test labels, whose words
    ``translate`` brings into the language of who reads them. Raises what ``write_labels`` and
    ``write_trial`` raise.
    """
    output = output_of(job.printer)
    if drawn is None or job.run is None:
        write_trial(job.template or "", output, translate, out)
    else:
        write_labels(job.run.template, *drawn, out, output)
    return output
