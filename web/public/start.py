"""The start page: type or paste a code."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from suyuan.trace.carriers.kinds import carrier_kinds
from suyuan.trace.carriers.queries import carriers_by_number
from suyuan.trace.codes.trace_code import TraceCodeError
from suyuan.trace.codes.typed import read_typed
from suyuan.web.error_pages import say
from suyuan.web.ground import db
from suyuan.web.public.carriers import carrier_address
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
        bound = carriers_by_number(db(), typed)
        if len(bound) == 1:
            return redirect(carrier_address(bound[0]), 303)
        if bound:
            return render_template(
                "public/start.html",
                typed=typed[:400],
                carriers=bound,
                carrier_kinds=carrier_kinds(),
            )
        return render_template("public/start.html", typed=typed[:400], fault=say(fault)), 422
