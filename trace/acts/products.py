"""Products and what their labels say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from suyuan.trace.acts.believing import kept
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.clock import day_of
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.papers.mark_claims import claimed, doubted, texts_of, unproved
from suyuan.trace.papers.queries import kinds_for
from suyuan.trace.parties import queries as parties
from suyuan.trace.products import identifiers, queries
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.products.records import PRODUCT
from suyuan.trace.products.tables import Product

_MARKS = "marks"
"""The field of warnings about marks, which are written anew with each label."""


def add_product(w: Writing, facts: ProductFacts) -> str:
    """Add a product of a party; returns its uid.

    Raises InvalidInput for an unknown family or variant or a GTIN of the wrong form, Conflict
    for a GTIN that another product has. A wrong GTIN check digit only warns, and so does a mark
    (有机) that no paper allows yet: the paper may come after the name.
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
        warnings=[],
        made_at=w.now,
    )
    product.warnings = [*warnings, *_doubted_marks(w, product)]
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
    others = [one for one in product.warnings if one["field"] != _MARKS]
    product.warnings = [*others, *_doubted_marks(w, product)]
    _record(w, product, product.party.uid, "product.label")
    return uid


def _doubted_marks(w: Writing, product: Product) -> list[dict[str, Any]]:
    """The marks that a product claims and no paper in force today allows it."""
    claims = claimed(texts_of(product))
    held = kinds_for(w.session, product, day_of(w.now)) if claims else frozenset()
    return [dict(kept(doubted(claim), _MARKS)) for claim in unproved(claims, held)]


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
