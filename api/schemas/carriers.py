"""Foreign carriers, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import Text
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.carriers.facts import CarrierFacts


class CarrierInput(Input):
    """A number of another system, and the label it stands beside: URL, path or trace code."""

    facts = CarrierFacts

    kind = Text(20, required=True, metadata={"examples": ["nfc", "hologram", "organic"]})
    number = Text(60, least=1, required=True)
    code = Text(2048, least=1, required=True)


class CarrierAnswer(Answer):
    """A carrier: nothing about it is signed, it is the word of who bound it."""

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True)
    path = fields.String(required=True)
    bound_at = fields.AwareDateTime(required=True)
    unbound_at = fields.AwareDateTime(required=True, allow_none=True)
    warnings = fields.List(fields.Dict(), required=True)
