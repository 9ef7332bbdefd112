"""Blank rolls and what binds their labels to batches, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import INT32, Text, Uid, Whole, YesNo
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.printing.tables import PrintRun


class BlankRollInput(Input):
    """How many labels, of which template, for whom; naming a product, or else the party."""

    party = Uid(required=True)
    count = Whole(1, INT32, required=True)
    template = Text(PrintRun.template, required=True, metadata={"examples": ["trace-50x30"]})
    product = Uid(load_default=None)
    pins = YesNo(load_default=False)


class BindingInput(Input):
    """The batch, and the two ends of what was stuck on it, both included, in the order of printing:
    the text of the symbol, or the 16 digits of the roll with the 12 behind them. Where
    ``print_run`` is given, the 12 digits alone or the number in the run do."""

    trace_code = Text(40, least=1, required=True)
    first = Text(2048, least=1, required=True)
    last = Text(2048, least=1, required=True)
    print_run = Uid(load_default=None)


class BindingAnswer(Answer):
    """Labels of a blank roll on a batch; ``unbound_at`` where that was a mistake."""

    uid = fields.String(required=True)
    print_run = fields.String(required=True)
    trace_code = fields.String(required=True)
    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    bound_at = fields.AwareDateTime(required=True)
    unbound_at = fields.AwareDateTime(required=True, allow_none=True)
