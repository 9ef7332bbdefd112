"""Reading test reports."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.errors import NotFound
from suyuan.trace.quality.tables import TestReport, test_report_batch


def report(session: Session, uid: str, field: str | None = "test_report") -> TestReport:
    """The report with this uid. Raises NotFound."""
    found = session.scalar(sa.select(TestReport).where(TestReport.uid == uid))
    if found is None:
        raise NotFound("There is no test report {uid}.", field=field, uid=uid)
    return found


def reports_of_batches(session: Session, batch_ids: Collection[int]) -> list[TestReport]:
    """The reports on any of these batches, the oldest first."""
    covered = sa.exists().where(
        test_report_batch.c.report_id == TestReport.id,
        test_report_batch.c.batch_id.in_(batch_ids),
    )
    query = (
        sa.select(TestReport)
        .where(covered)
        .options(
            selectinload(TestReport.items),
            selectinload(TestReport.batches),
            joinedload(TestReport.evidence),
            joinedload(TestReport.entered_by),
        )
        .order_by(TestReport.issued_on, TestReport.id)
    )
    return list(session.scalars(query))


def reports_entered_by(
    session: Session, party_id: int, *, after: int = 0, limit: int = 200
) -> list[TestReport]:
    """The reports that a party entered, in order of coming."""
    query = sa.select(TestReport).where(TestReport.entered_by_id == party_id, TestReport.id > after)
    return list(session.scalars(query.order_by(TestReport.id).limit(limit)))
