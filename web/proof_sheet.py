"""The bilingual proof sheet of a language office: the Tibetan that waits, and its word on each."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.bilingual import approve_tibetan, refuse_tibetan
from suyuan.trace.bilingual.proof_sheet import looked_at, waiting
from suyuan.trace.errors import InvalidInput, SuyuanError
from suyuan.web import identity
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db, ledger
from suyuan.web.guard import guarded
from suyuan.web.identity import current_actor

PAGE = 50
blueprint = guarded(Blueprint("proof_sheet", __name__), "approve_tibetan")


@blueprint.route("/proof-sheet", methods=["GET", "POST"])
def page() -> ResponseReturnValue:
    """What waits in the office's division, what it has said, and the two forms for each text."""
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            flash(_said(), "done")
            return redirect(url_for("proof_sheet.page"))
        except SuyuanError as error:
            faults = faults_to_mend(error)
    division, before = current_actor().division, request.args.get("before", type=int)
    decided = looked_at(db(), division, before=before, limit=PAGE + 1)
    drawn = render_template(
        "proof_sheet.html",
        waiting=waiting(db(), ledger().families, division),
        decided=decided[:PAGE],
        before=decided[PAGE - 1].id if len(decided) > PAGE else None,
        division=division,
        given=request.form,
        faults=faults,
    )
    return (drawn, 422) if faults else drawn


def _said() -> str:
    """Do what was sent; what to say of it."""
    given = request.form
    zh, bo = given.get("zh", ""), given.get("bo", "")
    if given.get("act") == "approve":
        identity.perform(approve_tibetan, zh, bo)
        return str(gettext("Approved: labels carry it from now on."))
    if given.get("act") == "refuse":
        identity.perform(refuse_tibetan, zh, bo, given.get("reason", ""))
        return str(gettext("Refused: labels printed from now on leave it out."))
    raise InvalidInput("Choose whether to approve or to refuse.", "act")
