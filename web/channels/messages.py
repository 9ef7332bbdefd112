"""Codes that people send as text messages: a gateway hands each message over, and sends the answer.

The gateway says who it is with a secret of its own. The sender's number is never read: the answer
goes back with the request, and nothing of it is kept. So a message handed over twice is answered
twice alike, and does nothing twice: nor does it count as opening the code of a package.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext

from suyuan.trace.codes.in_messages import codes_in
from suyuan.trace.errors import InvalidInput, NotFound, Unauthenticated
from suyuan.trace.notices.sms import read_secret
from suyuan.trace.notices.text_messages import one_message
from suyuan.web.channels.brief import Brief, between
from suyuan.web.channels.text import brief_of, plain
from suyuan.web.ground import settings

_LONGEST = 2000
"""Characters of a message that are looked through; the longest of ten parts has fewer."""


def asked() -> Response:
    """The answer to one message: ``{"state", "text"}``, or the text alone by ``Accept``.

    Raises NotFound where no gateway is set up, Unauthenticated for another's secret, InvalidInput
    for what is no message.
    """
    _require_gateway()
    said = _answer(_message())
    text = one_message(said.statements, between())
    if request.accept_mimetypes.best_match(("application/json", "text/plain")) == "text/plain":
        response = plain(said, text)
        response.status_code = 200  # the message was taken, whatever the answer to it is
        return response
    return jsonify(state=said.state, text=text)


def _require_gateway() -> None:
    secret = read_secret(settings().sms_asked_secret_file)
    if not secret:
        raise NotFound("No gateway for text messages is set up here.")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not hmac.compare_digest(given.encode(), secret.encode()):
        raise Unauthenticated("Give the gateway's secret as a bearer token.")


def _message() -> str:
    """What was written, from a form or a JSON object."""
    name = settings().sms_asked_field
    sent: Any = request.get_json(silent=True) if request.is_json else request.form
    text = sent.get(name) if hasattr(sent, "get") else None
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise InvalidInput(
            "Give the message as the text {name}, of at most {limit} characters.",
            "text",
            name=name,
            limit=_LONGEST,
        )
    return text


def _answer(message: str) -> Brief:
    codes = codes_in(message)
    if len(codes) > 1:
        several = gettext("Send one code in a message, please.")
        return Brief("several-codes", several, (), good=False, vouched=False)
    return brief_of(codes[0] if codes else "", counted=False)
