"""What people see when something cannot be done: which field, what is wrong, what would be right.

A defect of ours shows a number under which the journal holds what happened, and nothing else.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from suyuan.api.words import told
from suyuan.trace.errors import (
    Fault,
    Forbidden,
    InvalidInputs,
    Misconfigured,
    NotFound,
    SuyuanError,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

log = structlog.get_logger(__name__)


def say(error: SuyuanError | Fault) -> str:
    """What the error says, in the reader's language."""
    return told(error.message, dict(error.params))


def say_warning(warning: Mapping[str, Any]) -> str:
    """What a kept warning (``identifiers.Warning.to_json``) says, in the reader's language."""
    return told(str(warning["message"]), warning.get("params", {}))


def faults_by_field(error: SuyuanError) -> dict[str, str]:
    """What to show beside each field of a form; an error without a field stands under ''."""
    if isinstance(error, InvalidInputs):
        return {fault.field: say(fault) for fault in error.faults}
    if error.faults:
        return {"": " ".join([say(error), *(say(fault) for fault in error.faults)])}
    return {error.field or "": say(error)}


def faults_to_mend(error: SuyuanError) -> dict[str, str]:
    """As ``faults_by_field``, beside the form that was sent. Raises Forbidden on: nobody mends that
    by typing something else."""
    if isinstance(error, Forbidden):
        raise error
    return faults_by_field(error)


def install(app: Flask, problem: Callable[[Exception], Response]) -> None:
    """Answer every error of ``app`` with a page; below ``/api`` with what ``problem`` makes."""

    app.jinja_env.globals["say_warning"] = say_warning

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response | tuple[str, int]:
        if request.path.startswith("/api/"):
            return problem(error)
        match error:
            case SuyuanError():
                return _answer(error)
            case HTTPException():
                return _answer_http(error)
            case OperationalError():
                return _answer_busy(error)
        return _answer_defect(error)


def _answer(error: SuyuanError) -> tuple[str, int]:
    if error.status >= 500:
        log.error("error", kind=error.kind, path_rule=_rule(), message=str(error))
    # below this only the operator comes
    if isinstance(error, Misconfigured) and not request.path.startswith("/admin/"):
        error = error.for_others()
    return _page(error.status, faults_by_field(error))


def _answer_http(error: HTTPException) -> Response | tuple[str, int]:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    known: dict[int, SuyuanError] = {
        401: Unauthenticated("Sign in first."),
        404: NotFound("There is no such page."),
        413: TooLarge("More was sent than is allowed."),
        429: Unavailable("Too many tries. Wait a minute and try again."),
    }
    told = known.get(error.code)
    return _page(error.code, faults_by_field(told) if told else {"": _refused(error.code)})


def _answer_busy(error: OperationalError) -> tuple[str, int]:
    log.error("database", error=type(error.orig).__name__, path_rule=_rule())
    return _page(503, {"": gettext("The database is busy. Send the same again.")})


def _answer_defect(error: Exception) -> tuple[str, int]:
    incident = secrets.token_hex(4)
    # where it happened and of what kind; the message could hold what somebody typed
    log.error(
        "incident",
        incident=incident,
        error=type(error).__name__,
        path_rule=_rule(),
        trace="".join(traceback.format_tb(error.__traceback__)),
    )
    return _page(500, {}, incident)


def _refused(status: int) -> str:
    return str(gettext("This request cannot be answered (%(status)s).", status=status))


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _page(status: int, faults: dict[str, str], incident: str | None = None) -> tuple[str, int]:
    return (
        render_template("error.html", status=status, faults=faults, incident=incident),
        status,
    )
