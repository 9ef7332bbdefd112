"""Gathering what the gate judges: papers, verdicts, what was used on the goods, and what is known.

A fixed number of statements for a batch, however long its chain is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.inputs import ForbiddenUse, forbidden
from suyuan.trace.certificates.queries import PAPER_KIND, valid_for
from suyuan.trace.clock import day_of
from suyuan.trace.events.intervals import inputs_used
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.lineage.ancestry import Ancestry, ancestry_of
from suyuan.trace.papers.lacking import class_of, missing, needs_of
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.papers.needs import Lack
from suyuan.trace.products.attributes import Gap, Stage
from suyuan.trace.products.families import Families
from suyuan.trace.products.papers_needed import Route
from suyuan.trace.quality.against import words_against
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.queries import stopping
from suyuan.trace.quality.suspected import suspected_in
from suyuan.trace.release.conditions import GateRule, Moment, gate_rule, interval_rules
from suyuan.trace.release.gate import (
    Checklist,
    Item,
    Unwhole,
    Used,
    against_items,
    fact_items,
    forbidden_items,
    interval_items,
    key_data_items,
    paper_items,
    shelf_life_items,
    suspected_items,
    verdict_items,
)
from suyuan.trace.release.tables import Release

_MADE_PART = ("subject", "output")


@dataclass(frozen=True)
class Occasion:
    """When and where to goods are about to go. ``route`` is None where they go nowhere."""

    moment: Moment
    day: date
    route: Route | None = None


def checklist(
    session: Session,
    families: Families,
    batch: Batch,
    occasion: Occasion,
    *,
    stated: Mapping[str, Any] | None = None,
) -> Checklist:
    """What is missing of a batch on an occasion, overrides left aside.

    ``stated``: facts that are about to be stated with its release.
    """
    rule = gate_rule(class_of(families, batch), occasion.moment)
    if rule is None:
        return Checklist(batch.trace_code, occasion.moment, (), ())
    goods = ancestry_of(session, batch)
    items: list[Item] = []
    if "papers" in rule.checks:
        items += paper_items(_papers_missing(session, families, batch, goods, occasion))
    if "verdicts" in rule.checks:
        names = {key: one.names for key, one in parameters().by_key.items()}
        items += verdict_items((one.parameter for one in stopping(session, batch.id)), names)
        # these hold nothing by rule, so they are looked for along the whole chain
        items += against_items(words_against(session, goods.rows))
        items += suspected_items(suspected_in(session, goods.rows))
    events = _events(session, goods, batch, rule)
    if "intervals" in rule.checks:
        items += forbidden_items(_forbidden(goods, events))
        items += interval_items(_used(goods, events, batch, occasion.day))
    if "facts" in rule.checks and rule.facts_due is not None:
        known = _facts(session, goods, batch, events.get(batch.id, ()), stated or {})
        items += fact_items(_gaps(families, goods, batch, rule.facts_due, known))
    if "key_data" in rule.checks:
        own = [event for event in events.get(batch.id, ()) if event.kind in rule.key_data_of]
        items += key_data_items(_unwhole(families, batch, own))
    if "shelf_life" in rule.checks:
        items += shelf_life_items(batch.best_before, occasion.day)
    return Checklist(batch.trace_code, occasion.moment, rule.checks, tuple(items))


def _papers_missing(
    session: Session, families: Families, batch: Batch, goods: Ancestry, occasion: Occasion
) -> list[Lack]:
    """The papers that the batch lacks; a commitment certificate of ours is one too."""
    asked = any(need.kind == PAPER_KIND for need in needs_of(families, batch))
    certified = asked and valid_for(session, [batch.id])
    return missing(
        session,
        families,
        batch,
        goods,
        occasion.day,
        "release",
        occasion.route,
        moved=occasion.moment == "ship",
        proved=frozenset({PAPER_KIND}) if certified else frozenset(),
    )


@dataclass(frozen=True)
class _Told:
    """What is read of an event as it is known now."""

    uid: str
    kind: str
    payload: Mapping[str, Any]
    missing: Sequence[str]
    happened_at: datetime

    @property
    def day(self) -> date:
        return day_of(self.happened_at)


def _events(
    session: Session, goods: Ancestry, batch: Batch, rule: GateRule
) -> Mapping[int, list[_Told]]:
    """What happened to a batch, and of what happened to what it was made of what the gate reads,
    by batch."""
    kinds = {*interval_rules(), *rule.key_data_of}
    query = (
        sa.select(
            EventBatch.batch_id,
            Event.uid,
            Event.kind,
            Event.payload,
            Event.missing,
            Event.happened_at,
        )
        .join(Event, Event.id == EventBatch.event_id)
        .where(
            EventBatch.batch_id.in_(list(goods.rows)),
            EventBatch.role.in_(_MADE_PART),
            sa.or_(EventBatch.batch_id == batch.id, Event.kind.in_(kinds)),
            Event.corrected_by_id.is_(None),
            ~Event.withdrawn,
        )
        .order_by(Event.happened_at, Event.id)
    )
    found: defaultdict[int, list[_Told]] = defaultdict(list)
    for batch_id, uid, kind, payload, lacks, at in session.execute(query):
        found[batch_id].append(_Told(uid, kind, payload, lacks, at))
    return found


def _used(
    goods: Ancestry, events: Mapping[int, Sequence[_Told]], batch: Batch, day: date
) -> Iterator[Used]:
    """What was used on the batch or on what it was made of, each with the day that must come
    after its interval."""
    for batch_id, told in events.items():
        for event in told:
            rule = interval_rules().get(event.kind)
            if rule is None:
                continue
            taken = _taken_on(goods, batch_id, rule.over_by)
            for used in inputs_used([event]):
                yield Used(rule, used, taken or day)


def _forbidden(goods: Ancestry, events: Mapping[int, Sequence[_Told]]) -> Iterator[ForbiddenUse]:
    """What was used on the batch or on what it was made of and was forbidden there that day."""
    for batch_id, told in events.items():
        row = goods.rows[batch_id]
        limits_of = product_classes().of_variant(row.family, row.variant)
        if limits_of is None:
            continue
        for event in told:
            yield from forbidden(inputs_used([event]), limits_of.key, event.day)


def _taken_on(goods: Ancestry, batch_id: int, stated_as: str) -> date | None:
    """The day on which goods were slaughtered or harvested: as stated, of them or of the first
    that was made of them; else when that was made. None while nothing was."""
    own = _day(goods.rows[batch_id].attributes.get(stated_as))
    if own is not None:
        return own
    days = [
        _day(goods.rows[child].attributes.get(stated_as)) or made_on(goods.rows[child])
        for child in goods.children.get(batch_id, ())
    ]
    return min(days, default=None)


def _day(stated: object) -> date | None:
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def _facts(
    session: Session,
    goods: Ancestry,
    batch: Batch,
    happened: Sequence[_Told],
    stated: Mapping[str, Any],
) -> Mapping[int, set[str]]:
    """Which facts are known of each batch of the chain: told at registration, with a release, or
    as key data of something that ``happened`` to the batch itself."""
    known = {key: set(one.attributes) for key, one in goods.rows.items()}
    ids = list(goods.rows)
    released = sa.select(Release.batch_id, Release.facts).where(Release.batch_id.in_(ids))
    for batch_id, facts in session.execute(released):
        known[batch_id] |= set(facts)
    known[batch.id].update(stated, *(event.payload for event in happened))
    return known


def _gaps(
    families: Families,
    goods: Ancestry,
    batch: Batch,
    stage: Stage,
    known: Mapping[int, Collection[str]],
) -> list[Gap]:
    """What should be known of a batch at a stage and is not: neither of it, nor of every batch of
    its own class that it was made of."""
    family = families.get(batch.family)
    asked = [one for one in family.asked(batch.variant) if one.is_due(stage)]
    own_class = class_of(families, batch)
    seen: dict[tuple[int, str], bool] = {}

    def is_known(batch_id: int, key: str) -> bool:
        if (batch_id, key) not in seen:
            above = goods.parents.get(batch_id, ())
            seen[batch_id, key] = key in known[batch_id] or (
                bool(above)
                and all(class_of(families, goods.rows[one]) == own_class for one in above)
                and all(is_known(one, key) for one in above)
            )
        return seen[batch_id, key]

    return [Gap(one.key, one.names) for one in asked if not is_known(batch.id, one.key)]


def _unwhole(families: Families, batch: Batch, events: Sequence[_Told]) -> Iterator[Unwhole]:
    """The steps whose records lack key data that their kind or the family requires."""
    family = families.get(batch.family)
    for event in events:
        kind = EventKinds.load().get(event.kind)
        required = {
            one.key: one.names for one in kind.all_key_data(family, batch.variant) if one.required
        }
        lacks = tuple(required[key] for key in event.missing if key in required)
        if lacks:
            yield Unwhole(event.uid, kind.names, event.day, lacks)
