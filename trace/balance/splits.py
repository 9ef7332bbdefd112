"""Which batches are parts of one that was split."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Link
from suyuan.trace.events.tables import Event


def split_groups(session: Session, batch_id: int) -> dict[int, list[int]]:
    """For each batch that this one was split off of, and for itself where something was split off
    it: its id, with that and those of all that was split off it."""
    by_split = sa.select(Link.parent_id, Link.child_id).join(Event, Event.id == Link.event_id)
    by_split = by_split.where(Event.kind == "split")
    parents = sa.select(by_split.where(Link.child_id == batch_id).subquery().c.parent_id)
    of = sa.or_(Link.parent_id == batch_id, Link.parent_id.in_(parents))
    found: dict[int, list[int]] = {}
    for parent, child in session.execute(by_split.where(of).order_by(Link.child_id)):
        found.setdefault(parent, [parent]).append(child)
    return found
