"""A background job in words and as JSON, whether it issues a run or draws its labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from sqlalchemy.orm import Session

from suyuan.commands.speech import spoken
from suyuan.trace.acts.issue_jobs import cancel_issue_job
from suyuan.trace.acts.print_jobs import cancel_print_job
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.clock import utc_text
from suyuan.trace.jobs.facts import Trouble
from suyuan.trace.jobs.issuing import find_issue_job
from suyuan.trace.jobs.queries import print_job
from suyuan.trace.jobs.tables import IssueJob, PrintJob


@dataclass(frozen=True)
class JobTold:
    """How a job stands: ``made`` of its ``labels`` are done. ``cancel`` is the act that calls it
    off; ``line`` is for people."""

    state: str
    made: int
    labels: int
    party_id: int
    cancel: Callable[[Writing, str], str]
    line: str
    as_json: dict[str, Any]


def find_job(session: Session, uid: str) -> JobTold:
    """The job of either kind with this name. Raises NotFound."""
    return one_job(find_issue_job(session, uid) or print_job(session, uid))


@singledispatch
def one_job(job: object) -> JobTold:
    """How a job stands now."""
    raise TypeError(job)


@one_job.register
def _drawing(job: PrintJob) -> JobTold:
    line = f"{job.uid}  {job.state:9}  {job.made}/{job.labels}  {job.output['form']}"
    if job.sha256:
        line += f"  {job.size} bytes  {job.sha256}"
    said = {
        "job": job.uid,
        "task": "draw",
        "print_run": job.run.uid,
        "output": job.output,
        "state": job.state,
        "made": job.made,
        "labels": job.labels,
        "tries": job.tries,
        "ordered_at": utc_text(job.ordered_at),
        "sha256": job.sha256,
        "size": job.size,
        "why": _why(job),
    }
    return _told(job, job.made, job.labels, job.run.party_id, cancel_print_job, line, said)


@one_job.register
def _issuing(job: IssueJob) -> JobTold:
    """All codes of a run are issued in one transaction: none, then all."""
    made = job.count if job.state == "done" else 0
    line = f"{job.uid}  {job.state:9}  {made}/{job.count}  issue {job.template}"
    if job.run is not None:
        line += f"  {job.run.uid}"
    said = {
        "job": job.uid,
        "task": "issue",
        "print_run": job.run.uid if job.run else None,
        "trace_code": job.batch.trace_code,
        "template": job.template,
        "state": job.state,
        "made": made,
        "labels": job.count,
        "tries": job.tries,
        "ordered_at": utc_text(job.ordered_at),
        "why": _why(job),
    }
    return _told(job, made, job.count, job.batch.party_id, cancel_issue_job, line, said)


def _told(
    job: PrintJob | IssueJob,
    made: int,
    labels: int,
    party_id: int,
    cancel: Callable[[Writing, str], str],
    line: str,
    said: dict[str, Any],
) -> JobTold:
    why = said["why"]
    shown = f"{line}  {why}" if why else line
    return JobTold(job.state, made, labels, party_id, cancel, shown, said)


def _why(job: PrintJob | IssueJob) -> str | None:
    return spoken(Trouble.from_json(job.trouble).as_error()) if job.trouble else None
