"""What is claimed for a batch, held against what it was made of; part of the acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import day_of
from suyuan.trace.lineage.claims import Source, require_proved, source_of
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.papers.mark_claims import claimed, require_allowed, texts_of
from suyuan.trace.papers.queries import covering, state_on
from suyuan.trace.products.claimed_grades import CLAIMED, STATED, claimed_in, require_borne
from suyuan.trace.products.family import Family
from suyuan.trace.products.tables import Product


def require_claims_proved(
    w: Writing,
    batch: Batch,
    product: Product | None,
    *,
    made_of: Sequence[Batch] | None = None,
    stated: Mapping[str, Any] | None = None,
) -> None:
    """Raises Unproved where the facts, the name or the label of a batch claim too much, and Unborne
    where they claim a grade that the facts do not bear.

    ``made_of``: its parents, where it is just coming to be and nothing leads to them yet;
    ``stated``: facts that are about to be stated of it besides.
    """
    family = w.families.get(batch.family)
    facts = {**batch.attributes, **(stated or {})}
    texts = [batch.name, *(_texts(product) if product is not None else ())]
    _require_grade_borne(family, batch, product, facts, texts)
    if not _claims(family, facts, texts):
        return
    if made_of is None:
        goods = replace(source_of(w.session, batch), facts=facts)
    else:
        parents = (one for one in made_of if one.family == batch.family)
        sources = tuple(source_of(w.session, one) for one in parents)
        goods = Source(batch.trace_code, batch.variant, facts, sources)
    registered = day_of(batch.registered_at)
    require_proved(family, goods, texts, made_on(batch), registered)


def _require_grade_borne(
    family: Family,
    batch: Batch,
    product: Product | None,
    facts: Mapping[str, Any],
    texts: Sequence[str],
) -> None:
    day = made_on(batch)
    outright = [facts.get(CLAIMED), product.label.get(CLAIMED) if product is not None else None]
    claimed = claimed_in(family, batch.variant, day, outright, texts)
    require_borne(family, batch.variant, day, facts, claimed)


def require_stated_grade_borne(
    w: Writing, some: Sequence[Batch], payload: Mapping[str, Any]
) -> None:
    """Raises Unborne where an event states a grade that the facts of its batches do not bear.

    What it counted or measured itself stands in for facts that a batch does not state.
    """
    said = payload.get(STATED)
    if not isinstance(said, str):
        return
    for batch in some:
        family, day = w.families.get(batch.family), made_on(batch)
        claimed = claimed_in(family, batch.variant, day, [said], [said])
        facts = {**payload, **batch.attributes}
        require_borne(family, batch.variant, day, facts, claimed, STATED)


def require_marks_allowed(w: Writing, batch: Batch) -> None:
    """Raises MarkUnproved where name or label claim a mark that no paper in force on the day the
    goods were made allows them."""
    product = batch.product
    texts = [batch.name]
    if product is not None:
        texts += [product.name, *product.names.values(), *texts_of(product.label)]
    if claims := claimed(texts):
        day = made_on(batch)
        papers = (one for one, _ in covering(w.session, batch))
        require_allowed(claims, {one.kind for one in papers if state_on(one, day) == "valid"})


def _claims(family: Family, facts: Mapping[str, Any], texts: Sequence[str]) -> bool:
    """Whether anything at all is claimed: most batches claim nothing, and cost nothing."""
    return any(
        claim.attribute in facts or claim.said_in(texts) is not None for claim in family.claims
    )


def _texts(product: Product) -> Iterator[str]:
    yield product.name
    yield from product.names.values()
    yield from (value for value in product.label.values() if isinstance(value, str))
