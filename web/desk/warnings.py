"""Warnings about the organisation at the desk, and where else they are sent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.contacts import ContactFacts, add_contact, end_contact, reveal_secret
from suyuan.trace.errors import SuyuanError
from suyuan.trace.notices.destinations import CHANNELS
from suyuan.trace.notices.queries import contacts_of
from suyuan.trace.notices.rules import called
from suyuan.web import warnings
from suyuan.web.desk import whom
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db
from suyuan.web.identity import perform, perform_secretly
from suyuan.web.showing import named
from suyuan.web.warnings import Links

views = Blueprint("warnings", __name__, url_prefix="/warnings")

LINKS: Links = {
    "trace_code": lambda code: url_for("desk.batches.page", code=code),
    "paper": lambda uid: url_for("desk.papers.page", uid=uid),
    "report": lambda uid: url_for("desk.reports.page", uid=uid),
    "event": lambda uid: url_for("desk.events.page", uid=uid),
    "shipment": lambda uid: url_for("desk.shipments.page", uid=uid),
}


@views.get("/")
def listed() -> str:
    """The warnings about the party chosen, newest first."""
    whom.require("read_trade")
    return warnings.listed("desk/warnings.html", whom.whom().id)


@views.route("/<uid>", methods=["GET", "POST"])
def page(uid: str) -> ResponseReturnValue:
    """A warning, what was done about it, and the forms for the next step."""
    files = "desk.evidence.file"
    return warnings.one(uid, "desk/warning.html", "desk.warnings.page", LINKS, files)


@views.route("/contacts", methods=["GET", "POST"])
def contacts() -> ResponseReturnValue:
    """Where warnings of the party chosen are sent beside the pages."""
    whom.require("manage_members")
    party, faults, status, secret = whom.whom(), dict[str, str](), 200, ""
    if request.method == "POST":
        try:
            if request.form.get("act") == "secret":
                secret = perform_secretly(reveal_secret, request.form.get("contact", ""))
            else:
                flash(_changed(party.uid), "done")
                return redirect(url_for("desk.warnings.contacts"))
        except SuyuanError as error:
            faults, status = faults_to_mend(error), error.status
    words = called("channels")
    page = render_template(
        "desk/warning_contacts.html",
        party=party,
        contacts=contacts_of(db(), party.id),
        channels=[(key, named(words[key])) for key in CHANNELS],
        severities=[(key, named(names)) for key, names in called("severities").items()],
        called=called,
        secret=secret,
        given=request.form,
        faults=faults,
    )
    return page, status


def _changed(party: str) -> str:
    """Add a contact or take one out; returns what to say of it."""
    if request.form.get("act") == "end":
        perform(end_contact, request.form.get("contact", ""))
        return str(gettext("Nothing is sent there any more."))
    given = request.form
    facts = ContactFacts(
        party, given.get("channel", ""), given.get("address", ""), given.get("least", "")
    )
    perform(add_contact, facts)
    return str(gettext("Warnings are sent there from now on."))
