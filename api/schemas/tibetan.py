"""Tibetan texts for labels, as a language office sees and answers them."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import OneOf, Text
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.bilingual.tables import TibetanText


class TibetanInput(Input):
    """What the office says of a Tibetan text for a Chinese one; a refusal with its reason."""

    zh = Text(TibetanText.zh, least=1, required=True)
    bo = Text(TibetanText.bo, least=1, required=True)
    state = OneOf("approved", "refused", required=True)
    reason = Text(TibetanText.reason, load_default="")


class TibetanWaitingAnswer(Answer):
    """A text that waits: a ``word`` of the catalogue, or the name of an ``organisation`` or
    ``product``."""

    kind = fields.String(required=True)
    zh = fields.String(required=True)
    bo = fields.String(required=True)
    whose = fields.String(required=True)


class TibetanTextAnswer(Answer):
    """A text that was looked at."""

    uid = fields.String(required=True)
    zh = fields.String(required=True)
    bo = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class TibetanAnswer(Answer):
    """The proof sheet of a division: what waits, and the newest that were looked at."""

    waiting = fields.List(fields.Nested(TibetanWaitingAnswer), required=True)
    looked_at = fields.List(fields.Nested(TibetanTextAnswer), required=True)
