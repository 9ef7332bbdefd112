"""Blank rolls: ordering them, binding their labels to batches, and taking that back."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.labels.from_facts import try_out
from suyuan.labels.templates import template, template_ids
from suyuan.trace.acts.rolls import bind_labels, issue_blank_roll, unbind_labels
from suyuan.trace.printing import rolls
from suyuan.trace.printing.account import account_of
from suyuan.trace.products.queries import products_of
from suyuan.web.desk import whom
from suyuan.web.desk.reading import batch_seen, row_after
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, settings
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("rolls", __name__)

AT_ONCE = 50


@views.get("/rolls/")
def listed() -> str:
    """The blank rolls of the party chosen, and how much of each is bound."""
    whom.require("print_labels")
    found = rolls.rolls_of(db(), whom.whom().id, after=row_after(), limit=AT_ONCE)
    return render_template(
        "desk/rolls.html",
        rolls=[(one, account_of(db(), one)) for one in found],
        next_after=found[-1].id if len(found) == AT_ONCE else None,
    )


@views.route("/rolls/new", methods=["GET", "POST"])
def new() -> Answer:
    """Order a blank roll: how many labels, of which size, naming which product."""
    whom.require("print_labels")
    products = products_of(db(), whom.whom().id)
    sizes = [one for one in map(template, template_ids()) if one.kind == "trace"]

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/roll_new.html",
            sheet=sheet,
            products=products,
            templates=sizes,
            most=settings().print_run_codes,
        )

    def send() -> Done:
        given = typed()
        count = given.whole_number("count", 1, settings().print_run_codes, required=True)
        chosen = given.one_of("template", [one.id for one in sizes])
        product = given.one_of("product", [one.uid for one in products], required=False)
        pins = given.ticked("pins")
        given.finish()
        said = (whom.whom().uid, count or 1, chosen, product or None)
        uid = perform_once(
            once(("roll", *said, pins)), issue_blank_roll, *said, try_out=try_out, pins=pins
        )
        return Done(
            url_for("desk.printing.run", uid=uid), gettext("The labels are ready to print.")
        )

    return answered(draw, send, prefilled={"count": "500", "template": sizes[0].id})


@views.route("/batches/<code>/roll-labels", methods=["GET", "POST"])
def bind(code: str) -> Answer:
    """Say which labels of a blank roll were stuck on a batch, by the first and the last."""
    batch = batch_seen(code)
    current_actor().require("print_labels", batch.party)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/roll_bind.html",
            sheet=sheet,
            batch=batch,
            bound=rolls.bindings_of_batch(db(), batch.id),
        )

    def send() -> Done:
        given = typed()
        first = given.text("first", most=400, required=True)
        last = given.text("last", most=400) or first
        given.finish()
        said = (batch.trace_code, first, last)
        uid = perform_once(once(("bind", *said)), bind_labels, *said)
        bound = rolls.binding(db(), uid)
        told = gettext(
            "Labels %(first)s to %(last)s are bound.", first=bound.first, last=bound.last
        )
        return Done(url_for("desk.rolls.bind", code=batch.trace_code), told)

    return answered(draw, send, prefilled={"first": request.args.get("first", "")[:400]})


@views.route("/roll-bindings/<uid>/unbind", methods=["GET", "POST"])
def unbind(uid: str) -> Answer:
    """Take a binding back that was a mistake."""
    bound = rolls.binding(db(), uid)
    current_actor().require("print_labels", bound.batch.party)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=bound.batch,
            title=gettext("Unbind labels"),
            means=gettext(
                "Labels %(first)s to %(last)s of this roll are then not in use again, and may be "
                "bound to another batch.",
                first=bound.first,
                last=bound.last,
            ),
            do=gettext("Unbind"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        perform_once(once(("unbind labels", uid, reason)), unbind_labels, uid, reason)
        onward = url_for("desk.printing.run", uid=bound.run.uid)
        return Done(onward, gettext("These labels are not in use again."))

    return answered(draw, send)
