"""Reading print jobs, and the files that they left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Conflict, NotFound
from suyuan.trace.jobs.files import KeptFile, drawn_file
from suyuan.trace.jobs.sealed import NotSealed
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import count_labels
from suyuan.trace.printing.tables import PrintRun

MOST_SHOWN = 50
"""Jobs in one list; the newest come first, and nobody asks for older files."""


def print_job(session: Session, uid: str) -> PrintJob:
    """The job with this uid. Raises NotFound."""
    found = session.scalar(sa.select(PrintJob).where(PrintJob.uid == uid))
    if found is None:
        raise NotFound("There is no print job {uid}.", field="print_job", uid=uid)
    return found


def jobs_of_run(session: Session, run_id: int) -> list[PrintJob]:
    """The jobs of a run, the newest first."""
    jobs = sa.select(PrintJob).where(PrintJob.print_run_id == run_id)
    return list(session.scalars(jobs.order_by(PrintJob.id.desc()).limit(MOST_SHOWN)))


def newest_jobs(session: Session) -> list[PrintJob]:
    """The newest jobs of all, for whoever runs the site."""
    return list(session.scalars(sa.select(PrintJob).order_by(PrintJob.id.desc()).limit(MOST_SHOWN)))


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """What a worker may take: jobs that wait, and those whose worker is not heard of any more."""
    lapsed = sa.and_(PrintJob.state == "running", PrintJob.held_until <= now)
    return sa.or_(PrintJob.state == "waiting", lapsed)


def any_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to take."""
    return session.scalar(sa.select(PrintJob.id).where(is_due(now)).limit(1)) is not None


def due_jobs(session: Session, now: datetime) -> list[PrintJob]:
    """What workers may take, the first one first."""
    return list(session.scalars(sa.select(PrintJob).where(is_due(now)).order_by(PrintJob.id)))


def unended_of(session: Session, party_id: int) -> list[PrintJob]:
    """The jobs of an organisation that wait or run, the first one first."""
    jobs = sa.select(PrintJob).join(PrintRun, PrintRun.id == PrintJob.print_run_id)
    going_on = PrintJob.state.in_(("waiting", "running"))
    return list(
        session.scalars(jobs.where(PrintRun.party_id == party_id, going_on).order_by(PrintJob.id))
    )


def to_drop(session: Session, now: datetime) -> list[PrintJob]:
    """The jobs whose file has been kept for long enough."""
    over = sa.and_(PrintJob.kept_until <= now, PrintJob.dropped_at.is_(None))
    return list(session.scalars(sa.select(PrintJob).where(PrintJob.state == "done", over)))


def needed_files(session: Session) -> set[str]:
    """The names of the files that jobs have, or are drawing."""
    rows = session.execute(
        sa.select(PrintJob.uid, PrintJob.holder).where(
            PrintJob.state.in_(("running", "done")), PrintJob.dropped_at.is_(None)
        )
    )
    return {f"{uid}.{holder}" for uid, holder in rows}


def file_to_print(session: Session, job: PrintJob, folder: Path, secret: bytes) -> KeptFile:
    """The file of a job, once it was looked at: it is whole, and may be stuck on goods today.

    ``secret``: the installation's, which files with scratch PINs are sealed by. Raises Conflict
    where the job is not done, or labels were declared void since, NotFound where the file is not
    there any more or was changed on disk, and what ``facts_to_draw`` raises.
    """
    if job.state != "done":
        raise Conflict("This print job is not done: there is no file yet.", field="print_job")
    facts_to_draw(session, job.run.uid)
    if count_labels(session, job.run, job.first, job.last) != job.made:
        raise Conflict(
            "Labels of this run were declared void since the file was drawn: have it drawn again.",
            field="print_job",
        )
    place = drawn_file(folder, job.uid, job.holder or "")
    if job.dropped_at is not None or not place.is_file():
        raise NotFound(
            "The file of this print job is not kept any more: have the run drawn again.",
            field="print_job",
        )
    kept = KeptFile(place, secret if job.run.pins else None)
    try:
        found = kept.measured()[1]
    except NotSealed:
        found = ""
    if found != job.sha256:
        raise NotFound(
            "The file of this print job was changed on disk: have the run drawn again.",
            field="print_job",
        )
    return kept
