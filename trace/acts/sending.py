"""Goods between two parties: sending off and taking back; part of the acts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from suyuan.trace.acts import holdings
from suyuan.trace.acts.happenings import Part
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.rules import NotEnough
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity


def send(
    w: Writing,
    event: Event,
    sender: Party,
    receiver: Party,
    parts: Sequence[Part],
    uids: Sequence[str],
) -> None:
    """Put on its way what was taken out of the sender's hand: one shipment for each batch.

    Raises InvalidInput for a shipment to oneself, Conflict where goods are returned to somebody
    who never sent them.
    """
    if sender.id == receiver.id:
        raise InvalidInput("The receiver is another organisation than the sender.", "to_party")
    for part, uid in zip(parts, uids, strict=True):
        if event.kind == "return" and not _came_from(w, part.batch, receiver, sender):
            raise Conflict(
                "Batch {code} did not come from that organisation: ship it instead.",
                "to_party",
                code=part.batch.trace_code,
            )
        quantity = part.quantity or holdings.NOTHING
        w.session.add(
            Shipment(
                uid=uid,
                batch_id=part.batch.id,
                from_party_id=sender.id,
                to_party_id=receiver.id,
                quantity=quantity,
                open=quantity,
                ship_event_id=event.id,
            )
        )
    w.session.flush()


def take_back(w: Writing, batch: Batch, sender: Party, quantity: Quantity | None) -> Decimal:
    """Give back into the sender's hand what the receivers did not accept; returns how much.

    All of it, or ``quantity``, the oldest dispute first. Raises NotEnough where less is open.
    """
    disputed = w.session.scalars(
        sa.select(Shipment)
        .where(
            Shipment.batch_id == batch.id,
            Shipment.from_party_id == sender.id,
            Shipment.state == "disputed",
            Shipment.open > holdings.NOTHING,
        )
        .order_by(Shipment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    there = sum((one.open for one in disputed), holdings.NOTHING)
    amount = there if quantity is None else quantity.to(batch.unit).amount
    if not holdings.NOTHING < amount <= there:
        raise NotEnough(
            "{there} of {code} are in dispute and may be taken back. Goods in hand are returned "
            "to a named receiver.",
            "quantity",
            there=Quantity(there, batch.unit).names,
            code=batch.trace_code,
        )
    rest = amount
    for one in disputed:
        part = min(rest, one.open)
        one.open -= part
        rest -= part
    holdings.put(w, batch, sender, amount)
    return amount


def _came_from(w: Writing, batch: Batch, sender: Party, receiver: Party) -> bool:
    before = sa.select(Shipment.id).where(
        Shipment.batch_id == batch.id,
        Shipment.from_party_id == sender.id,
        Shipment.to_party_id == receiver.id,
    )
    return w.session.scalar(before.limit(1)) is not None
