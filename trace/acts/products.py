"""Products and what their labels say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from suyuan.trace.acts.believing import kept
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.clock import day_of
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.identifiers import Warning
from suyuan.trace.papers.mark_claims import claimed, doubted, texts_of, unproved
from suyuan.trace.papers.numbers import production_licence
from suyuan.trace.papers.queries import kinds_for
from suyuan.trace.parties import queries as parties
from suyuan.trace.products import identifiers, queries
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.products.label_facts import checked_label
from suyuan.trace.products.records import PRODUCT
from suyuan.trace.products.tables import Product

_MARKS = "marks"
"""The field of warnings about marks, which are written anew with each label."""
_LICENCE = "label.licence_number"


def add_product(w: Writing, facts: ProductFacts) -> str:
    """Add a product of a party; returns its uid.

    Raises InvalidInput for an unknown family or variant, a GTIN of the wrong form or a label item
    that cannot be (``suyuan.trace.products.label_facts``), Conflict
    for a GTIN that another product has. A wrong GTIN check digit only warns, and so does a mark
    (有机) that no paper allows yet: the paper may come after the name.
    """
    party = parties.party(w.session, facts.party)
    w.actor.require("register_product", party)
    family = w.families.get(facts.family)
    family.variant(facts.variant)
    label = checked_label(family, facts.label)
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
        label=label,
        items_on_pack=facts.items_on_pack,
        warnings=[],
        made_at=w.now,
    )
    product.warnings = [*warnings, *_doubted_label(w, product)]
    product.record_id = _record(w, product, party.uid, "product.added")
    w.session.add(product)
    w.session.flush()
    return product.uid


def change_product_label(
    w: Writing, uid: str, label: Mapping[str, Any], items_on_pack: bool
) -> str:
    """Replace what the label of a product says from now on; returns the product's uid.

    Print runs that were issued keep what they were issued with. Raises InvalidInputs for label
    items that cannot be.
    """
    product = queries.product(w.session, uid)
    w.actor.require("register_product", product.party)
    product.label = checked_label(w.families.get(product.family), label)
    product.items_on_pack = items_on_pack
    others = [one for one in product.warnings if one["field"] not in (_MARKS, _LICENCE)]
    product.warnings = [*others, *_doubted_label(w, product)]
    _record(w, product, product.party.uid, "product.label")
    return uid


def _doubted_label(w: Writing, product: Product) -> list[dict[str, Any]]:
    """The marks that a product claims and no paper in force today allows it, and a licence number
    that cannot be one: a small workshop has a number of another form."""
    claims = claimed(texts_of(product))
    held = kinds_for(w.session, product, day_of(w.now)) if claims else frozenset()
    marks = [dict(kept(doubted(claim), _MARKS)) for claim in unproved(claims, held)]
    number = product.label.get("licence_number")
    doubts = _doubts_of_licence(number) if isinstance(number, str) else ()
    return [*marks, *({"field": _LICENCE, **one.to_json()} for one in doubts)]


def _doubts_of_licence(number: str) -> tuple[Warning, ...]:
    try:
        return production_licence(number).warnings
    except InvalidInput as error:
        return (Warning.of("licence-form", error.message, **error.params),)


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
