"""Whether what is told of batches can be believed; part of the acts, never called by edges.

What cannot have been is refused. What is merely unusual is taken and kept as a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.rules import earliest_made
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.events import rules
from suyuan.trace.events.kinds import EventKind


def require_made_before(
    w: Writing, kind: EventKind, happened_at: datetime, batches: Iterable[Batch]
) -> None:
    """Raises InvalidInput for an event before one of its batches was made."""
    made = [(batch.trace_code, _made_on(w, batch)) for batch in batches]
    rules.require_made_before(kind, happened_at, made)


def _made_on(w: Writing, batch: Batch) -> date | None:
    """The first day on which a batch can have been made, so far as its days are stated."""
    asked = w.families.get(batch.family).attributes
    facts = [(asked[key], value) for key, value in batch.attributes.items() if key in asked]
    registered = batch.registered_at.astimezone(SHANGHAI).date()
    return earliest_made(batch.produced_on, facts, registered)
