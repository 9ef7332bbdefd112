"""What happened to batches, what is on its way between parties, and what was told wrongly."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, perform, reading
from suyuan.api.media import EPCIS, epcis_answer, wants
from suyuan.api.paging import listed, page, page_of
from suyuan.api.resources.describing import event_as_seen, shipment_as_seen
from suyuan.api.schemas.events import (
    CorrectionInput,
    EventAnswer,
    EventInput,
    EventQuery,
    ReceiptInput,
    ShipmentQuery,
    ShipmentsAnswer,
    TransformationInput,
    TransformedAnswer,
)
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts.events import correct_event as correct
from suyuan.trace.acts.events import record_event as record
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.queries import batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden
from suyuan.trace.events import queries
from suyuan.trace.events.facts import EventFacts, TransformationFacts
from suyuan.trace.events.tables import Event
from suyuan.trace.oversight.listings import events_told_by
from suyuan.trace.oversight.sight import books_sight, event_sight
from suyuan.trace.parties.queries import party

events = ApiBlueprint("events", "What happened: EPCIS 2.0 events, transformations, shipments.")

_EVENT = {
    "kind": "store",
    "party": "01kd8z0000000000000000000a",
    "batches": [{"trace_code": "5406261234567895"}],
    "happened_at": "2026-10-03T18:00:00+08:00",
    "id": "cold-store-2026-10-03-0017",
    "payload": {"temperature": "-18"},
}
_TRANSFORMATION = {
    "kind": "split",
    "party": "01kd8z0000000000000000000a",
    "happened_at": "2026-10-04T08:00:00+08:00",
    "inputs": [{"trace_code": "5406261234567895", "quantity": {"amount": "50", "unit": "KGM"}}],
    "outputs": [
        {
            "party": "01kd8z0000000000000000000a",
            "family": "yak_meat",
            "variant": "fresh",
            "quantity": {"amount": "50", "unit": "KGM"},
        }
    ],
}


@events.get("/events", query=EventQuery, answer=page_of(EventAnswer, "EventPage"), media=(EPCIS,))
def list_events(query: dict[str, Any]) -> Response:
    """List events: of a batch as it is known now, or what a party told, newest first.

    With `Accept: application/ld+json` as an EPCIS 2.0 document.
    """
    asked = page(query)
    with reading() as session:
        if query["trace_code"]:
            found = batch(session, parse_trace_code(query["trace_code"]))
            happened = queries.events_of(session, [found.id])
            if wants(EPCIS):
                return epcis_answer(session, happened)
            return jsonify(items=[_event(session, one) for one in happened], next=None)
        whose = party(session, query["party"] or actor().party_uid or "")
        if "trade" not in books_sight(actor(), whose):
            raise Forbidden("What another party told is open batch by batch only.", field="party")
        rows = events_told_by(session, whose.id, before=asked.after, limit=asked.limit + 1)
        if wants(EPCIS):
            return epcis_answer(session, rows[: asked.limit])
        return listed(asked, rows, lambda row: row.id, lambda row: _event(session, row))


@events.post("/events", body=EventInput, answer=Named, example=_EVENT)
def record_event(body: EventFacts) -> Response:
    """Record something that happened to batches."""
    uid = perform(record, body)
    return made(uid, f"/api/v1/events/{uid}")


@events.get("/events/<event_uid:uid>", answer=EventAnswer, media=(EPCIS,))
def read_event(uid: str) -> Response:
    """Read an event; with `Accept: application/ld+json` as an EPCIS 2.0 document."""
    with reading() as session:
        found = queries.event(session, uid)
        if wants(EPCIS):
            return epcis_answer(session, [found])
        return jsonify(_event(session, found))


@events.post("/events/<event_uid:uid>/corrections", body=CorrectionInput, answer=Named)
def correct_event(body: dict[str, Any], uid: str) -> Response:
    """Tell again what was told wrongly; the first telling stays readable."""
    corrected = perform(correct, CorrectionInput().for_event(uid, body))
    return made(corrected, f"/api/v1/events/{corrected}")


@events.post(
    "/transformations",
    body=TransformationInput,
    answer=TransformedAnswer,
    example=_TRANSFORMATION,
)
def make_batches_of_batches(body: TransformationFacts) -> Response:
    """Make new batches of others: split, merge, repack, sort, process."""
    response = jsonify(perform(transform, body))
    response.status_code = 201
    return response


@events.get("/shipments", query=ShipmentQuery, answer=ShipmentsAnswer)
def list_shipments(query: dict[str, str]) -> Response:
    """List what is on its way to one's own organisation, or what it sent and is not settled."""
    with reading() as session:
        own = actor().party_id or 0
        wanted = queries.arriving if query["direction"] == "in" else queries.sent_off
        return jsonify(items=[shipment_as_seen(one) for one in wanted(session, own)])


@events.post("/shipments/<uid:uid>/receipts", body=ReceiptInput, answer=Named)
def receive_shipment(body: dict[str, Any], uid: str) -> Response:
    """Accept a shipment, or dispute it with what was taken and why; the receiver's word alone."""
    event = perform(receive, ReceiptInput().for_shipment(uid, body))
    return made(event, f"/api/v1/events/{event}")


def _event(session: Session, event: Event) -> dict[str, Any]:
    return event_as_seen(session, event, event_sight(session, actor(), event, now=now()))
