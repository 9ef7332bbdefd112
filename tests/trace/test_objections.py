"""Objection within the statutory time, re-test by another laboratory, and what that decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.objections import object_to_report
from suyuan.trace.acts.orders import lift
from suyuan.trace.acts.sweeping import sweep
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SHANGHAI, SetClock, day_of
from suyuan.trace.errors import Conflict, Forbidden, InvalidInputs
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.clocks import clock_for
from suyuan.trace.quality.queries import objections_to, report
from suyuan.trace.release.tables import Order
from suyuan.trace.working_days import after_working_days, counted_surely
from tests import world
from tests.trace.test_judged import (
    LEAD_FAILS,
    LEAD_PASSES,
    enter,
    line,
    make_millet,
    orders,
    verdicts,
)
from tests.web.desk_world import desk


def make_lab(ledger: Ledger) -> Actor:
    return world.make_producer(ledger, "laboratory")


def failed(ledger: Ledger, head: Actor, **more: Any) -> tuple[str, str]:
    """A batch whose lead was found too high by the city's laboratory, and its report."""
    code = make_millet(ledger, head, **more)
    return code, enter(ledger, make_lab(ledger), code, LEAD_FAILS)


def state(ledger: Ledger, uid: str) -> list[str]:
    with ledger.database.read() as session:
        return [one.state for one in objections_to(session, report(session, uid))]


def test_a_passed_retest_overturns_the_verdict_and_ends_the_rules_hold(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code, first = failed(ledger, head)
    ledger.perform(head, object_to_report, first, "样品混淆")
    retest = enter(
        ledger, make_lab(ledger), code, LEAD_PASSES, laboratory="省检验院", retest_of=first
    )
    assert orders(ledger, code) == []
    lost, won = verdicts(ledger, code)
    assert (lost.verdict, lost.stands, lost.overturned_by) == ("fail", False, retest)
    assert (won.verdict, won.stands) == ("pass", True)
    assert state(ledger, first) == ["upheld"]
    with ledger.database.read() as session:
        order = session.scalars(sa.select(Order)).one()
        assert order.lift_reason.startswith("省检验院")
        assert audit_projections(session, PROJECTIONS) == ()
    with pytest.raises(Conflict, match="final"):
        ledger.perform(head, object_to_report, retest, "again")


def test_a_failed_retest_leaves_the_hold_and_recall_to_the_regulator(ledger: Ledger) -> None:
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    code, first = failed(ledger, head)
    ledger.perform(head, object_to_report, first, "样品混淆")
    enter(ledger, make_lab(ledger), code, LEAD_FAILS, laboratory="省检验院", retest_of=first)
    assert orders(ledger, code) == [("hold", "over_limit")]
    assert state(ledger, first) == ["rejected"]
    with ledger.database.read() as session:
        uid = session.scalars(sa.select(Order.uid)).one()
    with pytest.raises(Conflict, match="stands"):
        ledger.perform(regulator, lift, uid, "still")


def test_a_retest_of_something_else_decides_nothing(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code, first = failed(ledger, head)
    ledger.perform(head, object_to_report, first, "样品混淆")
    cadmium = line("镉", "0.05", "mg/kg")
    enter(ledger, make_lab(ledger), code, cadmium, laboratory="省检验院", retest_of=first)
    assert orders(ledger, code) == [("hold", "over_limit")]
    assert state(ledger, first) == ["open"]


def test_the_same_laboratory_makes_no_retest_and_none_is_a_rapid_test(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), make_lab(ledger)
    code = make_millet(ledger, head)
    first = enter(ledger, lab, code, LEAD_FAILS)
    ledger.perform(head, object_to_report, first, "样品混淆")
    with pytest.raises(InvalidInputs, match="another laboratory"):
        enter(ledger, lab, code, LEAD_PASSES, laboratory="同一机构的另一名称", retest_of=first)
    with pytest.raises(InvalidInputs, match="another laboratory"):
        enter(ledger, make_lab(ledger), code, LEAD_PASSES, retest_of=first)
    other = make_lab(ledger)
    with pytest.raises(InvalidInputs, match="rapid"):
        enter(ledger, other, code, LEAD_PASSES, laboratory="省院", kind="rapid", retest_of=first)
    beside = make_millet(ledger, head)
    with pytest.raises(InvalidInputs, match="first report"):
        enter(ledger, make_lab(ledger), beside, LEAD_PASSES, laboratory="省院", retest_of=first)
    assert orders(ledger, code) == [("hold", "over_limit")]


def test_the_same_laboratory_is_known_by_its_catl_number_too(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    first = enter(ledger, make_lab(ledger), code, LEAD_FAILS, catl="[2026]农质检核（国）字第0123号")
    ledger.perform(head, object_to_report, first, "样品混淆")
    with pytest.raises(InvalidInputs, match="another laboratory"):
        enter(
            ledger, make_lab(ledger), code, LEAD_PASSES, laboratory="改了名的检测中心",
            catl="[2026] 农质检核(国)字第0123号", retest_of=first,
        )  # fmt: skip
    assert state(ledger, first) == ["open"]


def test_a_report_from_before_the_objection_is_no_retest(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), make_lab(ledger)
    code, first = failed(ledger, head)
    ledger.perform(head, object_to_report, first, "样品混淆")
    day = day_of(ledger.clock.now())
    retest = {"laboratory": "省检验院", "retest_of": first}
    with pytest.raises(InvalidInputs, match=day.isoformat()) as refused:
        enter(ledger, lab, code, LEAD_PASSES, issued_on=day - timedelta(days=1), **retest)
    assert [one.field for one in refused.value.faults] == ["issued_on"]
    assert state(ledger, first) == ["open"]
    enter(ledger, lab, code, LEAD_PASSES, issued_on=day, **retest)
    assert state(ledger, first) == ["upheld"], "made on the very day"


def test_the_producer_does_not_enter_its_own_retest_nor_without_an_objection(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    code, first = failed(ledger, head)
    with pytest.raises(Conflict, match="follows an objection"):
        enter(ledger, make_lab(ledger), code, LEAD_PASSES, laboratory="省院", retest_of=first)
    ledger.perform(head, object_to_report, first, "样品混淆")
    with pytest.raises(Forbidden, match="authority"):
        enter(ledger, head, code, LEAD_PASSES, laboratory="省院", retest_of=first)


def test_only_whoever_answers_for_the_goods_objects_and_once(ledger: Ledger) -> None:
    head, other = world.make_producer(ledger), world.make_producer(ledger)
    code, first = failed(ledger, head)
    for stranger in (other, make_lab(ledger)):
        with pytest.raises(Forbidden):
            ledger.perform(stranger, object_to_report, first, "why not")
    ledger.perform(head, object_to_report, first, "样品混淆")
    with pytest.raises(Conflict, match="open already"):
        ledger.perform(head, object_to_report, first, "again")
    good = enter(ledger, head, make_millet(ledger, head), LEAD_PASSES)
    with pytest.raises(Conflict, match="Nothing"):
        ledger.perform(head, object_to_report, good, "for fun")
    assert orders(ledger, code) == [("hold", "over_limit")]


@pytest.mark.parametrize(
    ("goods", "last"),
    [
        ({}, date(2026, 6, 8)),
        ({"family": "yak_meat", "variant": "cooked_jerky"}, date(2026, 6, 10)),
    ],
)
def test_farm_produce_has_five_working_days_and_food_seven(
    ledger: Ledger, clock: SetClock, goods: dict[str, str], last: date
) -> None:
    """Told on Monday, the first of June 2026; a day ends at midnight in Shanghai."""
    head = world.make_producer(ledger)
    reports = [failed(ledger, head, **goods)[1] for _ in range(2)]
    clock.move(datetime.combine(last, time(23, 59), SHANGHAI))
    ledger.perform(head, object_to_report, reports[0], "样品混淆")
    clock.move(clock.now() + timedelta(minutes=1))
    with pytest.raises(Conflict, match="ended at"):
        ledger.perform(head, object_to_report, reports[1], "太迟")


def test_ware_has_fifteen_days_of_the_calendar() -> None:
    clock = clock_for("laboratory", "ware")
    told = datetime(2026, 6, 1, 15, tzinfo=SHANGHAI)
    assert clock.objection_until(told) == datetime(2026, 6, 17, tzinfo=SHANGHAI)
    assert clock.provenance.unconfirmed


def test_a_rapid_test_is_objected_to_within_four_hours(ledger: Ledger) -> None:
    told_at = ledger.clock.now()
    assert clock_for("rapid", "farm_produce").objection_until(told_at) == told_at + timedelta(
        hours=4
    )


def test_holidays_are_no_working_days_and_some_weekends_are() -> None:
    assert after_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10), "a worked Saturday"
    assert after_working_days(date(2026, 6, 5), 1) == date(2026, 6, 8)
    assert clock_for("laboratory", "farm_produce").retest_until(
        datetime(2026, 6, 1, 8, tzinfo=UTC)
    ) == date(2026, 6, 10)


def test_a_year_whose_notice_is_not_out_has_its_statutory_days_and_says_so() -> None:
    assert after_working_days(date(2027, 2, 4), 1) == date(2027, 2, 9), "the Spring Festival"
    assert counted_surely(date(2026, 6, 1), date(2026, 12, 31))
    assert not counted_surely(date(2026, 12, 28), date(2027, 1, 5))
    assert not counted_surely(date(2040, 1, 2), date(2040, 1, 9)), "nothing is kept of it"


def test_a_clock_that_counts_into_such_a_year_says_so(ledger: Ledger, clock: SetClock) -> None:
    head = world.make_producer(ledger)
    sure = failed(ledger, head)[1]
    ledger.perform(head, object_to_report, sure, "样品混淆")
    clock.move(datetime(2026, 12, 28, 8, tzinfo=UTC))
    unsure = failed(ledger, head)[1]
    ledger.perform(head, object_to_report, unsure, "样品混淆")
    with ledger.database.read() as session:
        told = [objections_to(session, report(session, one))[0] for one in (sure, unsure)]
        assert [one.counted_surely for one in told] == [True, False]
    page = desk(ledger, head).get(f"/desk/reports/{unsure}").text
    assert "not published yet" in page
    assert "not published yet" not in desk(ledger, head).get(f"/desk/reports/{sure}").text


def test_a_retest_that_is_late_is_warned_of_once_and_no_longer_when_it_came(
    ledger: Ledger, clock: SetClock
) -> None:
    head = world.make_producer(ledger)
    (code, first), (_, second) = failed(ledger, head), failed(ledger, head)
    for one in (first, second):
        ledger.perform(head, object_to_report, one, "样品混淆")
    lab = make_lab(ledger)
    enter(ledger, lab, code, LEAD_PASSES, laboratory="省检验院", retest_of=first)
    clock.move(datetime(2026, 6, 10, 23, 59, tzinfo=SHANGHAI))
    assert sweep(ledger, ["retest_late"]) == {"retest_late": 0}, "due on this day"
    clock.move(clock.now() + timedelta(minutes=1))
    assert sweep(ledger, ["retest_late"]) == {"retest_late": 1}
    assert sweep(ledger, ["retest_late"]) == {"retest_late": 0}
    with ledger.database.read() as session:
        (late,) = session.scalars(sa.select(EarlyWarning).where(EarlyWarning.rule == "retest_late"))
        assert (late.evidence["report"], late.evidence["due_at"]) == (second, "2026-06-10")
