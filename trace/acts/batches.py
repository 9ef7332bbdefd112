"""Batches: how they are registered, and how one that was registered in error goes again."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from suyuan.trace.acts.giving_back import give_back
from suyuan.trace.acts.happenings import (
    Happening,
    Part,
    grade_of,
    require_active,
    write_event,
)
from suyuan.trace.acts.new_batches import come_to_be
from suyuan.trace.acts.statuses import mark_paths
from suyuan.trace.acts.trained import require_trained_station
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.batches.records import BATCH_STATE
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.queries import certified
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.status import State
from suyuan.trace.errors import Conflict
from suyuan.trace.events import rules as event_rules
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.queries import events_of
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.parties import queries as parties
from suyuan.trace.printing.rolls import bound_paths
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.release.rules import require_reason


def register_batch(w: Writing, facts: BatchFacts) -> str:
    """Register a batch; returns its trace code. What is not known is a gap, not an error.

    Raises InvalidInput, InvalidInputs, NotFound, Forbidden, Untrained; Conflict where the product
    has a batch with this lot already.
    """
    party = parties.party(w.session, facts.party)
    w.actor.require("register_batch", party)
    require_active(party)
    require_trained_station(w, party, "register")
    evidence = evidence_of(w.session, facts.evidence, party.id)
    shown_by = {
        "evidence": [file.sha256 for file in evidence] or None,
        "evidence_grade": grade_of(party, bool(evidence)),
    }
    batch = come_to_be(w, party, facts, said=shown_by)
    commission(w, batch, facts, evidence)
    return batch.trace_code


def register_batches(w: Writing, several: tuple[BatchFacts, ...]) -> list[str]:
    """Register batches together, all or none; returns their trace codes in order."""
    return [register_batch(w, facts) for facts in several]


def withdraw_batch(w: Writing, trace_code: str, reason: str) -> str:
    """Withdraw a batch that was registered in error, before anything was done with it.

    Its record stays; its registration is declared never to have happened. Returns the trace
    code. Raises Conflict where something hangs on the batch.
    """
    batch = queries.batch(w.session, trace_code)
    w.actor.require("register_batch", batch.party)
    reason = require_reason(reason)
    queries.lock(w.session, [batch.id])
    if batch.state == "withdrawn":
        raise Conflict("Batch {code} is withdrawn already.", "trace_code", code=trace_code)
    require_not_stopped(w.session, [batch.id])
    registration = _untouched(w, batch)
    batch.state = "withdrawn"
    for holding in queries.holdings(w.session, batch.id):
        holding.left -= holding.left
    give_back(w, batch, "withdrawn")
    record_id = w.record(
        BATCH_STATE,
        "batch.withdrawn",
        {
            "trace_code": trace_code,
            "party": batch.party.uid,
            "state": "withdrawn",
            "withdrawn": True,
            "corrects": registration.uid,
            "evidence_grade": registration.evidence_grade,
            "reason": reason,
            "typed_by": w.actor.person_uid,
        },
        subject=trace_code,
    )
    _declare_void(w, batch, registration, reason, record_id)
    bound = bound_paths(w.session, sa.select(Batch.id).where(Batch.id == batch.id))
    paths = {str(TracePath(trace_code)), batch.path, *bound}
    mark_paths(w, paths, State.VOIDED, record_id)
    return trace_code


def commission(
    w: Writing, batch: Batch, facts: BatchFacts, evidence: Sequence[EvidenceFile]
) -> Event:
    """Write the event with which the chain of a registered batch begins."""
    what = Happening(
        kind=EventKinds.load().get("register"),
        party=batch.party,
        site=batch.site,
        happened_at=w.now,
        digest=event_rules.content_digest(facts),
        note=facts.note,
        evidence=evidence,
        grade=grade_of(batch.party, bool(evidence)),
    )
    part = Part(batch, "subject", batch.quantity)
    return write_event(w, what, [part], asked_of=[batch], record_id=batch.record_id)


def _untouched(w: Writing, batch: Batch) -> Event:
    """The registration of a batch on which nothing hangs yet. Raises Conflict."""
    told = events_of(w.session, [batch.id])
    shipped = sa.select(Shipment.id).where(Shipment.batch_id == batch.id).limit(1)
    printed = sa.select(PrintRun.id).where(PrintRun.batch_id == batch.id).limit(1)
    if (
        [event.kind for event in told] != ["register"]
        or queries.has_links(w.session, batch.id)
        or queries.left(w.session, batch.id, batch.party_id) != batch.quantity
        or w.session.scalar(shipped) is not None
        or w.session.scalar(printed) is not None
        or certified(w.session, batch.id)
    ):
        raise Conflict(
            "Something was done with batch {code}, or labels of it were printed: correct the "
            "events or hold the batch instead.",
            "trace_code",
            code=batch.trace_code,
        )
    return told[0]


def _declare_void(
    w: Writing, batch: Batch, registration: Event, reason: str, record_id: str
) -> None:
    """Say of the registration that it never happened."""
    what = Happening(
        kind=EventKinds.load().get("register"),
        party=batch.party,
        site=batch.site,
        happened_at=registration.happened_at,
        digest=event_rules.content_digest((batch.trace_code, reason)),
        grade=registration.evidence_grade,
    )
    void = write_event(
        w,
        what,
        [Part(batch, "subject", None)],
        asked_of=[batch],
        corrects=registration,
        withdrawn=True,
        record_id=record_id,
    )
    void.correction_reason = reason
    registration.corrected_by_id = void.id
    w.session.flush()
