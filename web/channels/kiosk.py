"""The touch screen in a shop or a hall: scan or type a code, read the answer in large letters.

A scanner that types like a keyboard fills the one field and ends with Enter. The number pad is
buttons of the same form, so it works without scripts. What was typed and what was answered goes
away by itself, and nobody sees what was asked before.
"""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from suyuan.trace.carriers.queries import carriers_by_number
from suyuan.trace.codes.trace_code import LENGTH, SERIAL_LENGTH, plain_digits, show_trace_code
from suyuan.trace.spans import span
from suyuan.web.catalogues import COOKIE, DEFAULT
from suyuan.web.channels.text import brief_of
from suyuan.web.ground import db

BACK, CLEAR = "back", "clear"
_LONGEST = 400


def kiosk() -> Response:
    """The start with its number pad, or the answer to ``code``."""
    typed = request.args.get("code", "").strip()[:_LONGEST]
    pressed = request.args.get("key")
    if pressed is not None or not typed:
        return _drawn("channels/kiosk.html", typed=_after(typed, pressed))
    said = brief_of(_known_here(typed))
    return _drawn("channels/kiosk_answer.html", said=said, typed=typed)


def _drawn(template: str, **values: object) -> Response:
    """A page that no cache keeps, so that going back shows nobody another's question, and that
    gives way to an empty one after a while."""
    shown = span("kiosk_stays" if "stay" in request.args else "kiosk_answers")
    minutes = int(shown.total_seconds()) // 60
    response = Response(render_template(template, minutes=minutes, **values))
    response.cache_control.no_store = True
    if values["typed"]:
        start = f"{url_for('channels.kiosk')}?{COOKIE}={DEFAULT}"
        response.headers["Refresh"] = f"{int(shown.total_seconds())}; url={start}"
    return response


def _after(typed: str, pressed: str | None) -> str:
    """What stands in the field after a button of the number pad."""
    digits = plain_digits(typed)
    if pressed == CLEAR:
        digits = ""
    elif pressed == BACK:
        digits = digits[:-1]
    elif pressed is not None and pressed.isdecimal():
        digits += pressed[0]
    code, serial = digits[:LENGTH], digits[LENGTH : LENGTH + SERIAL_LENGTH]
    return f"{show_trace_code(code)} {serial}".strip()


def _known_here(typed: str) -> str:
    """What to ask about: a code, or that to which the number of another system's carrier is
    bound."""
    if "://" in typed or len(plain_digits(typed)) in (LENGTH, LENGTH + SERIAL_LENGTH):
        return typed
    bound = carriers_by_number(db(), typed)
    return bound[0].path if len(bound) == 1 else typed
