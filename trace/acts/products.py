"""Products and what their labels say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.parties import queries as parties
from suyuan.trace.products import identifiers, queries
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.products.records import PRODUCT
from suyuan.trace.products.tables import Product


def add_product(w: Writing, facts: ProductFacts) -> str:
    """Add a product of a party; returns its uid.

    Raises InvalidInput for an unknown family or variant or a GTIN of the wrong form, Conflict
    for a GTIN that another product has. A wrong GTIN check digit only warns.
    """
    party = parties.party(w.session, facts.party)
    w.actor.require("register_product", party)
    w.families.get(facts.family).variant(facts.variant)
    if not facts.name.strip():
        raise InvalidInput("A product has a name.", "name")
    gtin, warnings = None, []
    if facts.gtin:
        checked = identifiers.gtin(facts.gtin, "gtin")
        gtin = checked.value
        warnings = [{"field": "gtin", **one.to_json()} for one in checked.warnings]
        if w.session.scalar(sa.select(Product.id).where(Product.gtin == gtin)):
            raise Conflict("Another product has this GTIN.", "gtin")
    product = Product(
        uid=w.new_uid(),
        party_id=party.id,
        family=facts.family,
        variant=facts.variant,
        name=facts.name.strip(),
        names=dict(facts.names),
        gtin=gtin,
        label=dict(facts.label),
        items_on_pack=facts.items_on_pack,
        warnings=warnings,
        made_at=w.now,
    )
    product.record_id = _record(w, product, party.uid, "product.added")
    w.session.add(product)
    w.session.flush()
    return product.uid


def change_product_label(
    w: Writing, uid: str, label: Mapping[str, Any], items_on_pack: bool
) -> str:
    """Replace what the label of a product says from now on; returns the product's uid.

    Print runs that were issued keep what they were issued with.
    """
    product = queries.product(w.session, uid)
    w.actor.require("register_product", product.party)
    product.label, product.items_on_pack = dict(label), items_on_pack
    _record(w, product, product.party.uid, "product.label")
    return uid


def _record(w: Writing, product: Product, party_uid: str, type_: str) -> str:
    return w.record(
        PRODUCT,
        type_,
        {
            "product": product.uid,
            "party": party_uid,
            "family": product.family,
            "variant": product.variant,
            "name": product.name,
            "names": product.names,
            "gtin": product.gtin,
            "label": product.label,
            "items_on_pack": product.items_on_pack,
        },
        subject=product.uid,
    )
