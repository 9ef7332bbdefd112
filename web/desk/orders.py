"""Holding and recalling a batch with all that was made of it, and lifting that again."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from suyuan.trace.acts import orders
from suyuan.trace.errors import Forbidden
from suyuan.trace.release import queries
from suyuan.trace.release.rules import may_lift
from suyuan.web.desk.reading import batch_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("orders", __name__)


@views.route("/batches/<code>/<any(hold, recall):kind>", methods=["GET", "POST"])
def order(code: str, kind: str) -> Answer:
    """Stop a batch, or call it back, with the reason."""
    batch = batch_seen(code)
    actor = current_actor()
    if actor.party_kind != "regulator":
        actor.require(kind, batch.party)
    act = orders.hold if kind == "hold" else orders.recall

    def draw(sheet: Sheet) -> str:
        means = gettext(
            "It and everything made of it cannot be shipped, sold or printed until this is "
            "lifted. Whoever scans a label reads it at once."
        )
        title = gettext("Hold the batch") if kind == "hold" else gettext("Recall the batch")
        return render_template(
            "desk/reason.html", sheet=sheet, batch=batch, title=title, means=means, do=title
        )

    def send() -> Done:
        reason = _reason()
        perform_once(once((kind, batch.trace_code, reason)), act, batch.trace_code, reason)
        said = (
            gettext("The batch is held.") if kind == "hold" else gettext("The batch is recalled.")
        )
        return Done(url_for("desk.batches.page", code=batch.trace_code), said)

    return answered(draw, send)


@views.route("/orders/<uid>/lift", methods=["GET", "POST"])
def lift(uid: str) -> Answer:
    """End an order, with the reason."""
    in_force = queries.order(db(), uid)
    batch = batch_seen(in_force.batch.trace_code)
    current_actor().require(in_force.kind)
    if not may_lift(current_actor(), in_force):
        raise Forbidden(
            "Only whoever gave this order, or a competent regulator, lifts it.", "order"
        )

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=batch,
            title=gettext("Lift the order"),
            means=gettext("Ordered because: %(reason)s", reason=in_force.reason),
            do=gettext("Lift"),
        )

    def send() -> Done:
        reason = _reason()
        perform_once(once(("lift", uid, reason)), orders.lift, uid, reason)
        return Done(
            url_for("desk.batches.page", code=batch.trace_code), gettext("The order is lifted.")
        )

    return answered(draw, send)


def _reason() -> str:
    given = typed()
    reason = given.text("reason", most=500, required=True)
    given.finish()
    return reason
