"""Looking through organisations, checking and suspending them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.trace.acts.parties import check_party, reinstate_party, suspend_party
from suyuan.trace.errors import Forbidden, SuyuanError
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.tables import Party
from suyuan.web import identity
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db
from suyuan.web.guard import door

PAGE = 50
STATES = ("applied", "active", "suspended")
ACTS = {"check": check_party, "suspend": suspend_party, "reinstate": reinstate_party}


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/<any(inspect, admin):area>/parties", "listed", listed)
    blueprint.add_url_rule(
        "/<any(inspect, admin):area>/parties/<uid>", "one", one, methods=["GET", "POST"]
    )


def listed(area: str) -> ResponseReturnValue:
    """The organisations in the actor's divisions; for an operator, all. By state, in pages."""
    if away := door("approve_party"):
        return away
    actor = identity.current_actor()
    state = request.args.get("state", "")
    found = queries.parties(
        db(),
        after=request.args.get("after", 0, type=int),
        limit=PAGE + 1,
        state=state if state in STATES else None,
        within=_divisions(actor),
    )
    return render_template(
        "parties/listed.html",
        area=area,
        parties=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
        state=state,
        states=STATES,
    )


def one(area: str, uid: str) -> ResponseReturnValue:
    """One organisation with all that a checker weighs, and what can be decided about it."""
    if away := door("approve_party"):
        return away
    party = queries.party(db(), uid)
    _require_sight(identity.current_actor(), party)
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _decide(area, uid)
        except SuyuanError as error:
            faults = faults_by_field(error)
    page = render_template(
        "parties/one.html",
        area=area,
        party=queries.party(db(), uid),
        sites=queries.sites_of(db(), party.id),
        members=queries.members(db(), party.id),
        competences=queries.stated_competences(db(), party.id),
        checked_by=queries.person_by_id(db(), party.checked_by_id),
        faults=faults,
    )
    return (page, 422) if faults else page


def _decide(area: str, uid: str) -> Response:
    act = ACTS.get(request.form.get("act", ""))
    if act is None:
        abort(400)
    identity.perform(act, uid, request.form.get("reason", ""))
    flash(gettext("Saved."), "done")
    return redirect(url_for("parties.one", area=area, uid=uid))


def _divisions(actor: Actor) -> tuple[str, ...] | None:
    """Where the actor looks; None for everywhere."""
    return None if actor.party_kind == "platform_operator" else actor.supervised()


def _require_sight(actor: Actor, party: Party) -> None:
    if actor.party_kind != "platform_operator" and not any(
        divisions().contains(one, party.division) for one in actor.supervised()
    ):
        raise Forbidden("This party is outside your division.", field="party")
