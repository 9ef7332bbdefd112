"""Pages of what was told, ordered and stopped, for those who read lists rather than chains."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.release.tables import Order
from suyuan.trace.scans.tables import ScanTally


def events_told_by(
    session: Session, party_id: int, *, before: int | None = None, limit: int = 50
) -> list[Event]:
    """What a party told, corrections too, newest first, from the one before row ``before``."""
    query = (
        sa.select(Event)
        .where(Event.party_id == party_id)
        .options(selectinload(Event.batches).selectinload(EventBatch.batch))
    )
    if before is not None:
        query = query.where(Event.id < before)
    return list(session.scalars(query.order_by(Event.id.desc()).limit(limit)))


def recalls(
    session: Session, *, lifted: bool = False, before: int | None = None, limit: int = 50
) -> list[Order]:
    """The recalls in force, with ``lifted`` the ended ones too; newest first."""
    query = sa.select(Order).where(Order.kind == "recall")
    if not lifted:
        query = query.where(Order.lifted_at.is_(None))
    if before is not None:
        query = query.where(Order.id < before)
    return list(session.scalars(query.order_by(Order.id.desc()).limit(limit)))


def openings(session: Session, batch: Batch, *, limit: int = 200) -> list[ScanTally]:
    """How often the codes of a batch and of its packages were opened, the most opened first."""
    # a path has no characters that LIKE would take for its own
    of_batch = sa.or_(ScanTally.path == batch.path, ScanTally.path.like(f"{batch.path}/%"))
    query = sa.select(ScanTally).where(of_batch)
    return list(
        session.scalars(query.order_by(ScanTally.count.desc(), ScanTally.path).limit(limit))
    )
