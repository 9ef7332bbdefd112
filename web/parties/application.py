"""Applying for an organisation: from outside, or at a station for somebody who came in."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from suyuan.trace.acts.parties import apply_for_party, apply_from_outside
from suyuan.trace.errors import SuyuanError
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import STRANGER
from suyuan.trace.parties.facts import PartyFacts
from suyuan.trace.parties.roles import OrganisationKind, Rights
from suyuan.web import identity
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db
from suyuan.web.guard import door
from suyuan.web.places import Ambiguous, division_of


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/apply", "apply", apply, methods=["GET", "POST"])
    blueprint.add_url_rule("/desk/apply", "apply_at_desk", apply_at_desk, methods=["GET", "POST"])


def apply() -> ResponseReturnValue:
    """The form of an application, and its being taken."""
    faults: dict[str, str] = {}
    choices: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            uid = _take(_facts())
        except Ambiguous as error:
            faults = faults_by_field(error)
            choices = [(one.code, one.code) for one in error.choices]
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            return render_template("parties/applied.html", party=queries.party(db(), uid))
    page = render_template(
        "parties/apply.html",
        faults=faults,
        kinds=_kinds_offered(),
        choices=choices,
        given=request.form,
        at_desk=_at_desk(),
    )
    return (page, 422) if faults else page


def apply_at_desk() -> ResponseReturnValue:
    """The same for those who apply for others; strangers apply at ``/apply``, held to a rate."""
    return door("apply_party") or apply()


def _take(facts: PartyFacts) -> str:
    if _at_desk():
        return identity.perform(apply_for_party, facts)
    return identity.perform_as(STRANGER, apply_from_outside, facts)


def _at_desk() -> bool:
    """Whether somebody applies for others: signed in, and allowed to."""
    if identity.signed_in() is None:
        return False
    try:
        return identity.current_actor().may("apply_party")
    except SuyuanError:
        return False


def _facts() -> PartyFacts:
    given = request.form
    return PartyFacts(
        kind=given.get("kind", ""),
        name=given.get("name", ""),
        division=division_of(given.get("division", "")),
        names={code: given[f"name_{code}"] for code in ("bo", "en") if given.get(f"name_{code}")},
        uscc=given.get("uscc") or None,
        address=given.get("address", ""),
        phone=given.get("phone", ""),
        supervision_phone=given.get("supervision_phone", ""),
        parent=_parent(given.get("member_of_mine")),
        undertaking=given.get("undertaking") == "yes",
    )


def _parent(ticked: str | None) -> str | None:
    return identity.current_actor().party_uid if ticked == "yes" and _at_desk() else None


def _kinds_offered() -> list[OrganisationKind]:
    everything = _at_desk() and identity.current_actor().may("administer")
    kinds = Rights.load().organisation_kinds.values()
    return [kind for kind in kinds if everything or not kind.second_factor]
