"""The members of an organisation: who they are, what they may do, and their ways back in."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.trace.acts.opening import instance_of
from suyuan.trace.acts.parties import sign_undertaking
from suyuan.trace.acts.people import add_person, end_role, grant_role, make_link
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import SuyuanError
from suyuan.trace.parties import queries
from suyuan.trace.parties.facts import PersonFacts
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Membership, Party, Person
from suyuan.trace.spans import span
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db
from suyuan.web.guard import guarded
from suyuan.web.identity import acting_for, current_actor, perform, perform_secretly

blueprint = guarded(Blueprint("members", __name__, url_prefix="/desk/members"), "manage_members")


@blueprint.route("/", methods=["GET", "POST"])
def listed() -> ResponseReturnValue:
    """The members of one's own organisation, or of one it serves (``?party=``); add one."""
    party = _party()
    faults: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            _add(party)
        except SuyuanError as error:
            faults, status = faults_by_field(error), error.status
        else:
            flash(gettext("The member was added. Make a link for the first sign-in."), "done")
            return _back(party)
    page = render_template(
        "members/listed.html",
        party=party,
        members=_by_person(queries.members(db(), party.id)),
        roles_known=Rights.load().organisation_kind(party.kind).roles,
        served=queries.served_parties(db(), current_actor()),
        given=request.form,
        faults=faults,
    )
    return page, status


@blueprint.post("/<person>/roles")
def change_role(person: str) -> Response:
    """Give a member a further role, or end one."""
    party = _party()
    act = end_role if request.form.get("act") == "end" else grant_role
    perform(act, person, party.uid, request.form.get("role", ""))
    return _back(party)


@blueprint.post("/<person>/link")
def link(person: str) -> str:
    """Make a link for a first sign-in or a forgotten PIN: shown once, to be handed over."""
    party = _party()
    minutes = span("one_time_link") // timedelta(minutes=1)
    secret = perform_secretly(make_link, person, "reset", minutes)
    return render_template(
        "members/link.html",
        party=party,
        person=queries.person(db(), person),
        address=f"{_site()}{url_for('sign_in.enter_by_link', token=secret)}",
        hours=minutes // 60,
    )


@blueprint.post("/undertaking")
def undertaking() -> Response:
    """The head gives the undertaking to tell the truth."""
    party = _party()
    perform(sign_undertaking, party.uid)
    return _back(party)


def _site() -> str:
    """The site by its own name: whoever asked may have named another in the request."""
    return str(label_host(instance_of(db()).hosts))


def _party() -> Party:
    """The organisation meant. Raises NotFound, Forbidden."""
    uid = request.values.get("party")
    party = queries.party(db(), uid) if uid else acting_for()
    current_actor().require("manage_members", party)
    return party


def _add(party: Party) -> None:
    given = request.form
    facts = PersonFacts(
        name=given.get("name", ""),
        phone=given.get("phone", ""),
        language=given.get("language", "zh"),
    )
    perform(add_person, facts, party.uid, given.get("role", ""))


def _by_person(members: list[Membership]) -> dict[Person, list[Membership]]:
    found: dict[Person, list[Membership]] = {}
    for one in members:
        found.setdefault(one.person, []).append(one)
    return found


def _back(party: Party) -> Response:
    return redirect(url_for("members.listed", party=party.uid))
