"""Long runs that are issued in the background: ordered, watched, called off."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.schemas.print_jobs import IssueJobAnswer
from suyuan.api.schemas.shapes import Named, made
from suyuan.api.words import told
from suyuan.labels.from_facts import try_out
from suyuan.trace.acts import issue_jobs as acts
from suyuan.trace.jobs.facts import ENDED, Trouble
from suyuan.trace.jobs.issuing import issue_job
from suyuan.trace.jobs.tables import IssueJob

issue_jobs = ApiBlueprint("issue-jobs", "Long runs of labels, issued in the background.")

_RETRY = "2"
"""Seconds after which a job is worth another look."""


@issue_jobs.get("/issue-jobs/<uid:uid>", answer=IssueJobAnswer)
def read_issue_job(uid: str) -> Response:
    """Read whether a run is issued."""
    with reading() as session:
        return _answer(session, uid)


@issue_jobs.post("/issue-jobs/<uid:uid>/cancel", answer=Named)
def cancel_issue_job(uid: str) -> Response:
    """Call off a run that is not issued yet."""
    return made(perform(acts.cancel_issue_job, uid), f"/api/v1/issue-jobs/{uid}")


def ordered(body: dict[str, Any]) -> Response:
    """Order a run issued in the background: 202 and where the job is."""
    uid = perform(
        acts.order_print_run,
        body["trace_code"],
        body["count"],
        body["template"],
        body["per_package"],
        try_out=try_out,
        unbound=body["unbound"],
        pins=body["pins"],
    )
    with reading() as session:
        response = _answer(session, uid)
    response.status_code = 202
    response.headers["Location"] = f"/api/v1/issue-jobs/{uid}"
    return response


def _answer(session: Session, uid: str) -> Response:
    job = issue_job(session, uid)
    actor().require("print_labels", job.batch.party)
    response = jsonify(IssueJobAnswer.seen(_seen(job)))
    response.headers["Cache-Control"] = "no-store"
    if job.state not in ENDED:
        response.headers["Retry-After"] = _RETRY
    return response


def _seen(job: IssueJob) -> dict[str, Any]:
    trouble = Trouble.from_json(job.trouble) if job.trouble else None
    return {
        **{name: getattr(job, name, None) for name in IssueJobAnswer().fields},
        "trace_code": job.batch.trace_code,
        "print_run": job.run.uid if job.run else None,
        "trouble": trouble
        and {"kind": trouble.kind, "text": told(trouble.message, trouble.params)},
    }
