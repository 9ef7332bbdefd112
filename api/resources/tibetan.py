"""The bilingual proof sheet of a language office."""

from __future__ import annotations

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, perform, reading
from suyuan.api.schemas.shapes import Named, made
from suyuan.api.schemas.tibetan import (
    TibetanAnswer,
    TibetanInput,
    TibetanTextAnswer,
    TibetanWaitingAnswer,
)
from suyuan.trace.acts import bilingual as acts
from suyuan.trace.bilingual.proof_sheet import looked_at, waiting

tibetan = ApiBlueprint("tibetan-texts", "Which Tibetan may stand on labels.")


@tibetan.get("/tibetan-texts", answer=TibetanAnswer)
def read_proof_sheet() -> Response:
    """Read the proof sheet of one's own division."""
    actor().require("approve_tibetan")
    division = actor().division
    with reading() as session:
        waits = waiting(session, ledger().families, division)
        return jsonify(
            waiting=[TibetanWaitingAnswer.seen(one) for one in waits],
            looked_at=[TibetanTextAnswer.seen(one) for one in looked_at(session, division)],
        )


@tibetan.post("/tibetan-texts", body=TibetanInput, answer=Named)
def say_of_text(body: dict[str, str]) -> Response:
    """Approve a Tibetan text for the labels of one's division, or refuse it."""
    if body["state"] == "approved":
        return made(perform(acts.approve_tibetan, body["zh"], body["bo"]))
    return made(perform(acts.refuse_tibetan, body["zh"], body["bo"], body["reason"]))
