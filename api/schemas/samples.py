"""Samples and the steps of their chains, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.batches import QuantityAnswer
from suyuan.api.schemas.fields import Day, OneOf, Several, Text, Uid, YesNo, quantity
from suyuan.api.schemas.shapes import PERSONAL, TRADE, Answer, DoubtAnswer, Input
from suyuan.trace.samples.chain import PORTIONS
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.samples.kinds import called, sampling_kinds
from suyuan.trace.samples.tables import Sample, SampleStep


class SampleInput(Input):
    """A sampling sheet. How many samplers there must be, a seal and a reserve go by the kind."""

    facts = SampleFacts
    trace_code = Text(40, least=1, required=True)
    kind = OneOf(*sampling_kinds(), required=True)
    number = Text(Sample.number, least=1, required=True)
    taken_on = Day(required=True)
    samplers = Several(Text(60, least=1), 20, required=True)
    base = quantity(allow_none=True)
    reserve = quantity(allow_none=True)
    quantity = quantity(required=True)
    seal = Text(Sample.seal)
    present = Several(Text(60, least=1), 20)
    site = Uid(allow_none=True)
    place = Text(Sample.place)
    note = Text(Sample.note)
    evidence = Uid(allow_none=True)


class SampleStepInput(Input):
    """The next step of a sample, or of its reserve.

    `to`: uid of the laboratory it is sent to, or `to_name`; `intact`: whether the seal was whole
    when it was received.
    """

    facts = StepFacts
    kind = OneOf(*called("steps"), required=True)
    on = Day(required=True)
    portion = OneOf(*PORTIONS)
    seal = Text(SampleStep.seal)
    to = Uid(allow_none=True)
    to_name = Text(SampleStep.laboratory)
    intact = YesNo(allow_none=True)
    keep_until = Day(allow_none=True)
    note = Text(SampleStep.note)


class SampleQuery(PageQuery):
    """Which samples: those of a batch, or those that one's own organisation has to do with."""

    trace_code = Text(40, least=1, load_default=None)


class SampleStepAnswer(Answer):
    """A step of a sample or its reserve, and the organisation that told of it."""

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    portion = fields.String(required=True)
    on = fields.Date(required=True)
    by = fields.String(attribute="by_party.uid", required=True)
    intact = fields.Boolean(required=True, allow_none=True)
    laboratory = fields.String(required=True)
    keep_until = fields.Date(required=True, allow_none=True)


class SampleLinkAnswer(Answer):
    """A report and a sample that it names: the uid of the other of the two, and what is doubtful
    about them."""

    uid = fields.String(required=True)
    doubts = fields.List(fields.Nested(DoubtAnswer), required=True)


class SampleAnswer(Answer):
    """A sample with its chain. ``next``: the steps that may come next, by part of the sample."""

    uid = fields.String(required=True)
    trace_code = fields.String(required=True)
    kind = fields.String(required=True)
    taken_by = fields.String(required=True)
    taken_on = fields.Date(required=True)
    number = fields.String(metadata=TRADE)
    seal = fields.String(metadata=TRADE)
    base = fields.Nested(QuantityAnswer, allow_none=True, metadata=TRADE)
    quantity = fields.Nested(QuantityAnswer, metadata=TRADE)
    reserve = fields.Nested(QuantityAnswer, allow_none=True, metadata=TRADE)
    site = fields.String(allow_none=True, metadata=TRADE)
    place = fields.String(metadata=TRADE)
    note = fields.String(metadata=TRADE)
    evidence = fields.String(allow_none=True, metadata=TRADE)
    steps = fields.List(fields.Nested(SampleStepAnswer), metadata=TRADE)
    reports = fields.List(fields.Nested(SampleLinkAnswer), metadata=TRADE)
    next = fields.Dict(required=True)
    doubts = fields.List(fields.Nested(DoubtAnswer), required=True)
    samplers = fields.List(fields.String(), metadata=PERSONAL)
    present = fields.List(fields.String(), metadata=PERSONAL)
