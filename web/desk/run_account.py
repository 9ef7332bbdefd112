"""What became of the labels of a run: those that were spoiled, returned or lost."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.printing.account import FATES, Fate, account_of
from suyuan.trace.printing.queries import number_of
from suyuan.web.desk.printing import run_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db
from suyuan.web.identity import perform_once
from suyuan.web.once import once

views = Blueprint("run_account", __name__)

FATE_WORDS = {
    "spoiled": lazy_gettext("spoiled: torn, or printed badly"),
    "returned": lazy_gettext("returned: brought back unused"),
    "lost": lazy_gettext("lost"),
}


@views.route("/runs/<uid>/ended", methods=["GET", "POST"])
def ended(uid: str) -> Answer:
    """Say that some labels, one after the other, were spoiled, returned or lost."""
    run = run_seen(uid)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/run_ended.html",
            sheet=sheet,
            run=run,
            account=account_of(db(), run),
            fates=[(fate, FATE_WORDS[fate]) for fate in FATES],
        )

    def send() -> Done:
        given = typed()
        first = given.text("first", required=True)
        last = given.text("last") or first
        fate = cast(Fate, given.one_of("fate", FATES))
        reason = given.text("reason", most=500, required=True)
        given.finish()
        told = number_of(db(), run, first, "first"), number_of(db(), run, last, "last")
        perform_once(
            once(("ended", uid, *told, fate, reason)), end_labels, uid, *told, fate, reason
        )
        return Done(url_for("desk.printing.run", uid=uid), gettext("These labels are void."))

    return answered(draw, send, prefilled={"first": request.args.get("first", "")[:12]})
