"""Working days, by which the law counts (``standards/working_days.json``).

Monday to Friday, but for the days off and the worked weekends that the State Council publishes for
each year. Of a year whose notice is not kept yet only the statutory days are known, or the weekends
alone, and its clocks may be off by some days: ``counted_surely`` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard

_FRIDAY = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """The days off of a year, and the weekend days that are worked for them.

    ``published``: whether they are those of the State Council's notice; else the statutory days
    alone, without the days in lieu.
    """

    year: int
    off: frozenset[date]
    worked: frozenset[date]
    published: bool
    provenance: Provenance


def is_working_day(day: date) -> bool:
    """Whether offices work on this day."""
    year = years().get(str(day.year))
    if year is not None and day in year.off:
        return False
    return day.weekday() <= _FRIDAY or (year is not None and day in year.worked)


def after_working_days(start: date, count: int) -> date:
    """The last of so many working days after ``start``, which is not counted itself."""
    day = start
    while count > 0:
        day += _DAY
        count -= is_working_day(day)
    return day


def counted_surely(start: date, end: date) -> bool:
    """Whether the notice of every year from ``start`` to ``end`` is kept.

    Where it is not, a day counted by these years may turn out to be another.
    """
    asked = range(start.year, end.year + 1)
    return all((year := years().get(str(one))) is not None and year.published for one in asked)


@cache
def years() -> dict[str, Year]:
    """The years that are kept. Raises Misconfigured."""
    rows = read_standard("working_days.json").get("years").rows()
    return keyed(rows, _read_year, lambda one: str(one.year))


def _read_year(row: Row) -> Year:
    row.only("year", "off", "worked", "published", *PROVENANCE)
    off = {day for span in row.get("off").rows() for day in _days(span)}
    worked = frozenset(row.list_of("worked", Row.day))
    published = row.maybe("published", Row.flag) is not False
    return Year(row.get("year").integer(), frozenset(off), worked, published, row.provenance())


def _days(span: Row) -> list[date]:
    span.only("from", "to")
    first, last = span.get("from").day(), span.get("to").day()
    return [first + _DAY * number for number in range((last - first).days + 1)]
