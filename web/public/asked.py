"""What a request for a code asks: the raw text that was scanned, and the form of the answer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

Form = Literal["html", "json", "linkset"]

MEDIA_TYPES: dict[Form, str] = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "linkset": "application/linkset+json",
}
_FORMS: dict[str, Form] = {given.split(";")[0]: form for form, given in MEDIA_TYPES.items()}
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


def raw_path(request: Request) -> str:
    """Path and query exactly as they came in, before anything was decoded or put in order.

    Verifiers match the raw text, because programs disagree about ``%74`` and ``..``. Servers hand
    it over as ``RAW_URI`` (gunicorn) or ``REQUEST_URI``; where none does it is written anew.
    """
    environ = request.environ
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if isinstance(raw, str) and raw:
        # a request line may name the whole address (RFC 9112 section 3.2.2)
        return _ORIGIN.sub("", raw, count=1) or "/"
    query = request.query_string.decode("latin-1")
    return quote(request.path, safe="/:@!$&'()*+,;=-._~") + (f"?{query}" if query else "")


def scanned(request: Request, https: bool) -> str:
    """The address as the symbol holds it. ``https``: this site is reached by https alone."""
    scheme = "https" if https else request.scheme
    return f"{scheme}://{request.host}{raw_path(request)}"


def asked_form(request: Request) -> Form:
    """HTML, JSON or a GS1 linkset, by ``Accept`` and ``?linkType=``; HTML where nothing is said."""
    if request.args.get("linkType") in ("linkset", "all"):
        return "linkset"
    return _form_of(request.headers.get("Accept", ""))


@lru_cache(maxsize=256)
def _form_of(accept: str) -> Form:
    """Kept, because all browsers of a kind ask alike."""
    accepted = parse_accept_header(accept, MIMEAccept)
    return _FORMS[accepted.best_match(list(_FORMS), default="text/html")]
