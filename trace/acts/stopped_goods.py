"""Held or recalled goods that are written off without the act for it: taken as told, and warned of.

Part of the acts, never called by edges. What is gone is gone, so nothing is refused; but goods
under an order are disposed of in the sight of whoever gave it, not by a loss or a stocktake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from suyuan.trace.acts.holdings import NOTHING, holding
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.balance.findings import amount_said
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.tables import Event
from suyuan.trace.notices.rules import warning_rule
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.parties.tables import Party
from suyuan.trace.release.queries import OrderInForce, orders_of

_RULE = "stopped_goods_gone"


@dataclass(frozen=True)
class Watched:
    """A batch that an order stops, and how much of it was in hand, in its unit."""

    batch: Batch
    order: OrderInForce
    left: Decimal


def watched(w: Writing, kind: EventKind, party: Party, concerned: Sequence[Batch]) -> list[Watched]:
    """Which of some batches are stopped now, asked before an event of one of the rule's kinds
    changes what the party has of them. A recall counts before a hold."""
    if kind.key not in {row.text() for row in warning_rule(_RULE).fact("kinds").rows()}:
        return []
    in_force = ((batch, orders_of(w.session, batch.id)) for batch in concerned)
    return [
        Watched(batch, orders[0], _left(w, batch, party)) for batch, orders in in_force if orders
    ]


def warn_of_stopped_goods(w: Writing, event: Event, before: Sequence[Watched]) -> None:
    """Warn of what an event took away of goods that are stopped."""
    for one in before:
        batch, left = one.batch, _left(w, one.batch, event.party)
        if left >= one.left:
            continue
        evidence: Evidence = {
            "trace_code": batch.trace_code,
            "quantity": amount_said(one.left - left, batch.unit),
            "left": amount_said(left, batch.unit),
            "finding": EventKinds.load().get(event.kind).names,
            "event": event.uid,
            "kind": EventKinds.load().get(one.order.kind).names,
            "order": one.order.uid,
            "reason": one.order.reason,
        }
        key = f"{event.uid}:{batch.trace_code}"
        warn(w, _RULE, key, batch=batch, party=event.party, evidence=evidence)


def _left(w: Writing, batch: Batch, party: Party) -> Decimal:
    row = holding(w, batch, party)
    return row.left if row is not None else NOTHING
