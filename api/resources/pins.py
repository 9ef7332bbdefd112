"""Scratch PINs: the same act as the form on the scan page."""

from __future__ import annotations

from flask import Response, jsonify, request

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import IDEMPOTENCY_KEY, ledger, now, once, reading
from suyuan.api.schemas.pins import PinInput, PinOutcome
from suyuan.trace.acts.pins import answer_pin, enter_pin
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.parties.actor import STRANGER
from suyuan.trace.passport import Unvouched, find_code
from suyuan.trace.pins.facts import PinTry
from suyuan.trace.pins.rules import network_of

pins = ApiBlueprint("pins", "The numbers under scratch ink.", public=True)

_ENTERED = {"code": "/t/5406261234567895/123456789012", "pin": "12345678"}


@pins.post("/passport/pin", body=PinInput, answer=PinOutcome, example=_ENTERED, status=200)
def enter_scratch_pin(body: dict[str, str | None]) -> Response:
    """Enter the number under the scratch ink of a package, or fetch an answer that had to wait.

    Wrong numbers are counted for the code and for the address that asks about it; the same number
    sent again is no new try. Beyond a handful, answers wait one behind another, a day at most.
    """
    once()  # refuses a key that is none
    sent = request.headers.get(IDEMPOTENCY_KEY)
    if body["ticket"]:
        answer = ledger().perform(STRANGER, answer_pin, body["ticket"], sent)
    elif body["code"] and body["pin"]:
        network = network_of(request.remote_addr or "")
        entered = PinTry(_path(body["code"]), body["pin"], None, network, sent)
        answer = ledger().perform(STRANGER, enter_pin, entered)
    else:
        raise InvalidInput("Send code and pin, or the ticket of an answer that waits.", "pin")
    return jsonify(PinOutcome.seen(answer))


def _path(code: str) -> str:
    with reading() as session:
        found = find_code(session, code.strip(), now())
    if isinstance(found, Unvouched) or found.pin is None:
        raise NotFound("The label with this code carries no scratch PIN.", field="code")
    return str(found.path)
