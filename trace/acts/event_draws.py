"""What events draw from the papers that cover their batches; part of the acts, never called by
edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from suyuan.trace.acts.believing import Kept
from suyuan.trace.acts.drawing import Cause, Plan, plan_draws, write_draws
from suyuan.trace.acts.happenings import Part
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.queries import covering
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class EventPlan:
    """What an event that is about to be written draws, batch by batch."""

    plans: tuple[tuple[Batch, Plan], ...] = ()

    @property
    def doubts(self) -> tuple[Kept, ...]:
        """What is doubtful about it, as rows keep it."""
        return tuple(doubt for _, plan in self.plans for doubt in plan.doubts)


def plan_for_event(
    w: Writing, kind: EventKind, party: Party, parts: Sequence[Part], said: Mapping[str, Any]
) -> EventPlan:
    """What ``party`` draws by an event of this kind. Raises QuotaExceeded."""
    if kind.key not in _drawing():
        return EventPlan()
    plans: list[tuple[Batch, Plan]] = []
    for part in parts:
        if part.quantity is None or part.role == "output":
            continue
        quantity = Quantity(part.quantity, part.batch.unit)
        before = [draw for _, plan in plans for draw in plan.draws]
        cause = Cause("event", quantity, kind.key, party, said=said, before=before)
        plans.append(
            (part.batch, plan_draws(w, part.batch, covering(w.session, part.batch), cause))
        )
    return EventPlan(tuple(plans))


def write_for_event(w: Writing, plan: EventPlan) -> None:
    """Keep what an event that is written by now draws."""
    for batch, one in plan.plans:
        write_draws(w, batch, one.draws, "event")


@cache
def _drawing() -> frozenset[str]:
    """The kinds of events that draw from papers of some kind."""
    rules = (kind.quota for kind in PaperKinds.load())
    return frozenset(event for rule in rules if rule is not None for event in rule.events)
