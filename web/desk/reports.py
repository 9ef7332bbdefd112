"""Test reports, entered as the laboratory wrote them."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.acts.objections import object_to_report
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.errors import Forbidden
from suyuan.trace.quality.against import contested, words_of
from suyuan.trace.quality.queries import (
    judged_in,
    objections_to,
    reports_entered_by,
    retests_of,
)
from suyuan.trace.quality.queries import report as report_with
from suyuan.trace.release.gate import against_items
from suyuan.web.desk import whom
from suyuan.web.desk.forms.register import REPORT_KINDS, read_report
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.error_pages import say
from suyuan.web.ground import db
from suyuan.web.identity import acting_for, current_actor, perform_once
from suyuan.web.once import once
from suyuan.web.samples import answered as answered_samples

views = Blueprint("reports", __name__, url_prefix="/reports")


@views.get("/")
def listed() -> str:
    """The reports that one's organisation entered."""
    return render_template("desk/reports.html", reports=reports_entered_by(db(), acting_for().id))


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter a report with its lines."""
    current_actor().require("enter_test_report")

    def draw(sheet: Sheet) -> str:
        return render_template("desk/report_new.html", sheet=sheet, kinds=REPORT_KINDS)

    def send() -> Done:
        facts = read_report(typed())
        # the file belongs to whoever enters the report, whosever the batches are
        uid = send_once(enter_test_report, facts, acting_for().uid, sent_files()[:1])
        return Done(url_for("desk.reports.page", uid=uid), gettext("The report was entered."))

    own = acting_for()
    laboratory = own.name if own.kind == "laboratory" else ""
    prefilled = {
        "batches": request.args.get("batch", "")[:40],
        "laboratory": laboratory,
        "kind": "laboratory",
        "retest_of": request.args.get("retest_of", "")[:26],
    }
    return answered(draw, send, prefilled=prefilled)


@views.get("/<uid>")
def page(uid: str) -> str:
    """A report with its lines."""
    report = report_with(db(), uid)
    actor, party = current_actor(), whom.whom()
    concerned = report.entered_by_id in (actor.party_id, party.id) or any(
        actor.may_for("read_trade", batch.party) for batch in report.batches
    )
    if not concerned:
        raise Forbidden("This report is on batches of others.", "test_report")
    return render_template(
        "desk/report.html",
        report=report,
        judged=judged_in(db(), report),
        against=against_items(words_of(db(), report)),
        contested=contested(db(), report),
        say_item=say,
        trace_codes={one.id: one.trace_code for one in report.batches},
        objections=objections_to(db(), report),
        retests=retests_of(db(), report),
        samples=answered_samples(report),
        may_object=any(actor.may_for("enter_test_report", one.party) for one in report.batches),
    )


@views.route("/<uid>/object", methods=["GET", "POST"])
def objection(uid: str) -> Answer:
    """Object to a report that went against one's goods, with the reason."""
    report = report_with(db(), uid)
    if not any(current_actor().may_for("enter_test_report", one.party) for one in report.batches):
        raise Forbidden("Only whoever answers for the tested goods objects.", "report")

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=report.batches[0],
            title=gettext("Object to the report"),
            means=gettext(
                "Another laboratory then tests again, and its result is final. Until then the "
                "goods stay held."
            ),
            do=gettext("Object"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        perform_once(once(("object", uid, reason)), object_to_report, uid, reason)
        return Done(url_for("desk.reports.page", uid=uid), gettext("The objection is on record."))

    return answered(draw, send)
