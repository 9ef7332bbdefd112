"""Print runs, evidence files and scan counts, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.batches import QuantityAnswer
from suyuan.api.schemas.fields import INT32, OneOf, Text, Uid, Whole, YesNo
from suyuan.api.schemas.rolls import BindingAnswer
from suyuan.api.schemas.shapes import PERSONAL, TRADE, Answer, Input
from suyuan.labels.output import (
    DPI,
    MEDIA_TYPES,
    MOST_DPI_OF_PICTURES,
    MOST_HEAD_DOTS,
    USUAL_GAP_MM,
    Output,
)
from suyuan.labels.pdf.grid import LEAST_DPI, MOST_DPI
from suyuan.labels.sheets import A4, MOST_OF_GRID, MOST_TAKEN
from suyuan.trace.log.schemas import CLASSES
from suyuan.trace.printing.account import FATES
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.printing.weighing import SCALE_UNITS


class PrintRunInput(Input):
    """How many labels, for which batch, of which template.

    ``net_unit``: what those of ``net_contents`` that are plain numbers are counted in.
    """

    trace_code = Text(40, least=1, required=True)
    count = Whole(
        1,
        INT32,
        load_default=None,
        metadata={"description": "How many labels; may be left out beside `net_contents`."},
    )
    template = Text(PrintRun.template, required=True, metadata={"examples": ["trace-50x30"]})
    per_package = YesNo(
        load_default=True,
        metadata={
            "description": "Each label has a number of its own, as labels of packages must. Where "
            "false all bear the code of the batch: labels of batches, and of goods in bulk."
        },
    )
    unbound = YesNo(load_default=False)
    net_contents = fields.List(
        Text(40, least=1, metadata={"examples": ["0.482", "482 g"]}),
        load_default=list,
        metadata={"description": "That of each package, where they were weighed one by one."},
    )
    net_unit = OneOf(*SCALE_UNITS, load_default="KGM")
    pins = YesNo(
        load_default=False,
        metadata={"description": "A scratch PIN on each label; the template must have room."},
    )


class VoidInput(Input):
    """Why the codes do not count, and of which package; without a serial all of the run."""

    reason = Text(500, least=1, required=True)
    serial = Text(12, load_default=None, metadata={"pattern": "^[0-9]{12}$"})


class EndedInput(Input):
    """Which labels were spoiled, returned or lost: ``first`` to ``last``, both included, from 1 in
    the order of printing."""

    first = Whole(1, INT32, required=True)
    last = Whole(1, INT32, required=True)
    fate = OneOf(*FATES, required=True)
    reason = Text(500, least=1, required=True)


class EndedAnswer(Answer):
    """Labels with one fate, one after the other in the order of printing."""

    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    fate = fields.String(required=True)


class ReprintInput(Input):
    """Which labels are printed once more, ``first`` to ``last``, both included, from 1 in the order
    of printing, and why."""

    first = Whole(1, INT32, required=True)
    last = Whole(1, INT32, required=True)
    reason = Text(500, least=1, required=True)


class ReprintAnswer(Answer):
    """Labels that were printed once more."""

    uid = fields.String(required=True)
    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class RunAccountAnswer(Answer):
    """What became of the labels of a run: each is in exactly one state.

    ``weighed``: what the packages of each state hold, where they were weighed one by one.
    """

    ordered = fields.Integer(required=True)
    issued = fields.Integer(required=True)
    in_force = fields.Integer(required=True)
    spoiled = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    lost = fields.Integer(required=True)
    voided = fields.Integer(required=True)
    bound = fields.Integer(
        required=True, metadata={"description": "Of those in force of a blank roll."}
    )
    reconciles = fields.Boolean(required=True)
    weighed = fields.Dict(keys=fields.String(), values=fields.Nested(QuantityAnswer), required=True)


class LabelsInput(Input):
    """For which printer: ``pdf`` for a driver, on a roll or on sheets; ``zpl`` or ``tspl`` for a
    label printer itself; ``png`` for an app that takes pictures, as a ZIP archive of them.

    ``paper``: the sheet, ``a4``, ``a5``, one of the common sheets of stickers (``a4-3x7``) or a
    grid of one's own in mm: page, columns and rows, margins left and top, gaps. ``taken``: how
    many stickers of the first sheet are used up.
    ``gap_mm``: between two labels of the paper (TSPL). ``head_dots``: the width of the printer's
    head, which pictures are filled up to (PNG).
    """

    facts = Output

    form = OneOf(*MEDIA_TYPES, load_default="pdf")
    dpi = Whole(LEAST_DPI, MOST_DPI, load_default=DPI)
    sheet = YesNo(load_default=False)
    gap_mm = Whole(0, 20, load_default=int(USUAL_GAP_MM))
    head_dots = Whole(1, MOST_HEAD_DOTS, load_default=None)
    paper = Text(
        MOST_OF_GRID,
        least=1,
        load_default=A4,
        metadata={"examples": ["a4-3x7", "210x297 3x7 7.25,15.15 2.5,0"]},
    )
    taken = Whole(0, MOST_TAKEN, load_default=0)


class PrintRunQuery(Input):
    """How the PDF is laid out: on a roll, or on A4 sheets. Which label the picture is of, from 1 in
    the order of printing, and of which printer: its dots an inch, and the width of its head, which
    the picture is filled up to."""

    sheet = YesNo(load_default=False)
    number = Whole(1, INT32, strict=False, load_default=1)
    dpi = Whole(LEAST_DPI, MOST_DPI_OF_PICTURES, strict=False, load_default=DPI)
    head_dots = Whole(1, MOST_HEAD_DOTS, strict=False, load_default=None)


class PrintRunAnswer(Answer):
    """A run of labels. With ``Accept: application/pdf`` the same address gives the labels, with
    ``image/png`` one of them.

    Those with scratch PINs are had by POST to ``…/labels`` only, which puts it on record.
    ``net_contents``: beside each of ``urls``, where the packages were weighed one by one.
    """

    uid = fields.String(required=True)
    trace_code = fields.String(required=True, allow_none=True)
    roll_code = fields.String(required=True, allow_none=True)
    template = fields.String(required=True)
    count = fields.Integer(required=True)
    key = fields.String(required=True)
    host = fields.String(required=True)
    manifest_root = fields.String(required=True)
    pins = fields.Boolean(required=True)
    state = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    account = fields.Nested(RunAccountAnswer, required=True)
    ended = fields.List(fields.Nested(EndedAnswer), required=True)
    reprints = fields.List(fields.Nested(ReprintAnswer), required=True)
    bindings = fields.List(fields.Nested(BindingAnswer), required=True)
    urls = fields.List(fields.String(), required=True)
    net_contents = fields.List(fields.String(), required=True)


class EvidenceInput(Input):
    """A photo or document of a party, and who may see it."""

    party = Uid(required=True)
    disclosure = OneOf(*CLASSES, load_default="trade")
    file = fields.Raw(required=True)


EVIDENCE_FORM = {
    "type": "object",
    "required": ["party", "file"],
    "additionalProperties": False,
    "properties": {
        "party": {"type": "string", "pattern": "^[0-9a-z]{26}$"},
        "disclosure": {"type": "string", "enum": list(CLASSES), "default": "trade"},
        "file": {"type": "string", "format": "binary"},
    },
}


class EvidenceAnswer(Answer):
    """What is known of a file; its bytes are at ``/evidence/{uid}/file``."""

    uid = fields.String(required=True)
    sha256 = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    disclosure = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    party = fields.String(metadata=TRADE)
    name = fields.String(metadata=PERSONAL)
