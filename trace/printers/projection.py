"""What rows of printers and of what was sent to them hold, by their records."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.printers.records import PRINTER, PRINTER_JOB
from suyuan.trace.printers.tables import Printer, PrinterJob
from suyuan.trace.printing.tables import PrintRun

_OUT = ("printer_job.ended", "printer_job.settled")

PRINTERS = Projection(
    Printer,
    Printer.uid,
    PRINTER,
    names=said_by("printer"),
    references=(Printer.record_id,),
    types=frozenset({"printer.registered"}),
    later=(PRINTER,),
    columns=(
        Column("party_id", name_of(Party.uid, Printer.party_id), first("by")),
        Column("site_id", name_of(Site.uid, Printer.site_id), newest("site")),
        Column("name", Printer.name, newest("name")),
        Column("language", Printer.language, newest("language")),
        Column("dpi", Printer.dpi, newest("dpi")),
        Column("head_dots", Printer.head_dots, newest("head_dots")),
        Column("gap_mm", Printer.gap_mm, newest("gap_mm")),
        Column("shift_right", Printer.shift_right, newest("shift_right")),
        Column("shift_down", Printer.shift_down, newest("shift_down")),
        Column("made_at", Printer.made_at, first("at")),
        Column("removed_at", Printer.removed_at, newest("at", types=("printer.removed",))),
    ),
)
PRINTER_JOBS = Projection(
    PrinterJob,
    PrinterJob.uid,
    PRINTER_JOB,
    names=said_by("printer_job"),
    references=(PrinterJob.record_id,),
    types=frozenset({"printer_job.sent"}),
    later=(PRINTER_JOB,),
    columns=(
        Column("printer_id", name_of(Printer.uid, PrinterJob.printer_id), first("printer")),
        Column("print_run_id", name_of(PrintRun.uid, PrinterJob.print_run_id), first("run")),
        Column("template", PrinterJob.template, first("template")),
        Column("first", PrinterJob.first, first("first")),
        Column("last", PrinterJob.last, first("last")),
        Column("labels", PrinterJob.labels, first("labels")),
        Column("again", PrinterJob.again, first("again")),
        # that an agent fetched it is no fact, and over when it is not heard of
        Column(
            "state",
            sa.case((PrinterJob.ended_at.is_(None), "waiting"), else_=PrinterJob.state),
            newest("outcome", types=_OUT, absent="waiting"),
        ),
        Column("last_out", PrinterJob.last_out, newest("last_out", types=_OUT)),
        Column("sent_at", PrinterJob.sent_at, first("at")),
        Column("ended_at", PrinterJob.ended_at, newest("at", types=_OUT)),
        Column("why", PrinterJob.why, newest("why", types=("printer_job.ended",))),
        Column(
            "detail", PrinterJob.detail, newest("detail", types=("printer_job.ended",), absent="")
        ),
    ),
)
PROJECTIONS = (PRINTERS, PRINTER_JOBS)
