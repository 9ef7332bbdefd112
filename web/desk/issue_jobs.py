"""Long runs that are issued in the background: how far they are, and calling them off."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.api.words import N_
from suyuan.trace.acts.issue_jobs import cancel_issue_job
from suyuan.trace.jobs.facts import ENDED, Trouble
from suyuan.trace.jobs.issuing import issue_job
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import IssueJob
from suyuan.web.error_pages import say
from suyuan.web.ground import db, now
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("issue_jobs", __name__, url_prefix="/issue-jobs")

STATES: Mapping[str, str] = {
    "waiting": N_("The codes of these labels wait to be issued."),
    "running": N_("The codes of these labels are being issued: all of them, or none."),
    "failed": N_("These labels were not issued."),
    "cancelled": N_("These labels were called off: no code was issued."),
}


@views.get("/<uid>")
def page(uid: str) -> str | Response:
    """How far a run is; once it is issued, the run itself."""
    job = _seen(uid)
    if job.run is not None:
        return redirect(url_for("desk.printing.run", uid=job.run.uid))
    late = now() - job.ordered_at > job_limits().lease
    return render_template(
        "desk/issue_job.html",
        job=job,
        says=gettext(STATES[job.state]),
        going_on=job.state not in ENDED,
        is_late=late and job.state == "waiting",
        trouble=say(Trouble.from_json(job.trouble).as_error()) if job.trouble else "",
    )


@views.post("/<uid>/cancel")
def cancel(uid: str) -> Response:
    """Call a run off that is not issued yet."""
    _seen(uid)
    perform_once(once(("cancel", uid)), cancel_issue_job, uid)
    return redirect(url_for("desk.issue_jobs.page", uid=uid))


def _seen(uid: str) -> IssueJob:
    job = issue_job(db(), uid)
    current_actor().require("print_labels", job.batch.party)
    return job
