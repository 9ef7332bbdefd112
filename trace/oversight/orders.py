"""The list of orders to hold and to recall, for those who watch over them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.release.tables import Order


def orders(
    session: Session, *, in_force: bool = False, before: int | None = None, limit: int = 50
) -> list[Order]:
    """Orders, newest first, from the one before row ``before``; all of them or those in force."""
    query = sa.select(Order).options(joinedload(Order.batch), joinedload(Order.by_party))
    if in_force:
        query = query.where(Order.lifted_at.is_(None))
    if before is not None:
        query = query.where(Order.id < before)
    return list(session.scalars(query.order_by(Order.id.desc()).limit(limit)))
