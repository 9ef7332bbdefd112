"""Products and what their labels say."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.schemas.parties import OwnPageQuery
from suyuan.api.schemas.products import LabelInput, ProductAnswer, ProductInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import products as acts
from suyuan.trace.parties.queries import party
from suyuan.trace.products import queries
from suyuan.trace.products.facts import ProductFacts

products = ApiBlueprint("products", "Products with the facts that their labels carry.")

_PRODUCT = {
    "party": "01kd8z0000000000000000000a",
    "family": "yak_meat",
    "variant": "cooked_jerky",
    "name": "风干牦牛肉",
    "label": {"net_content": "250 g", "ingredients": "牦牛肉、食用盐"},
}


@products.get("/products", query=OwnPageQuery, answer=page_of(ProductAnswer, "ProductPage"))
def list_products(query: dict[str, Any]) -> Response:
    """List the products of an organisation."""
    asked = page(query)
    with reading() as session:
        whose = party(session, query["party"] or actor().party_uid or "")
        rows = queries.products_of(session, whose.id, after=asked.after or 0, limit=asked.limit + 1)
        return listed(asked, rows, lambda row: row.id, ProductAnswer.seen)


@products.post("/products", body=ProductInput, answer=Named, example=_PRODUCT)
def add_product(body: ProductFacts) -> Response:
    """Add a product."""
    uid = perform(acts.add_product, body)
    return made(uid, f"/api/v1/products/{uid}")


@products.get("/products/<uid:uid>", answer=ProductAnswer)
def read_product(uid: str) -> Response:
    """Read a product."""
    with reading() as session:
        return jsonify(ProductAnswer.seen(queries.product(session, uid)))


@products.post("/products/<uid:uid>/label", body=LabelInput, answer=Named)
def change_label(body: dict[str, Any], uid: str) -> Response:
    """Replace what the label of a product says from now on."""
    uid = perform(acts.change_product_label, uid, body["label"], body["items_on_pack"])
    return made(uid, f"/api/v1/products/{uid}")
