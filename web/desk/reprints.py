"""Labels that are printed once more: put on record, then drawn."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from suyuan.labels.from_facts import write_labels
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.reprinting import reprint_labels
from suyuan.trace.errors import InvalidInput
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import codes_of, number_of
from suyuan.trace.printing.reprints import reprint, reprints_of
from suyuan.web.desk.printing import chosen_output, require_recorded_drawing, run_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, ledger
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("reprints", __name__)


@views.route("/runs/<uid>/reprint", methods=["GET", "POST"])
def new(uid: str) -> Answer:
    """Say which labels of a run are printed again, and why."""
    run = run_seen(uid)

    def draw(sheet: Sheet) -> str:
        told = reprints_of(db(), run.id)
        return render_template("desk/reprint.html", sheet=sheet, run=run, reprints=told)

    def send() -> Done:
        given = typed()
        first = given.text("first", most=40, required=True)
        last = given.text("last", most=40) or first
        reason = given.text("reason", most=500, required=True)
        given.finish()
        ends = number_of(db(), run, first, "first"), number_of(db(), run, last, "last")
        if job_limits().in_background("pdf", ends[1] - ends[0] + 1):
            raise InvalidInput(
                "So many labels take a while to draw: print them again in several parts.",
                field="last",
            )
        told = perform_once(
            once(("reprint", uid, *ends, reason)), reprint_labels, uid, *ends, reason
        )
        return Done(
            url_for("desk.reprints.page", uid=told), gettext("It is on record. Print them now.")
        )

    return answered(draw, send, prefilled={"first": request.args.get("first", "")[:12]})


@views.get("/reprints/<uid>")
def page(uid: str) -> str:
    """A reprint on record, and its labels to download."""
    told = reprint(db(), uid)
    return render_template("desk/reprint_page.html", reprint=told, run=run_seen(told.run.uid))


@views.route("/reprints/<uid>/labels", methods=["GET", "POST"])
def labels(uid: str) -> Response:
    """The labels of a reprint, and no others."""
    told = reprint(db(), uid)
    run, output, secret = run_seen(told.run.uid), chosen_output(), None
    facts = facts_to_draw(db(), run.uid)
    if run.pins:
        require_recorded_drawing(request.method)
        ledger().perform(current_actor(), draw_pins, run.uid)
        secret = ledger().keys.secret
    out = BytesIO()
    codes = codes_of(db(), run.uid, secret, first=told.first, last=told.last)
    write_labels(run.template, facts, codes, out, output)
    response = Response(out.getvalue(), mimetype=output.media_type)
    name = f"labels-{run.uid}-{told.first}-{told.last}{output.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
