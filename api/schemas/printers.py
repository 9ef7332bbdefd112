"""Printers, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import INT32, OneOf, Text, Uid, Whole, YesNo
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.labels.output import DPI, MOST_DPI_OF_PICTURES, MOST_HEAD_DOTS, USUAL_GAP_MM
from suyuan.labels.pdf.grid import LEAST_DPI
from suyuan.trace.printers.facts import (
    ENDED,
    LANGUAGES,
    MOST_SHIFT,
    RESTS,
    WHYS,
    PrinterFacts,
    Settling,
)
from suyuan.trace.printers.tables import Printer, PrinterJob

TRIED = ("pdf", "zpl", "tspl", "png")


class TrialQuery(Input):
    """The paper, and the printer that is tried out."""

    template = Text(40, load_default="trace-50x30")
    form = OneOf(*TRIED, load_default="pdf")
    dpi = Whole(LEAST_DPI, MOST_DPI_OF_PICTURES, strict=False, load_default=DPI)
    gap_mm = Whole(0, 20, strict=False, load_default=int(USUAL_GAP_MM))
    head_dots = Whole(1, MOST_HEAD_DOTS, strict=False, load_default=None)


class PrinterInput(Input):
    """A printer at a place of your organisation.

    ``shift_right`` and ``shift_down``: dots by which its place is mended, as its test labels told.
    """

    facts = PrinterFacts

    site = Uid(required=True)
    name = Text(Printer.name, least=1, required=True)
    language = OneOf(*LANGUAGES, required=True)
    dpi = Whole(LEAST_DPI, MOST_DPI_OF_PICTURES, required=True)
    head_dots = Whole(1, MOST_HEAD_DOTS, required=True)
    gap_mm = Whole(0, 20, load_default=int(USUAL_GAP_MM))
    shift_right = Whole(-MOST_SHIFT, MOST_SHIFT, load_default=0)
    shift_down = Whole(-MOST_SHIFT, MOST_SHIFT, load_default=0)


class PrinterAnswer(Answer):
    """A printer of your organisation; ``removed_at``: it is there no more."""

    uid = fields.String(required=True)
    site = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    dpi = fields.Integer(required=True)
    head_dots = fields.Integer(required=True)
    gap_mm = fields.Integer(required=True)
    shift_right = fields.Integer(required=True)
    shift_down = fields.Integer(required=True)
    removed_at = fields.AwareDateTime(required=True, allow_none=True)


class PrintersAnswer(Answer):
    """The printers of your organisation that are there."""

    printers = fields.List(fields.Nested(PrinterAnswer), required=True)


class SendInput(Input):
    """The labels to print: of ``print_run`` those from ``first`` to ``last``, both included and
    counted from 1 in the order of printing; all where nothing is said. ``again``: you know that
    some were printed before, and want copies.
    """

    print_run = Uid(required=True)
    first = Whole(1, INT32, load_default=1)
    last = Whole(1, INT32, load_default=None)
    again = YesNo(load_default=False)


class TestInput(Input):
    """The template of the labels that are in the printer."""

    template = Text(PrinterJob.template, least=1, load_default="trace-50x30")


class PrinterJobAnswer(Answer):
    """Labels that were sent to a printer: ``first`` to ``last`` of ``print_run``, or test labels of
    the size ``template``.

    ``state``: ``waiting``, ``fetched``, ``printing``, ``printed``, ``failed``, ``unsure`` (how many
    labels came out: look at the paper), ``partly`` (up to ``last_out``) or ``dropped``. ``again``:
    some of them had been sent before. ``print_job`` draws them first, where they are many.
    """

    uid = fields.String(required=True)
    printer = fields.String(required=True)
    print_run = fields.String(required=True, allow_none=True)
    print_job = fields.String(required=True, allow_none=True)
    template = fields.String(required=True, allow_none=True)
    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    last_out = fields.Integer(required=True, allow_none=True)
    labels = fields.Integer(required=True)
    again = fields.Boolean(required=True)
    state = fields.String(required=True)
    why = fields.String(required=True, allow_none=True)
    detail = fields.String(required=True)
    sent_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class PrinterJobsAnswer(Answer):
    """What was sent to a printer, the newest first; what was long ago is left out."""

    printer_jobs = fields.List(fields.Nested(PrinterJobAnswer), required=True)


class TakenAnswer(Answer):
    """The job that an agent may print now, and the name by which it holds it; null: none."""

    job = fields.String(required=True, allow_none=True)
    holder = fields.String(required=True, allow_none=True)
    labels = fields.Integer(required=True, allow_none=True)


class HolderQuery(Input):
    """The name by which the agent holds the job."""

    holder = Uid(required=True)


class HoldInput(Input):
    """``begins``: the first byte goes to the printer now; else only that the agent lives."""

    holder = Uid(required=True)
    begins = YesNo(load_default=False)


class EndInput(Input):
    """How it went: ``printed``; ``failed``, nothing came out; ``unsure`` how much did.

    ``why``: ``unreachable``, ``broke_off`` or ``not_drawn``; ``sent``: bytes that went out.
    """

    holder = Uid(required=True)
    state = OneOf(*ENDED, required=True)
    why = OneOf(*WHYS, load_default=None)
    detail = Text(PrinterJob.detail, load_default="")
    sent = Whole(0, INT32, load_default=0)


class SettleInput(Input):
    """What a person saw on the paper: ``printed`` (all of it), ``failed``, or ``partly``, up to the
    label ``last_out``; ``dropped`` calls off what still waits.

    ``rest``: ``send`` the labels that did not come out once more, or they are ``spoiled`` and void.
    """

    facts = Settling

    outcome = OneOf("printed", "partly", "failed", "dropped", required=True)
    note = Text(500, load_default="")
    last_out = Whole(1, INT32, load_default=None)
    rest = OneOf(*RESTS, load_default="")
