"""Batches: registered, read by sight, walked back and forward, withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, now, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.resources.describing import batch_as_seen, lineage_as_seen
from suyuan.api.schemas.batches import (
    BatchAnswer,
    BatchesInput,
    BatchInput,
    BatchQuery,
    LineageAnswer,
    LineageQuery,
    RegisteredAnswer,
    RegisteredManyAnswer,
)
from suyuan.api.schemas.parties import ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import batches as acts
from suyuan.trace.acts.disclosures import request_disclosure
from suyuan.trace.batches import queries
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden
from suyuan.trace.lineage.queries import chain
from suyuan.trace.oversight.sight import books_sight, sight
from suyuan.trace.parties.queries import party

batches = ApiBlueprint("batches", "Batches, the chain each stands in, and what stops it.")

_BATCH = {
    "party": "01kd8z0000000000000000000a",
    "family": "yak_meat",
    "variant": "fresh",
    "name": "牦牛肉（后腿）",
    "quantity": {"amount": "182.5", "unit": "KGM"},
    "produced": "2026-10-03",
    "shares": [{"household": "扎西家", "quantity": {"amount": "90", "unit": "KGM"}}],
}


@batches.get("/batches", query=BatchQuery, answer=page_of(BatchAnswer, "BatchPage"))
def list_batches(query: dict[str, Any]) -> Response:
    """List batches, newest first: registered by a party, in its hand, or found by a number.

    With `q` every batch that bears that trace code, lot or mark and that you may see more of
    than the public; one page only.
    """
    asked = page(query)
    with reading() as session:
        if query["q"]:
            found = queries.found_by(session, query["q"], limit=asked.limit)
            open_ones = [one for one in found if "trade" in _sight(session, one)]
            return jsonify(items=[_batch(session, one) for one in open_ones], next=None)
        whose = party(session, query["party"] or actor().party_uid or "")
        if "trade" not in books_sight(actor(), whose):
            raise Forbidden("The list of another's batches is not open to you.", field="party")
        rows = _rows(session, whose.id, query, asked.after, asked.limit + 1)
        return listed(asked, rows, lambda row: row.id, lambda row: _batch(session, row))


@batches.post("/batches", body=BatchInput, answer=RegisteredAnswer, example=_BATCH)
def register_batch(body: BatchFacts) -> Response:
    """Register a batch. Facts that are not known become gaps of the batch."""
    return _registered(perform(acts.register_batch, body))


@batches.post("/batches/together", body=BatchesInput, answer=RegisteredManyAnswer)
def register_batches(body: dict[str, Any]) -> Response:
    """Register several batches, all or none."""
    response = jsonify(trace_codes=perform(acts.register_batches, body["batches"]))
    response.status_code = 201
    return response


@batches.get("/batches/<trace_code:trace_code>", answer=BatchAnswer)
def read_batch(trace_code: str) -> Response:
    """Read a batch. Trade and personal fields are there for those who may see them."""
    with reading() as session:
        return jsonify(_batch(session, _found(session, trace_code)))


@batches.get("/batches/<trace_code:trace_code>/lineage", query=LineageQuery, answer=LineageAnswer)
def walk_lineage(query: dict[str, Any], trace_code: str) -> Response:
    """Walk the chain of a batch back to where it came from, or forward to what was made of it."""
    with reading() as session:
        batch = _found(session, trace_code)
        if "trade" not in _sight(session, batch):
            raise Forbidden("The chain of this batch is not open to you.", field="trace_code")
        walked = chain(
            session,
            batch.id,
            query["direction"],
            most=ledger().settings.lineage_rows,
            limit=query["limit"],
            cursor=query["after"],
        )
        return jsonify(lineage_as_seen(session, walked))


@batches.post(
    "/batches/<trace_code:trace_code>/withdraw", body=ReasonInput, answer=RegisteredAnswer
)
def withdraw_batch(body: dict[str, str], trace_code: str) -> Response:
    """Withdraw a batch that was registered in error, before anything was done with it."""
    return _registered(perform(acts.withdraw_batch, parse_trace_code(trace_code), body["reason"]))


@batches.post("/batches/<trace_code:trace_code>/disclosures", body=ReasonInput, answer=Named)
def ask_disclosure(body: dict[str, str], trace_code: str) -> Response:
    """Open the personal fields of a batch outside one's own division, with a logged reason."""
    return made(perform(request_disclosure, trace_code, body["reason"]))


def _registered(trace_code: str) -> Response:
    href = f"/api/v1/batches/{trace_code}"
    response = jsonify(trace_code=trace_code, href=href)
    response.status_code = 201
    response.headers["Location"] = href
    return response


def _found(session: Session, trace_code: str) -> Batch:
    return queries.batch(session, parse_trace_code(trace_code))


def _sight(session: Session, batch: Batch) -> frozenset[Any]:
    return sight(session, actor(), batch, now=now())


def _batch(session: Session, batch: Batch) -> dict[str, Any]:
    return batch_as_seen(session, batch, _sight(session, batch))


def _rows(
    session: Session, party_id: int, query: dict[str, Any], after: int | None, limit: int
) -> list[Batch]:
    if query["in_hand"]:
        held = queries.in_hand(session, party_id, after=after, limit=limit)
        return [batch for batch, _ in held]
    return queries.batches_of(session, party_id, after=after, limit=limit, state=query["state"])
