"""How pages tell verdicts and grades, and who gave an order: a person's organisation, or a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask import Flask
from flask_babel import gettext

from suyuan.trace.products.grades import Grade
from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.grounds import verdict_on
from suyuan.trace.release.queries import OrderInForce
from suyuan.trace.release.rules import rule_names
from suyuan.trace.release.tables import Order
from suyuan.web.showing import language, named, party_name


class Judged(Protocol):
    """A verdict with what it rests on, as a passport shows it or as it is kept."""

    @property
    def verdict(self) -> str: ...
    @property
    def grounds(self) -> Mapping[str, Any]: ...


def verdict_word(verdict: str) -> str:
    """A verdict in a word or two."""
    words: dict[str, str] = {
        "pass": gettext("meets the standard"),
        "fail": gettext("breaks the standard"),
        "inconclusive": gettext("does not tell"),
        "not_regulated": gettext("no limit is set"),
    }
    return words.get(verdict, verdict)


def verdict_sentence(one: Judged) -> str:
    """A verdict explained: standard, edition, clause, limit and value."""
    return explained(verdict_on(one.verdict, one.grounds), language(), gettext)


def grade_told(grade: Grade) -> str:
    """A grade with the scheme that gives it, its version, and whether anybody has checked it."""
    said = {
        "grade": named(grade.names),
        "scheme": named(grade.scheme_names),
        "version": grade.version,
    }
    if grade.unconfirmed:
        return str(gettext("%(grade)s by %(scheme)s, version %(version)s (unconfirmed)", **said))
    return str(gettext("%(grade)s by %(scheme)s, version %(version)s", **said))


def ordered_by(order: Order | OrderInForce) -> str:
    """Who gave an order; where nobody did, the rule that gave it, and on whose word."""
    by = order.by if isinstance(order, OrderInForce) else party_name(order.by_party)
    rule = rule_names(order.rule)
    if rule is None:
        return by
    return str(gettext("by rule: %(rule)s (entered by %(who)s)", rule=named(rule), who=by))


def install(app: Flask) -> None:
    """Give every template of ``app`` these filters."""
    app.jinja_env.filters.update(
        verdict_word=verdict_word, verdict_sentence=verdict_sentence,
        grade_told=grade_told, ordered_by=ordered_by,
    )  # fmt: skip
