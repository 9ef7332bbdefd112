"""What was sent to a registered printer, as it takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

from suyuan.labels.from_facts import draw_picture, try_output, write_labels
from suyuan.labels.output import Output
from suyuan.labels.trial.words import Translate
from suyuan.labels.trial.writing import trial_picture, write_trial
from suyuan.trace.acts.issuing import TryOut
from suyuan.trace.errors import NotFound
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


def drawing_for(printer: Printer) -> tuple[Mapping[str, Any], TryOut]:
    """The same for a job that draws in the background, and what tries a label out so."""
    output = output_of(printer)
    return asdict(output), try_output(output)


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


def picture_of(
    job: PrinterJob,
    drawn: tuple[LabelFacts, Sequence[IssuedLabel]] | None,
    number: int,
    translate: Translate,
) -> bytes:
    """One label of a job as a PNG, by its number in the run; as ``write_job`` else.

    Raises NotFound for a label that the job has not, or that is void.
    """
    output = output_of(job.printer)
    if drawn is None or job.run is None:
        return trial_picture(job.template or "", output, translate, number)
    facts, labels = drawn
    if not labels or not job.first <= number <= job.last:
        raise NotFound("There is no such label.", field="number")
    return draw_picture(job.run.template, facts, labels[0], output)
