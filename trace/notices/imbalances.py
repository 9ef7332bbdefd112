"""Looking for what does not add up in batches of which something was told since the last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.balance.findings import Finding, evidence_of
from suyuan.trace.balance.reckoning import reckon
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.notices.tables import Sweep
from suyuan.trace.quality.tables import TestReport, test_report_batch


def out_of_balance(session: Session, look: Look) -> Page:
    """Findings of the kinds that the rule names; what one cause shows is told once."""
    told = {row.text() for row in look.rule.fact("findings").rows()}
    ids = _touched(session, look)
    findings = reckon(session, look.families, ids).findings if ids else ()
    session.expunge_all()
    # the gravest stands first, and is the one that its cause is told by
    found = {one.cause: _found(one) for one in reversed(findings) if one.rule in told}
    return Page(tuple(found.values()), ids[-1] if len(ids) == PAGE else None)


def _found(one: Finding) -> Found:
    return Found(one.cause, one.batch_id, one.party_id, evidence_of(one))


def _touched(session: Session, look: Look) -> Sequence[int]:
    """One page of the batches with an event or a test report that came since the last look.

    What was being written when that look ended is covered by the hours that the rule goes back.
    """
    events = sa.select(EventBatch.batch_id).join(Event, Event.id == EventBatch.event_id)
    covered = test_report_batch.c
    reports = sa.select(covered.batch_id).join(TestReport, TestReport.id == covered.report_id)
    last = session.get(Sweep, look.rule.key)
    if last is not None:
        since = last.swept_at - timedelta(hours=look.rule.fact("hours").integer())
        events = events.where(Event.recorded_at >= since)
        reports = reports.where(TestReport.made_at >= since)
    after = int(look.after or 0)
    either = sa.union(
        events.where(EventBatch.batch_id > after), reports.where(covered.batch_id > after)
    ).subquery()
    query = sa.select(either.c.batch_id).order_by(either.c.batch_id).limit(PAGE)
    return session.scalars(query).all()
