"""Products, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import Members, Text, Uid, YesNo, names
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.products.tables import Product


class ProductInput(Input):
    """A product. ``label`` holds label items by key, such as ingredients and net content."""

    facts = ProductFacts
    party = Uid(required=True)
    family = Text(Product.family, required=True, metadata={"examples": ["yak_meat"]})
    variant = Text(Product.variant, required=True, metadata={"examples": ["cooked_jerky"]})
    name = Text(Product.name, least=1, required=True)
    names = names()
    gtin = Text(20, allow_none=True)
    label = Members()
    items_on_pack = YesNo()


class LabelInput(Input):
    """What the label of a product says from now on."""

    label = Members(required=True)
    items_on_pack = YesNo(load_default=False)


class ProductAnswer(Answer):
    """A product with what its label says."""

    uid = fields.String(required=True)
    party = fields.String(attribute="party.uid", required=True)
    family = fields.String(required=True)
    variant = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    gtin = fields.String(required=True, allow_none=True)
    label = fields.Dict(required=True)
    items_on_pack = fields.Boolean(required=True)
    warnings = fields.List(fields.Dict(), required=True)
