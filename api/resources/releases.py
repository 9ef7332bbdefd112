"""Letting goods go: what is missing, the release, and an override that two persons decide."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, now, perform, reading, today
from suyuan.api.schemas.parties import ReasonInput
from suyuan.api.schemas.releases import ReleaseAnswer, ReleaseInput, ReleaseQuery, StandingAnswer
from suyuan.api.schemas.shapes import Named, made
from suyuan.api.words import language, told
from suyuan.trace.acts import releasing as acts
from suyuan.trace.batches.queries import batch
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden
from suyuan.trace.oversight.sight import sight
from suyuan.trace.papers.needs import route_between
from suyuan.trace.parties.queries import party
from suyuan.trace.release import releases as queries
from suyuan.trace.release.conditions import conditions
from suyuan.trace.release.gate import Item
from suyuan.trace.release.reading import Occasion
from suyuan.trace.words import said

releases = ApiBlueprint("releases", "Whether goods may go (放行): what is missing, and overrides.")

_HREF = "/api/v1/releases/"
_RELEASE = {"facts": {"moisture": "12.6", "quality_grade": "一级"}}
_REASON = {"reason": "检疫站停电，纸质证明已核对"}


@releases.get("/batches/<trace_code:trace_code>/release", query=ReleaseQuery, answer=StandingAnswer)
def read_standing(query: dict[str, Any], trace_code: str) -> Response:
    """Say whether a batch may be shipped or sold today, what is missing and who issues it."""
    with reading() as session:
        found = batch(session, parse_trace_code(trace_code))
        _require_open(session, found)
        to = party(session, query["to"]) if query["to"] else None
        route = route_between(found.party.division, to.division) if to else None
        occasion = Occasion(query["moment"], today(), route)
        told_so_far = queries.releases_of(session, found.id)
        stands = queries.standing(session, ledger().families, found, occasion)
        return jsonify(
            StandingAnswer.seen(
                {
                    "trace_code": found.trace_code,
                    "moment": query["moment"],
                    "state": stands.state,
                    "may_go": stands.may_go,
                    "missing": [_item(one) for one in stands.missing.items],
                    "passed": [_item(one) for one in stands.passed.items],
                    "asked": stands.asked.uid if stands.asked else None,
                    "releases": told_so_far,
                }
            )
        )


@releases.post(
    "/batches/<trace_code:trace_code>/release", body=ReleaseInput, answer=Named, example=_RELEASE
)
def release_batch(body: dict[str, Any], trace_code: str) -> Response:
    """Let a batch go for which nothing is missing; else `errors` lists what is."""
    code = parse_trace_code(trace_code)
    return _made(perform(acts.release_batch, code, body["reason"], body["stated"]))


@releases.post(
    "/batches/<trace_code:trace_code>/override", body=ReasonInput, answer=Named, example=_REASON
)
def ask_override(body: dict[str, str], trace_code: str) -> Response:
    """Ask a second person to let a batch go without what is missing."""
    return _made(perform(acts.ask_override, parse_trace_code(trace_code), body["reason"]))


@releases.get("/releases/<uid:uid>", answer=ReleaseAnswer)
def read_release(uid: str) -> Response:
    """Read a release, or an override with its answer."""
    with reading() as session:
        found = queries.release(session, uid)
        _require_open(session, found.batch)
        return jsonify(ReleaseAnswer.seen(found))


@releases.post("/releases/<uid:uid>/approve", body=ReasonInput, answer=Named)
def approve_override(body: dict[str, str], uid: str) -> Response:
    """Let the batch go without what is missing; somebody else than who asked does."""
    return _made(perform(acts.answer_override, uid, True, body["reason"]))


@releases.post("/releases/<uid:uid>/refuse", body=ReasonInput, answer=Named)
def refuse_override(body: dict[str, str], uid: str) -> Response:
    """Refuse an override; the batch stays where it is."""
    return _made(perform(acts.answer_override, uid, False, body["reason"]))


def _require_open(session: Session, found: Batch) -> None:
    if "trade" not in sight(session, actor(), found, now=now()):
        raise Forbidden("The release of this batch is not open to you.", field="trace_code")


def _item(one: Item) -> dict[str, object]:
    params = dict(one.params)
    return {
        "key": one.key,
        "condition": one.condition,
        "subject": one.subject,
        "name": conditions()[one.condition].names.say(language()),
        "detail": told(one.message, params),
        "issued_by": said(params, language()).get("where"),
        "override": one.override,
    }


def _made(uid: str) -> Response:
    return made(uid, _HREF + uid)
