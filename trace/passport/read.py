"""Reading a passport out of the record: one path from a code to its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.queries import batch as batch_by_code
from suyuan.trace.batches.tables import Batch, Share
from suyuan.trace.carriers.queries import carriers_on
from suyuan.trace.clock import day_of
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.lineage.queries import nearest
from suyuan.trace.log.positions import SPAN, index_at
from suyuan.trace.log.tables import Head, Record
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.papers.mark_claims import claimed, texts_in, texts_of, unproved
from suyuan.trace.papers.queries import kinds_behind
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.queries import supervision_phone
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.passport.boxed import items_in
from suyuan.trace.passport.certified import certificates_behind
from suyuan.trace.passport.covering import papers_behind, tests_behind
from suyuan.trace.passport.facts import Fact, Issued, Passport, Place, Stop, Unvouched, Who
from suyuan.trace.passport.finding import Found, find_code
from suyuan.trace.passport.letting_go import released
from suyuan.trace.passport.queries import EventRows, Row, events_of
from suyuan.trace.passport.risks import risks_of
from suyuan.trace.passport.standing import standing_of, with_void
from suyuan.trace.passport.steps import PUBLIC, fact_of, family_of, shown_name, step
from suyuan.trace.products.attributes import Attribute
from suyuan.trace.products.families import Families
from suyuan.trace.quality.grading import grades_of
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names

MOST_BATCHES = 200
"""How many batches back a passport looks; an inspector's chain goes further."""
MOST_EVENTS = 400


@dataclass(frozen=True)
class Told:
    """What was told of a batch, and the row ids of all batches that it was told from: the batch
    itself and those that it was made of. What happens to no one of these changes nothing in it."""

    passport: Passport
    batch_ids: frozenset[int]


def passport_of(
    session: Session,
    families: Families,
    scanned: str,
    *,
    now: datetime,
    otherwise_call: str = "12315",
) -> Passport | Unvouched:
    """The answer about a scanned code: the raw text of the URL, or its raw path.

    ``otherwise_call`` is the supervision line where the division has none. Never raises for a
    bad code: that is an ``Unvouched`` answer.
    """
    found = find_code(session, scanned, now)
    if isinstance(found, Unvouched):
        return found
    told = tell_batch(session, families, found.batch_id, now=now, otherwise_call=otherwise_call)
    return with_code(told.passport, found, now)


def passport_of_typed(
    session: Session,
    families: Families,
    trace_code: str,
    *,
    now: datetime,
    otherwise_call: str = "12315",
) -> Passport:
    """The answer about a trace code that was typed in. Raises TraceCodeError, NotFound."""
    batch = batch_by_code(session, parse_trace_code(trace_code))
    told = tell_batch(session, families, batch.id, now=now, otherwise_call=otherwise_call)
    issued = Issued(Verdict.UNSIGNED.value, None, typed=True)
    on_it = carriers_on(session, batch.path)
    found = Found(batch.id, TracePath(batch.trace_code), issued, carriers=on_it)
    return with_code(told.passport, found, now)


def with_code(
    told: Passport, found: Found, now: datetime, asked_by: tuple[str, str] | None = None
) -> Passport:
    """The passport of a code, ``now``, from what ``tell_batch`` told of its batch that day.

    ``asked_by``: kind and number of the carrier that led to the code, where one did.
    """
    return replace(
        told,
        path=str(found.path),
        serial=found.path.serial,
        net_content=found.net_content,
        issued=found.issued,
        standing=with_void(told.standing, found.voided_at, now),
        copies=found.copies,
        pin=found.pin,
        carriers=found.carriers,
        asked=next((one for one in found.carriers if (one.kind, one.number) == asked_by), None),
    )


def tell_batch(
    session: Session,
    families: Families,
    batch_id: int,
    *,
    now: datetime,
    otherwise_call: str = "12315",
) -> Told:
    """All that is known of a batch, the same for each of its codes: its own passport, unsigned."""
    batch, leaf_index, households, log_size = _batch(session, batch_id)
    family = family_of(families, batch)
    today = day_of(now)
    ids, truncated = nearest(session, batch.id, "back", most=MOST_BATCHES)
    events = events_of(session, ids, MOST_EVENTS + 1)
    shown, behind = events[:MOST_EVENTS], frozenset(ids)
    asked = family.attributes if family else {}
    passport = Passport(
        trace_code=batch.trace_code,
        path=batch.path,
        serial=None,
        net_content=None,
        issued=Issued(Verdict.UNSIGNED.value),
        standing=standing_of(session, batch, now, today),
        risks=risks_of(session, ids),
        released=released(session, families, batch, today),
        copies=None,
        pin=None,
        carriers=(),
        asked=None,
        name=batch.name,
        names=dict(batch.product.names) if batch.product else {},
        family=batch.family,
        variant=batch.variant,
        family_names=family.names if family else Names(batch.family, batch.family),
        variant_names=family.variant(batch.variant).names
        if family and batch.variant in family.variants
        else Names(batch.variant, batch.variant),
        is_food=family.is_food if family else True,
        gtin=batch.product.gtin if batch.product else None,
        lot=batch.lot,
        quantity=Quantity(batch.quantity, batch.unit),
        produced=StatedDate.from_json(batch.produced) if batch.produced else None,
        best_before=batch.best_before,
        grades=grades_of(family, batch),
        unproved=_unproved(session, batch, asked),
        facts=_facts(families, batch),
        label=dict(batch.product.label) if batch.product else {},
        producer=who(batch.party),
        origin=place(batch.site) if batch.site else None,
        items=items_in(session, batch, now, today),
        households=households,
        route=_route(shown),
        papers=papers_behind(session, batch.id, behind, events, today, made_on(batch)),
        certificates=certificates_behind(session, batch.id, behind),
        tests=tests_behind(session, behind),
        steps=tuple(step(families, one) for one in shown),
        not_recorded=tuple(asked[key].names for key in batch.gaps if key in asked),
        truncated=truncated or len(events) > MOST_EVENTS,
        supervision_phone=supervision_phone(session, batch.division, otherwise_call),
        registered_at=batch.registered_at,
        record_id=batch.record_id,
        leaf_index=leaf_index,
        log_size=log_size,
    )
    return Told(passport, behind)


def _batch(session: Session, batch_id: int) -> tuple[Batch, int, int, int]:
    """A batch, its index in its log, how many households have a share in it, that log's size."""
    batch, leaf_index, households, size = session.execute(_BATCH, {"batch_id": batch_id}).one()
    return batch, index_at(leaf_index), households, size


def _batch_query() -> sa.Select[Any]:
    """The statement of ``_batch``."""
    wanted: sa.BindParameter[int] = sa.bindparam("batch_id")
    shares = sa.select(sa.func.count()).where(Share.batch_id == wanted)
    size = sa.select(Head.size).where(Head.id == Record.leaf_index // SPAN + 1).correlate(Record)
    return (
        sa.select(Batch, Record.leaf_index, shares.scalar_subquery(), size.scalar_subquery())
        .join(Record, Record.id == Batch.record_id)
        .where(Batch.id == wanted)
        .options(joinedload(Batch.party), joinedload(Batch.site), joinedload(Batch.product))
    )


_BATCH = _batch_query()


def who(party: Party) -> Who:
    """A party as the public sees it. A household's own number is nobody's but its own."""
    answers = party.parent if party.kind == "household_group" and party.parent else party
    return Who(
        uid=party.uid,
        name=shown_name(party.name, party.kind, party.parent.name if party.parent else None),
        names=dict(party.names) if party.kind != "household_group" else {},
        kind=party.kind,
        state=party.state,
        division=divisions().name_path(party.division),
        phone=answers.phone if answers.kind != "household_group" else "",
        supervision_phone=party.supervision_phone,
        uscc=party.uscc,
        warnings=tuple(party.warnings),
    )


def place(site: Site) -> Place:
    """A site as the public sees it: to the township and its altitude, not to the metre."""
    return Place(
        uid=site.uid,
        name=site.name,
        names=dict(site.names),
        kind=site.kind,
        division_code=site.division,
        division=divisions().name_path(site.division),
        altitude_m=site.altitude_m,
        latitude=_coarse(site.latitude),
        longitude=_coarse(site.longitude),
    )


def _coarse(degrees: str | None) -> str | None:
    """To a hundredth of a degree, about a kilometre: a pasture, and not a tent."""
    return None if degrees is None else f"{float(degrees):.2f}"


def _facts(families: Families, batch: Batch) -> tuple[Fact, ...]:
    family = family_of(families, batch)
    if family is None:
        return ()
    return tuple(
        fact_of(asked, batch.attributes[asked.key])
        for asked in family.asked(batch.variant)
        if asked.key in batch.attributes and asked.disclosure in PUBLIC
    )


def _unproved(session: Session, batch: Batch, asked: Mapping[str, Attribute]) -> tuple[Names, ...]:
    """The marks that a batch claims without a paper that allows them."""
    product = texts_of(batch.product) if batch.product else []
    claims = claimed([batch.name, *product, *texts_in(asked, batch.attributes)])
    held = kinds_behind(session, batch, made_on(batch)) if claims else frozenset()
    return tuple(claim.names for claim in unproved(claims, held))


def _route(events: Sequence[EventRows]) -> tuple[Stop, ...]:
    """The places in the order in which the goods first came to them."""
    stops: dict[int, Stop] = {}
    for event in (told.event for told in events):
        if event.site_id is not None and event.site_id not in stops and not event.corrected_by:
            stops[event.site_id] = Stop(
                _place(event),
                shown_name(event.party_name, event.party_kind, event.parent_name),
                EventKinds.load().get(event.kind).names,
                event.happened_at,
            )
    return tuple(stops.values())


def _place(event: Row) -> Place:
    """The site of an event as the public sees it, see ``place``."""
    return Place(
        uid=event.site_uid,
        name=event.site_name,
        names=dict(event.site_names),
        kind=event.site_kind,
        division_code=event.site_division,
        division=divisions().name_path(event.site_division),
        altitude_m=event.site_altitude_m,
        latitude=_coarse(event.site_latitude),
        longitude=_coarse(event.site_longitude),
    )
