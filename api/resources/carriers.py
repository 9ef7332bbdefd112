"""Foreign carriers: bound to packages and batches, read, unbound."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.schemas.carriers import CarrierAnswer, CarrierInput
from suyuan.api.schemas.parties import OwnPageQuery, ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import carriers as acts
from suyuan.trace.carriers import queries
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.errors import Forbidden
from suyuan.trace.oversight.sight import books_sight
from suyuan.trace.parties.queries import party

carriers = ApiBlueprint(
    "carriers", "NFC tags, holograms and organic codes, bound to packages and batches."
)

_CARRIER = {"kind": "nfc", "number": "04:A2:24:5B:C1:5E:80", "code": "/t/5406261234567895"}


@carriers.get("/carriers", query=OwnPageQuery, answer=page_of(CarrierAnswer, "CarrierPage"))
def list_carriers(query: dict[str, Any]) -> Response:
    """List what a party bound and did not unbind, newest first."""
    asked = page(query)
    with reading() as session:
        whose = party(session, query["party"] or actor().party_uid or "")
        if "trade" not in books_sight(actor(), whose):
            raise Forbidden("The list of another's carriers is not open to you.", field="party")
        rows = queries.carriers_of(session, whose.id, after=asked.after, limit=asked.limit + 1)
        return listed(asked, rows, lambda row: row.id, CarrierAnswer.seen)


@carriers.post("/carriers", body=CarrierInput, answer=Named, example=_CARRIER)
def bind_carrier(body: CarrierFacts) -> Response:
    """Bind a number of another system to a package or batch. Unusual numbers are warned of."""
    uid = perform(acts.bind_carrier, body)
    return made(uid, f"/api/v1/carriers/{uid}")


@carriers.get("/carriers/<uid:uid>", answer=CarrierAnswer)
def read_carrier(uid: str) -> Response:
    """Read a carrier, bound or not."""
    with reading() as session:
        return jsonify(CarrierAnswer.seen(queries.carrier(session, uid)))


@carriers.post("/carriers/<uid:uid>/unbind", body=ReasonInput, answer=Named)
def unbind_carrier(body: dict[str, str], uid: str) -> Response:
    """Say that a carrier is no longer there, or never was."""
    return made(perform(acts.unbind_carrier, uid, body["reason"]), f"/api/v1/carriers/{uid}")
