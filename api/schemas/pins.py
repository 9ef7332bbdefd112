"""Scratch PINs, as entered and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import Text
from suyuan.api.schemas.shapes import Answer, Input


class PinInput(Input):
    """The code of a package (URL or path) with the number under its scratch ink; or a ticket."""

    code = Text(2048, load_default=None)
    pin = Text(40, load_default=None, metadata={"examples": ["12345678"]})
    ticket = Text(1000, load_default=None)


class PinOutcome(Answer):
    """What was answered: right, wrong, wait or tomorrow.

    `right`: `confirmed_at` is when it was first entered, `first` whether that was by this request.
    `wait`: send `ticket` in place of code and PIN from `ready_at` on. `tomorrow`: nothing was
    looked at.
    """

    outcome = fields.String(required=True)
    path = fields.String(required=True)
    first = fields.Boolean(required=True)
    confirmed_at = fields.AwareDateTime(allow_none=True)
    tries_left = fields.Integer(allow_none=True)
    ready_at = fields.AwareDateTime(allow_none=True)
    ticket = fields.String(allow_none=True)
