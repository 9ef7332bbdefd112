"""Labels that are drawn in the background: how far they are, calling them off, their file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.api.words import N_
from suyuan.labels.from_facts import try_output
from suyuan.labels.output import MEDIA_TYPES, Output
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.print_jobs import cancel_print_job, order_print_job
from suyuan.trace.errors import Conflict
from suyuan.trace.jobs.facts import ENDED, Trouble
from suyuan.trace.jobs.queries import file_to_print, print_job
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.tables import PrintRun
from suyuan.web.error_pages import say
from suyuan.web.ground import db, ledger, now, settings
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("print_jobs", __name__, url_prefix="/print-jobs")

STATES: Mapping[str, str] = {
    "waiting": N_("These labels wait to be drawn."),
    "running": N_("These labels are being drawn."),
    "done": N_("These labels are drawn."),
    "failed": N_("These labels could not be drawn."),
    "cancelled": N_("These labels were called off."),
}


@views.get("/<uid>")
def page(uid: str) -> str:
    """How far a job is, and its file once it is done."""
    job = _seen(uid)
    late = now() - job.ordered_at > job_limits().lease
    return render_template(
        "desk/print_job.html",
        job=job,
        run=job.run,
        says=gettext(STATES[job.state]),
        going_on=job.state not in ENDED,
        is_late=late and job.state == "waiting",
        trouble=say(Trouble.from_json(job.trouble).as_error()) if job.trouble else "",
    )


@views.post("/<uid>/cancel")
def cancel(uid: str) -> Response:
    """Call a job off."""
    _seen(uid)
    perform_once(once(("cancel", uid)), cancel_print_job, uid)
    return redirect(url_for("desk.print_jobs.page", uid=uid))


@views.route("/<uid>/file", methods=["GET", "POST"])
def file(uid: str) -> Response:
    """The file of a job. One with scratch PINs is sent for, not read: that is put on record."""
    job = _seen(uid)
    kept = file_to_print(db(), job, settings().labels_folder, ledger().keys.secret)
    if job.run.pins:
        if request.method != "POST":
            raise Conflict(
                "These labels carry scratch PINs. Download them from the page of the job, which "
                "puts it on record.",
                field="print_job",
            )
        ledger().perform(current_actor(), draw_pins, job.run.uid)
    output = Output(**job.output)
    response = Response(kept.portions(), mimetype=output.media_type)
    response.content_length = job.size or 0
    name = f"labels-{job.run.uid}{output.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def long_from() -> int:
    """From how many labels on a run may be drawn in the background, in some form."""
    return min(job_limits().at_once[form] for form in MEDIA_TYPES) + 1


def is_long(run: PrintRun, output: Output) -> bool:
    """Whether nobody should wait for these labels."""
    return job_limits().in_background(output.form, run.count)


def ordered(run: PrintRun, output: Output) -> Response:
    """Order the labels of a run, and go where it is told how far they are."""
    if request.method != "POST":
        raise Conflict(
            "These labels take a while to draw. Order them from the page of the run.",
            field="print_run",
        )
    wanted = asdict(output)
    uid = perform_once(
        once(("draw", run.uid, sorted(wanted.items(), key=lambda one: one[0]))),
        order_print_job,
        run.uid,
        wanted,
        try_out=try_output(output),
    )
    return redirect(url_for("desk.print_jobs.page", uid=uid))


def _seen(uid: str) -> PrintJob:
    job = print_job(db(), uid)
    current_actor().require("print_labels", db().get_one(Party, job.run.party_id))
    return job
