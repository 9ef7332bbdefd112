"""Cartons, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import INT32, Text, Whole
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.printing.tables import PrintRun


class CartonsInput(Input):
    """So many cartons of a batch, each of so many packages, numbered under a company prefix.

    ``net_kg``: the net weight of one of them, which the bars say of goods of variable measure.
    """

    trace_code = Text(40, least=1, required=True)
    cartons = Whole(1, INT32, required=True)
    packages = Whole(1, 99_999_999, required=True)
    company_prefix = Text(20, least=1, required=True, metadata={"examples": ["6901234"]})
    net_kg = Text(12, load_default=None, metadata={"pattern": r"^[0-9]{1,6}(\.[0-9]{1,3})?$"})
    template = Text(PrintRun.template, required=True, metadata={"examples": ["carton-148x210"]})


class CartonQuery(Input):
    """The number of a carton: 18 digits, with or without (00) before them."""

    sscc = Text(24, least=1, required=True)


class CartonAnswer(Answer):
    """A carton: of which batch its packages are, and how many. Its number is not signed."""

    sscc = fields.String(required=True)
    trace_code = fields.String(required=True)
    packages = fields.Integer(required=True)
    print_run = fields.String(required=True)
