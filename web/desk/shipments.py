"""What is on its way: to the party chosen, and from it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from suyuan.trace.acts.shipments import receive
from suyuan.trace.errors import Forbidden
from suyuan.trace.events import queries
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event
from suyuan.web.desk import whom
from suyuan.web.desk.forms.event import key_data, read_receipt
from suyuan.web.desk.forms.typed import here
from suyuan.web.desk.reading import sites
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, facts_placed, typed
from suyuan.web.ground import db, ledger, now

views = Blueprint("shipments", __name__, url_prefix="/shipments")


@views.get("/")
def listed() -> str:
    """What waits for our word, and what of ours is with nobody yet."""
    party = whom.whom()
    return render_template(
        "desk/shipments.html",
        arriving=queries.arriving(db(), party.id),
        sent=queries.sent_off(db(), party.id),
    )


@views.route("/<uid>", methods=["GET", "POST"])
def page(uid: str) -> Answer:
    """Accept what arrived, or dispute it with the part that is taken and the reason."""
    shipment = queries.shipment(db(), uid)
    party = whom.whom()
    if party.id not in (shipment.to_party_id, shipment.from_party_id):
        raise Forbidden("This shipment is neither from nor to your organisation.", "shipment")
    batch = shipment.batch
    kind = EventKinds.load().get("receive")
    asked = key_data(kind, ledger().families.get(batch.family), batch.variant)
    mine = party.id == shipment.to_party_id and whom.may("receive")

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/shipment.html",
            sheet=sheet,
            shipment=shipment,
            batch=batch,
            sent=db().get_one(Event, shipment.ship_event_id),
            asked=asked,
            sites=sites(),
            open=mine and shipment.state == "sent",
        )

    def send() -> Done:
        facts = read_receipt(typed(), uid, asked, [site.uid for site in sites()], now())
        event = send_once(receive, facts, party.uid, sent_files())
        said = gettext("Accepted.") if facts.accepted else gettext("The dispute was recorded.")
        onward = url_for("desk.batches.page", code=batch.trace_code)
        return Done(onward, said, url_for("desk.events.photos", uid=event))

    return answered(
        draw,
        send,
        prefilled={"happened_at": here(now())},
        place=lambda faults: facts_placed(faults, {one.key for one in asked}),
    )
