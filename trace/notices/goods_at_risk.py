"""Looking for goods: near the end of their life, long on the way, too warm, or from nowhere."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.batches.tables import Batch, Holding, Link
from suyuan.trace.clock import SHANGHAI, day_of, shown
from suyuan.trace.errors import SuyuanError
from suyuan.trace.events.tables import Event, EventBatch, Shipment
from suyuan.trace.notices.looking import PAGE, After, Found, Look, Page
from suyuan.trace.parties.chain_stages import stage_of_event
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.family import Storage
from suyuan.trace.sourced import Row


def expiring(session: Session, look: Look) -> Page:
    """Goods in hand whose shelf life ends within the days of the rule; one for each holder."""
    batch_id, party_id = _pair(look.after)
    last = look.today + timedelta(days=look.rule.fact("days").integer())
    query = (
        sa.select(Batch, Holding.party_id)
        .join(Holding, Holding.batch_id == Batch.id)
        .where(
            Batch.best_before.between(look.today, last),
            Batch.state == "registered",
            Holding.left > Decimal(0),
            sa.or_(Batch.id > batch_id, sa.and_(Batch.id == batch_id, Holding.party_id > party_id)),
        )
    )
    rows = session.execute(query.order_by(Batch.id, Holding.party_id).limit(PAGE)).all()
    found = [
        Found(
            f"{batch.trace_code}:{holder}",
            batch.id,
            holder,
            {"trace_code": batch.trace_code, "best_before": str(batch.best_before)},
        )
        for batch, holder in rows
    ]
    return Page(found, f"{rows[-1][0].id}:{rows[-1][1]}" if len(rows) == PAGE else None)


def late_deliveries(session: Session, look: Look) -> Page:
    """Shipments that nobody has received and whose time is up, by who sends to whom."""
    times = look.rule.fact("deliveries").rows()
    query = (
        sa.select(Shipment, Event.happened_at)
        .join(Event, Event.id == Shipment.ship_event_id)
        .where(Shipment.state == "sent", Shipment.id > (look.after or 0))
        .options(
            joinedload(Shipment.from_party),
            joinedload(Shipment.to_party),
            joinedload(Shipment.batch),
        )
    )
    rows = session.execute(query.order_by(Shipment.id).limit(PAGE)).all()
    found = []
    for shipment, sent_at in rows:
        due = _due(times, shipment.from_party, shipment.to_party, sent_at)
        if due is not None and due < look.now:
            evidence = {
                "shipment": shipment.uid,
                "trace_code": shipment.batch.trace_code,
                "to": shipment.to_party.name,
                "sent_at": shown(sent_at),
                "due_at": shown(due),
            }
            found.append(Found(shipment.uid, shipment.batch_id, shipment.from_party_id, evidence))
    return Page(found, rows[-1][0].id if len(rows) == PAGE else None)


def too_warm(session: Session, look: Look) -> Page:
    """Events that tell of a temperature that none of the product's ways of storage allows."""
    fields = look.rule.fact("fields").rows()
    kinds = [one.text() for one in look.rule.fact("kinds").rows()]
    since = look.now - timedelta(days=look.rule.fact("days").integer())
    query = (
        sa.select(Event)
        .where(
            Event.kind.in_(kinds),
            Event.happened_at >= since,
            Event.corrected_by_id.is_(None),
            sa.not_(Event.withdrawn),
            Event.id > (look.after or 0),
        )
        .options(selectinload(Event.batches).joinedload(EventBatch.batch))
    )
    events = list(session.scalars(query.order_by(Event.id).limit(PAGE)))
    told = [
        (event, _number(event.payload.get(field.text()))) for event in events for field in fields
    ]
    found = [
        one
        for event, degrees in told
        if degrees is not None and (one := _warm(look, event, degrees)) is not None
    ]
    return Page(found, events[-1].id if len(events) == PAGE else None)


def from_nowhere(session: Session, look: Look) -> Page:
    """Batches of those who do not grow or gather, of which nobody says what they were made of,
    bought as, or received from."""
    fact = look.rule.fact
    kinds = [one.text() for one in fact("kinds").rows()]
    origins = [one.text() for one in fact("origins").rows()]
    last = look.now - timedelta(days=fact("grace_days").integer())
    first = look.now - timedelta(days=fact("days").integer())
    made_of = sa.exists().where(Link.child_id == Batch.id)
    begun = sa.exists().where(
        EventBatch.batch_id == Batch.id,
        EventBatch.event_id == Event.id,
        Event.kind.in_(origins),
        Event.corrected_by_id.is_(None),
        sa.not_(Event.withdrawn),
    )
    query = (
        sa.select(Batch)
        .join(Party, Party.id == Batch.party_id)
        .where(
            Party.kind.in_(kinds),
            Batch.state == "registered",
            Batch.registered_at.between(first, last),
            Batch.id > (look.after or 0),
            ~made_of,
            ~begun,
        )
    )
    batches = list(session.scalars(query.order_by(Batch.id).limit(PAGE)))
    found = [
        Found(
            batch.trace_code,
            batch.id,
            batch.party_id,
            {"trace_code": batch.trace_code, "since": shown(batch.registered_at)},
        )
        for batch in batches
    ]
    return Page(found, batches[-1].id if len(batches) == PAGE else None)


def _pair(after: After) -> tuple[int, int]:
    batch, _, party = str(after or "0:0").partition(":")
    return int(batch), int(party)


def _due(times: list[Row], sender: Party, receiver: Party, sent_at: datetime) -> datetime | None:
    """By when goods are to have come: the first row that is about such a sender and receiver."""
    for row in times:
        froms, tos = row.list_of("from", Row.text), row.list_of("to", Row.text)
        if (froms and sender.kind not in froms) or (tos and receiver.kind not in tos):
            continue
        if row.has("hours"):
            return sent_at + timedelta(hours=row.get("hours").integer())
        next_day = day_of(sent_at) + timedelta(days=1)
        return datetime.combine(next_day, time(), SHANGHAI)
    return None


def _warm(look: Look, event: Event, degrees: Decimal) -> Found | None:
    for part in event.batches:
        batch = part.batch
        try:
            wanted = look.families.get(batch.family).variant(batch.variant).storage
        except SuyuanError:  # a family that is no longer in the folder
            continue
        if wanted and not any(_allows(one, degrees) for one in wanted):
            evidence = {
                "event": event.uid,
                "trace_code": batch.trace_code,
                "temperature": f"{degrees} °C",
            }
            if wanted[0].minimum is not None:
                evidence["minimum"] = f"{wanted[0].minimum} °C"
            if wanted[0].maximum is not None:
                evidence["maximum"] = f"{wanted[0].maximum} °C"
            stage = stage_of_event(event.kind)
            return Found(event.uid, batch.id, event.party_id, evidence, stage)
    return None


def _allows(storage: Storage, degrees: Decimal) -> bool:
    above = storage.minimum is None or degrees >= storage.minimum
    return above and (storage.maximum is None or degrees <= storage.maximum)


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
