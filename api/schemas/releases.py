"""Whether a batch may go, what is missing, and what was said of that."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from suyuan.api.schemas.fields import Members, OneOf, Text, Uid
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.release.conditions import MOMENTS, Override
from suyuan.trace.release.releases import State
from suyuan.trace.release.tables import Release


class ReleaseQuery(Input):
    """Before which step it is asked, and to whom the goods go: what leaves the province needs
    other papers. Without ``to`` they go nowhere yet."""

    moment = OneOf(*MOMENTS, load_default="sell")
    to = Uid(load_default=None)


class ReleaseInput(Input):
    """With a ``reason`` a person lets the batch go, without one the rule does. ``facts``: those of
    its family that are known only now."""

    reason = Text(Release.reason, load_default="")
    stated = Members(data_key="facts", load_default=dict)


class MissingAnswer(Answer):
    """One thing that is missing, told in the reader's language.

    ``issued_by``: who gives the paper, where it is one. ``override``: whose second person may let
    the goods go without it.
    """

    key = fields.String(required=True)
    condition = fields.String(required=True)
    subject = fields.String(required=True)
    name = fields.String(required=True)
    detail = fields.String(required=True)
    issued_by = fields.String(required=True, allow_none=True)
    override = fields.String(required=True, metadata={"enum": list(get_args(Override))})


class ReleaseAnswer(Answer):
    """That a batch was let go, or that an override was asked for, and how that was answered.

    ``covers``: the keys of what it lets pass.
    """

    uid = fields.String(required=True)
    trace_code = fields.String(attribute="batch.trace_code", required=True)
    how = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    covers = fields.List(fields.String(), required=True)
    facts = fields.Dict(required=True)
    party = fields.String(attribute="by_party.uid", required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    answered_party = fields.String(attribute="answered_party.uid", allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    answer = fields.String(required=True)


class StandingAnswer(Answer):
    """Whether a batch may go now. ``missing`` is the checklist, ``passed`` what two persons let it
    go without, ``asked`` the uid of an override that waits for its answer."""

    trace_code = fields.String(required=True)
    moment = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": list(get_args(State))})
    may_go = fields.Boolean(required=True)
    missing = fields.List(fields.Nested(MissingAnswer), required=True)
    passed = fields.List(fields.Nested(MissingAnswer), required=True)
    asked = fields.String(required=True, allow_none=True)
    releases = fields.List(fields.Nested(ReleaseAnswer), required=True)
