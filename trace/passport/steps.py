"""The handling history: what happened to some batches, as far as the asker may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.log.positions import index_at
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party
from suyuan.trace.passport.facts import Fact, Step, StepBatch
from suyuan.trace.products.attributes import Fact as Asked
from suyuan.trace.products.families import Families, Family
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names

PUBLIC = frozenset({"public"})
"""What everybody may see."""


def events_of(session: Session, batch_ids: Collection[int], most: int) -> list[Event]:
    """The events that concern these batches, the earliest first; at most ``most`` of them.

    With their parties, sites, batches and evidence, in a fixed number of queries.
    """
    concerned = sa.select(EventBatch.event_id).where(EventBatch.batch_id.in_(batch_ids))
    query = (
        sa.select(Event)
        .where(Event.id.in_(concerned))
        .options(
            joinedload(Event.party),
            joinedload(Event.site),
            selectinload(Event.batches).joinedload(EventBatch.batch),
            selectinload(Event.evidence),
        )
        .order_by(Event.happened_at, Event.id)
        .limit(most)
    )
    return list(session.scalars(query))


def steps_of(
    session: Session,
    families: Families,
    events: Iterable[Event],
    classes: frozenset[str] = PUBLIC,
) -> tuple[Step, ...]:
    """The events as steps, with those facts and files whose class is in ``classes``."""
    rows = list(events)
    leaves = _leaves(session, [event.record_id for event in rows])
    uids = _uids(session, rows)
    return tuple(_step(families, event, classes, leaves, uids) for event in rows)


def shown_name(party: Party, classes: frozenset[str] = PUBLIC) -> str:
    """What an organisation is called before the asker.

    Behind a household group stands a family, whose name is a personal fact (个人信息保护法): the
    public reads of whom it is a member.
    """
    if party.kind != "household_group" or "personal" in classes:
        return party.name
    kind = Rights.load().organisation_kind(party.kind).names.zh
    return f"{party.parent.name} {kind}" if party.parent else kind


def fact_of(asked: Asked, value: Any) -> Fact:
    """One fact with the names of what was asked and, for a choice, of what was chosen."""
    chosen = {choice.key: choice.names for choice in asked.choices}
    names = chosen.get(value) if isinstance(value, str) else None
    return Fact(asked.key, asked.names, value, asked.unit, names)


def _step(
    families: Families,
    event: Event,
    classes: frozenset[str],
    leaves: Mapping[str, int],
    uids: Mapping[int, str],
) -> Step:
    kind = EventKinds.load().get(event.kind)
    first: Batch | None = event.batches[0].batch if event.batches else None
    family = families.get(first.family) if first and first.family in families else None
    asked = {one.key: one for one in kind.all_key_data(family, first.variant if first else None)}
    return Step(
        uid=event.uid,
        kind=event.kind,
        names=kind.names,
        happened_at=event.happened_at,
        happened=StatedDate.from_json(event.happened) if event.happened else None,
        who=shown_name(event.party, classes),
        place=event.site.name if event.site else "",
        evidence_grade=event.evidence_grade,
        completeness=event.completeness,
        missing=_missing(kind, asked, event.missing),
        facts=tuple(
            fact_of(asked[key], value)
            for key, value in event.payload.items()
            if key in asked and asked[key].disclosure in classes
        ),
        note=event.note if "trade" in classes else "",
        batches=tuple(
            StepBatch(
                one.batch.trace_code,
                one.batch.name,
                one.role,
                # how much went where is the trade's: a record says so, and a page must not differ
                Quantity(one.quantity, one.batch.unit)
                if one.quantity is not None and "trade" in classes
                else None,
            )
            for one in sorted(event.batches, key=lambda one: (one.role, one.batch_id))
        ),
        evidence=tuple(file.uid for file in event.evidence if file.disclosure in classes),
        record_id=event.record_id,
        leaf_index=leaves[event.record_id],
        corrects=uids.get(event.corrects_id or 0),
        corrected_by=uids.get(event.corrected_by_id or 0),
        correction_reason=event.correction_reason,
        withdrawn=event.withdrawn,
        warnings=tuple(event.warnings),
    )


def _missing(
    kind: EventKind, asked: Mapping[str, Asked], missing: Iterable[str]
) -> tuple[Names, ...]:
    names = {gap.key: gap.names for gap in kind.asks} | {k: one.names for k, one in asked.items()}
    return tuple(names[key] for key in missing if key in names)


def _leaves(session: Session, record_ids: Collection[str]) -> dict[str, int]:
    rows = session.execute(sa.select(Record.id, Record.leaf_index).where(Record.id.in_(record_ids)))
    return {row[0]: index_at(row[1]) for row in rows}


def _uids(session: Session, events: Iterable[Event]) -> dict[int, str]:
    """The uids of the events that these correct or are corrected by."""
    wanted = {one for event in events for one in (event.corrects_id, event.corrected_by_id) if one}
    if not wanted:
        return {}
    rows = session.execute(sa.select(Event.id, Event.uid).where(Event.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def family_of(families: Families, batch: Batch) -> Family | None:
    """The batch's family, where its file is still there."""
    return families.get(batch.family) if batch.family in families else None
