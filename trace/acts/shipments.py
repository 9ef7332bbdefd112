"""The receiver's word on what was sent: accepted, or disputed. Nobody else can give it."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from suyuan.trace.acts import holdings
from suyuan.trace.acts.happenings import Part, happening, told_before, write_event
from suyuan.trace.acts.trained import require_trained_station
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events import queries
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.release.rules import require_reason


def receive(w: Writing, facts: ReceiptFacts) -> str:
    """Accept a shipment, or dispute it with the part that was taken and the reason.

    Returns the uid of the receiver's event. Of a disputed shipment the accepted part comes into
    the receiver's hand; the rest is with nobody until the sender takes it back. Raises
    Forbidden for everybody but the receiver, Conflict where the word was given already.
    """
    shipment = queries.shipment(w.session, facts.shipment)
    receiver, batch = shipment.to_party, shipment.batch
    w.actor.require("receive", receiver)
    if w.actor.party_id == shipment.from_party_id:
        raise Forbidden("Only the receiver says whether it was received.", "shipment")
    kind = EventKinds.load().get("receive")
    what = happening(w, kind, receiver, facts)
    batches.lock(w.session, [batch.id])
    w.session.refresh(shipment, with_for_update=True)
    before = told_before(w, facts.id, what.digest)
    if before is not None:
        return before.uid
    require_trained_station(w, receiver, kind.key)
    if shipment.state != "sent":
        raise Conflict(
            "This shipment was accepted already."
            if shipment.state == "accepted"
            else "This shipment was disputed already.",
            "shipment",
        )
    taken = _taken(shipment, batch.unit, facts)
    # what is stopped on its way is refused, and goes back to whoever sent it
    if taken and not _is_return(w, shipment):
        require_not_stopped(w.session, [batch.id])
    said = {"shipments": [shipment.uid], "accepted": facts.accepted, "reason": facts.reason or None}
    parts = [Part(batch, "subject", taken)]
    event = write_event(w, what, parts, asked_of=[batch], said=said)
    shipment.state = "accepted" if facts.accepted else "disputed"
    shipment.accepted_quantity = taken
    shipment.open = shipment.quantity - taken
    shipment.reason = facts.reason.strip()
    shipment.receipt_event_id = event.id
    holdings.put(w, batch, receiver, taken)
    holdings.settle(w, [batch], receiver)
    return event.uid


def _taken(shipment: Shipment, unit: str, facts: ReceiptFacts) -> Decimal:
    """How much the receiver takes, in the batch's unit. Raises InvalidInput."""
    given = facts.quantity.to(unit).amount if facts.quantity is not None else None
    sent = Quantity(shipment.quantity, unit).names
    if facts.accepted:
        if given not in (None, shipment.quantity):
            raise InvalidInput(
                "{sent} were sent. Where another quantity arrived, dispute it with the part that "
                "you take and the reason.",
                "quantity",
                sent=sent,
            )
        return shipment.quantity
    require_reason(facts.reason)
    taken = given if given is not None else holdings.NOTHING
    if not holdings.NOTHING <= taken <= shipment.quantity:
        raise InvalidInput(
            "Between nothing and the {sent} that were sent can be taken.", "quantity", sent=sent
        )
    return taken


def _is_return(w: Writing, shipment: Shipment) -> bool:
    """Whether goods go back to whom they came from: that is what a recall is for."""
    kind = sa.select(Event.kind).where(Event.id == shipment.ship_event_id)
    return w.session.scalar(kind) == "return"
