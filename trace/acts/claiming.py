"""What is claimed for a batch, held against what it was made of; part of the acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from suyuan.trace.acts.believing import Kept, kept
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import day_of
from suyuan.trace.doubts import Doubt
from suyuan.trace.identifiers import stripped
from suyuan.trace.lineage.ancestry import ancestry_of
from suyuan.trace.lineage.claims import Source, require_proved, source_of
from suyuan.trace.lineage.origins import require_origin
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.papers.mark_claims import (
    claimed,
    doubted,
    require_allowed,
    texts_in,
    texts_of,
    unproved,
)
from suyuan.trace.papers.queries import covering, state_on
from suyuan.trace.products.claimed_grades import CLAIMED, STATED, claimed_in, require_borne
from suyuan.trace.products.family import Family
from suyuan.trace.products.label_items import label_item_names
from suyuan.trace.products.tables import Product


def require_claims_proved(
    w: Writing,
    batch: Batch,
    product: Product | None,
    *,
    made_of: Sequence[Batch] | None = None,
    stated: Mapping[str, Any] | None = None,
) -> None:
    """Raises Unproved where the facts, the name or the label of a batch claim too much, or another
    origin than that of the goods or of what they were made of, and Unborne where they claim a grade
    that the facts do not bear.

    ``made_of``: its parents, where it is just coming to be and nothing leads to them yet;
    ``stated``: facts that are about to be stated of it besides.
    """
    family = w.families.get(batch.family)
    facts = {**batch.attributes, **(stated or {})}
    texts = [batch.name, *(_texts(product) if product is not None else ())]
    _require_grade_borne(family, batch, product, facts, texts)
    said = product.label.get("origin") if product is not None else None
    if isinstance(said, str):
        _require_origin(w, said, (batch,) if made_of is None else made_of, "label.origin", batch)
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


def require_said_proved(w: Writing, batch: Batch, name: str, origin: str) -> None:
    """Raises Unproved, Unborne or MarkUnproved where a paper about a batch gives it a name or an
    origin that claims too much."""
    if name:
        family = w.families.get(batch.family)
        _require_grade_borne(family, batch, None, batch.attributes, [name])
        if _claims(family, {}, [name]):
            goods = source_of(w.session, batch)
            registered = day_of(batch.registered_at)
            require_proved(family, goods, [name], made_on(batch), registered)
        if claims := claimed([name]):
            require_allowed(claims, _held(w, batch), "product_name")
    if origin:
        _require_origin(w, origin, (batch,), "origin", batch)


def _require_origin(w: Writing, said: str, of: Sequence[Batch], field: str, batch: Batch) -> None:
    rows = (row for one in of for row in ancestry_of(w.session, one).rows.values())
    require_origin(said, (batch.division, *(row.division for row in rows)), field)


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
    """Raises MarkUnproved where name, facts or label claim a mark that no paper in force on the day
    the goods were made allows them."""
    product = texts_of(batch.product) if batch.product is not None else []
    own = _own_texts(w, batch, batch.attributes)
    if claims := claimed([batch.name, *own, *product]):
        require_allowed(claims, _held(w, batch))


def require_own_marks_allowed(
    w: Writing, batch: Batch, stated: Mapping[str, Any], name: str = ""
) -> None:
    """The same of what is being said of a batch itself, and not of its product: its name, where it
    is given one, and facts."""
    for field, texts in (("name", [name]), ("attributes", _own_texts(w, batch, stated))):
        if claims := claimed(texts):
            require_allowed(claims, _held(w, batch), field)


def mark_doubts(w: Writing, batch: Batch, product: Product | None) -> list[Kept]:
    """What the product of a new batch claims, and no paper in force allows the batch."""
    claims = claimed(texts_of(product)) if product is not None else []
    held = _held(w, batch) if claims else frozenset()
    return [kept(doubted(claim), "product") for claim in unproved(claims, held)]


def number_doubts(w: Writing, batch: Batch) -> list[Kept]:
    """Numbers that the facts of a new batch give of papers, where those that cover it have others.

    Where none of the kind covers it, its release waits for one already.
    """
    facts = w.families.get(batch.family).attributes
    stated = {key: one for key in batch.attributes if (one := facts.get(key)) and one.paper}
    papers = [one for one, _ in covering(w.session, batch)] if stated else []
    return [
        kept(_OTHER_NUMBER, key)
        for key, fact in stated.items()
        if (held := [one.plain_number for one in papers if one.kind == fact.paper])
        and not any(number in stripped(str(batch.attributes[key])) for number in held)
    ]


_OTHER_NUMBER: Final = Doubt.of(
    "paper-number-differs", "The papers of this kind that cover the batch have other numbers."
)


def _own_texts(w: Writing, batch: Batch, facts: Mapping[str, Any]) -> list[str]:
    """What facts of a batch say in words of their own."""
    return texts_in(w.families.get(batch.family).attributes, facts)


def _held(w: Writing, batch: Batch) -> frozenset[str]:
    """The kinds of the papers that cover a batch and were in force when it was made."""
    day = made_on(batch)
    papers = (one for one, _ in covering(w.session, batch))
    return frozenset(one.kind for one in papers if state_on(one, day) == "valid")


def _claims(family: Family, facts: Mapping[str, Any], texts: Sequence[str]) -> bool:
    """Whether anything at all is claimed: most batches claim nothing, and cost nothing."""
    return any(claim.said(facts, texts) is not None for claim in family.claims)


def _texts(product: Product) -> Iterator[str]:
    yield product.name
    yield from product.names.values()
    headings = label_item_names()
    for key, value in product.label.items():
        if isinstance(value, str):
            # as it stands on the label: 三年 alone says nothing, 陈酿年份：三年 does
            yield f"{headings[key].zh}：{value}" if key in headings else value
