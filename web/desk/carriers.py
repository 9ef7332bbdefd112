"""Foreign carriers: an NFC tag, a hologram, an organic code bound to a package or batch."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.acts.carriers import bind_carrier, unbind_carrier
from suyuan.trace.carriers import queries
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.carriers.kinds import carrier_kind, carrier_kinds
from suyuan.trace.carriers.tables import Carrier
from suyuan.web.desk import whom
from suyuan.web.desk.reading import row_after
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once
from suyuan.web.showing import named

views = Blueprint("carriers", __name__, url_prefix="/carriers")

AT_ONCE = 50


@views.get("/")
def listed() -> str:
    """What the party chosen has bound, page by page."""
    whom.require("print_labels")
    bound = queries.carriers_of(db(), whom.whom().id, after=row_after(), limit=AT_ONCE)
    return render_template(
        "desk/carriers.html",
        bound=bound,
        kinds=carrier_kinds(),
        next_after=bound[-1].id if len(bound) == AT_ONCE else None,
    )


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Bind a carrier; the form stays, for the next one of a carton."""
    whom.require("print_labels")

    def draw(sheet: Sheet) -> str:
        return render_template("desk/carrier_new.html", sheet=sheet, kinds=carrier_kinds())

    def send() -> Done:
        given = typed()
        facts = CarrierFacts(
            given.one_of("kind", carrier_kinds()),
            given.text("number", most=60, required=True),
            given.text("code", most=400, required=True),
        )
        given.finish()
        uid = perform_once(once(facts), bind_carrier, facts)
        bound = queries.carrier(db(), uid)
        onward = url_for("desk.carriers.new", kind=bound.kind)
        return Done(onward, _said(bound))

    return answered(draw, send, prefilled={"kind": request.args.get("kind", "")[:20]})


@views.route("/<uid>/unbind", methods=["GET", "POST"])
def unbind(uid: str) -> Answer:
    """Say that a carrier is no longer there, or never was."""
    bound = queries.carrier(db(), uid)
    current_actor().require("print_labels", bound.party)
    kind = named(carrier_kind(bound.kind).names)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=None,
            title=gettext("Unbind a carrier"),
            means=gettext(
                "%(kind)s %(number)s then leads nowhere, and may be bound to something else.",
                kind=kind,
                number=bound.number,
            ),
            do=gettext("Unbind"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        perform_once(once(("unbind", uid, reason)), unbind_carrier, uid, reason)
        return Done(url_for("desk.carriers.listed"), gettext("The carrier is unbound."))

    return answered(draw, send)


def _said(bound: Carrier) -> str:
    """That it is bound, and what is unusual about its number."""
    kind = carrier_kind(bound.kind)
    said: str = gettext("%(number)s is bound.", number=bound.number)
    if not bound.warnings or kind.usual_form is None:
        return said
    doubt = gettext("Compare it once more: usual is %(form)s.", form=named(kind.usual_form))
    return f"{said} {doubt}"
