"""Reading which orders stop a batch, and the check that whoever moves goods makes first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.parties.tables import Party
from suyuan.trace.release.rules import Stop, require_none
from suyuan.trace.release.tables import Order, Stopped

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OrderInForce:
    """An order that stops a batch now. ``ordered`` is the trace code it was laid upon.

    ``rule``: the rule that gave it, where no person did.
    """

    uid: str
    kind: str
    ordered: str
    reason: str
    by: str
    at: datetime
    rule: str = ""


def order(session: Session, uid: str, field: str | None = "order") -> Order:
    """The order with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Order).where(Order.uid == uid))
    if found is None:
        raise NotFound("There is no order {uid}.", field=field, uid=uid)
    return found


def orders_of(session: Session, batch_id: int) -> list[OrderInForce]:
    """The orders that stop a batch now, recalls first, then the oldest."""
    query = (
        sa.select(
            Order.uid, Order.kind, Batch.trace_code, Order.reason, Party.name, Order.at, Order.rule
        )
        .join(Stopped, Stopped.order_id == Order.id)
        .join(Batch, Batch.id == Order.batch_id)
        .join(Party, Party.id == Order.by_party_id)
        .where(Stopped.batch_id == batch_id, Order.lifted_at.is_(None))
        .order_by(Order.kind.desc(), Order.id)
    )
    return [OrderInForce(*row) for row in session.execute(query)]


def held_by_rule(session: Session, batch_id: int, rule: str) -> list[Order]:
    """The orders that this rule gave on this batch itself and that are in force."""
    query = sa.select(Order).where(
        Order.batch_id == batch_id, Order.rule == rule, Order.lifted_at.is_(None)
    )
    return list(session.scalars(query.order_by(Order.id)))


def order_history(session: Session, batch_id: int) -> list[Order]:
    """Every order that ever reached a batch, lifted ones too, in order."""
    query = sa.select(Order).join(Stopped, Stopped.order_id == Order.id)
    return list(session.scalars(query.where(Stopped.batch_id == batch_id).order_by(Order.id)))


def stops(session: Session, batch_ids: Collection[int]) -> list[Stop]:
    """Which of these batches are stopped now, and why; recalls first."""
    wanted = sorted(set(batch_ids))
    found: list[Stop] = []
    for at in range(0, len(wanted), _AT_ONCE):
        query = (
            sa.select(Batch.trace_code, Order.kind, Order.reason, Party.name, Order.rule)
            .join(Stopped, Stopped.batch_id == Batch.id)
            .join(Order, Order.id == Stopped.order_id)
            .join(Party, Party.id == Order.by_party_id)
            .where(Batch.id.in_(wanted[at : at + _AT_ONCE]), Order.lifted_at.is_(None))
            .order_by(Order.kind.desc(), Order.id)
        )
        found += [Stop(*row) for row in session.execute(query)]
    return found


def require_not_stopped(session: Session, batch_ids: Collection[int]) -> None:
    """Raises StoppedByOrder where any of these batches is held or recalled."""
    require_none(stops(session, batch_ids))


def reached(session: Session, order_id: int) -> int:
    """How many batches an order reaches."""
    query = sa.select(sa.func.count()).select_from(Stopped).where(Stopped.order_id == order_id)
    return session.scalar(query) or 0
