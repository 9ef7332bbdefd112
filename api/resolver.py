"""The resolver: what a code's own address answers to programs (GS1 Digital Link, RFC 9264).

The pages of ``suyuan.web`` serve these under the code's address where ``Accept`` or ``linkType``
asks for them. The JSON is the passport as the API gives it; the linkset names every other view of
the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from suyuan.api.plain import plain
from suyuan.api.problems import problem
from suyuan.api.words import told
from suyuan.trace.passport import Passport, Unvouched
from suyuan.trace.passport.proofs import proofs_of

GS1 = "https://ref.gs1.org/voc/"
"""The GS1 Web Vocabulary, whose link types the GS1-Conformant Resolver standard (1.2) uses."""
_GS1_BEFORE = ("https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
"""Where the vocabulary was before: askers still name it so."""
JSON = "application/json"
HTML = "text/html"
LINKSET = "application/linkset+json"


@dataclass(frozen=True)
class Link:
    """One link: its GS1 link type (without the namespace), where to, of which media type."""

    type: str
    href: str
    media: str
    title: str


def answer_json(passport: Passport, session: Session | None = None) -> dict[str, Any]:
    """The whole passport as a JSON value; with a session, also what proves the values it shows."""
    whole: dict[str, Any] = plain(passport)
    if session is not None:
        whole["proofs"] = proofs_of(session, whole)
    return whole


def linkset(passport: Passport) -> dict[str, Any]:
    """Every link of the thing that the code names: the value of ``application/linkset+json``.

    One context, anchored at the canonical address; relations are GS1 link types as URIs.
    """
    anchor = _address(passport.path)
    relations: dict[str, list[dict[str, str]]] = {}
    for link in links(passport):
        target = {"href": link.href, "type": link.media, "title": link.title}
        relations.setdefault(GS1 + link.type, []).append(target)
    relations[GS1 + "defaultLink"] = [{"href": anchor, "type": HTML, "title": passport.name}]
    return {"linkset": [{"anchor": anchor, **relations}]}


def links(passport: Passport) -> Iterator[Link]:
    """The views of the thing that anybody may see, the page for people first."""
    page, code = _address(passport.path), passport.trace_code
    as_json = f"{_root()}/api/v1/passport?code={code}"
    yield Link("pip", page, HTML, passport.name)
    yield Link("pip", as_json, JSON, passport.name)
    yield Link("traceability", page, HTML, gettext("Origin and handling"))
    yield Link("traceability", as_json, JSON, gettext("Origin and handling"))
    if passport.papers or passport.tests:
        yield Link("certificationInfo", page, HTML, gettext("Papers and test reports"))
    if passport.standing.state == "recalled":
        yield Link("recallStatus", page, HTML, passport.standing.reason)


def link_type_of(asked: str) -> str:
    """A link type without its namespace: asked for as ``pip``, ``gs1:pip`` or as a whole URI."""
    for start in (GS1, *_GS1_BEFORE, "gs1:"):
        if asked.startswith(start):
            return asked.removeprefix(start)
    return asked


def unvouched_json(about: Unvouched) -> Response:
    """The problem document about a code that nothing can be vouched for: its verdict is the kind.

    It says nothing of any batch: that would lend a forged code the batch's good name.
    """
    detail = gettext("Nothing can be vouched for this code: {verdict}.")
    errors = [("code", told(about.hint.message, about.hint.params))] if about.hint else []
    return problem(404, about.verdict, detail.format(verdict=about.verdict), errors)


def _root() -> str:
    return request.host_url.rstrip("/")


def _address(path: str) -> str:
    return _root() + path
