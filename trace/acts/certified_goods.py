"""Goods that go with their commitment certificates go for no more than these stand for; part of the
acts, never called by edges."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from suyuan.trace.acts.holdings import NOTHING, wanted
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.queries import certified, proved_elsewhere
from suyuan.trace.errors import Conflict
from suyuan.trace.events.tables import Event, EventBatch, Shipment
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity


class NotCertified(Conflict):
    """More was to go than the certificates of a batch stand for."""

    kind = "not-certified"


def require_certified(w: Writing, batch: Batch, party: Party, quantity: Quantity | None) -> None:
    """Raises NotCertified where whoever certified a part of a batch ships or sells more than that.

    Of goods with no certificate of ours the gate asks whether they need one.
    """
    if party.id != batch.party_id:
        return
    stands_for = certified(w.session, batch.id)
    if not stands_for or proved_elsewhere(w.session, batch.id):
        return
    gone, going = _gone(w, batch), wanted(w, batch, party, quantity)
    if gone + going > stands_for:
        raise NotCertified(
            "Certificates stand for {certified} of batch {code}, and {gone} went with them: issue "
            "one for the rest before {going} go.",
            "quantity",
            code=batch.trace_code,
            certified=Quantity(stands_for, batch.unit).names,
            gone=Quantity(gone, batch.unit).names,
            going=Quantity(going, batch.unit).names,
        )


def _gone(w: Writing, batch: Batch) -> Decimal:
    """What its party shipped and sold of it, less what was refused."""
    received = sa.func.coalesce(Shipment.accepted_quantity, Shipment.quantity)
    shipped = sa.select(sa.func.sum(received)).where(
        Shipment.batch_id == batch.id, Shipment.from_party_id == batch.party_id
    )
    sold = (
        sa.select(sa.func.sum(EventBatch.quantity))
        .join(Event, Event.id == EventBatch.event_id)
        .where(
            EventBatch.batch_id == batch.id,
            Event.party_id == batch.party_id,
            Event.kind == "sell",
            ~Event.withdrawn,
            Event.corrected_by_id.is_(None),
        )
    )
    return sum((w.session.scalar(one) or NOTHING for one in (shipped, sold)), NOTHING)
