"""Reading what happened to batches, and what is on its way between parties."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.events.tables import Event, EventBatch, Shipment


def event(session: Session, uid: str, field: str | None = "event") -> Event:
    """The event with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Event).where(Event.uid == uid))
    if found is None:
        raise NotFound("There is no event {uid}.", field=field, uid=uid)
    return found


def events_of(session: Session, batch_ids: Collection[int]) -> list[Event]:
    """What happened to these batches, as it is known now: corrected, without what never happened.

    In order of happening. ``history`` of each opens what was said before.
    """
    concerned = sa.select(EventBatch.event_id).where(EventBatch.batch_id.in_(list(batch_ids)))
    query = (
        sa.select(Event)
        .where(Event.id.in_(concerned), Event.corrected_by_id.is_(None), ~Event.withdrawn)
        .order_by(Event.happened_at, Event.id)
        .options(
            selectinload(Event.batches).selectinload(EventBatch.batch),
            selectinload(Event.evidence),
            selectinload(Event.party),
            selectinload(Event.site),
        )
    )
    return list(session.scalars(query))


def history(session: Session, one: Event) -> list[Event]:
    """All that was ever said of an event, the first telling first, whichever is given."""
    told = [one]
    while told[0].corrects_id is not None:
        told.insert(0, session.get_one(Event, told[0].corrects_id))
    while told[-1].corrected_by_id is not None:
        told.append(session.get_one(Event, told[-1].corrected_by_id))
    return told


def newest(session: Session, one: Event) -> Event:
    """The event as it is known now: itself, or what corrected it last."""
    return history(session, one)[-1]


def outputs(session: Session, event_id: int) -> list[str]:
    """The trace codes of the batches that an event made, in the order in which it made them."""
    query = (
        sa.select(Batch.trace_code)
        .join(EventBatch, EventBatch.batch_id == Batch.id)
        .where(EventBatch.event_id == event_id, EventBatch.role == "output")
        .order_by(Batch.id)
    )
    return list(session.scalars(query))


def all_events(session: Session, *, at_once: int = 500) -> Iterator[Event]:
    """Every event that was ever told, corrected ones too, in order of recording."""
    after = 0
    while True:
        query = (
            sa.select(Event)
            .where(Event.id > after)
            .order_by(Event.id)
            .limit(at_once)
            .options(
                selectinload(Event.batches).selectinload(EventBatch.batch),
                selectinload(Event.party),
                selectinload(Event.site),
            )
        )
        some = session.scalars(query).all()
        yield from some
        if len(some) < at_once:
            return
        after = some[-1].id
        session.expunge_all()


def count_events(session: Session) -> int:
    """How many events were ever told."""
    return session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0


def shipment(session: Session, uid: str, field: str | None = "shipment") -> Shipment:
    """The shipment with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Shipment).where(Shipment.uid == uid))
    if found is None:
        raise NotFound("There is no shipment {uid}.", field=field, uid=uid)
    return found


def shipments_by_event(session: Session, event_id: int) -> list[Shipment]:
    """The shipments that an event sent off, one for each batch."""
    query = sa.select(Shipment).where(Shipment.ship_event_id == event_id).order_by(Shipment.id)
    return list(session.scalars(query))


def arriving(session: Session, party_id: int, *, limit: int = 200) -> list[Shipment]:
    """What is on its way to a party and waits for its word, the oldest first."""
    query = sa.select(Shipment).where(Shipment.to_party_id == party_id, Shipment.state == "sent")
    return list(session.scalars(query.order_by(Shipment.id).limit(limit)))


def sent_off(session: Session, party_id: int, *, limit: int = 200) -> list[Shipment]:
    """What a party sent and is not settled: on its way, or disputed with a rest; newest first."""
    query = sa.select(Shipment).where(
        Shipment.from_party_id == party_id, Shipment.open > Decimal(0)
    )
    return list(session.scalars(query.order_by(Shipment.id.desc()).limit(limit)))


def shipments_of(session: Session, batch_ids: Collection[int]) -> list[Shipment]:
    """Every shipment of these batches, in order."""
    query = sa.select(Shipment).where(Shipment.batch_id.in_(list(batch_ids)))
    return list(session.scalars(query.order_by(Shipment.id)))


def open_quantity(session: Session, batch_id: int) -> Decimal:
    """How much of a batch is with nobody: on its way, or the rest of a dispute."""
    return sum(with_nobody(session, batch_id).values(), Decimal(0))


def with_nobody(session: Session, batch_id: int) -> dict[str, Decimal]:
    """How much of a batch is with nobody, by why: ``sent`` (on its way) or ``disputed``."""
    query = (
        sa.select(Shipment.state, sa.func.sum(Shipment.open))
        .where(Shipment.batch_id == batch_id, Shipment.open > Decimal(0))
        .group_by(Shipment.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}
