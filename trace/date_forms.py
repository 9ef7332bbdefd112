"""The forms in which a solar date is written, and what each says and leaves open.

A reader raises ValueError for a day that the calendar does not have.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from suyuan.trace.doubts import Doubt
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from suyuan.trace.written import folded

YEAR_FROM_CONTEXT = "year-from-context"
"""The code of the doubt that the year was not written but taken from around the date."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def span(
    text: str, earliest: date | None, latest: date | None, precision: Precision, *doubts: Doubt
) -> StatedDate:
    return StatedDate(text, earliest, latest, precision, Calendar.SOLAR, doubts)


def _day(text: str, match: re.Match[str], _year: int | None) -> StatedDate:
    day = _valid(int(match["y"]), int(match["m"]), int(match["d"]))
    return span(text, day, day, Precision.DAY)


def _short_year(text: str, match: re.Match[str], _year: int | None) -> StatedDate:
    day = _valid(2000 + int(match["y"]), int(match["m"]), int(match["d"]))
    doubt = Doubt.of("year-in-two-digits", "{text}: is the year {year}?", text=text, year=day.year)
    return span(text, day, day, Precision.DAY, doubt)


def _day_without_year(text: str, match: re.Match[str], year: int | None) -> StatedDate:
    month, day = int(match["m"]), int(match["d"])
    _valid(2000, month, day)  # a leap year, so that only impossible days are refused
    if year is None:
        return span(text, None, None, Precision.DAY, _no_year(text))
    found = _valid(year, month, day)
    return _lost_zero_of_day(span(text, found, found, Precision.DAY, from_context(text, year)))


def _lost_zero_of_day(stated: StatedDate) -> StatedDate:
    """``10.3`` may be what a sheet left of 10.30."""
    lost = re.fullmatch(r"\d{1,2}\.([123])", folded(stated.text))
    if lost is None or stated.earliest is None:
        return stated
    later = int(lost[1]) * 10
    if later > _days_in(stated.earliest.year, stated.earliest.month):
        return stated
    doubt = Doubt.of(
        "zero-lost",
        "{text} may be what a sheet left of {other}.",
        text=stated.text,
        other=stated.text + "0",
    )
    return replace(
        stated,
        latest=stated.earliest.replace(day=later),
        precision=Precision.RANGE,
        doubts=(*stated.doubts, doubt),
    )


def _month(text: str, match: re.Match[str], _year: int | None) -> StatedDate:
    year, month = int(match["y"]), int(match["m"])
    first = _valid(year, month, 1)
    if match["lossy"] and match["m"] == "1":
        doubt = Doubt.of(
            "zero-lost",
            "{text} may be what a sheet left of {other}.",
            text=text,
            other=f"{year}.10",
        )
        return span(text, first, date(year, 10, 31), Precision.RANGE, doubt)
    return span(text, first, _last_of(year, month), Precision.MONTH)


def _month_without_year(text: str, match: re.Match[str], year: int | None) -> StatedDate:
    month = int(match["m"])
    _valid(2000, month, 1)
    if year is None:
        return span(text, None, None, Precision.MONTH, _no_year(text))
    return span(
        text,
        _valid(year, month, 1),
        _last_of(year, month),
        Precision.MONTH,
        from_context(text, year),
    )


def _third(text: str, match: re.Match[str], year: int | None) -> StatedDate:
    month = int(match["m"])
    begin, end = date_words()["thirds"][match["third"]]
    _valid(2000, month, 1)
    stated_year = int(match["y"]) if match["y"] else year
    if stated_year is None:
        return span(text, None, None, Precision.TEN_DAYS, _no_year(text))
    doubts = () if match["y"] else (from_context(text, stated_year),)
    last = min(end, _days_in(stated_year, month))
    first = _valid(stated_year, month, begin)
    return span(text, first, first.replace(day=last), Precision.TEN_DAYS, *doubts)


def _season(text: str, match: re.Match[str], year: int | None) -> StatedDate:
    stated_year = int(match["y"]) if match["y"] else year
    if stated_year is None:
        return span(text, None, None, Precision.SEASON, _no_year(text))
    doubts = () if match["y"] else (from_context(text, stated_year),)
    bounds = date_words()["seasons"][match["season"]]
    (month, day), (last_month, last_day) = bounds["from"], bounds["to"]
    last_year = stated_year + (last_month < month)
    latest = date(last_year, last_month, min(last_day, _days_in(last_year, last_month)))
    return span(text, _valid(stated_year, month, day), latest, Precision.SEASON, *doubts)


def _year_only(text: str, match: re.Match[str], _year: int | None) -> StatedDate:
    year = int(match["y"])
    return span(text, _valid(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def _day_or_month_first(text: str, match: re.Match[str], _year: int | None) -> StatedDate:
    """``3/10/2026``: March 10th for one, 3 October for another."""
    year, one, other = int(match["y"]), int(match["a"]), int(match["b"])
    readings = {
        date(year, month, day)
        for month, day in ((one, other), (other, one))
        if 1 <= month <= 12 and 1 <= day <= _days_in(year, month)
    }
    if not readings:
        raise ValueError(text)
    if len(readings) == 1:
        return span(text, min(readings), max(readings), Precision.DAY)
    doubt = Doubt.of("day-or-month-first", "{text}: which of the two is the month?", text=text)
    return span(text, min(readings), max(readings), Precision.RANGE, doubt)


def _no_year(text: str) -> Doubt:
    return Doubt.of("year-missing", "{text} has no year.", text=text)


def from_context(text: str, year: int) -> Doubt:
    return Doubt.of(
        YEAR_FROM_CONTEXT, "{text} has no year; {year} is taken from around it.", text=text,
        year=year,
    )  # fmt: skip


def _valid(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"the year {year}")
    return date(year, month, day)


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _last_of(year: int, month: int) -> date:
    return date(year, month, _days_in(year, month))


@cache
def date_words() -> Mapping[str, Any]:
    source = files("suyuan.trace.standards") / "date_words.json"
    words: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return words


_THIRDS = "|".join(date_words()["thirds"])
_SEASONS = "|".join(date_words()["seasons"])
_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"

_Reader = Callable[[str, re.Match[str], int | None], StatedDate]
FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.ASCII), reader)
    for pattern, reader in (
        (r"(?P<y>\d{4})(?P<sep>[-./])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})" + _CLOCK, _day),
        (r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _day),
        (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", _day),
        (r"(?:སྤྱི་ལོ་)(?P<y>\d{4}) ?ཟླ་(?P<m>\d{1,2}) ?ཚེས་(?P<d>\d{1,2})", _day),
        (r"(?P<y>\d{2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _short_year),
        (r"(?P<y>\d{2})(?P<sep>[-./])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})", _short_year),
        (r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _day_without_year),
        (r"(?P<m>\d{1,2})[./](?P<d>\d{1,2})", _day_without_year),
        (r"(?P<a>\d{1,2})[-./](?P<b>\d{1,2})[-./](?P<y>\d{4})", _day_or_month_first),
        (r"(?P<y>\d{4})(?P<lossy>\.)(?P<m>\d{1,2})", _month),
        (r"(?P<y>\d{4})(?:[-/]|年)(?P<m>\d{1,2})月?(?P<lossy>)", _month),
        (r"(?P<m>\d{1,2})月份?", _month_without_year),
        (rf"(?:(?P<y>\d{{4}})[年.])?(?P<m>\d{{1,2}})月份?(?P<third>{_THIRDS})", _third),
        (rf"(?:(?P<y>\d{{4}})年? ?)?(?P<season>{_SEASONS})[季天]?", _season),
        (r"(?P<y>\d{4})年?", _year_only),
    )
)
