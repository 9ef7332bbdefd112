"""Cartons: numbered and labelled, and found again by their numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import perform, reading
from suyuan.api.schemas.cartons import CartonAnswer, CartonQuery, CartonsInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.from_facts import try_out
from suyuan.trace.acts import cartons as acts
from suyuan.trace.cartons.facts import CartonOrder
from suyuan.trace.cartons.queries import carton_of
from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.identifiers import sscc

cartons = ApiBlueprint("cartons", "Cartons with an SSCC each, in bars (GS1-128).")

_CARTONS = {
    "trace_code": "5406261234567895",
    "cartons": 40,
    "packages": 24,
    "company_prefix": "6901234",
    "template": "carton-148x210",
}


@cartons.post("/cartons", body=CartonsInput, answer=Named, example=_CARTONS)
def issue_cartons(body: dict[str, Any]) -> Response:
    """Number cartons and issue their labels: a print run, which is read and drawn as any other."""
    order = CartonOrder(
        body["cartons"], body["packages"], body["company_prefix"], _weight(body["net_kg"])
    )
    uid = perform(acts.issue_cartons, body["trace_code"], order, body["template"], try_out=try_out)
    return made(uid, f"/api/v1/print-runs/{uid}")


@cartons.get("/cartons", query=CartonQuery, answer=CartonAnswer)
def read_carton(query: dict[str, Any]) -> Response:
    """Find the batch of a carton by the number in its bars."""
    with reading() as session:
        found = carton_of(session, query["sscc"])
        batch = found.run.batch
        whole = {
            "sscc": sscc(query["sscc"]).value,
            "trace_code": batch.trace_code if batch else "",
            "packages": found.packages,
            "print_run": found.run.uid,
        }
        return jsonify(CartonAnswer.seen(whole))


def _weight(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
        raise InvalidInput("A weight is written in kg to the gram, such as 12.5.", field="net_kg")
    return Decimal(text)
