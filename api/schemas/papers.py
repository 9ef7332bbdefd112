"""Papers and test reports, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.batches import QuantityAnswer
from suyuan.api.schemas.fields import Day, Inner, OneOf, Several, Text, Uid, quantity
from suyuan.api.schemas.samples import SampleLinkAnswer
from suyuan.api.schemas.shapes import PERSONAL, TRADE, Answer, Input
from suyuan.trace.papers.facts import CheckFacts, Covers, PaperFacts
from suyuan.trace.papers.tables import Paper
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quality.tables import TestItem, TestReport


class CoversInput(Input):
    """What a paper covers: a party, site or product by uid, a batch by trace code."""

    facts = Covers
    target = OneOf("party", "site", "product", "batch", required=True)
    key = Text(40, least=1, required=True)


class PaperInput(Input):
    """A certificate or permit."""

    facts = PaperFacts
    kind = Text(Paper.kind, required=True, metadata={"examples": ["quarantine_product_b"]})
    number = Text(Paper.number, required=True)
    holder = Uid(required=True)
    issuer = Text(Paper.issuer)
    issued_on = Day(allow_none=True)
    valid_from = Day(allow_none=True)
    valid_to = Day(allow_none=True)
    amount = quantity(allow_none=True)
    note = Text(Paper.note)
    covers = Several(Inner(CoversInput), 500)
    evidence = Uid(allow_none=True)
    checked_by = Text(Paper.checked_by)
    checked_where = Text(Paper.checked_where)
    renews = Uid(allow_none=True)


class PaperCheckInput(Input):
    """Where a paper was compared or with what, by whom (yourself where empty), on which day."""

    facts = CheckFacts
    where = Text(Paper.checked_where, least=1, required=True)
    by = Text(Paper.checked_by)
    on = Day(allow_none=True)


class PaperAnswer(Answer):
    """A paper in the register. ``state`` is valid, expired, not_yet or revoked, as of today.

    ``drawn``, ``left`` and ``over`` are there where ``amount`` is an account: what is used of it,
    what is not, and what was let pass beyond it; of the year ``period``, where it is for each year.
    """

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True)
    holder = fields.String(required=True)
    issuer = fields.String()
    issued_on = fields.Date(allow_none=True)
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    amount = fields.Nested(QuantityAnswer, allow_none=True)
    drawn = fields.Nested(QuantityAnswer, allow_none=True)
    left = fields.Nested(QuantityAnswer, allow_none=True)
    over = fields.Nested(QuantityAnswer, allow_none=True)
    period = fields.String()
    renews = fields.String(allow_none=True)
    renewed_by = fields.String(allow_none=True)
    state = fields.String(required=True)
    state_reason = fields.String()
    checked_at = fields.AwareDateTime(allow_none=True)
    checked_by_party = fields.String(allow_none=True)
    checked_where = fields.String()
    warnings = fields.List(fields.Dict(), required=True)
    note = fields.String(metadata=TRADE)
    evidence = fields.String(allow_none=True, metadata=TRADE)
    checked_by = fields.String(metadata=PERSONAL)


class TestItemInput(Input):
    """One line of a report, each field as the laboratory wrote it."""

    __test__ = False
    facts = TestItemFacts
    parameter = Text(TestItem.parameter, required=True)
    result = Text(TestItem.result, required=True)
    unit = Text(TestItem.unit)
    lod = Text(TestItem.lod)
    limit = Text(TestItem.limit)
    method = Text(TestItem.method)
    standard = Text(TestItem.standard)
    conclusion = Text(TestItem.conclusion)


class TestReportInput(Input):
    """A laboratory's report on batches."""

    __test__ = False
    facts = TestReportFacts
    number = Text(TestReport.number, required=True)
    laboratory = Text(TestReport.laboratory, required=True)
    issued_on = Day(required=True)
    batches = Several(Text(40, least=1), 500, required=True)
    items = Several(Inner(TestItemInput), 500, required=True)
    kind = OneOf("laboratory", "rapid")
    laboratory_party = Uid(allow_none=True)
    cma = Text(TestReport.cma)
    catl = Text(TestReport.catl)
    sample_number = Text(TestReport.sample_number)
    sampled_on = Day(allow_none=True)
    valid_to = Day(allow_none=True)
    conclusion = Text(TestReport.conclusion)
    evidence = Uid(allow_none=True)
    retest_of = Uid(allow_none=True)


class TestReportQuery(PageQuery):
    """Which reports: those on a batch, or those that one's own organisation entered."""

    __test__ = False
    trace_code = Text(40, least=1, load_default=None)


class TestItemAnswer(Answer):
    """One line of a report."""

    __test__ = False
    parameter = fields.String(required=True)
    result = fields.String(required=True)
    unit = fields.String()
    lod = fields.String()
    limit = fields.String()
    method = fields.String()
    standard = fields.String()
    conclusion = fields.String()


class TestVerdictAnswer(Answer):
    """What the standards say of one item (``position``, from 1) for one batch, as it was given.

    ``stands``: no later report (``overturned_by``) decided it anew. ``standards`` is the state of
    the standards that decided, ``row`` the limit there, ``grounds`` all that the verdict rests on.
    ``explanation`` is in the language of ``Accept-Language``.
    """

    __test__ = False
    uid = fields.String(required=True)
    trace_code = fields.String(required=True)
    position = fields.Integer(required=True)
    parameter = fields.String(required=True)
    verdict = fields.String(required=True)
    unconfirmed = fields.Boolean(required=True)
    stands = fields.Boolean(required=True)
    overturned_by = fields.String(required=True, allow_none=True)
    standards = fields.String(required=True)
    row = fields.String(required=True)
    explanation = fields.String(required=True)
    grounds = fields.Dict(required=True)


class ObjectionAnswer(Answer):
    """An objection to a report: open, or upheld or rejected by the re-test ``decided_by``.

    ``counted_surely`` is false where the days off of a year in ``until`` or ``retest_due`` are not
    published yet: the day may turn out to be another.
    """

    uid = fields.String(required=True)
    by = fields.String(attribute="by_party.name", required=True)
    at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    retest_due = fields.Date(required=True, allow_none=True)
    counted_surely = fields.Boolean(required=True)
    state = fields.String(required=True)
    decided_by = fields.String(attribute="decided_by.uid", required=True, allow_none=True)


class TestReportAnswer(Answer):
    """A report as the laboratory wrote it, and beside it what the standards say."""

    __test__ = False
    uid = fields.String(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True)
    laboratory = fields.String(required=True)
    laboratory_party = fields.String(attribute="laboratory_party.uid", allow_none=True)
    cma = fields.String()
    catl = fields.String()
    sampled_on = fields.Date(allow_none=True)
    issued_on = fields.Date(required=True)
    valid_to = fields.Date(allow_none=True)
    conclusion = fields.String()
    batches = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(TestItemAnswer), required=True)
    verdicts = fields.List(fields.Nested(TestVerdictAnswer), required=True)
    retest_of = fields.String(attribute="retest_of.uid", allow_none=True)
    objections = fields.List(fields.Nested(ObjectionAnswer), required=True)
    warnings = fields.List(fields.Dict(), required=True)
    sample_number = fields.String(metadata=TRADE)
    samples = fields.List(fields.Nested(SampleLinkAnswer), metadata=TRADE)
    evidence = fields.String(attribute="evidence.uid", allow_none=True, metadata=TRADE)
