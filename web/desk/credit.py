"""The organisation's own yearly assessments, and objecting to one within its time."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.credit import object_to_assessment
from suyuan.trace.credit.queries import assessments_of
from suyuan.trace.errors import SuyuanError
from suyuan.web.credits import Links, told
from suyuan.web.desk import whom
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db, today
from suyuan.web.identity import perform

views = Blueprint("credit", __name__, url_prefix="/credit")

LINKS: Links = {
    "warnings": lambda uid: url_for("desk.warnings.page", uid=uid),
    "papers_revoked": lambda uid: url_for("desk.papers.page", uid=uid),
    "failed_batches": lambda uid: url_for("desk.reports.page", uid=uid),
    "forbidden_found": lambda uid: url_for("desk.reports.page", uid=uid),
}


@views.route("/", methods=["GET", "POST"])
def page() -> ResponseReturnValue:
    """All assessments of the party chosen, the newest first; one that is announced is objected to
    here."""
    whom.require("read_trade")
    party, faults = whom.whom(), dict[str, str]()
    if request.method == "POST":
        try:
            perform(
                object_to_assessment,
                request.form.get("assessment", ""),
                request.form.get("objection", ""),
            )
            flash(gettext("Your objection is with the authority."), "done")
            return redirect(url_for("desk.credit.page"))
        except SuyuanError as error:
            faults = faults_to_mend(error)
    page = render_template(
        "desk/credit.html",
        party=party,
        history=[(one, told(one.assessment, LINKS)) for one in assessments_of(db(), party.id)],
        today=today(),
        may_object=whom.may("object_to_credit"),
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page
