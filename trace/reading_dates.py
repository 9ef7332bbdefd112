"""Reads dates as people state them: ``2026.10.3``, ``10月3日``, 六月初, a sheet's serial number.

Lunar and Tibetan dates are kept as stated and never converted: leap months and local almanacs
differ. The forms of solar dates are in ``date_forms``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from suyuan.trace import numerals
from suyuan.trace.date_forms import FORMS, YEAR_FROM_CONTEXT, date_words, from_context, span
from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import InvalidInput
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from suyuan.trace.written import folded

LONGEST = 100
"""Characters of the longest wording that is kept."""

_SERIALS = range(18_264, 109_575)
"""Sheet serials read as dates: the years 1950 to 2199."""

_SERIAL_ZERO = date(
    1899, 12, 30
)  # not the 31st: the sheets count a 29 February 1900 that never was
_SERIAL_ZERO_1904 = date(1904, 1, 1)
_HERE = ZoneInfo("Asia/Shanghai")


def read_date(
    value: str | float | date | datetime,
    *,
    year: int | None = None,
    serials_from_1904: bool = False,
    field: str | None = None,
) -> StatedDate:
    """Reads one cell or form field.

    ``year`` is the year of the context (a sheet's title); using it leaves a doubt. A wording that
    is not understood is kept with a doubt. Raises InvalidInput only for an empty or overlong
    text, and for a day that no calendar has (30 February).
    """
    if isinstance(value, datetime):
        local = value.astimezone(_HERE) if value.tzinfo else value
        return span(local.date().isoformat(), local.date(), local.date(), Precision.DAY)
    if isinstance(value, date):
        return span(value.isoformat(), value, value, Precision.DAY)
    if not isinstance(value, str):
        return _read_number(value, year, serials_from_1904, field)
    text = value.strip()
    if not 0 < len(text) <= LONGEST:
        raise InvalidInput(
            "Give the date as it was stated, in 1 to {most} characters.", field=field, most=LONGEST
        )
    return _read_text(text, year, field)


def _read_number(
    value: float, year: int | None, serials_from_1904: bool, field: str | None
) -> StatedDate:
    shown = f"{value:.15g}" if isinstance(value, float) else str(value)
    whole = int(value) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", shown) else -1
    if isinstance(value, bool) or whole not in _SERIALS:
        return _read_text(shown, year, field)
    zero = _SERIAL_ZERO_1904 if serials_from_1904 else _SERIAL_ZERO
    day = zero + timedelta(days=whole)
    doubt = Doubt.of(
        "sheet-serial", "The cell holds the number {number}: is it {day}?", number=shown, day=day
    )
    return span(shown, day, day, Precision.DAY, doubt)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def _moment(text: str, field: str | None) -> StatedDate:
    """An instant with its offset: the day it was here."""
    try:
        day = datetime.fromisoformat(text).astimezone(_HERE).date()
    except (ValueError, OverflowError) as wrong:
        raise _impossible(text, field) from wrong
    return span(text, day, day, Precision.DAY)


def _impossible(text: str, field: str | None) -> InvalidInput:
    return InvalidInput(
        "{given} is not a day of the calendar: write it like 2026-10-03.", field=field, given=text
    )


def _read_text(text: str, year: int | None, field: str | None) -> StatedDate:
    if _MOMENT.fullmatch(text):
        return _moment(text, field)
    calendar, written = _calendar_of(text)
    if calendar in (Calendar.LUNAR, Calendar.TIBETAN, Calendar.UNKNOWN):
        return _kept(text, calendar)
    try:
        for pattern, reader in FORMS:
            match = pattern.fullmatch(written)
            if match is not None:
                return reader(text, match, year)
        between = _range(text, written, year, field)
    except (ValueError, OverflowError) as wrong:
        raise _impossible(text, field) from wrong
    if between is not None:
        return between
    doubt = Doubt.of("not-understood", "{text} is not understood as a date.", text=text)
    return StatedDate(text, None, None, Precision.UNKNOWN, Calendar.UNKNOWN, (doubt,))


def _range(text: str, written: str, year: int | None, field: str | None) -> StatedDate | None:
    """``2026.10.3至10.5``, ``2025-2026``: both ends must be dates of their own."""
    ends = re.split(r"\s*(?:至|到|~)\s*|\s+-\s+|(?<=日)-|(?<=^\d{4})-(?=\d{4}年?$)", written)
    if len(ends) != 2 or not all(ends):
        return None
    first = _read_text(ends[0], year, field)
    if first.earliest is None or first.calendar is not Calendar.SOLAR:
        return None
    last = _read_text(ends[1], first.earliest.year, field)
    if last.latest is None or last.calendar is not Calendar.SOLAR or last.latest < first.earliest:
        return None
    doubts = tuple(d for d in (*first.doubts, *last.doubts) if d.code != YEAR_FROM_CONTEXT)
    if any(doubt.code == YEAR_FROM_CONTEXT for doubt in first.doubts):
        doubts += (from_context(text, first.earliest.year),)
    return span(text, first.earliest, last.latest, Precision.RANGE, *doubts)


_LUNAR_WORDS = re.compile(r"正月|冬月|腊月|闰|初[一二三四五六七八九十]|廿|大年|除夕|春节")
_CHINESE_MONTH = re.compile(r"[一二三四五六七八九十]{1,3}月(?!.*[日号])")


def _calendar_of(text: str) -> tuple[Calendar, str]:
    """The calendar as far as the words say it, and the folded text without those words."""
    written = re.sub(r"\s*([年月日号.\-/])\s*", r"\1", folded(text))
    for word, name in date_words()["calendars"].items():
        if word in written:
            return Calendar(name), re.sub(rf"\(?{word}\)?", "", written).strip()
    if _LUNAR_WORDS.search(written) or _CHINESE_MONTH.search(written):
        return Calendar.UNKNOWN, written
    return Calendar.SOLAR, _with_digits(written)


def _with_digits(written: str) -> str:
    """二〇二六年十月三日 in digits; the formal solar style has the year digit by digit."""
    year = re.match(r"[零〇一二三四五六七八九]{4}(?=年)", written)
    if year:
        digits = "".join(str(numerals.decimal(character)) for character in year.group())
        written = digits + written[4:]
    return re.sub(
        r"[一二三四五六七八九十]{1,3}(?=[月日号])",
        lambda number: str(numerals.decimal(number.group())),
        written,
    )


def _kept(text: str, calendar: Calendar) -> StatedDate:
    """A date that is not converted, with the question that would settle it."""
    if calendar is Calendar.UNKNOWN:
        doubt = Doubt.of(
            "calendar-unknown", "{text}: say whether solar, lunar or Tibetan.", text=text
        )
    else:
        doubt = Doubt.of("not-solar", "{text}: give the solar date as well.", text=text)
    return StatedDate(text, None, None, Precision.UNKNOWN, calendar, (doubt,))
