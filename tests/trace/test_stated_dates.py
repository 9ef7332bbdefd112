"""Dates as people state them: what is sure, what is asked, what is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.reading_dates import read_date
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate

DAY = date(2026, 10, 3)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def codes(stated: StatedDate) -> list[str]:
    return [doubt.code for doubt in stated.doubts]


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-03",
        "2026.10.3",
        "2026/10/3",
        "20261003",
        "2026年10月3日",
        " 2026 年 10 月 3 号",
        "２０２６．１０．３",
        "二〇二六年十月三日",
        "公历2026年10月3日",
        "སྤྱི་ལོ་2026 ཟླ་10 ཚེས་3",
        "2026-10-03 08:00:00",
        "2026-10-02T20:00:00Z",
        20261003,
        DAY,
        datetime(2026, 10, 3),  # noqa: DTZ001 - sheets hold dates without a zone
        datetime(2026, 10, 2, 20, tzinfo=UTC),
    ],
)
def test_a_full_date_is_that_day_and_nothing_is_asked(written: str | float | date) -> None:
    stated = read_date(written)
    assert (stated.day, stated.precision, stated.doubts) == (DAY, Precision.DAY, ())
    assert stated.calendar is Calendar.SOLAR


@pytest.mark.parametrize(
    ("written", "earliest", "latest", "precision"),
    [
        ("2026.10", date(2026, 10, 1), date(2026, 10, 31), Precision.MONTH),
        ("2026年2月", date(2026, 2, 1), date(2026, 2, 28), Precision.MONTH),
        (2026.11, date(2026, 11, 1), date(2026, 11, 30), Precision.MONTH),
        ("2026年5月下旬", date(2026, 5, 21), date(2026, 5, 31), Precision.TEN_DAYS),
        ("2026年2月底", date(2026, 2, 21), date(2026, 2, 28), Precision.TEN_DAYS),
        ("2026年6月初", date(2026, 6, 1), date(2026, 6, 10), Precision.TEN_DAYS),
        ("2026 夏", date(2026, 5, 5), date(2026, 8, 31), Precision.SEASON),
        ("2027年冬季", date(2027, 11, 7), date(2028, 2, 29), Precision.SEASON),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR),
        ("2026.10.3至10.5", DAY, date(2026, 10, 5), Precision.RANGE),
        ("2025—2026", date(2025, 1, 1), date(2026, 12, 31), Precision.RANGE),
    ],
)
def test_a_coarser_date_has_bounds(
    written: str | float, earliest: date, latest: date, precision: Precision
) -> None:
    stated = read_date(written)
    assert (stated.earliest, stated.latest) == (earliest, latest)
    assert (stated.precision, stated.doubts, stated.day) == (precision, (), None)


@pytest.mark.parametrize("written", ["10月3日", "10月3号", "十月三日"])
def test_a_day_without_a_year_needs_one_and_says_where_it_came_from(written: str) -> None:
    alone = read_date(written)
    assert (alone.earliest, codes(alone)) == (None, ["year-missing"])
    in_sheet = read_date(written, year=2026)
    assert (in_sheet.day, codes(in_sheet)) == (DAY, ["year-from-context"])


@pytest.mark.parametrize(
    ("written", "calendar", "asked"),
    [
        ("六月初", Calendar.UNKNOWN, "calendar-unknown"),
        ("2026年六月初", Calendar.UNKNOWN, "calendar-unknown"),
        ("腊月", Calendar.UNKNOWN, "calendar-unknown"),
        ("初三", Calendar.UNKNOWN, "calendar-unknown"),
        ("农历六月初三", Calendar.LUNAR, "not-solar"),
        ("2026年（农历）6月3日", Calendar.LUNAR, "not-solar"),
        ("藏历7月5日", Calendar.TIBETAN, "not-solar"),
    ],
)
def test_another_calendar_is_kept_as_stated_and_never_converted(
    written: str, calendar: Calendar, asked: str
) -> None:
    stated = read_date(written, year=2026)
    assert (stated.text, stated.calendar) == (written, calendar)
    assert (stated.earliest, stated.latest, codes(stated)) == (None, None, [asked])


@pytest.mark.parametrize("arrived", [2026.1, "2026.1"])
def test_october_that_a_sheet_made_into_january_is_asked(arrived: str | float) -> None:
    stated = read_date(arrived)
    assert codes(stated) == ["zero-lost"]
    assert (stated.earliest, stated.latest) == (date(2026, 1, 1), date(2026, 10, 31))
    assert codes(read_date("2026年1月")) == []


def test_the_thirtieth_that_a_sheet_made_into_the_third_is_asked() -> None:
    stated = read_date(10.3, year=2026)
    assert codes(stated) == ["year-from-context", "zero-lost"]
    assert (stated.earliest, stated.latest) == (DAY, date(2026, 10, 30))
    assert codes(read_date("2.3", year=2026)) == ["year-from-context"], "no 30 February"


def test_serial_numbers_of_sheets() -> None:
    assert (read_date(46298).day, codes(read_date(46298))) == (DAY, ["sheet-serial"])
    assert read_date(46298.75).day == DAY
    assert read_date(46298 - 1462, serials_from_1904=True).day == DAY


def test_month_or_day_first() -> None:
    stated = read_date("3/10/2026")
    assert (stated.earliest, stated.latest) == (date(2026, 3, 10), DAY)
    assert codes(stated) == ["day-or-month-first"]
    assert read_date("13/10/2026").day == date(2026, 10, 13)
    assert codes(read_date("26.10.3")) == ["year-in-two-digits"]


@pytest.mark.parametrize(
    "written", ["待定", "2026年10月3日-5日", "99999", float("nan"), -5, True, 10**90]
)
def test_what_is_not_understood_is_kept_with_its_doubt(written: str | float) -> None:
    stated = read_date(written)
    assert codes(stated) == ["not-understood"]
    assert (stated.earliest, stated.precision) == (None, Precision.UNKNOWN)


@pytest.mark.parametrize(
    "written", ["", "  ", "2026-02-30", "2026.13.1", "13月1日", "1026-10-03", "2026.2.3至2.30"]
)
def test_a_day_that_does_not_exist_is_refused_naming_the_field(written: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_date(written, field="date")
    assert refusal.value.field == "date"
    assert "{" not in str(refusal.value)


def test_an_overlong_text_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read_date("一" * 101)


@pytest.mark.parametrize("data", [{}, {"text": "x"}, {"text": "x", "earliest": "soon"}])
def test_a_broken_record_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        StatedDate.from_json(data)


@given(DAYS)
def test_every_day_is_read_from_every_full_form(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month:02d}/{day.day:02d}",
        f"{day:%Y%m%d}",
    ):
        stated = read_date(written)
        assert (stated.day, stated.doubts) == (day, ())


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_a_serial_and_its_day_agree(day: date) -> None:
    assert read_date((day - date(1899, 12, 30)) // timedelta(days=1)).day == day


@given(
    st.one_of(
        st.text(
            alphabet="0123456789.-/年月日号至初中下旬底春夏秋冬农历藏一二三十廿 ２", max_size=16
        ),
        st.floats(),
        st.integers(),
    ),
    st.sampled_from([None, 2026, 2028]),
)
def test_whatever_is_stated_is_bounded_or_asked_and_survives_its_record(
    value: str | float, year: int | None
) -> None:
    try:
        stated = read_date(value, year=year)
    except InvalidInput:
        return
    if stated.earliest is None or stated.latest is None:
        assert stated.doubts
    else:
        assert stated.earliest <= stated.latest
    assert StatedDate.from_json(json.loads(json.dumps(stated.to_json()))) == stated
