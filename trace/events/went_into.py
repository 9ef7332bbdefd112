"""How much of each batch went into which, worked out anew from the events, for an audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.events import rules
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.log.findings import Finding, Kind
from suyuan.trace.log.outside_audit import MOST
from suyuan.trace.quantities import Quantity

_AT_ONCE = 500
_Links = Mapping[tuple[int, int], tuple[Decimal | None, int | None]]
"""By child and parent: how much, and by which event."""


def audit_links(session: Session) -> tuple[Finding, ...]:
    """Compare the edges of lineage with the events that made them."""
    return tuple(islice(_all(session), MOST))


def _all(session: Session) -> Iterator[Finding]:
    last = None
    while True:
        after = Event.id > last if last is not None else sa.true()
        page = session.scalars(
            sa.select(Event.id)
            .where(after, Event.corrects_id.is_(None))
            .where(sa.exists().where(EventBatch.event_id == Event.id, EventBatch.role == "output"))
            .order_by(Event.id)
            .limit(_AT_ONCE)
        ).all()
        if not page:
            break
        yield from _compared(session, _made(session, page))
        last = page[-1]
    known = sa.exists().where(Event.id == Link.event_id, Event.corrects_id.is_(None))
    for child, parent in session.execute(sa.select(Link.child_id, Link.parent_id).where(~known)):
        says = "no event that made batches made it"
        yield Finding(Kind.INSERTED_ROW, _place(session, child, parent), says)


def _made(session: Session, events: Sequence[int]) -> _Links:
    query = (
        sa.select(EventBatch.event_id, Event.kind, EventBatch.role, Batch.id)
        .add_columns(EventBatch.quantity, Batch.unit)
        .join(Event, Event.id == EventBatch.event_id)
        .join(Batch, Batch.id == EventBatch.batch_id)
        .where(EventBatch.event_id.in_(events))
    )
    parts: dict[tuple[int, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for event, kind, role, batch, amount, unit in session.execute(query):
        parts[event, kind][role].append((batch, Quantity(amount or Decimal(0), unit)))
    return {
        (child, parent): (
            rules.went_into(kind, taken, made, len(several["input"]), len(several["output"])),
            event,
        )
        for (event, kind), several in parts.items()
        for child, made in several["output"]
        for parent, taken in several["input"]
    }


def _compared(session: Session, must: _Links) -> Iterator[Finding]:
    children = {child for child, _ in must}
    rows = sa.select(Link.child_id, Link.parent_id, Link.quantity, Link.event_id)
    found = {
        (child, parent): (amount, event)
        for child, parent, amount, event in session.execute(rows.where(Link.child_id.in_(children)))
    }
    for key in sorted({*must, *found}):
        if must.get(key) == found.get(key):
            continue
        kind = Kind.CHANGED_ROW
        if key not in found or key not in must:
            kind = Kind.DELETED_ROW if key in must else Kind.INSERTED_ROW
        says = "quantity and event are not what the event says"
        yield Finding(kind, _place(session, *key), says)


def _place(session: Session, child: int, parent: int) -> str:
    named = sa.select(Batch.id, Batch.trace_code).where(Batch.id.in_((child, parent)))
    codes = dict(session.execute(named).all())
    return f"link/{codes.get(child)}/{codes.get(parent)}"
