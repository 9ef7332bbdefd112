"""Issuing a long run in the background: ordering it, calling it off, and what a worker does.

The run is issued whole, in the transaction that ends its job: whenever a worker is killed, either
all of it is there and the job is done, or nothing is and another worker issues it. So no serial is
left out or given twice, and nobody draws a label that is not on record.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from suyuan.trace.acts.issuing import TryOut
from suyuan.trace.acts.printing import issue_print_run, require_issuable
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.errors import Conflict, SuyuanError, Unavailable
from suyuan.trace.ids import new_uid
from suyuan.trace.jobs.facts import DEFECT, ENDED, Trouble
from suyuan.trace.jobs.issuing import any_due, is_due, issue_job, unended_of
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import IssueJob
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.queries import actor_of
from suyuan.trace.printing.queries import print_run


@dataclass(frozen=True)
class _Taken:
    """A job that one worker has, in whose name."""

    uid: str
    holder: str
    person_uid: str
    party_uid: str
    channel: str


def order_print_run(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool = True,
    *,
    try_out: TryOut,
    unbound: bool = False,
    pins: bool = False,
) -> str:
    """Order a run issued in the background; returns the uid of the job. What would be refused is
    refused at once: raises as ``issue_print_run``, and Conflict where too many wait."""
    batch = require_issuable(
        w,
        trace_code,
        count,
        template,
        per_package,
        try_out=try_out,
        unbound=unbound,
        pins=pins,
        most=job_limits().most_issued,
    )
    if (waiting := unended_of(w.session, batch.party_id)) >= job_limits().waiting_of_one:
        raise Conflict(
            "{count} print jobs of this organisation wait or run already: cancel one, or wait "
            "until one is done.",
            field="print_run",
            count=waiting,
        )
    job = IssueJob(
        uid=w.new_uid(),
        batch_id=batch.id,
        template=template,
        count=count,
        per_package=per_package,
        unbound=unbound,
        pins=pins,
        person_uid=w.actor.person_uid or "",
        party_uid=w.actor.party_uid or "",
        channel=w.actor.channel,
        ordered_at=w.now,
    )
    w.session.add(job)
    w.session.flush()
    return job.uid


def cancel_issue_job(w: Writing, uid: str) -> str:
    """Call off a run that is not issued yet; returns the job's uid. Raises NotFound, Forbidden,
    Conflict where the job has ended."""
    job = issue_job(w.session, uid)
    w.actor.require("print_labels", job.batch.party)
    w.session.refresh(job, with_for_update={"of": IssueJob})
    if job.state in ENDED:
        raise Conflict("This print job has ended already.", field="print_job")
    _end(w, job, "cancelled", None)
    return job.uid


def issue_next(ledger: Ledger, try_out: TryOut) -> bool:
    """Take the next run that is to be issued and issue it; whether there was one.

    Raises Unavailable where the database is busy: the job is taken up again after its lease.
    """
    with ledger.database.read() as session:
        if not any_due(session, ledger.clock.now()):
            return False
    taken = ledger.perform(SYSTEM, _take)
    if taken is None:
        return False
    journal = structlog.get_logger().bind(job=taken.uid)
    try:
        run = ledger.perform(_orderer(ledger, taken), _issue, taken, try_out)
    except (Unavailable, DBAPIError):
        raise
    except SuyuanError as error:
        journal.info("run.refused", why=str(error))
        ledger.perform(SYSTEM, _fail, taken, Trouble.of(error))
    except Exception as error:  # a defect in one job must not end the worker
        trace = "".join(traceback.format_tb(error.__traceback__))
        journal.error("run.refused", error=type(error).__name__, trace=trace)
        ledger.perform(SYSTEM, _fail, taken, Trouble.of(DEFECT))
    else:
        journal.info("run.issued", run=run)
    return True


def _orderer(ledger: Ledger, taken: _Taken) -> Actor:
    """Who ordered the run, with what may be done today. Raises Forbidden, NotFound."""
    with ledger.database.read() as session:
        today = ledger.clock.now().date()
        return actor_of(session, taken.person_uid, taken.party_uid, today, taken.channel)


def _take(w: Writing) -> _Taken | None:
    """The job that waits longest, or one whose worker is gone; one begun too often fails."""
    oldest = sa.select(IssueJob).where(is_due(w.now)).order_by(IssueJob.id).limit(1)
    # one that is being issued at this moment is locked, however long that takes
    free = oldest.with_for_update(skip_locked=True, of=IssueJob)
    while job := w.session.scalars(free).first():
        if job.tries < job_limits().tries:
            job.state, job.tries, job.holder = "running", job.tries + 1, new_uid(w.now)
            job.held_until = w.now + job_limits().lease
            w.session.flush()
            return _Taken(job.uid, job.holder, job.person_uid, job.party_uid, job.channel)
        broken_off = Unavailable(
            "Issuing was broken off {tries} times, and is not tried again. Whoever runs this site "
            "finds the reason in its journal.",
            tries=job.tries,
        )
        _end(w, job, "failed", Trouble.of(broken_off))
    return None


def _issue(w: Writing, taken: _Taken, try_out: TryOut) -> str | None:
    """Issue the run and end its job; None where the job is not this worker's any more."""
    job = _held(w, taken)
    if job is None:
        return None
    run = issue_print_run(
        w,
        job.batch.trace_code,
        job.count,
        job.template,
        job.per_package,
        try_out=try_out,
        unbound=job.unbound,
        pins=job.pins,
        most=job_limits().most_issued,
    )
    job.print_run_id = print_run(w.session, run).id
    _end(w, job, "done", None)
    return run


def _fail(w: Writing, taken: _Taken, trouble: Trouble) -> None:
    job = _held(w, taken)
    if job is not None:
        _end(w, job, "failed", trouble)


def _held(w: Writing, taken: _Taken) -> IssueJob | None:
    """The job, locked, where it is still held by whom it was taken."""
    held = sa.select(IssueJob).where(
        IssueJob.uid == taken.uid, IssueJob.state == "running", IssueJob.holder == taken.holder
    )
    return w.session.scalars(held.with_for_update(of=IssueJob)).first()


def _end(w: Writing, job: IssueJob, state: str, trouble: Trouble | None) -> None:
    job.state, job.ended_at, job.held_until = state, w.now, None
    job.trouble = trouble.to_json() if trouble else None
    w.session.flush()
