"""What comes of a recall: it is finished when that is told, and its order stays in force."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Forbidden
from suyuan.trace.release import queries
from suyuan.trace.release.records import ORDER
from suyuan.trace.release.rules import may_lift, require_reason


def finish_recall(w: Writing, order_uid: str, outcome: str) -> str:
    """Tell what came of a recall; returns the order's uid.

    Goods that were destroyed or kept back stay recalled; ``orders.lift`` lets go what may be sold
    again. Raises NotFound, Forbidden, Conflict where it is no recall under way, InvalidInput.
    """
    order = queries.order(w.session, order_uid)
    outcome = require_reason(outcome)
    w.actor.require(order.kind)
    if not may_lift(w.actor, order):
        raise Forbidden(
            "Only whoever gave this order, or a competent regulator, says what came of it.", "order"
        )
    w.session.refresh(order, with_for_update=True)
    if order.kind != "recall" or order.lifted_at is not None or order.finished_at is not None:
        raise Conflict("This is no recall that is still under way.", "order")
    order.finished_at, order.finished_by_uid, order.outcome = w.now, w.actor.person_uid, outcome
    w.record(
        ORDER,
        "recall.finished",
        {"order": order.uid, "outcome": outcome, "typed_by": w.actor.person_uid},
        subject=order.batch.trace_code,
    )
    return order.uid
