"""The periods of reports: whatever has a moment is in one of each cadence, and in no other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suyuan.trace.clock import SHANGHAI, day_of
from suyuan.trace.errors import InvalidInput
from suyuan.trace.oversight.counted import _counted
from suyuan.trace.oversight.figures import cadences, figures
from suyuan.trace.oversight.periods import CADENCES, Cadence, last_over, period_on, read_period

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FAR = datetime(9999, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(1950, 1, 10), date(9998, 12, 20))


@pytest.mark.parametrize("cadence", CADENCES)
@given(day=DAYS)
@example(day=date(2028, 2, 29))
@example(day=date(2026, 12, 31))
@example(day=date(1986, 5, 4))  # clocks were put forward
def test_periods_follow_each_other_without_gap_or_overlap(cadence: Cadence, day: date) -> None:
    one = period_on(cadence, day)
    assert one.first <= day <= one.last
    assert one.before().until == one.since < one.until
    assert one.before() == period_on(cadence, one.first - timedelta(days=1))
    after = period_on(cadence, one.last + timedelta(days=1))
    assert after.before() == one
    assert {period_on(cadence, at) for at in (one.first, one.last)} == {one}


@pytest.mark.parametrize("cadence", CADENCES)
@given(day=DAYS, after=st.timedeltas(timedelta(0), timedelta(days=1)))
def test_a_moment_is_in_the_period_of_its_day_and_in_no_other(
    cadence: Cadence, day: date, after: timedelta
) -> None:
    moment = datetime.combine(day, time(), UTC) + after
    one = period_on(cadence, day_of(moment))
    assert one.since <= moment < one.until
    assert not one.before().since <= moment < one.before().until


@pytest.mark.parametrize("cadence", CADENCES)
@given(day=DAYS)
@example(day=date(2027, 1, 1))  # in the last week of 2026
def test_a_period_is_found_by_its_name(cadence: Cadence, day: date) -> None:
    one = period_on(cadence, day)
    assert read_period(cadence, one.name, FAR) == one


@pytest.mark.parametrize(
    ("cadence", "name", "first", "last"),
    [
        ("weekly", "2026-W23", date(2026, 6, 1), date(2026, 6, 7)),
        ("weekly", "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("monthly", "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("quarterly", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("yearly", "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_week_begins_on_monday_and_the_rest_with_the_calendar(
    cadence: Cadence, name: str, first: date, last: date
) -> None:
    one = read_period(cadence, name, FAR)
    assert (one.first, one.last) == (first, last)
    assert one.since == datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("cadence", "name"),
    [
        ("weekly", "2026-W54"), ("weekly", "2025-W53"), ("weekly", "2026-W00"),
        ("weekly", "2026-05"), ("monthly", "2026-13"), ("monthly", "2026-00"),
        ("monthly", "2026-5"), ("monthly", "２０２６-05"), ("quarterly", "2026-Q5"),
        ("quarterly", "2026"), ("yearly", "26"), ("yearly", "0000"), ("yearly", "9999"),
        ("yearly", "1949"), ("yearly", ""), ("monthly", "2026-07"), ("weekly", "2026-W24"),
    ],
)  # fmt: skip
def test_what_is_no_period_or_has_not_begun_is_refused(cadence: Cadence, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_period(cadence, name, NOW)
    assert refused.value.field == "period"


def test_the_last_that_is_over_is_the_one_before_todays() -> None:
    at_midnight = datetime(2026, 6, 1, tzinfo=SHANGHAI)
    assert last_over("monthly", at_midnight).name == "2026-05"
    assert last_over("monthly", at_midnight - timedelta(microseconds=1)).name == "2026-04"
    assert last_over("weekly", at_midnight).name == "2026-W22"
    assert period_on("monthly", date(2026, 5, 1)).over(at_midnight)
    assert not period_on("monthly", date(2026, 5, 1)).over(at_midnight - timedelta(microseconds=1))


def test_the_plans_cadences_are_there_and_every_figure_is_counted() -> None:
    assert tuple(cadences()) == CADENCES
    assert figures().keys() == _counted().keys()
