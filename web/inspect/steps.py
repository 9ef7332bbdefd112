"""What happened to batches as an inspector sees it: steps, with facts by sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.queries import events_of
from suyuan.trace.events.tables import Event
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.chain_sight import events_sight
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport.facts import Step
from suyuan.trace.passport.steps import steps_of
from suyuan.web.ground import db, ledger

_AT_ONCE = 500


def steps_seen(
    actor: Actor, batches: Sequence[int], seen: Mapping[int, frozenset[Class]], most: int
) -> tuple[list[Step], bool]:
    """What happened to these batches, the earliest first, and whether there is more than ``most``.

    ``seen``: what the actor may see of each batch of the chain.
    """
    told: dict[int, Event] = {}
    for at in range(0, len(batches), _AT_ONCE):
        told |= {one.id: one for one in events_of(db(), batches[at : at + _AT_ONCE])}
    events = sorted(told.values(), key=lambda one: (one.happened_at, one.id))
    by_sight: defaultdict[frozenset[Class], list[Event]] = defaultdict(list)
    for event in events[:most]:
        by_sight[events_sight(actor, event, seen)].append(event)
    steps = {
        step.uid: step
        for classes, some in by_sight.items()
        for step in steps_of(db(), ledger().families, [one.id for one in some], classes)
    }
    return [steps[event.uid] for event in events[:most]], len(events) > most


def concerned(batch: Batch) -> list[Batch]:
    """A batch and those that stand beside it in any of its events."""
    events = events_of(db(), [batch.id])
    return list({part.batch_id: part.batch for one in events for part in one.batches}.values()) or [
        batch
    ]
