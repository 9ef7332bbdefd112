"""Applications for certifications that an authority issues here: the list, review, withdrawal."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.certified_amounts import harvest_behind
from suyuan.trace.acts.certifying import (
    approve_certification,
    may_review,
    refuse_certification,
)
from suyuan.trace.acts.papers import revoke_paper
from suyuan.trace.balance.land import area_of
from suyuan.trace.errors import Forbidden, InvalidInput, SuyuanError
from suyuan.trace.oversight.sight import evidence_sight, party_sight
from suyuan.trace.papers.applications import application, applications_for, may_withdraw
from suyuan.trace.papers.facts import ReviewFacts
from suyuan.trace.papers.tables import PaperApplication
from suyuan.trace.quantities import Quantity
from suyuan.web import identity
from suyuan.web.desk.forms.application import LARGEST_AREA
from suyuan.web.desk.sheet import typed
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db, now
from suyuan.web.identity import current_actor

PAGE = 50


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/applications", "applications", listed)
    blueprint.add_url_rule("/applications/<uid>", "application", one, methods=both)


def listed() -> str:
    """What the one who asks is competent for, newest first: undecided, or all with ``?all=1``."""
    open_only = "all" not in request.args
    before = request.args.get("before", type=int)
    found = applications_for(
        db(), current_actor(), open_only=open_only, before=before, limit=PAGE + 1
    )
    return render_template(
        "inspect/applications.html",
        applications=found[:PAGE],
        open_only=open_only,
        before=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def one(uid: str) -> ResponseReturnValue:
    """An application with its land and documents; approving, refusing, and later withdrawing."""
    asked = application(db(), uid)
    if "trade" not in party_sight(current_actor(), asked.applicant):
        raise Forbidden("You are not competent for this organisation.", "application")
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            flash(_done(asked), "done")
            return redirect(url_for("inspect.application", uid=uid))
        except SuyuanError as error:
            faults = faults_to_mend(error)
    return _page(asked, faults)


def _done(asked: PaperApplication) -> str:
    """Do what was sent; what to say of it."""
    act, reason = request.form.get("act", ""), request.form.get("reason", "")
    if act == "approve":
        identity.perform(approve_certification, asked.uid, _review())
        return str(gettext("The certification is issued and stands in the register."))
    if act == "refuse":
        identity.perform(refuse_certification, asked.uid, reason)
        return str(gettext("The application was refused."))
    if act == "withdraw" and asked.paper is not None:
        identity.perform(revoke_paper, asked.paper.uid, reason)
        return str(gettext("The certification was withdrawn. Pages and status list say so."))
    raise InvalidInput("Choose whether to approve or to refuse.", "act")


def _review() -> ReviewFacts:
    given = typed()
    review = ReviewFacts(
        against=given.text("against", required=True),
        area_m2=given.whole_number("area_m2", 1, LARGEST_AREA),
        amount=given.quantity("amount"),
        months=given.whole_number("months", 1, 1200),
    )
    given.finish()
    return review


def _page(asked: PaperApplication, faults: dict[str, str]) -> ResponseReturnValue:
    actor = current_actor()
    harvest = harvest_behind(asked)
    page = render_template(
        "inspect/application.html",
        asked=asked,
        amount=Quantity(asked.amount, asked.unit),
        harvest=harvest,
        there=area_of(asked.sites),
        files=[
            (file, file.disclosure in evidence_sight(db(), actor, file, now=now()))
            for file in asked.evidence
        ],
        may_review=may_review(db(), actor, asked),
        may_withdraw=asked.paper is not None
        and asked.paper.state == "valid"
        and may_withdraw(actor, asked),
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page
