"""Samples: the sheet, the steps to the laboratory, and the reports that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.resources.describing import amount, doubts_told
from suyuan.api.schemas.samples import SampleAnswer, SampleInput, SampleQuery, SampleStepInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import sampling as acts
from suyuan.trace.batches.queries import batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.oversight.sight import sample_sight
from suyuan.trace.samples import queries
from suyuan.trace.samples.chain import PORTIONS
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.samples.queries import Answered
from suyuan.trace.samples.tables import Sample

samples = ApiBlueprint("samples", "Sampling sheets (抽样单) and the chain of each sample.")

_HREF = "/api/v1/samples/"
_SAMPLE = {
    "trace_code": "5406261234567895",
    "kind": "supervision",
    "number": "XBJ26540626001",
    "taken_on": "2026-10-05",
    "samplers": ["扎西", "卓玛"],
    "quantity": {"amount": "2", "unit": "KGM"},
    "reserve": {"amount": "2", "unit": "KGM"},
    "base": {"amount": "50", "unit": "KGM"},
    "seal": "F-0001",
}
_STEP = {"kind": "received", "on": "2026-10-06", "intact": True}


@samples.get("/samples", query=SampleQuery, answer=page_of(SampleAnswer, "SamplePage"))
def list_samples(query: dict[str, Any]) -> Response:
    """List the samples of a batch, or those that one's own organisation has to do with."""
    asked = page(query)
    with reading() as session:
        if query["trace_code"]:
            found = batch(session, parse_trace_code(query["trace_code"]))
            rows = queries.samples_of_batches(session, [found.id])
            reports = queries.reports_on(session, rows)
            shown = [_sample(session, one, reports[one.id]) for one in rows]
            return jsonify(items=shown, next=None)
        own = actor().party_id or 0
        rows = queries.samples_with(session, own, after=asked.after, limit=asked.limit + 1)
        reports = queries.reports_on(session, rows)
        return listed(
            asked, rows, lambda row: row.id, lambda row: _sample(session, row, reports[row.id])
        )


@samples.post("/samples", body=SampleInput, answer=Named, example=_SAMPLE)
def take_sample(body: SampleFacts) -> Response:
    """Enter a sampling sheet."""
    uid = perform(acts.take_sample, body)
    return made(uid, _HREF + uid)


@samples.get("/samples/<uid:uid>", answer=SampleAnswer)
def read_sample(uid: str) -> Response:
    """Read a sample with its chain."""
    with reading() as session:
        found = queries.sample(session, uid)
        return jsonify(_sample(session, found, queries.reports_on(session, [found])[found.id]))


@samples.post("/samples/<uid:uid>/steps", body=SampleStepInput, answer=Named, example=_STEP)
def hand_over_sample(body: StepFacts, uid: str) -> Response:
    """Tell of the next step; whoever has the sample in hand does. A broken seal is warned of."""
    return made(perform(acts.hand_over, uid, body), _HREF + uid)


def _sample(session: Session, one: Sample, reports: Sequence[Answered]) -> dict[str, Any]:
    chain = queries.chain_of(one)
    due = {portion: chain.following(portion) for portion in PORTIONS}
    whole = {
        **{name: getattr(one, name, None) for name in SampleAnswer().fields},
        "trace_code": one.batch.trace_code,
        "taken_by": one.taken_by.uid,
        "base": amount(one.base, one.base_unit or ""),
        "quantity": amount(one.quantity, one.unit),
        "reserve": amount(one.reserve, one.reserve_unit or ""),
        "site": one.site.uid if one.site else None,
        "evidence": one.evidence.uid if one.evidence else None,
        "reports": [
            {"uid": answered.report.uid, "doubts": doubts_told(answered.doubts)}
            for answered in reports
        ],
        "next": {portion: kind for portion, kind in due.items() if kind},
        "doubts": doubts_told(queries.doubts_of(one)),
    }
    return SampleAnswer.seen(whole, sample_sight(session, actor(), one, now=now()))
