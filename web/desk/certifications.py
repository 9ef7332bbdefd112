"""Certifications that an authority issues here: applied for, and what became of it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.acts.certifying import apply_for_certification
from suyuan.trace.errors import Forbidden
from suyuan.trace.papers.applications import application
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.own_certifications import own_certification, own_certifications
from suyuan.trace.products.queries import products_of
from suyuan.web.desk import whom
from suyuan.web.desk.forms.application import read_application
from suyuan.web.desk.reading import sites
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db
from suyuan.web.identity import current_actor

views = Blueprint("certifications", __name__, url_prefix="/certifications")


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose the certification, then say what it is asked for."""
    whom.require("register_paper")
    key = request.values.get("kind", "")
    if not key:
        kinds = [PaperKinds.load().get(one) for one in own_certifications()]
        return render_template("desk/certification_kinds.html", kinds=kinds)
    own, kind = own_certification(key), PaperKinds.load().get(key)
    goods = [(one.uid, one.name) for one in products_of(db(), whom.whom().id)]
    land = [(one.uid, one.name) for one in sites()] if own.asks_for_land else []

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/certification_new.html", sheet=sheet, own=own, kind=kind, goods=goods, land=land
        )

    def send() -> Done:
        party = whom.whom()
        facts = read_application(typed(), party.uid, own, dict(goods), dict(land))
        uid = send_once(apply_for_certification, facts, party.uid, sent_files())
        page = url_for("desk.certifications.page", uid=uid)
        return Done(page, gettext("The application is with the authority."))

    months = kind.term.months
    return answered(
        draw,
        send,
        prefilled={
            "renews": request.args.get("renews", "")[:26],
            "months": str(months) if months else "",
        },
    )


@views.get("/<uid>")
def page(uid: str) -> str:
    """An application: what was asked for, and how it stands."""
    asked, actor = application(db(), uid), current_actor()
    if asked.applicant_id != whom.whom().id and not actor.may_for("read_trade", asked.applicant):
        raise Forbidden("This application is another organisation's.", "application")
    return render_template("desk/certification.html", asked=asked)
