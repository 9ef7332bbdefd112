"""Reading what is in a box, and how each item stands."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.passport.box import BoxItem
from suyuan.trace.passport.standing import standing_of
from suyuan.trace.products.family import ASSORTMENT
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate


def items_in(session: Session, box: Batch, now: datetime, today: date) -> tuple[BoxItem, ...]:
    """What was put into boxes of this batch, in the order of registration; of other goods nothing.

    Items that are expired show it: the box itself expires with the first of them.
    """
    if box.family != ASSORTMENT:
        return ()
    rows = session.execute(
        sa.select(Batch, Link.quantity)
        .join(Link, Link.parent_id == Batch.id)
        .where(Link.child_id == box.id)
        .order_by(Batch.id)
    )
    return tuple(
        BoxItem(
            trace_code=item.trace_code,
            path=item.path,
            name=item.name,
            names=dict(item.product.names) if item.product else {},
            producer=item.party.name,
            origin=divisions().name_path(item.division),
            quantity=None if quantity is None else Quantity(quantity, item.unit),
            produced=StatedDate.from_json(item.produced) if item.produced else None,
            best_before=item.best_before,
            state=standing_of(session, item, now, today).state,
        )
        for item, quantity in rows.all()
    )
