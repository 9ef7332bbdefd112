"""Looking for recalls that were begun or are finished later than their class allows."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.clock import shown
from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.release.recall_clocks import Deadline, clock_of
from suyuan.trace.release.tables import Order
from suyuan.trace.words import Names, read_names


def late_recalls(session: Session, look: Look) -> Page:
    """What was missed of the recalls in force that were ordered in the rule's days."""
    query = (
        sa.select(Order)
        .where(
            Order.kind == "recall",
            Order.lifted_at.is_(None),
            Order.at > look.now - timedelta(days=look.rule.fact("days").integer()),
            Order.id > (look.after or 0),
        )
        .options(joinedload(Order.batch))
    )
    orders = session.scalars(query.order_by(Order.id).limit(PAGE)).all()
    steps = {row.get("key").text(): read_names(row) for row in look.rule.fact("steps").rows()}
    late = [
        _found(one, deadline, steps[deadline.step])
        for one in orders
        if (clock := clock_of(one)) is not None
        for deadline in clock.deadlines
        if deadline.late(look.now)
    ]
    return Page(late, orders[-1].id if len(orders) == PAGE else None)


def _found(one: Order, deadline: Deadline, step: Names) -> Found:
    evidence: dict[str, str | int | Names] = {
        "step": step,
        "trace_code": one.batch.trace_code,
        "reason": one.reason,
        "since": shown(one.known_at or one.at),
        "due_at": shown(deadline.due_at),
    }
    return Found(f"{one.uid}:{deadline.step}", one.batch_id, one.batch.party_id, evidence)
