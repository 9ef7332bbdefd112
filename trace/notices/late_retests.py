"""Looking for objections whose re-test is late."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.quality.tables import Objection


def late_retests(session: Session, look: Look) -> Page:
    """Open objections whose re-test was due on a day before today, where the law names one."""
    query = sa.select(Objection).where(
        Objection.state == "open",
        Objection.retest_due < look.today,
        Objection.id > (look.after or 0),
    )
    late = session.scalars(
        query.options(joinedload(Objection.report)).order_by(Objection.id).limit(PAGE)
    ).all()
    return Page([_found(one) for one in late], late[-1].id if len(late) == PAGE else None)


def _found(one: Objection) -> Found:
    assert one.retest_due is not None
    batch = min(one.report.batches, key=lambda batch: batch.id)
    evidence = {
        "report": one.report.uid,
        "number": one.report.number,
        "due_at": one.retest_due.isoformat(),
    }
    return Found(one.uid, batch.id, batch.party_id, evidence)
