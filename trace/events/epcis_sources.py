"""Reading what EPCIS says of events from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.events.epcis import EpcisBatch, EpcisError, EpcisSource
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.queries import all_events
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.attributes import FactValue
from suyuan.trace.products.families import Families


def all_sources(session: Session, families: Families) -> Iterator[EpcisSource]:
    """Every event that was ever told, the corrected ones with their error declaration."""
    return sources(session, families, all_events(session))


def sources(session: Session, families: Families, events: Iterable[Event]) -> Iterator[EpcisSource]:
    """What EPCIS says of these events. Withdrawals are no events but declarations on one."""
    for event in events:
        if not event.withdrawn:
            yield _source(session, families, event)


def _source(session: Session, families: Families, event: Event) -> EpcisSource:
    kind = EventKinds.load().get(event.kind)
    sender, receiver = _hands(session, event) if kind.effect == "moves" else (None, None)
    return EpcisSource(
        uid=event.uid,
        kind=kind,
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        party=event.party.uid,
        site=event.site.uid if event.site else None,
        batches=tuple(
            EpcisBatch(part.batch.path, part.role, part.quantity, part.batch.unit)
            for part in event.batches
        ),
        evidence_grade=event.evidence_grade,
        completeness=event.completeness,
        payload=_impersonal(families, kind, event),
        from_party=sender,
        to_party=receiver,
        error=_error(session, event),
    )


def _impersonal(families: Families, kind: EventKind, event: Event) -> dict[str, FactValue]:
    """The key data that are not personal. Where families differ, any of them may say so."""
    personal = {
        element.key
        for family in {part.batch.family for part in event.batches}
        for element in kind.all_key_data(families.get(family))
        if element.disclosure == "personal"
    }
    return {key: value for key, value in event.payload.items() if key not in personal}


def _hands(session: Session, event: Event) -> tuple[str | None, str | None]:
    """The uids of sender and receiver. A correction tells of its first telling's shipment."""
    first = event
    while first.corrects_id is not None:
        first = session.get_one(Event, first.corrects_id)
    sender, receiver = aliased(Party), aliased(Party)
    found = session.execute(
        sa.select(sender.uid, receiver.uid)
        .select_from(Shipment)
        .join(sender, sender.id == Shipment.from_party_id)
        .join(receiver, receiver.id == Shipment.to_party_id)
        .where(sa.or_(Shipment.ship_event_id == first.id, Shipment.receipt_event_id == first.id))
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else (None, None)


def _error(session: Session, event: Event) -> EpcisError | None:
    if event.corrected_by_id is None:
        return None
    later = session.get_one(Event, event.corrected_by_id)
    if later.withdrawn:
        return EpcisError(later.recorded_at, "did_not_occur", None)
    return EpcisError(later.recorded_at, "incorrect_data", later.uid)
