"""What each party must have in hand, worked out anew from the events, for those who audit it.

No record says how much is left: it follows from what came to be and from all that was told since,
in that order. A correction tells an event again and moves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.events import rules
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event, EventBatch, Shipment
from suyuan.trace.log.findings import Finding, Kind
from suyuan.trace.log.outside_audit import MOST
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.tables import Party

_AT_ONCE = 500
_NOTHING = Decimal(0)


@dataclass
class _Stock:
    """What is in hand of one batch, by party, and what is with nobody, by shipment.

    ``disputed``: the shipments of which the sender may take back the rest, the oldest first.
    """

    left: dict[int, Decimal]
    open: dict[int, Decimal] = field(default_factory=dict)
    disputed: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def put(self, party: int, amount: Decimal) -> None:
        self.left[party] = self.left.get(party, _NOTHING) + amount

    def take_back(self, party: int, amount: Decimal) -> None:
        self.put(party, amount)
        for shipment in sorted(self.disputed[party]):
            part = min(amount, self.open[shipment])
            self.open[shipment] -= part
            amount -= part


def audit_in_hand(session: Session) -> tuple[Finding, ...]:
    """Compare what is in hand and on its way with what follows from the events."""
    return tuple(islice(_all(session), MOST))


def _all(session: Session) -> Iterator[Finding]:
    last = None
    while True:
        after = Batch.id > last if last is not None else sa.true()
        page = session.scalars(
            sa.select(Batch.id).where(after).order_by(Batch.id).limit(_AT_ONCE)
        ).all()
        if not page:
            return
        must = _followed(session, page)
        yield from _compared(session, page, must)
        last = page[-1]


def _followed(session: Session, batches: Sequence[int]) -> Mapping[int, _Stock]:
    """What follows for these batches from all that was told of them."""
    came = sa.select(Batch.id, Batch.party_id, Batch.quantity).where(Batch.id.in_(batches))
    stocks = {id_: _Stock({party: quantity}) for id_, party, quantity in session.execute(came)}
    of_these = sa.select(Shipment).where(Shipment.batch_id.in_(batches))
    shipments = session.scalars(of_these).all()
    sent = {(one.ship_event_id, one.batch_id): one for one in shipments}
    received = {(one.receipt_event_id, one.batch_id): one for one in shipments}
    told = (
        sa.select(Event.id, Event.kind, Event.party_id, EventBatch)
        .join(EventBatch, EventBatch.event_id == Event.id)
        .join(Record, Record.id == Event.record_id)
        .where(EventBatch.batch_id.in_(batches), Event.corrects_id.is_(None))
        .where(EventBatch.quantity.is_not(None))
        .order_by(Record.leaf_index, Event.id)
    )
    for event, kind, party, part in session.execute(told):
        at = (event, part.batch_id)
        _move(stocks[part.batch_id], kind, party, part, sent.get(at), received.get(at))
    withdrawn = sa.select(Batch.id).where(Batch.id.in_(batches), Batch.state == "withdrawn")
    for id_ in session.scalars(withdrawn):
        stocks[id_].left = dict.fromkeys(stocks[id_].left, _NOTHING)
    return stocks


def _move(
    stock: _Stock,
    kind: str,
    party: int,
    part: EventBatch,
    sent: Shipment | None,
    received: Shipment | None,
) -> None:
    """Do to the stock what an event did of which this batch was a part."""
    kinds = EventKinds.load()
    if part.role == "output" or kind not in set(kinds.keys()):  # a kind made up is found by itself
        return
    amount, effect = part.quantity or _NOTHING, kinds.get(kind).effect
    if effect == "adjusts":
        stock.left[party] = amount
    elif kind == "receive":
        stock.put(party, amount)
        if received is not None:
            stock.open[received.id] = received.quantity - amount
            stock.disputed[received.from_party_id].append(received.id)
    elif kind == "return" and sent is None:
        stock.take_back(party, amount)
    elif (
        part.role == "input"
        or effect in ("uses", "moves")
        or (kind in rules.SAMPLED and party in stock.left)
    ):
        stock.put(party, -amount)
        if sent is not None:
            stock.open[sent.id] = sent.quantity


def _compared(
    session: Session, batches: Sequence[int], must: Mapping[int, _Stock]
) -> Iterator[Finding]:
    left = {(batch, party): one for batch in batches for party, one in must[batch].left.items()}
    rows = sa.select(Holding.batch_id, Holding.party_id, Holding.left)
    found: dict[tuple[int, int], Any] = {
        (batch, party): amount
        for batch, party, amount in session.execute(rows.where(Holding.batch_id.in_(batches)))
    }
    for key in sorted({*left, *found}):
        if left.get(key) == found.get(key):
            continue
        kind = Kind.CHANGED_ROW
        if key not in found or key not in left:
            kind = Kind.DELETED_ROW if key in left else Kind.INSERTED_ROW
        yield Finding(kind, _place(session, *key), "left is not what follows from the events")
    opened = sa.select(Shipment).where(Shipment.batch_id.in_(batches)).order_by(Shipment.id)
    for one in session.scalars(opened):
        if one.open != must[one.batch_id].open.get(one.id, _NOTHING):
            says = "open is not what follows from the events"
            yield Finding(Kind.CHANGED_ROW, f"shipment/{one.uid}", says)


def _place(session: Session, batch: int, party: int) -> str:
    code = session.scalar(sa.select(Batch.trace_code).where(Batch.id == batch))
    return f"holding/{code}/{session.scalar(sa.select(Party.uid).where(Party.id == party))}"
