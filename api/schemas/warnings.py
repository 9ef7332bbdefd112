"""Warnings, as asked for, acted on and answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.fields import OneOf, Text, Uid
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.notices.rules import SEVERITIES
from suyuan.trace.notices.tables import WarningStep


class WarningQuery(PageQuery):
    """Which warnings: not closed ones unless a ``state`` is named; of an organisation (one's own
    where none is named), or, for a regulator, those that it is competent for."""

    state = OneOf("open", "acknowledged", "acted_on", "closed", "all", load_default="")
    rule = Text(40, load_default="")
    severity = OneOf(*SEVERITIES, load_default="")
    party = Uid(load_default=None)


class AcknowledgeInput(Input):
    """A note, which may be left out."""

    note = Text(WarningStep.note, load_default="")


class ActInput(Input):
    """What was done, and the evidence file that shows it, where there is one."""

    note = Text(WarningStep.note, least=1, required=True)
    evidence = Uid(load_default=None, allow_none=True)


class CloseInput(Input):
    """The proof that a warning is settled: an ``evidence`` file, or as ``proof`` the uid of a
    record that shows it (event, test report, paper, order, release); a reason alone where it is
    not too grave."""

    reason = Text(WarningStep.note, load_default="")
    evidence = Uid(load_default=None, allow_none=True)
    proof = Text(WarningStep.proof_record, load_default=None, allow_none=True)


class StepAnswer(Answer):
    """What was done about a warning; ``party`` is null where it went up by the clock. ``proof``:
    the uid of the record that shows it, of the kind ``proof_kind``."""

    kind = fields.String(required=True)
    level = fields.String(required=True)
    party = fields.String(attribute="party.uid", allow_none=True)
    at = fields.AwareDateTime(required=True)
    note = fields.String(required=True)
    evidence = fields.String(attribute="evidence.uid", allow_none=True)
    proof_kind = fields.String(allow_none=True)
    proof = fields.String(attribute="proof_record", allow_none=True)


class WarningAnswer(Answer):
    """A warning. ``level`` and ``level_division`` say whose turn it is, ``deadline`` until when;
    ``stage``: of the chain, where only its regulators have it."""

    uid = fields.String(required=True)
    rule = fields.String(required=True)
    severity = fields.String(required=True)
    state = fields.String(required=True)
    level = fields.String(required=True)
    level_division = fields.String(required=True)
    deadline = fields.AwareDateTime(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    party = fields.String(attribute="party.uid", required=True)
    trace_code = fields.String(attribute="batch.trace_code", allow_none=True)
    division = fields.String(required=True)
    family = fields.String(required=True, allow_none=True)
    stage = fields.String(required=True, allow_none=True)
    evidence = fields.Dict(required=True)
    public_text = fields.String(required=True)


class WholeWarningAnswer(WarningAnswer):
    """A warning with the steps that were taken, in order."""

    steps = fields.List(fields.Nested(StepAnswer), required=True)
