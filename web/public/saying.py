"""How the public pages write days, quantities and values, and in whose script a text stands."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from suyuan.trace.codes.trace_code import show_trace_code
from suyuan.trace.passport.facts import Fact
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar, StatedDate
from suyuan.web.showing import language, named

_TIBETAN = re.compile("[\u0f00-\u0fff]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def tongue(text: str) -> str:
    """``text`` marked with its language where that is not the page's own.

    The body of a page in Tibetan is marked Chinese, because most of it is until the words are
    approved; what is Tibetan in it is marked here. So a reader's voice and line height are right.
    """
    own = "en" if language() == "en" else "zh"
    if _TIBETAN.search(text):
        return Markup('<span lang="bo">{}</span>').format(text)
    if own == "en" and _CHINESE.search(text):
        return Markup('<span lang="zh-CN">{}</span>').format(text)
    return escape(text)


def day(moment: date) -> str:
    """A day as it stands on labels; in Tibetan with the words for year, month and day.

    Latin digits throughout: the formats of the locale library mix them with Tibetan ones.
    """
    if language() == "bo":
        return f"སྤྱི་ལོ་{moment.year} ཟླ་{moment.month} ཚེས་{moment.day}"
    return moment.isoformat()[:10]


def stated(said: StatedDate) -> str:
    """A date that somebody stated: the day where it is sure, else the wording and what it means."""
    if said.day is not None:
        return day(said.day)
    if said.earliest is None or said.latest is None:
        return said.text
    calendar = {
        Calendar.LUNAR: gettext("by the lunar calendar"),
        Calendar.TIBETAN: gettext("by the Tibetan calendar"),
        Calendar.UNKNOWN: gettext("calendar not stated"),
    }.get(said.calendar)
    means = gettext(
        "%(earliest)s to %(latest)s",
        earliest=said.earliest.isoformat(),
        latest=said.latest.isoformat(),
    )
    return f"{said.text} ({', '.join(filter(None, (means, calendar)))})"


def quantity(given: Quantity) -> str:
    """An amount with its unit: ``12.5 kg``, ``30 件``."""
    return named(given.names)


def fact_value(fact: Fact) -> str:
    """The value of a fact, with its unit."""
    if fact.value_names is not None:
        return named(fact.value_names)
    text = _plain(fact.value)
    if fact.unit is None:
        return text
    unit = {"month": gettext("months"), "day": gettext("days")}.get(fact.unit, fact.unit)
    return f"{text} {unit}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    text = str(value)
    return day(date.fromisoformat(text)) if _ISO_DAY.fullmatch(text) else text


FILTERS = {
    "tongue": tongue,
    "day": day,
    "stated": stated,
    "quantity": quantity,
    "fact_value": fact_value,
    "grouped": show_trace_code,
}
