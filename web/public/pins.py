"""The scratch PIN of a package: entered by a stranger, answered at once or after a wait.

A device is known for the rest of the day by a cookie that says nothing but that: a random name,
signed, given out with its first entry and sent to this page alone.
"""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import NamedTuple

from flask import Response, current_app, make_response, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer

from suyuan.trace.acts.pins import answer_pin, enter_pin
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.errors import Conflict, InvalidInput, NotFound
from suyuan.trace.parties.actor import STRANGER
from suyuan.trace.passport import Unvouched, find_code
from suyuan.trace.pins.facts import PinAnswer, PinTry
from suyuan.trace.pins.rules import network_of
from suyuan.web.error_pages import say
from suyuan.web.ground import db, forget_what_was_read, ledger, now, settings, today
from suyuan.web.once import form_id

COOKIE = "suyuan-pin"
_STATUS = {
    "right": HTTPStatus.OK,
    "wrong": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wait": HTTPStatus.ACCEPTED,
    "tomorrow": HTTPStatus.TOO_MANY_REQUESTS,
}


class _Device(NamedTuple):
    """A name for the rest of the day, and whether it is given out only now."""

    name: str
    new: bool


def pin() -> Response:
    """The form of a package, or the answer to what was entered."""
    path = _package(request.values.get("path", ""))
    if request.method != "POST":
        return make_response(render_template("public/pin.html", path=path))
    device = _device()
    try:
        answer = _answer(path, device)
    except (InvalidInput, Conflict) as error:
        page = render_template("public/pin.html", path=path, fault=say(error))
        return make_response(page, error.status)
    response = make_response(render_template("public/pin.html", path=path, answer=answer))
    response.status_code = _STATUS[answer.outcome]
    response.headers["Cache-Control"] = "no-store"
    if answer.outcome == "tomorrow":
        response.headers["Retry-After"] = str(_until_tomorrow(now()))
    if device.new:
        _give_name(response, device.name)
    return response


def _package(path: str) -> str:
    """The path of a package whose label carries a PIN. Raises NotFound."""
    found = find_code(db(), path, now())
    if isinstance(found, Unvouched) or found.pin is None:
        raise NotFound("The label with this code carries no scratch PIN.", field="path")
    return str(found.path)


def _answer(path: str, device: _Device) -> PinAnswer:
    try:
        if ticket := request.form.get("ticket"):
            return ledger().perform(STRANGER, answer_pin, ticket[:1000], _sent(device))
        network = network_of(request.remote_addr or "")
        entered = PinTry(
            path, request.form.get("pin", "")[:100], device.name, network, _sent(device)
        )
        return ledger().perform(STRANGER, enter_pin, entered)
    finally:
        forget_what_was_read()


def _sent(device: _Device) -> str:
    """What tells that this was sent before: the form's own id, or the device that sends it.

    The form on the scan page has no id, since all see the same page: who reloads the answer to it
    is not told that somebody was there before.
    """
    return form_id() if request.form.get("id") else device.name


def _device() -> _Device:
    try:
        day, name = _names().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return _Device(secrets.token_urlsafe(12), new=True)
    if day != today().isoformat():
        return _Device(secrets.token_urlsafe(12), new=True)
    return _Device(str(name), new=False)


def _give_name(response: Response, name: str) -> None:
    response.set_cookie(
        COOKIE,
        _names().dumps([today().isoformat(), name]),
        max_age=_until_tomorrow(now()),
        path="/pin",
        httponly=True,
        secure=settings().https,
        samesite="Strict",
    )


def _names() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="suyuan/pin-device")


def _until_tomorrow(moment: datetime) -> int:
    """Seconds to midnight in Shanghai."""
    here = moment.astimezone(SHANGHAI)
    midnight = datetime.combine(here.date() + timedelta(days=1), time(), SHANGHAI)
    return max(int((midnight - here).total_seconds()), 1)
