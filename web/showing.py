"""How pages write times, names and places: filters and texts that every template has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import Flask, Response, request
from flask_babel import get_locale, gettext

from suyuan.trace.clock import day_of, shown
from suyuan.trace.parties.chain_stages import chain_stages
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party
from suyuan.trace.words import Language, Names
from suyuan.web.catalogues import COOKIE, DEFAULT, LANGUAGES
from suyuan.web.ground import settings

OWN_NAMES = {"zh": "中文", "bo": "བོད་ཡིག", "en": "English"}
COOKIE_SECONDS = 365 * 24 * 3600


def language() -> Language:
    """The language of the page being made."""
    locale = get_locale()
    code = locale.language if locale else DEFAULT
    return code if code in LANGUAGES else DEFAULT  # type: ignore[return-value]  # one of the three


def named(names: Names | Mapping[str, str]) -> str:
    """A thing's name in the reader's language; Chinese where that language has none."""
    if isinstance(names, Names):
        own = {"zh": names.zh, "en": names.en, "bo": names.bo}[language()]
        return own or names.zh or names.en or ""
    return names.get(language()) or names.get("zh") or next(iter(names.values()), "") or ""


def party_name(party: Party) -> str:
    """A party's name: its own in Chinese, another where it has given one."""
    return party.names.get(language()) or party.name


def kind_name(kind: str) -> str:
    """The name of a kind of organisation."""
    return named(Rights.load().organisation_kind(kind).names)


def role_name(role: str) -> str:
    """The name of a role."""
    return named(Rights.load().roles[role].names)


def division_name(code: str) -> str:
    """A division with those above it: 西藏自治区 那曲市 索县."""
    known = divisions()
    return known.name_path(code) if code in known else code


def stage_name(key: str) -> str:
    """The name of a stage of the chain."""
    return named(chain_stages()[key].names) if key in chain_stages() else key


def party_state(state: str) -> str:
    """What a party's state is called."""
    words: dict[str, str] = {
        "applied": gettext("applied for"),
        "active": gettext("checked"),
        "suspended": gettext("suspended"),
    }
    return words.get(state, state)


def evidence_grade(key: str) -> str:
    """How an event is known: what stands behind the word of whoever recorded it."""
    words: dict[str, str] = {
        "self_declared": gettext("self-declared"),
        "documented": gettext("with document"),
        "third_party": gettext("verified by a third party"),
    }
    return words.get(key, key)


def paper_check(at: datetime, who: str, where: str) -> str:
    """That a paper was checked: by which organisation, on which day, and against what."""
    day = day_of(at).isoformat()
    if who:
        text = gettext("checked by %(who)s on %(day)s", who=who, day=day)
    else:
        text = gettext("checked by the register on %(day)s", day=day)
    return f"{text} ({where})" if where else str(text)


def quota_text(drawn: str, amount: str, left: str, period: str = "") -> str:
    """How the amount on a paper stands; ``period``: of which year, where it is one for each."""
    text = gettext(
        "%(drawn)s of %(amount)s drawn, %(left)s left", drawn=drawn, amount=amount, left=left
    )
    return f"{text} ({period})" if period else str(text)


def application_state(state: str) -> str:
    """How an application for a certification stands."""
    words = {
        "applied": gettext("under review"),
        "approved": gettext("approved"),
        "refused": gettext("refused"),
    }
    return str(words.get(state, state))


def draw_reason(why: str) -> str:
    """For what something was drawn from a paper, or why it was given back."""
    words: dict[str, str] = {
        "registration": gettext("registered"),
        "printing": gettext("labels printed"),
        "event": gettext("recorded event"),
        "withdrawn": gettext("given back: the batch was withdrawn"),
        "voided": gettext("given back: labels were declared void"),
    }
    return words.get(why, why)


def in_language(code: str) -> str:
    """The address of this page in another language; after a form was sent, of the form."""
    path, arguments = "/", {}
    if request.url_rule is None or "GET" in (request.url_rule.methods or ()):
        path = request.path
        arguments = {key: value for key, value in request.args.items() if key != COOKIE}
    return f"{quote(path)}?{urlencode({**arguments, COOKIE: code})}"


def install(app: Flask) -> None:
    """Give every template of ``app`` these filters and texts."""
    app.jinja_env.filters.update(
        shown=shown,
        named=named,
        party_name=party_name,
        kind_name=kind_name,
        role_name=role_name,
        division_name=division_name,
        stage_name=stage_name,
        party_state=party_state,
        evidence_grade=evidence_grade,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def texts() -> dict[str, object]:
        return {
            "language": language(),
            "languages": OWN_NAMES,
            "in_language": in_language,
            "paper_check": paper_check,
            "quota_text": quota_text,
            "draw_reason": draw_reason,
            "application_state": application_state,
            "settings": settings(),
        }

    @app.after_request
    def keep_choice(response: Response) -> Response:
        chosen = request.args.get(COOKIE)
        if chosen in LANGUAGES:
            response.set_cookie(
                COOKIE, chosen, max_age=COOKIE_SECONDS, samesite="Lax", secure=settings().https,
                httponly=True,
            )  # fmt: skip
        return response
