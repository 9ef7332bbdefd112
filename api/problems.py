"""Problem documents (RFC 9457): the one form of every answer below /api that is not a success.

``type`` is ``/problems/<kind>``, a name that stays; ``title`` and ``detail`` are in the language of
``Accept-Language``; ``errors`` names each field that is wrong, as its path in what was sent.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from flask import Response, request
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from suyuan.api.words import N_, told
from suyuan.trace.errors import Fault, InvalidInput, Misconfigured, SuyuanError

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger(__name__)


class Malformed(SuyuanError):
    """The body or a header cannot be read at all."""

    status = 400
    kind = "malformed"


class NotAcceptable(SuyuanError):
    """There is no answer of a media type that the client accepts."""

    status = 406
    kind = "not-acceptable"


class UnsupportedMedia(SuyuanError):
    """The body is of another media type than this address takes."""

    status = 415
    kind = "unsupported-media-type"


class FieldsRefused(InvalidInput):
    """Fields that the schema refuses; ``errors`` are their paths and what is wrong, translated."""

    kind: ClassVar[str] = "invalid-input"

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        super().__init__("Several fields need mending.")
        self.errors = tuple(errors)


KINDS: Mapping[int, tuple[str, str]] = {
    400: ("malformed", N_("The request cannot be read.")),
    401: ("unauthenticated", N_("Send a bearer token in the Authorization header.")),
    403: ("forbidden", N_("You may not do this.")),
    404: ("not-found", N_("There is nothing at this address.")),
    405: ("method-not-allowed", N_("This address does not take this method.")),
    406: ("not-acceptable", N_("There is no answer of a media type that you accept.")),
    413: ("too-large", N_("The request is too large.")),
    415: ("unsupported-media-type", N_("This address does not take a body of this media type.")),
    429: ("too-many-requests", N_("Too many requests: wait a little, then send the same again.")),
    500: (
        "defect",
        N_("Something is wrong on our side. It is written in the log; please try later."),
    ),
    503: ("unavailable", N_("The database is busy. Send the same again.")),
}
"""For what the framework finds wrong by itself: the kind, and what the reader is told."""

TITLES: Mapping[int, str] = {
    400: N_("Cannot be read"),
    401: N_("Not signed in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Method not allowed"),
    406: N_("Not acceptable"),
    409: N_("Conflict"),
    413: N_("Too large"),
    415: N_("Unsupported media type"),
    422: N_("Something in the request is wrong"),
    429: N_("Too many requests"),
    500: N_("Defect"),
    503: N_("Not available now"),
}


def problem(
    status: int,
    kind: str,
    detail: str,
    errors: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem document as a response; ``detail`` and the errors are translated already."""
    document: dict[str, Any] = {
        "type": f"/problems/{kind}",
        "title": gettext(TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    if listed := [{"field": field, "detail": told} for field, told in errors]:
        document["errors"] = listed
    response = Response(
        json.dumps(document, ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def from_family(error: SuyuanError) -> Response:
    """The document for an error that was raised on purpose."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("api.failed", kind=error.kind, path=request.path, why=str(error))
    if isinstance(error, Misconfigured):
        error = error.for_others()
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="suyuan"'
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return problem(
        error.status, error.kind, told(error.message, error.params), _errors(error), headers
    )


def from_http(error: HTTPException) -> Response:
    """The document for what the framework raised: no such address, method, too large, too often."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    kind, detail = KINDS.get(status, ("error", error.description or error.name))
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return problem(status, kind, gettext(detail), headers=headers)


def from_defect(error: Exception) -> Response:
    """The document for anything else: a defect of ours, or a database that is away."""
    away = isinstance(error, DBAPIError) and error.connection_invalidated
    # where it happened and of what kind; the message could hold what somebody sent
    _log.error(
        "api.defect",
        path=request.path,
        method=request.method,
        error=type(error).__name__,
        trace="".join(traceback.format_tb(error.__traceback__)),
    )
    status = 503 if away else 500
    kind, detail = KINDS[status]
    return problem(status, kind, gettext(detail))


def flattened(messages: object, path: str = "") -> Iterator[tuple[str, str]]:
    """What marshmallow found wrong, as paths (``items.0.result``) and translated sentences."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            inner = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            yield from flattened(below, inner)
    elif isinstance(messages, list | tuple):
        for below in messages:
            yield from flattened(below, path)
    else:
        yield path or "body", gettext(str(messages))


def _errors(error: SuyuanError) -> list[tuple[str, str]]:
    if isinstance(error, FieldsRefused):
        return list(error.errors)
    if error.faults:
        return [_fault(fault) for fault in error.faults]
    return [(error.field, told(error.message, error.params))] if error.field else []


def _fault(fault: Fault) -> tuple[str, str]:
    return fault.field, told(fault.message, dict(fault.params))
