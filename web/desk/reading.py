"""What a page of the desk reads, and whether the one signed in may see it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import request

from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden, NotFound
from suyuan.trace.events import queries as events
from suyuan.trace.events.tables import Event
from suyuan.trace.oversight.sight import event_sight, sight
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import OrderInForce, orders_of
from suyuan.web.desk.whom import whom
from suyuan.web.ground import db, now
from suyuan.web.identity import current_actor

LARGEST_ROW: Final = 2**63
"""Beyond what numbers the rows of a table."""


@dataclass(frozen=True)
class InHand:
    """A batch that a party has in hand: how much of it, and the orders that stop it."""

    batch: Batch
    left: Quantity
    orders: tuple[OrderInForce, ...]

    @property
    def stopped(self) -> str:
        """``recall``, ``hold`` or nothing: recalls stand first."""
        return self.orders[0].kind if self.orders else ""


def batch_seen(typed_code: str) -> Batch:
    """The batch with this trace code. Raises Forbidden where it is no business of the party."""
    batch = batches.batch(db(), parse_trace_code(typed_code))
    actor, party = current_actor(), whom()
    holds = any(one.party_id == party.id for one in batches.holdings(db(), batch.id))
    if holds and actor.may_for("read_trade", party):
        return batch
    if "trade" not in sight(db(), actor, batch, now=now()):
        raise Forbidden(
            "Batch {code} was never in the hands of this organisation.",
            "batches",
            code=batch.trace_code,
        )
    return batch


def event_seen(uid: str) -> Event:
    """The event with this uid. Raises Forbidden where it is no business of the one signed in."""
    event = events.event(db(), uid)
    if event.party_id != whom().id and "trade" not in event_sight(
        db(), current_actor(), event, now=now()
    ):
        raise Forbidden("This event is no business of your organisation.", "event")
    return event


def in_hand(party: Party, *, after: int | None = None, limit: int = 50) -> list[InHand]:
    """What a party has in hand, newest first."""
    return [
        _in_hand(batch, left)
        for batch, left in batches.in_hand(db(), party.id, after=after, limit=limit)
    ]


def one_in_hand(batch: Batch) -> InHand:
    """What the party chosen has in hand of a batch."""
    return _in_hand(batch, batches.left(db(), batch.id, whom().id))


def sites() -> list[Site]:
    """The places of the party chosen."""
    return parties.sites_of(db(), whom().id)


def _in_hand(batch: Batch, left: Decimal) -> InHand:
    return InHand(batch, Quantity(left, batch.unit), tuple(orders_of(db(), batch.id)))


def row_after(name: str = "after") -> int | None:
    """After which row a page of a list begins, as its address says. Raises NotFound for none."""
    after = request.args.get(name, type=int)
    if after is not None and not 0 <= after < LARGEST_ROW:
        raise NotFound("There is no such page.")
    return after
