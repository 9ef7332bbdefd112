"""Applications for certifications that an authority issues here, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.batches import QuantityAnswer
from suyuan.api.schemas.fields import Several, Text, Uid, Whole, YesNo, quantity
from suyuan.api.schemas.parties import OwnPageQuery
from suyuan.api.schemas.shapes import TRADE, Answer, Input
from suyuan.trace.papers.facts import ApplicationFacts, ReviewFacts
from suyuan.trace.papers.tables import Paper, PaperApplication

_AREA, _MONTHS = 10**12, 1200
"""The most that is read; how long a certification is given is in the standards."""


class ApplicationInput(Input):
    """What an organisation asks for: a kind of certification of a product, and why it may."""

    facts = ApplicationFacts
    kind = Text(Paper.kind, required=True, metadata={"examples": ["origin_certification"]})
    applicant = Uid(required=True)
    product = Uid(required=True)
    amount = quantity(required=True)
    months = Whole(1, _MONTHS, required=True)
    sites = Several(Uid(), 100)
    area_m2 = Whole(1, _AREA, allow_none=True)
    note = Text(PaperApplication.note)
    evidence = Several(Uid(), 10)
    renews = Uid(allow_none=True)


class ReviewInput(Input):
    """What is approved, and against which papers that was checked; less where that is said."""

    facts = ReviewFacts
    against = Text(Paper.checked_where, least=1, required=True)
    area_m2 = Whole(1, _AREA, allow_none=True)
    amount = quantity(allow_none=True)
    months = Whole(1, _MONTHS, allow_none=True)


class ApplicationQuery(OwnPageQuery):
    """Which applications: of an organisation, or those waiting for one's own review."""

    to_review = YesNo(load_default=False)


class ApplicationAnswer(Answer):
    """An application: applied, approved (``paper`` stands in the register) or refused."""

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    applicant = fields.String(attribute="applicant.uid", required=True)
    product = fields.String(attribute="product.uid", required=True)
    state = fields.String(required=True)
    paper = fields.String(attribute="paper.uid", required=True, allow_none=True)
    applied_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by = fields.String(attribute="decided_by.uid", required=True, allow_none=True)
    division = fields.String(metadata=TRADE)
    sites = fields.List(fields.String(), metadata=TRADE)
    area_m2 = fields.Integer(allow_none=True, metadata=TRADE)
    amount = fields.Nested(QuantityAnswer, metadata=TRADE)
    months = fields.Integer(metadata=TRADE)
    note = fields.String(metadata=TRADE)
    evidence = fields.List(fields.String(), metadata=TRADE)
    renews = fields.String(allow_none=True, metadata=TRADE)
    state_reason = fields.String(metadata=TRADE)
