"""What a worker does about print jobs: it takes one, tells how far it is, and ends it.

A job is taken by one worker at a time, for as long as that is heard of. Where it is not, another
takes the job and draws all of it anew; what the first still does counts for nothing, because each
step asks whether the job is still held by whom it was taken.
"""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Unavailable
from suyuan.trace.ids import new_uid
from suyuan.trace.jobs.facts import DrawnFile, TakenJob, Trouble
from suyuan.trace.jobs.queries import is_due, to_drop
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import PrintJob


def take_job(w: Writing) -> TakenJob | None:
    """Take the job that waits longest, or one whose worker is gone; None where there is none.

    One that was begun too often fails: what ended its workers would end the next.
    """
    oldest = sa.select(PrintJob).where(is_due(w.now)).order_by(PrintJob.id).limit(1)
    # what another worker is taking at this moment is passed over; SQLite has one writer anyway
    free = oldest.with_for_update(skip_locked=True, of=PrintJob)
    while job := w.session.scalars(free).first():
        if job.tries < job_limits().tries:
            return _taken(w, job)
        broken_off = Unavailable(
            "Drawing was broken off {tries} times, and is not tried again. Whoever runs this site "
            "finds the reason in its journal.",
            tries=job.tries,
        )
        _end(w, job, "failed", Trouble.of(broken_off))
    return None


def tell_progress(w: Writing, taken: TakenJob, made: int) -> bool:
    """Say that the worker lives and has drawn so many labels; whether it still has the job."""
    job = _held(w, taken)
    if job is None:
        return False
    job.made = made
    job.beat_at, job.held_until = w.now, w.now + job_limits().lease
    w.session.flush()
    return True


def give_job_back(w: Writing, taken: TakenJob) -> None:
    """Let others have a job at once: the worker stops, and no fault of the job's."""
    job = _held(w, taken)
    if job is not None:
        job.state, job.held_until, job.made, job.tries = "waiting", None, 0, job.tries - 1
        w.session.flush()


def fail_job(w: Writing, taken: TakenJob, trouble: Trouble) -> None:
    """Say why a job cannot be done."""
    job = _held(w, taken)
    if job is not None:
        _end(w, job, "failed", trouble)


def finish_job(w: Writing, taken: TakenJob, file: DrawnFile) -> bool:
    """Say that the file is whole and on disk; whether it counts, because the job is still held."""
    job = _held(w, taken)
    if job is None:
        return False
    limits = job_limits()
    job.made, job.size, job.sha256 = file.labels, file.size, file.sha256
    job.kept_until = w.now + (limits.kept_with_pins if job.run.pins else limits.kept)
    _end(w, job, "done", None)
    return True


def drop_old_files(w: Writing) -> int:
    """Say of the files that were kept for long enough that they go; returns how many."""
    gone = to_drop(w.session, w.now)
    for job in gone:
        job.dropped_at = w.now
    w.session.flush()
    return len(gone)


def _taken(w: Writing, job: PrintJob) -> TakenJob:
    job.state, job.tries, job.made = "running", job.tries + 1, 0
    job.holder, job.beat_at = new_uid(w.now), w.now
    job.held_until = w.now + job_limits().lease
    w.session.flush()
    run = job.run
    return TakenJob(
        job.id,
        job.uid,
        job.holder,
        run.uid,
        run.template,
        job.output,
        run.pins,
        job.first,
        job.last,
    )


def _held(w: Writing, taken: TakenJob) -> PrintJob | None:
    """The job, where it is still held by whom it was taken."""
    held = sa.select(PrintJob).where(
        PrintJob.id == taken.id, PrintJob.state == "running", PrintJob.holder == taken.holder
    )
    return w.session.scalars(held.with_for_update(of=PrintJob)).first()


def _end(w: Writing, job: PrintJob, state: str, trouble: Trouble | None) -> None:
    job.state, job.ended_at, job.held_until = state, w.now, None
    job.trouble = trouble.to_json() if trouble else None
    w.session.flush()
