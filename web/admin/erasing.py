"""Erasing personal data, by whoever runs the platform: look up first, then say why and that it is
meant. What goes and what stays stands beside the button.

Looking up is a POST too: a telephone number in an address would stay in the journals of servers.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts import erasing
from suyuan.trace.acts.people import e164
from suyuan.trace.errors import InvalidInput, NotFound, SuyuanError
from suyuan.trace.log.dropping import reasons
from suyuan.trace.parties import queries
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db
from suyuan.web.identity import perform


@dataclass(frozen=True)
class Found:
    """What may be erased: ``what`` it is, its uid or id, and its personal fields."""

    what: str
    id: str
    name: str
    fields: tuple[str, ...]


def add_views(blueprint: Blueprint) -> None:
    """The page of erasures, on the operator's blueprint."""
    blueprint.route("/erase", methods=["GET", "POST"])(erase_personal)


def erase_personal() -> ResponseReturnValue:
    """Look up a person, an organisation or a record, and erase what is personal of it."""
    faults: dict[str, str] = {}
    found = None
    try:
        found = _found()
        if request.form.get("act") == "erase" and found is not None:
            return _erased(found)
    except SuyuanError as error:
        faults = faults_by_field(error)
    page = render_template(
        "admin/erase.html",
        found=found,
        reasons=reasons().values(),
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page


def _found() -> Found | None:
    given = request.form
    if phone := given.get("phone", "").strip():
        known = queries.person_by_phone(db(), e164(phone))
        if known is None:
            raise NotFound("Nobody signs in by this number.", field="phone")
        return Found("person", known.uid, known.name, ("name", "phone"))
    if uid := given.get("person", "").strip():
        return Found("person", uid, queries.person(db(), uid).name, ("name", "phone"))
    if uid := given.get("party", "").strip():
        party = queries.party(db(), uid, "party")
        return Found("party", uid, party.name, erasing.personal_of_party(db(), uid))
    if id_ := given.get("record", "").strip():
        return Found("record", id_, id_, erasing.personal_of(db(), id_))
    return None


def _erased(found: Found) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    if request.form.get("sure") != "yes":
        raise InvalidInput("Say that this is meant: it cannot be brought back.", "sure")
    if found.what == "person":
        said = perform(erasing.erase_person, found.id, reason)
    elif found.what == "party":
        said = perform(erasing.erase_party, found.id, reason)
    else:
        said = perform(erasing.erase, found.id, request.form.getlist("fields"), reason)
    flash(gettext("Erased. The log says so in %(records)s.", records=", ".join(said)), "done")
    flash(
        gettext(
            "The files of the database hold it until suyuan erase rewrite is run on the server."
        ),
        "done",
    )
    return redirect(url_for("admin.erase_personal"))
