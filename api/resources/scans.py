"""How often codes were opened."""

from __future__ import annotations

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, reading
from suyuan.api.schemas.scans import ScanAnswer, ScanQuery, ScansAnswer
from suyuan.trace.batches.queries import batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden
from suyuan.trace.oversight.listings import openings
from suyuan.trace.oversight.sight import sight

scans = ApiBlueprint("scans", "How often codes were opened; nothing about who opened them.")


@scans.get("/scans", query=ScanQuery, answer=ScansAnswer)
def read_scans(query: dict[str, str]) -> Response:
    """Read how often the codes of a batch and its packages were opened, and since when."""
    with reading() as session:
        found = batch(session, parse_trace_code(query["trace_code"]))
        if "trade" not in sight(session, actor(), found, now=now()):
            raise Forbidden("The scans of this batch are not open to you.", field="trace_code")
        return jsonify(items=[ScanAnswer.seen(one) for one in openings(session, found)])
