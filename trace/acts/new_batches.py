"""A new batch with all that is known of it; part of the acts, never called by edges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from suyuan.trace.acts.believing import kept, origin_doubt
from suyuan.trace.acts.claiming import (
    mark_doubts,
    number_doubts,
    require_claims_proved,
    require_own_marks_allowed,
)
from suyuan.trace.acts.falling import backing_of, settle_backing
from suyuan.trace.acts.happenings import Part
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries, rules
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.batches.records import BATCH, fact_fields
from suyuan.trace.batches.tables import Batch, BatchMark, Holding, Share
from suyuan.trace.codes.paths import CodeError, GtinPath, TracePath, lot_fits_path
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.errors import Conflict, InvalidInput, SuyuanError
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.products.family import ASSORTMENT, Variant
from suyuan.trace.products.queries import product as product_with
from suyuan.trace.products.tables import Product
from suyuan.trace.quantities import Quantity

_DRAWS = 20
"""How many trace codes are drawn before giving up; one is taken once in many millions."""


class NoFreeCode(SuyuanError):
    """Every trace code that was drawn for a division was taken."""

    status = 503
    kind = "no-free-code"


def come_to_be(
    w: Writing,
    party: Party,
    facts: BatchFacts,
    made_of: Sequence[Part] = (),
    site: Site | None = None,
    doubts: Sequence[Mapping[str, Any]] = (),
    said: Mapping[str, Any] | None = None,
) -> Batch:
    """Write a new batch with all that is known of it; rights were checked before.

    ``made_of`` is what went into it, ``site`` where it was made unless the facts name another
    place, ``doubts`` what is hard to believe of it, as rows keep warnings; ``said`` are further
    fields of the record.
    """
    rules.require_positive(facts.quantity)
    rules.require_sensible_days(facts, w.now)
    product, variant = what_it_is(w, party, facts)
    family = w.families.get(product.family if product else facts.family)
    if family.key == ASSORTMENT and not made_of:
        raise InvalidInput("Say what is in the box: it is put together of batches.", "family")
    values, gaps = family.check_attributes(facts.attributes, "registration", variant.key)
    marks = rules.checked_marks(facts.marks, values)
    site = _site(w, facts) or site
    elsewhere = origin_doubt(w, party, site) if site is not None else None
    if elsewhere is not None:
        doubts = [*doubts, kept(elsewhere, "site")]
    lot = rules.require_lot(facts.lot)
    batch = Batch(
        party_id=party.id,
        site_id=site.id if site else None,
        product_id=product.id if product else None,
        family=family.key,
        variant=variant.key,
        name=_name(facts, product, variant),
        division=site.division if site else party.division,
        lot=lot,
        quantity=facts.quantity.amount,
        unit=facts.quantity.unit,
        produced=facts.produced.to_json() if facts.produced else None,
        produced_on=facts.produced.earliest if facts.produced else None,
        best_before=facts.best_before,
        attributes=values,
        gaps=[gap.key for gap in gaps] + list(_not_said(facts, site)),
        warnings=[dict(one) for one in (*(w for mark in marks for w in mark.warnings), *doubts)],
        registered_at=w.now,
        state="registered",
    )
    shares = rules.shares_in_unit(facts)
    require_own_marks_allowed(w, batch, values, facts.name)
    backing = backing_of(w, batch, made_of)
    doubtful = (*mark_doubts(w, batch, product), *number_doubts(w, batch), *backing.doubts)
    batch.warnings += [dict(one) for one in doubtful]
    _number(w, batch, product)
    parents = [part.batch for part in made_of]
    require_claims_proved(w, batch, product, made_of=parents)
    fields, classes = fact_fields(values, family.attributes)
    batch.record_id = w.record(
        BATCH,
        "batch.registered",
        {
            **_said_of(batch, party, site, product),
            **_as_given(w, facts, parents, marks),
            **(said or {}),
            **fields,
        },
        subject=batch.trace_code,
        classes=classes,
    )
    _insert(w, batch)
    w.session.add(Holding(batch_id=batch.id, party_id=party.id, left=batch.quantity))
    w.session.add_all(
        BatchMark(batch_id=batch.id, kind=mark.kind, value=mark.value, stated=mark.stated)
        for mark in marks
    )
    for share, part in shares:
        holder = parties.party(w.session, share.party, "shares") if share.party else None
        w.session.add(
            Share(
                batch_id=batch.id,
                party_id=holder.id if holder else None,
                household=share.household.strip(),
                quantity=part.amount if part is not None else None,
                note=share.note,
            )
        )
    w.session.flush()
    settle_backing(w, batch, backing, parents)
    return batch


def what_it_is(w: Writing, party: Party, facts: BatchFacts) -> tuple[Product | None, Variant]:
    """The product, where one is named, and the variant. Raises InvalidInput, NotFound."""
    if facts.product is None:
        return None, w.families.get(facts.family).variant(facts.variant)
    product = product_with(w.session, facts.product)
    if product.party_id not in (party.id, party.parent_id):
        raise InvalidInput("This product is another organisation's.", "product")
    if facts.family not in ("", product.family) or facts.variant not in ("", product.variant):
        raise InvalidInput(
            "The product is {family}, {variant}: leave family and variant empty, or name another.",
            "product",
            family=product.family,
            variant=product.variant,
        )
    return product, w.families.get(product.family).variant(product.variant)


def _name(facts: BatchFacts, product: Product | None, variant: Variant) -> str:
    return facts.name.strip() or (product.name if product else variant.names.say("zh"))


def _site(w: Writing, facts: BatchFacts) -> Site | None:
    return parties.site(w.session, facts.site) if facts.site else None


def _not_said(facts: BatchFacts, site: Site | None) -> Iterator[str]:
    if facts.produced is None or facts.produced.earliest is None:
        yield "produced"
    if site is None:
        yield "site"


def _number(w: Writing, batch: Batch, product: Product | None) -> None:
    """Give the batch its trace code and its canonical path."""
    batch.trace_code = _free_code(w, batch.division[: rules.COUNTY_DIGITS])
    batch.path = str(TracePath(batch.trace_code))
    if product is None or product.gtin is None or not lot_fits_path(batch.lot or ""):
        return
    try:
        path = str(GtinPath(product.gtin, batch.lot or ""))
    except CodeError:
        return  # its check digit is wrong: a warning of the product, and no path for labels
    if queries.batch_by_path(w.session, path) is not None:
        raise Conflict("This product has a batch with the lot {lot} already.", "lot", lot=batch.lot)
    batch.path = path


def _free_code(w: Writing, division: str) -> str:
    for _ in range(_DRAWS):
        code = new_trace_code(division)
        # rolls of blank labels draw from the same numbers
        taken = sa.union_all(
            sa.select(Batch.id).where(Batch.trace_code == code),
            sa.select(PrintRun.id).where(PrintRun.roll_code == code),
        )
        if w.session.execute(taken).first() is None:
            return code
    raise NoFreeCode("No free trace code was found for the division {division}.", division=division)


def _insert(w: Writing, batch: Batch) -> None:
    """Insert the row. Somebody else may have taken lot or code since they were looked up."""
    try:
        with w.session.begin_nested():
            w.session.add(batch)
            w.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "The same lot is being registered just now: look whether it is there.", "lot"
        ) from error


def _said_of(
    batch: Batch, party: Party, site: Site | None, product: Product | None
) -> dict[str, Any]:
    return {
        "trace_code": batch.trace_code,
        "path": batch.path,
        "party": party.uid,
        "site": site.uid if site else None,
        "product": product.uid if product else None,
        "family": batch.family,
        "variant": batch.variant,
        "name": batch.name,
        "division": batch.division,
        "lot": batch.lot,
        "quantity": Quantity(batch.quantity, batch.unit).to_json(),
        "produced": batch.produced,
        "best_before": batch.best_before.isoformat() if batch.best_before else None,
        "gaps": batch.gaps or None,
        "warnings": batch.warnings or None,
    }


def _as_given(
    w: Writing, facts: BatchFacts, parents: Sequence[Batch], marks: Sequence[rules.Mark]
) -> dict[str, Any]:
    shares = [
        {
            "household": share.household,
            "party": share.party,
            "quantity": share.quantity.to_json() if share.quantity is not None else None,
            "note": share.note,
        }
        for share in facts.shares
    ]
    return {
        "parents": [parent.trace_code for parent in parents] or None,
        "households": len(shares) or None,
        "shares": shares or None,
        "marks": [_mark(mark) for mark in marks] or None,
        "note": facts.note or None,
        "typed_by": w.actor.person_uid,
    }


def _mark(mark: rules.Mark) -> dict[str, str]:
    said = {"kind": mark.kind, "value": mark.value}
    return {**said, "stated": mark.stated} if mark.stated else said
