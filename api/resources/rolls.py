"""Blank rolls: ordered, bound to batches by their two ends, unbound."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.schemas.parties import ReasonInput
from suyuan.api.schemas.rolls import BindingAnswer, BindingInput, BlankRollInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.from_facts import try_out
from suyuan.trace.acts import rolls as acts
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing import rolls as queries
from suyuan.trace.printing.tables import RollBinding

blank_rolls = ApiBlueprint("blank-rolls", "Labels printed first and bound to batches later.")

_ROLL = {"party": "01JZX4T7M3N5Q8R2V6W9Y0A1B2", "count": 500, "template": "trace-50x30"}
_BINDING = {
    "trace_code": "5406261234567895",
    "first": "5406269876543219 000000000017",
    "last": "5406269876543219 000000000042",
}


@blank_rolls.post("/blank-rolls", body=BlankRollInput, answer=Named, example=_ROLL)
def order_blank_roll(body: dict[str, Any]) -> Response:
    """Issue the codes of a blank roll: a print run that is of no batch. Draw it as any run."""
    uid = perform(
        acts.issue_blank_roll,
        body["party"],
        body["count"],
        body["template"],
        body["product"],
        try_out=try_out,
        pins=body["pins"],
    )
    return made(uid, f"/api/v1/print-runs/{uid}")


@blank_rolls.post("/roll-bindings", body=BindingInput, answer=Named, example=_BINDING)
def bind_labels(body: dict[str, Any]) -> Response:
    """Say that labels of a blank roll were stuck on a batch, by the first and the last."""
    uid = perform(
        acts.bind_labels, body["trace_code"], body["first"], body["last"], body["print_run"]
    )
    return made(uid, f"/api/v1/roll-bindings/{uid}")


@blank_rolls.get("/roll-bindings/<uid:uid>", answer=BindingAnswer)
def read_binding(uid: str) -> Response:
    """Read a binding, in force or taken back."""
    with reading() as session:
        bound = queries.binding(session, uid)
        actor().require("print_labels", session.get_one(Party, bound.run.party_id))
        return jsonify(BindingAnswer.seen(binding_told(bound)))


@blank_rolls.post("/roll-bindings/<uid:uid>/unbind", body=ReasonInput, answer=Named)
def unbind_labels(body: dict[str, str], uid: str) -> Response:
    """Say that a binding was a mistake: its labels are not in use again."""
    perform(acts.unbind_labels, uid, body["reason"])
    return made(uid, f"/api/v1/roll-bindings/{uid}")


def binding_told(bound: RollBinding) -> dict[str, Any]:
    """A binding with the outside names of its run and batch."""
    return {
        "uid": bound.uid,
        "print_run": bound.run.uid,
        "trace_code": bound.batch.trace_code,
        "first": bound.first,
        "last": bound.last,
        "bound_at": bound.bound_at,
        "unbound_at": bound.unbound_at,
    }
