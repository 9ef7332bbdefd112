"""Holding and recalling a batch with all that was made of it, and lifting that again."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from suyuan.trace.acts import orders
from suyuan.trace.acts.recalls import finish_recall
from suyuan.trace.errors import Forbidden
from suyuan.trace.release import queries
from suyuan.trace.release.rules import may_lift
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.desk.reading import batch_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once
from suyuan.web.recalls import class_choices, recall_typed

views = Blueprint("orders", __name__)


@views.route("/batches/<code>/<any(hold, recall):kind>", methods=["GET", "POST"])
def order(code: str, kind: str) -> Answer:
    """Stop a batch, or call it back, with the reason."""
    batch = batch_seen(code)
    actor = current_actor()
    if actor.party_kind != "regulator":
        actor.require(kind, batch.party)

    def draw(sheet: Sheet) -> str:
        means = gettext(
            "It and everything made of it cannot be shipped, sold or printed until this is "
            "lifted. Whoever scans a label reads it at once."
        )
        title = gettext("Hold the batch") if kind == "hold" else gettext("Recall the batch")
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=batch,
            title=title,
            means=means,
            do=title,
            classes=class_choices() if kind == "recall" else (),
        )

    def send() -> Done:
        given = typed()
        reason = _reason_in(given)
        stated = recall_typed(given)
        given.finish()
        same, code = once((kind, batch.trace_code, reason, stated)), batch.trace_code
        if kind == "hold":
            perform_once(same, orders.hold, code, reason)
            said = gettext("The batch is held.")
        else:
            perform_once(same, orders.recall, code, reason, stated)
            said = gettext("The batch is recalled.")
        return Done(url_for("desk.batches.page", code=code), said)

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


@views.route("/orders/<uid>/finish", methods=["GET", "POST"])
def finish(uid: str) -> Answer:
    """Tell what came of a recall."""
    in_force = queries.order(db(), uid)
    batch = batch_seen(in_force.batch.trace_code)
    current_actor().require(in_force.kind)
    if not may_lift(current_actor(), in_force):
        raise Forbidden(
            "Only whoever gave this order, or a competent regulator, says what came of it.", "order"
        )

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=batch,
            title=gettext("Finish the recall"),
            means=gettext(
                "Say what came back, what was destroyed and what cannot be found. The goods stay "
                "recalled until the order is lifted."
            ),
            do=gettext("Finish the recall"),
            asks=gettext("What came of it"),
        )

    def send() -> Done:
        outcome = _reason()
        perform_once(once(("finish", uid, outcome)), finish_recall, uid, outcome)
        return Done(
            url_for("desk.batches.page", code=batch.trace_code), gettext("The recall is finished.")
        )

    return answered(draw, send)


def _reason() -> str:
    given = typed()
    reason = _reason_in(given)
    given.finish()
    return reason


def _reason_in(given: Typed) -> str:
    return given.text("reason", most=500, required=True)
