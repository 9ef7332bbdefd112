"""Early warning: reading warnings, taking them up, settling them."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.schemas.parties import ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.api.schemas.warnings import (
    AcknowledgeInput,
    ActInput,
    CloseInput,
    WarningAnswer,
    WarningQuery,
    WholeWarningAnswer,
)
from suyuan.trace.acts import warnings as acts
from suyuan.trace.errors import NotFound
from suyuan.trace.notices import queries
from suyuan.trace.notices.rights import may_see
from suyuan.trace.parties.queries import party

warnings = ApiBlueprint("warnings", "Warnings: what was found, who has it in hand, until when.")

_ACT = {"note": "已停售，封存于 2 号库"}
_CLOSE = {"reason": "复检合格，报告 JC-2026-0131", "proof": "01kd8z0000000000000000000a"}


@warnings.get("/warnings", query=WarningQuery, answer=page_of(WarningAnswer, "WarningPage"))
def list_warnings(query: dict[str, Any]) -> Response:
    """List warnings, newest first: one's own organisation's; for a regulator, those that it is
    competent for."""
    asked = page(query)
    with reading() as session:
        own = None
        if query["party"] or actor().party_kind != "regulator":
            whose = party(session, query["party"] or actor().party_uid or "")
            actor().require("read_trade", whose)
            own = whose.id
        rows = queries.warnings_for(
            session,
            actor(),
            party_id=own,
            state="" if query["state"] == "all" else query["state"] or "open",
            rule=query["rule"],
            severity=query["severity"],
            before=asked.after,
            limit=asked.limit + 1,
        )
        return listed(asked, rows, lambda row: row.id, WarningAnswer.seen)


@warnings.get("/warnings/<uid:uid>", answer=WholeWarningAnswer)
def read_warning(uid: str) -> Response:
    """Read a warning with what was done about it."""
    with reading() as session:
        found = queries.warning(session, uid)
        if not may_see(actor(), found):
            raise NotFound("There is no warning {uid}.", field="warning", uid=uid)
        return jsonify(WholeWarningAnswer.seen(found))


@warnings.post("/warnings/<uid:uid>/acknowledge", body=AcknowledgeInput, answer=Named)
def acknowledge_warning(body: dict[str, str], uid: str) -> Response:
    """Say that a warning was taken up."""
    return _made(perform(acts.acknowledge, uid, body["note"]))


@warnings.post("/warnings/<uid:uid>/act", body=ActInput, answer=Named, example=_ACT)
def act_on_warning(body: dict[str, str], uid: str) -> Response:
    """Say what was done about the cause."""
    return _made(perform(acts.act_on, uid, body["note"], body["evidence"]))


@warnings.post("/warnings/<uid:uid>/close", body=CloseInput, answer=Named, example=_CLOSE)
def close_warning(body: dict[str, str], uid: str) -> Response:
    """Settle a warning, with a file or a record that proves it; a reason is enough where it is not
    too grave."""
    return _made(perform(acts.close, uid, body["reason"], body["evidence"], body["proof"]))


@warnings.post("/warnings/<uid:uid>/escalate", body=ReasonInput, answer=Named)
def escalate_warning(body: dict[str, str], uid: str) -> Response:
    """Hand a warning up to the next level before its time."""
    return _made(perform(acts.escalate, uid, body["reason"]))


def _made(uid: str) -> Response:
    return made(uid, f"/api/v1/warnings/{uid}")
