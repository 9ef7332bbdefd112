"""Reading runs that are issued in the background."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.jobs.queries import MOST_SHOWN
from suyuan.trace.jobs.tables import IssueJob


def issue_job(session: Session, uid: str) -> IssueJob:
    """The job with this uid. Raises NotFound."""
    found = find_issue_job(session, uid)
    if found is None:
        raise NotFound("There is no print job {uid}.", field="print_job", uid=uid)
    return found


def find_issue_job(session: Session, uid: str) -> IssueJob | None:
    """The job with this uid, if there is one."""
    return session.scalar(sa.select(IssueJob).where(IssueJob.uid == uid))


def newest_issue_jobs(session: Session) -> list[IssueJob]:
    """The newest jobs of all, for whoever runs the site."""
    return list(session.scalars(sa.select(IssueJob).order_by(IssueJob.id.desc()).limit(MOST_SHOWN)))


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """What a worker may take: jobs that wait, and those whose worker is not heard of any more."""
    lapsed = sa.and_(IssueJob.state == "running", IssueJob.held_until <= now)
    return sa.or_(IssueJob.state == "waiting", lapsed)


def any_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to take."""
    return session.scalar(sa.select(IssueJob.id).where(is_due(now)).limit(1)) is not None


def due_issue_jobs(session: Session, now: datetime) -> list[IssueJob]:
    """What workers may take, the first one first."""
    return list(session.scalars(sa.select(IssueJob).where(is_due(now)).order_by(IssueJob.id)))


def unended_of(session: Session, party_id: int) -> int:
    """How many jobs for batches of an organisation wait or run."""
    jobs = sa.select(sa.func.count(IssueJob.id)).join(Batch, Batch.id == IssueJob.batch_id)
    going_on = IssueJob.state.in_(("waiting", "running"))
    return session.scalar(jobs.where(Batch.party_id == party_id, going_on)) or 0


def issue_jobs_of(session: Session, batch_id: int) -> list[IssueJob]:
    """What was ordered for a batch and is not issued, the newest first."""
    jobs = sa.select(IssueJob).where(IssueJob.batch_id == batch_id, IssueJob.state != "done")
    return list(session.scalars(jobs.order_by(IssueJob.id.desc()).limit(20)))
