"""The start page: type or paste a code."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.trace_code import LENGTH, SERIAL_LENGTH, TraceCodeError, parse_trace_code
from suyuan.web.error_pages import say
from suyuan.web.public.scan import answer_code


def start() -> Response | str | tuple[str, int]:
    """The page itself, or the way to what was typed into it: a trace code or a whole address."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return render_template("public/start.html")
    if "://" in typed:
        return answer_code(typed)
    try:
        return redirect(str(read_typed(typed)), 303)
    except TraceCodeError as fault:
        return render_template("public/start.html", typed=typed[:400], fault=say(fault)), 422


def read_typed(typed: str) -> TracePath:
    """The path of a trace code, with the serial where it was typed behind it.

    Raises TraceCodeError.
    """
    digits = [at for at, character in enumerate(typed) if character.isdecimal()]
    if len(digits) == LENGTH + SERIAL_LENGTH:
        code, serial = typed[: digits[LENGTH]], typed[digits[LENGTH] :]
        plain = "".join(str(int(character)) for character in serial if character.isdecimal())
        return TracePath(parse_trace_code(code.rstrip("/ ")), plain)
    return TracePath(parse_trace_code(typed))
