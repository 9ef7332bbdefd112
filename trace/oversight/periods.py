"""The periods of reports: weeks, months, quarters and years of people here.

A period is so many whole days in Shanghai, which is a half-open span of moments in UTC: the first
moment of its first day is in it, the first moment after its last day is not. Periods of one cadence
follow each other without gap or overlap, so that whatever has a moment is in one and only one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from suyuan.trace.balance.scope import EARLIEST, LATEST
from suyuan.trace.clock import day_of, end_of_day
from suyuan.trace.errors import InvalidInput

Cadence = Literal["weekly", "monthly", "quarterly", "yearly"]
CADENCES: Final[tuple[Cadence, ...]] = get_args(Cadence)
_DAY = timedelta(days=1)
_MONTHS_IN_QUARTER = 3


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included, and what they are called.

    ``name``: 2026-W23 (ISO 8601: the week from Monday of which most days are in 2026), 2026-05,
    2026-Q2 or 2026.
    """

    cadence: Cadence
    name: str
    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The first moment of it."""
        return end_of_day(self.first - _DAY)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return end_of_day(self.last)

    def over(self, now: datetime) -> bool:
        """Whether it has ended, so that its numbers no longer change."""
        return self.until <= now

    def before(self) -> Period:
        """The period that ended when this one began."""
        return period_on(self.cadence, self.first - _DAY)


def period_on(cadence: Cadence, day: date) -> Period:
    """The period that a day is in."""
    match cadence:
        case "weekly":
            first = day - timedelta(days=day.weekday())
            year, week, _ = day.isocalendar()
            return Period(cadence, f"{year:04}-W{week:02}", first, first + 6 * _DAY)
        case "monthly":
            return Period(cadence, f"{day:%Y-%m}", day.replace(day=1), _month_end(day))
        case "quarterly":
            quarter = (day.month - 1) // _MONTHS_IN_QUARTER
            first = date(day.year, quarter * _MONTHS_IN_QUARTER + 1, 1)
            last = _month_end(first.replace(month=first.month + _MONTHS_IN_QUARTER - 1))
            return Period(cadence, f"{day.year:04}-Q{quarter + 1}", first, last)
        case "yearly":
            return Period(cadence, f"{day.year:04}", date(day.year, 1, 1), date(day.year, 12, 31))


def last_over(cadence: Cadence, now: datetime) -> Period:
    """The newest period that has ended."""
    return period_on(cadence, day_of(now)).before()


def read_period(cadence: Cadence, name: str, now: datetime) -> Period:
    """The period of this name. Raises InvalidInput for one that there is not or that has not
    begun."""
    form = _FORMS[cadence]
    found = re.fullmatch(form.pattern, name.strip(), re.ASCII)
    day = form.day_in(*map(int, found.groups())) if found else None
    if day is None or not EARLIEST <= day.year <= LATEST:
        raise InvalidInput("A period of this report is written {like}.", "period", like=form.like)
    period = period_on(cadence, day)
    if period.since > now:
        raise InvalidInput(
            "{period} has not begun yet: ask for a period up to today.", "period", period=name
        )
    return period


@dataclass(frozen=True)
class _Form:
    """How the periods of a cadence are written, and a day in the one with these numbers."""

    like: str
    pattern: str
    day_in: Callable[..., date | None]


def _day_of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _first_of(year: int, month: int) -> date | None:
    return date(year, month, 1) if year and month in range(1, 13) else None


_FORMS: Final[dict[Cadence, _Form]] = {
    "weekly": _Form("2026-W23", r"(\d{4})-W(\d{2})", _day_of_week),
    "monthly": _Form("2026-05", r"(\d{4})-(\d{2})", _first_of),
    "quarterly": _Form(
        "2026-Q2", r"(\d{4})-Q([1-4])", lambda year, quarter: _first_of(year, quarter * 3 - 2)
    ),
    "yearly": _Form("2026", r"(\d{4})", lambda year: _first_of(year, 1)),
}


def _month_end(day: date) -> date:
    return (day.replace(day=1) + 31 * _DAY).replace(day=1) - _DAY
