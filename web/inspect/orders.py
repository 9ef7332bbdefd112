"""Hold, recall, lift: first what it would reach, then the reason, then a second yes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Forbidden, SuyuanError
from suyuan.trace.oversight.orders import orders
from suyuan.trace.oversight.reach import Reach, reach_of
from suyuan.trace.release.queries import order as order_with
from suyuan.trace.release.queries import orders_of, reached
from suyuan.trace.release.recall_clocks import RecallFacts, require_stated
from suyuan.trace.release.rules import may_lift, require_reason
from suyuan.web import identity
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.error_pages import faults_by_field, faults_to_mend
from suyuan.web.ground import db, now, today
from suyuan.web.inspect.asked import batch_of, may_stop
from suyuan.web.recalls import class_choices, recall_typed, shown_clock

PAGE = 50


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/orders", "orders", listed)
    blueprint.add_url_rule("/orders/<uid>", "order", one, methods=both)
    blueprint.add_url_rule(
        "/batches/<trace_code>/<any(hold, recall):kind>", "stop", stop, methods=both
    )


def listed() -> str:
    """Orders, newest first: those in force, or all with ``?all=1``."""
    in_force = "all" not in request.args
    before = request.args.get("before", type=int)
    found = orders(db(), in_force=in_force, before=before, limit=PAGE + 1)
    return render_template(
        "inspect/orders.html",
        orders=found[:PAGE],
        reached={order.id: reached(db(), order.id) for order in found[:PAGE]},
        clocks={order.id: shown_clock(order) for order in found[:PAGE]},
        in_force=in_force,
        before=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def stop(trace_code: str, kind: str) -> ResponseReturnValue:
    """Hold or recall: what it reaches and the reason, then the same again to be confirmed."""
    batch = batch_of(trace_code)
    if not may_stop(identity.current_actor(), kind, batch):
        raise Forbidden("You are not competent to stop this batch.", field="trace_code")
    reach = reach_of(db(), batch)
    faults: dict[str, str] = {}
    confirming = False
    if request.method == "POST":
        try:
            reason = require_reason(request.form.get("reason", ""))
            stated = _stated()
            if _confirmed(reach):
                uid = _give(kind, batch.trace_code, reason, stated)
                flash(gettext("The order is in force. Pages and status list say so."), "done")
                return redirect(url_for("inspect.order", uid=uid))
            confirming = True
        except SuyuanError as error:
            faults = faults_by_field(error)
    return _stop_page(batch, kind, reach, confirming, faults)


def _stated() -> RecallFacts:
    """What the form states of a recall. Raises InvalidInput, Doubtful."""
    given = Typed(request.form, today())
    stated = recall_typed(given)
    given.finish()
    require_stated(stated, now())
    return stated


def _give(kind: str, trace_code: str, reason: str, stated: RecallFacts) -> str:
    if kind == "hold":
        return identity.perform(hold, trace_code, reason)
    return identity.perform(recall, trace_code, reason, stated)


def _confirmed(reach: Reach) -> bool:
    """Whether it was said twice, of just what is reached now."""
    return request.form.get("confirm") == str(reach.batches)


def _stop_page(
    batch: Batch, kind: str, reach: Reach, confirming: bool, faults: dict[str, str]
) -> ResponseReturnValue:
    page = render_template(
        "inspect/stop.html",
        batch=batch,
        kind=kind,
        reach=reach,
        in_force=orders_of(db(), batch.id),
        confirming=confirming,
        changed=confirming and "confirm" in request.form,
        given=request.form,
        classes=class_choices() if kind == "recall" else (),
        faults=faults,
    )
    return (page, 422) if faults else page


def one(uid: str) -> ResponseReturnValue:
    """An order: its reason, what it reaches, and its lifting, which is asked twice too."""
    order = order_with(db(), uid)
    faults: dict[str, str] = {}
    confirming = False
    if request.method == "POST":
        try:
            reason = require_reason(request.form.get("reason", ""))
            if request.form.get("confirm") == "yes":
                identity.perform(lift, uid, reason)
                flash(gettext("The order was lifted."), "done")
                return redirect(url_for("inspect.order", uid=uid))
            confirming = True
        except SuyuanError as error:
            faults = faults_to_mend(error)
    page = render_template(
        "inspect/order.html",
        order=order,
        clock=shown_clock(order),
        reached=reached(db(), order.id),
        reach=reach_of(db(), order.batch),
        may_lift=order.lifted_at is None and may_lift(identity.current_actor(), order),
        confirming=confirming,
        reason=request.form.get("reason", ""),
        faults=faults,
    )
    return (page, 422) if faults else page
