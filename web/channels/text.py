"""The answer as plain text: for programs that send it on, and for those that read it aloud."""

from __future__ import annotations

import re

from flask import Response, request

from suyuan.trace.codes.trace_code import TraceCodeError
from suyuan.trace.notices.text_messages import one_message
from suyuan.web.channels.asking import answer_typed
from suyuan.web.channels.brief import Brief, between, brief, no_code
from suyuan.web.ground import settings

STATE = "Suyuan-State"
"""The header that says in one word what the text says."""


def about(code: str, serial: str | None = None) -> Response:
    """The answer about a typed code: all of it, as much as one message holds (``?for=message``),
    or for a voice (``?for=speech``)."""
    said = brief_of(code if serial is None else f"{code}/{serial}")
    wanted = request.args.get("for")
    if wanted == "message":
        text = one_message(said.statements, between())
    elif wanted == "speech":
        text = "\n".join(map(spoken, said.statements))
    else:
        text = "\n".join(said.statements)
    return plain(said, text)


def brief_of(typed: str, *, counted: bool = True) -> Brief:
    """The answer about what somebody typed, also where that is no code; ``counted`` as for
    ``answer_typed``."""
    line = settings().supervision_phone
    try:
        return brief(answer_typed(typed, counted=counted), line)
    except TraceCodeError:
        return Brief("malformed", no_code(), (), good=False, vouched=False)


def plain(said: Brief, text: str) -> Response:
    """A text with its state; 404 where nothing is vouched for, as on the page."""
    response = Response(f"{text}\n", content_type="text/plain; charset=utf-8")
    response.headers[STATE] = said.state
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.cache_control.no_store = True
    response.status_code = 200 if said.vouched else 404
    return response


def spoken(statement: str) -> str:
    """A sentence for a voice: long numbers digit by digit, and no word in capitals, which voices
    spell."""
    lowered = re.sub(r"\b[A-Z]{2,}\b", lambda word: word[0].lower(), statement)
    apart = re.sub(
        r"(?<![\d.,-])\d[\d ]{4,}\d(?![\d.,-]\d)",
        lambda number: " ".join(number[0].replace(" ", "")),
        lowered,
    )
    return apart[:1].upper() + apart[1:]
