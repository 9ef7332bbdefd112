"""The places of a party."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from suyuan.trace.acts.parties import add_site
from suyuan.trace.parties.divisions import Division
from suyuan.trace.parties.site_kinds import site_kinds
from suyuan.web.desk import whom
from suyuan.web.desk.forms.register import read_site
from suyuan.web.desk.reading import sites
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.identity import perform_once
from suyuan.web.once import once
from suyuan.web.places import Ambiguous

views = Blueprint("sites", __name__, url_prefix="/sites")


@views.get("/")
def listed() -> str:
    """The places of the party chosen."""
    return render_template("desk/sites.html", sites=sites())


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Add a place."""
    whom.require("register_site")
    several: list[Division] = []

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/site_new.html", sheet=sheet, kinds=site_kinds(), several=several
        )

    def send() -> Done:
        try:
            facts = read_site(typed(), whom.whom().uid)
        except Ambiguous as error:
            several.extend(error.choices)
            raise
        perform_once(once(facts), add_site, facts)
        return Done(url_for("desk.sites.listed"), gettext("The place was added."))

    return answered(draw, send, prefilled={"division": whom.whom().division})
