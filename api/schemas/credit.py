"""The yearly assessment of organisations, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.fields import OneOf, Text, Uid, Whole
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.balance.scope import EARLIEST, LATEST
from suyuan.trace.credit.model import UNRATED, credit_model
from suyuan.trace.credit.tables import CreditAssessment

_GRADES = (*credit_model().grades, UNRATED)
_STATED = tuple(key for key, one in credit_model().vetoes.items() if one.counts is None)


class CreditQuery(PageQuery):
    """Of which year; the newest that is over where none is named."""

    year = Whole(EARLIEST, LATEST, strict=False, load_default=None)


class CreditAnnounceInput(Input):
    """Whose year is assessed; ``again``: why, where it is decided already."""

    party = Uid(required=True)
    year = Whole(EARLIEST, LATEST, required=True)
    again = Text(CreditAssessment.again, load_default="")


class CreditObjectionInput(Input):
    """What is wrong in an assessment."""

    objection = Text(CreditAssessment.objection, least=1, required=True)


class CreditDecisionInput(Input):
    """The decision: the grade by the points, or another, or the lowest for what was established
    (``veto``); these two with the reason."""

    grade = OneOf(*_GRADES, load_default="")
    reason = Text(CreditAssessment.reason, load_default="")
    veto = OneOf(*_STATED, load_default="")


class CreditLineAnswer(Answer):
    """One thing that cost points, with the uids of records that show it (the newest)."""

    dimension = fields.String(required=True)
    loss = fields.String(required=True)
    count = fields.Integer(required=True)
    points = fields.Integer(required=True)
    evidence = fields.List(fields.String(), required=True)


class CreditVetoAnswer(Answer):
    """What makes the grade the lowest, and the uids of records that show it."""

    veto = fields.String(required=True)
    count = fields.Integer(required=True)
    evidence = fields.List(fields.String(), required=True)


class CreditReckonedAnswer(Answer):
    """What the model comes to: ``lost`` of the ``assessed`` points, so many of a hundred
    (``score``, a decimal; null where too little is known), the grade, and every line."""

    batches = fields.Integer(required=True)
    assessed = fields.Integer(required=True)
    lost = fields.Integer(required=True)
    score = fields.String(required=True, allow_none=True)
    grade = fields.String(required=True)
    lines = fields.List(fields.Nested(CreditLineAnswer), required=True)
    vetoes = fields.List(fields.Nested(CreditVetoAnswer), required=True)


class CreditAssessmentAnswer(Answer):
    """An assessment: ``announced``, ``objected`` or ``decided``; ``grade`` is the decision."""

    uid = fields.String(required=True)
    party = fields.String(attribute="party.uid", required=True)
    year = fields.Integer(required=True)
    model = fields.String(attribute="version", required=True)
    state = fields.String(required=True)
    found = fields.Nested(CreditReckonedAnswer, required=True)
    again = fields.String(required=True)
    announced_at = fields.AwareDateTime(required=True)
    notice_until = fields.Date(required=True)
    objection = fields.String(required=True)
    objected_at = fields.AwareDateTime(required=True, allow_none=True)
    grade = fields.String(required=True)
    veto = fields.String(required=True)
    reason = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class CreditStandingAnswer(Answer):
    """An organisation whose year is assessed, and its newest assessment; null: there is none."""

    party = fields.String(attribute="party.uid", required=True)
    name = fields.String(attribute="party.name", required=True)
    division = fields.String(attribute="party.division", required=True)
    newest = fields.Nested(CreditAssessmentAnswer, required=True, allow_none=True)


class CreditAssessmentsAnswer(Answer):
    """All assessments of an organisation, the newest first."""

    items = fields.List(fields.Nested(CreditAssessmentAnswer), required=True)
