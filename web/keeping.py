"""What is kept and for how long: legal holds, and what is due; for operators and for regulators.

A regulator sees the holds of its own organisation, an operator all of them and what is due.
"""

from __future__ import annotations

from itertools import islice

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.keeping import lift_legal_hold, place_legal_hold
from suyuan.trace.errors import SuyuanError
from suyuan.trace.records import SCHEMAS
from suyuan.trace.retention.due import due
from suyuan.trace.retention.queries import legal_holds
from suyuan.trace.retention.rules import retention_rules
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db, today
from suyuan.web.identity import current_actor, perform

MOST_DUE = 100
MOST_HOLDS = 200


def add_to(blueprint: Blueprint) -> None:
    """Put the page into ``blueprint``."""
    blueprint.add_url_rule("/kept", "kept", kept, methods=["GET", "POST"])


def kept() -> ResponseReturnValue:
    """The holds and what is due; places or lifts a hold."""
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _done()
        except SuyuanError as error:
            faults = faults_to_mend(error)
    actor = current_actor()
    operator = actor.may("administer")
    page = render_template(
        "kept.html",
        operator=operator,
        may=operator or (actor.party_kind == "regulator" and actor.may("hold")),
        own=actor.party_id,
        holds=legal_holds(db(), None if operator else actor.party_id, most=MOST_HOLDS),
        due=list(islice(due(db(), SCHEMAS, today()), MOST_DUE)) if operator else [],
        rules=retention_rules(),
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page


def _done() -> ResponseReturnValue:
    given = request.form
    if given.get("act") == "lift":
        perform(lift_legal_hold, given.get("hold", ""), given.get("reason", ""))
        flash(gettext("The legal hold was lifted."), "done")
    else:
        perform(place_legal_hold, given.get("about", ""), given.get("reason", ""))
        flash(gettext("The legal hold is in force: nothing of it is erased."), "done")
    return redirect(url_for(str(request.endpoint)))
