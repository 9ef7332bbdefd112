"""Hold and recall: an order stops a batch and all that was made of it, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from suyuan.trace.acts.happenings import Happening, Part, grade_of, write_event
from suyuan.trace.acts.statuses import mark_paths, unmark_paths
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import utc_text
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.errors import Conflict, Forbidden
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.rules import content_digest
from suyuan.trace.lineage.queries import closure, closure_select
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.rolls import bound_paths
from suyuan.trace.quality.judging import in_brief
from suyuan.trace.quality.queries import failed_and_standing
from suyuan.trace.release import queries
from suyuan.trace.release.recall_clocks import UNSTATED, RecallFacts, require_stated
from suyuan.trace.release.records import ORDER
from suyuan.trace.release.rules import LISTED_AS, OrderKind, may_lift, require_reason
from suyuan.trace.release.tables import Order, Stopped


def hold(w: Writing, trace_code: str, reason: str) -> str:
    """Stop a batch and all made of it until the order is lifted; returns the order's uid.

    Raises NotFound; Forbidden for all but its owner and a competent regulator; Conflict where
    the same organisation holds it already.
    """
    return _order(w, "hold", trace_code, reason)


def recall(w: Writing, trace_code: str, reason: str, stated: RecallFacts = UNSTATED) -> str:
    """Call back a batch and all made of it; returns the order's uid.

    Raises as ``hold``; InvalidInput for a class that there is not, or a ground known in the future.
    """
    require_stated(stated, w.now)
    return _order(w, "recall", trace_code, reason, stated)


def lift(w: Writing, order_uid: str, reason: str) -> str:
    """End an order; others that reach the same batches go on. Returns the order's uid.

    What a regulator ordered only a competent regulator lifts. Raises NotFound, Forbidden,
    Conflict.
    """
    order = queries.order(w.session, order_uid)
    reason = require_reason(reason)
    by = _actors_party(w)
    w.actor.require(order.kind)
    if not may_lift(w.actor, order):
        raise Forbidden(
            "Only whoever gave this order, or a competent regulator, lifts it.", "order"
        )
    _require_decided(w, order)
    _lift(w, order, reason, by)
    return order.uid


def hold_by_rule(w: Writing, batch: Batch, rule: str, reason: str, told_by: Party) -> str | None:
    """Hold a batch and all made of it because a rule says so; returns the order's uid.

    ``told_by``: on whose word it rests. ``None`` where the same rule holds the batch already.
    """
    reached = _lock_all(w, batch)
    if queries.held_by_rule(w.session, batch.id, rule):
        return None
    return _write(w, "hold", batch, require_reason(reason), told_by, reached, rule)


def lift_by_rule(w: Writing, batch: Batch, rule: str, reason: str, told_by: Party) -> None:
    """End what ``hold_by_rule`` ordered on this batch, because its ground is gone."""
    for order in queries.held_by_rule(w.session, batch.id, rule):
        _lift(w, order, require_reason(reason), told_by, rule)


def _lift(w: Writing, order: Order, reason: str, by: Party, rule: str = "") -> None:
    # of two who lift at once the second sees that it is done
    w.session.refresh(order, with_for_update=True)
    if order.lifted_at is not None:
        raise Conflict("This order was lifted already.", "order")
    order.lifted_at, order.lifted_by_uid, order.lift_reason = w.now, w.actor.person_uid, reason
    record_id = w.record(
        ORDER,
        f"{order.kind}.lifted",
        {
            "order": order.uid,
            "kind": order.kind,
            "trace_code": order.batch.trace_code,
            "reason": reason,
            **_ruled(rule, by),
            "reached": queries.reached(w.session, order.id),
            "lifts": True,
            "evidence_grade": grade_of(by, False),
            "typed_by": w.actor.person_uid,
        },
        subject=order.batch.trace_code,
    )
    unmark_paths(w, order.uid)
    _tell(w, "release", by, order.batch, reason, record_id, rule)


def _require_decided(w: Writing, order: Order) -> None:
    """Raises Conflict while a failed verdict stands on what a rule holds because of it."""
    if not order.rule:
        return
    standing = failed_and_standing(w.session, order.batch_id)
    if standing:
        raise Conflict(
            "A test of this batch failed and that stands: {found}. A passed re-test by another "
            "laboratory lifts the order.",
            "order",
            found=in_brief(standing[0].as_verdict()),
        )


def _order(
    w: Writing, kind: OrderKind, trace_code: str, reason: str, stated: RecallFacts = UNSTATED
) -> str:
    batch = batches.batch(w.session, trace_code)
    reason = require_reason(reason)
    by = _actors_party(w)
    if not (_is_competent(w, batch) and w.actor.may(kind)):
        w.actor.require(kind, batch.party)
    reached = _lock_all(w, batch)
    _require_new(w, kind, batch, by)
    return _write(w, kind, batch, reason, by, reached, stated=stated)


def _write(
    w: Writing,
    kind: OrderKind,
    batch: Batch,
    reason: str,
    by: Party,
    reached: int,
    rule: str = "",
    stated: RecallFacts = UNSTATED,
) -> str:
    """Write an order with its record, what it reaches, and the event that shows it.

    The batch and all made of it are locked.
    """
    order = Order(
        uid=w.new_uid(),
        kind=kind,
        batch_id=batch.id,
        reason=reason,
        rule=rule,
        by_party_id=by.id,
        by_person_uid=w.actor.person_uid,
        at=w.now,
        recall_class=stated.recall_class,
        known_at=stated.known_at,
    )
    order.record_id = w.record(
        ORDER,
        f"{kind}.ordered",
        {
            "order": order.uid,
            "kind": kind,
            "trace_code": batch.trace_code,
            "reason": reason,
            **_ruled(rule, by),
            **_said(stated),
            "reached": reached,
            "evidence_grade": grade_of(by, False),
            "typed_by": w.actor.person_uid,
        },
        subject=batch.trace_code,
    )
    w.session.add(order)
    w.session.flush()
    reach = closure_select(batch.id).subquery()
    w.session.execute(
        sa.insert(Stopped).from_select(
            ["order_id", "batch_id"], sa.select(sa.literal(order.id, sa.BigInteger), reach.c.id)
        )
    )
    mark_paths(w, _paths(w, order), LISTED_AS[kind], order.uid)
    _tell(w, kind, by, batch, reason, order.record_id, rule)
    return order.uid


def _ruled(rule: str, by: Party) -> dict[str, str]:
    """What the record says of an order that no person gave: the rule, and on whose word."""
    return {"rule": rule, "party": by.uid} if rule else {}


def _said(stated: RecallFacts) -> dict[str, str]:
    """What the record says of a recall's class and of when its ground was known."""
    known = stated.known_at
    return {
        **({"recall_class": stated.recall_class} if stated.recall_class else {}),
        **({"known_at": utc_text(known)} if known is not None else {}),
    }


def _actors_party(w: Writing) -> Party:
    if w.actor.party_id is None:
        raise Forbidden("An order is given in the name of an organisation.")
    return w.session.get_one(Party, w.actor.party_id)


def _is_competent(w: Writing, batch: Batch) -> bool:
    return w.actor.party_kind == "regulator" and w.actor.competent(batch.division, batch.family)


def _lock_all(w: Writing, batch: Batch) -> int:
    """Keep a batch and all made of it to this transaction; returns how many they are.

    Whoever makes something of a batch locks that batch too. So, once nothing new turns up
    between two looks, nothing can be made any more that this order would miss.
    """
    reached: list[int] = []
    while (now := closure(w.session, batch.id)) != reached:
        reached = now
        inside = closure_select(batch.id)
        w.session.execute(
            sa.select(Batch.id)
            .where(Batch.id.in_(inside))
            .order_by(Batch.id)
            .with_for_update(key_share=True, of=Batch)
        ).all()
    return len(reached)


def _require_new(w: Writing, kind: OrderKind, batch: Batch, by: Party) -> None:
    same = sa.select(Order.uid).where(
        Order.batch_id == batch.id,
        Order.kind == kind,
        Order.by_party_id == by.id,
        Order.rule == "",
        Order.lifted_at.is_(None),
    )
    uid = w.session.scalar(same.limit(1))
    if uid is not None:
        raise Conflict("Your order {order} is in force already.", "trace_code", order=uid)


def _paths(w: Writing, order: Order) -> Iterator[str]:
    """Every path of every batch that the order reaches: a label may carry any of them."""
    rows = w.session.execute(
        sa.select(Batch.trace_code, Batch.path)
        .join(Stopped, Stopped.batch_id == Batch.id)
        .where(Stopped.order_id == order.id)
        .order_by(Batch.id)
    )
    for trace_code, path in rows:
        by_code = str(TracePath(trace_code))
        yield by_code
        if path != by_code:
            yield path
    yield from bound_paths(
        w.session, sa.select(Stopped.batch_id).where(Stopped.order_id == order.id)
    )


def _tell(
    w: Writing, kind: str, by: Party, batch: Batch, reason: str, record_id: str, rule: str
) -> None:
    """Write the event of an order, so that the chain of the batch shows it."""
    what = Happening(
        kind=EventKinds.load().get(kind),
        party=by,
        site=None,
        happened_at=w.now,
        digest=content_digest((kind, batch.trace_code, reason)),
        payload={"reason": reason[:200], **({"rule": rule} if rule else {})},
        grade=grade_of(by, False),
    )
    write_event(w, what, [Part(batch, "subject", None)], asked_of=[batch], record_id=record_id)
