"""How often codes were opened, as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import Text
from suyuan.api.schemas.shapes import Answer, Input


class ScanQuery(Input):
    """Of which batch."""

    trace_code = Text(40, least=1, required=True)


class ScanAnswer(Answer):
    """How often a path was opened, and first and last when; nothing about who."""

    path = fields.String(required=True)
    count = fields.Integer(required=True)
    first_at = fields.AwareDateTime(required=True)
    last_at = fields.AwareDateTime(required=True)


class ScansAnswer(Answer):
    """The paths of a batch that were opened, the most opened first."""

    items = fields.List(fields.Nested(ScanAnswer), required=True)


class CodeQuery(Input):
    """A code as scanned (the whole URL, or its path) or a trace code as typed.

    `proofs=0` leaves out what proves the values: the answer is then a fifth as long.
    """

    code = Text(2048, least=1, required=True)
    proofs = fields.Boolean(load_default=True)


class DivisionQuery(Input):
    """What to look for: a name in Chinese or Tibetan, or the beginning of a code."""

    q = Text(60, least=1, required=True)
    within = Text(12, load_default=None)
