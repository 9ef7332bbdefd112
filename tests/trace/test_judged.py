"""Verdicts on test reports: kept with what decided, told again later, and acted upon at once."""

from __future__ import annotations

import json
from datetime import date
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.acts.orders import hold, lift
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.clock import day_of
from suyuan.trace.codes.tables import PathState
from suyuan.trace.errors import Conflict, Forbidden
from suyuan.trace.log.queries import record
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.notices.wording import worded
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport import passport_of_typed
from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quality.grounds import grounds_of, verdict_on
from suyuan.trace.quality.limits import standards, standards_state
from suyuan.trace.quality.queries import Judged, judged
from suyuan.trace.quality.tables import KeptVerdict
from suyuan.trace.quality.verdicts import Asked, evaluate
from suyuan.trace.release import queries
from suyuan.trace.release.rules import StoppedByOrder
from suyuan.trace.release.tables import Order
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from tests import world
from tests.world import kg


def made_on(day: date) -> StatedDate:
    """A day of production that is sure."""
    return StatedDate(day.isoformat(), day, day, Precision.DAY, Calendar.SOLAR)


MADE = made_on(date(2026, 5, 1))
_numbers = count(1)


def line(parameter: str, result: str, unit: str = "", **more: str) -> TestItemFacts:
    return TestItemFacts(parameter, result, unit, **more)


LEAD_PASSES = line("铅", "0.05", "mg/kg")
LEAD_FAILS = line("铅（以Pb计）", "0.31", "mg/kg")


def enter(ledger: Ledger, actor: Actor, code: str, *items: TestItemFacts, **more: Any) -> str:
    """A report on a batch; returns its uid. A re-test is issued on the day."""
    today = day_of(ledger.clock.now())
    facts = TestReportFacts(
        number=f"JC-{next(_numbers)}",
        laboratory=more.pop("laboratory", "市检测中心"),
        issued_on=more.pop("issued_on", today if "retest_of" in more else date(2026, 5, 30)),
        batches=(code,),
        items=items,
        **more,
    )
    return ledger.perform(actor, enter_test_report, facts)


def make_millet(ledger: Ledger, actor: Actor, **more: Any) -> str:
    return world.make_batch(ledger, actor, **{"produced": MADE, **more})


def verdicts(ledger: Ledger, code: str) -> list[Judged]:
    with ledger.database.read() as session:
        return judged(session, [batches.batch(session, code).id])


def orders(ledger: Ledger, code: str) -> list[tuple[str, str]]:
    """Kind and rule of the orders in force on a batch."""
    with ledger.database.read() as session:
        found = queries.orders_of(session, batches.batch(session, code).id)
        return [(one.kind, one.rule) for one in found]


# --- what is kept ----------------------------------------------------------------------------


def test_each_line_is_judged_by_the_edition_in_force_when_the_batch_was_made(
    ledger: Ledger,
) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    code = make_millet(ledger, head)
    uid = enter(ledger, lab, code, LEAD_PASSES, line("感官", "正常"), line("镉", "0.2", "mg/kg"))
    lead, cadmium = verdicts(ledger, code)
    assert [(one.position, one.parameter, one.verdict) for one in (lead, cadmium)] == [
        (1, "lead", "pass"), (3, "cadmium", "fail"),
    ]  # fmt: skip
    assert (lead.report_uid, lead.rapid, lead.stands) == (uid, False, True)
    told = cadmium.as_verdict()
    assert (told.standard, told.edition and told.edition.year) == ("GB 2762-2022", "2022")
    assert cadmium.standards == standards_state()
    assert "0.2 mg/kg breaks the limit ≤ 0.1 mg/kg (GB 2762-2022" in explained(told)
    assert "小米" in explained(told, "zh") or "粟" in explained(told, "zh")


def test_results_on_n_samples_are_judged_together_from_one_line_or_several(
    ledger: Ledger,
) -> None:
    """Numbers of real notices: five above m where c is two."""
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    results = ("24000", "23000", "24000", "15000", "21000")
    jerky = {"family": "yak_meat", "variant": "cooked_jerky"}
    one, several, good = (make_millet(ledger, head, **jerky) for _ in range(3))
    enter(ledger, lab, one, line("菌落总数", "、".join(results), "CFU/g"))
    enter(ledger, lab, several, *(line("菌落总数", each, "CFU/g") for each in results))
    enter(ledger, lab, good, line("菌落总数", "3200, 2800, 4100, 2500, 3600", "CFU/g"))
    assert [one.verdict for one in verdicts(ledger, one)] == ["fail"]
    assert [one.verdict for one in verdicts(ledger, several)] == ["fail"] * 5
    assert [one.verdict for one in verdicts(ledger, good)] == ["pass"]


@pytest.mark.parametrize(
    ("results", "verdict", "together"),
    [
        ({"恩诺沙星": "60", "环丙沙星": "60"}, "fail", "60+60"),
        ({"环丙沙星": "30", "恩诺沙星": "60"}, "pass", "60+30"),
        ({"恩诺沙星": "60", "环丙沙星": "未检出"}, "pass", "60+<5"),
        ({"恩诺沙星": "98", "环丙沙星": "未检出"}, "inconclusive", "98+<5"),
        ({"环丙沙星": "150"}, "fail", "≥150"),
        ({"环丙沙星": "50"}, "inconclusive", "≥50"),
        ({"恩诺沙星": "60"}, "pass", "60"),
        ({"恩诺沙星（以恩诺沙星与环丙沙星之和计）": "90", "环丙沙星": "60"}, "pass", "90"),
    ],
)
def test_what_is_limited_as_a_sum_is_added_where_it_is_given_apart(
    ledger: Ledger, results: dict[str, str], verdict: str, together: str
) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop, family="yak_meat", variant="fresh", produced=MADE)
    lines = [line(name, result, "µg/kg", lod="5") for name, result in results.items()]
    enter(ledger, coop, code, *lines)
    found = verdicts(ledger, code)
    assert {one.verdict for one in found} == {verdict}
    assert {tuple(one.grounds["results"]) for one in found} == {(together,)}


def test_a_day_of_production_that_nobody_stated_leaves_the_verdict_unconfirmed(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    enter(ledger, head, code, LEAD_FAILS)
    (one,) = verdicts(ledger, code)
    assert (one.verdict, one.unconfirmed, one.grounds["day_is"]) == ("fail", True, "registered")


def test_a_detection_limit_that_is_no_number_counts_as_none(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    enter(ledger, head, code, line("铅", "未检出", "mg/kg", lod="/"))
    (one,) = verdicts(ledger, code)
    assert one.verdict == "inconclusive"


def test_the_passport_shows_the_verdict_beside_the_laboratorys_own_word(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    code = make_millet(ledger, head)
    enter(ledger, lab, code, line("镉", "0.2", "mg/kg", conclusion="合格"))
    with ledger.database.read() as session:
        told = passport_of_typed(session, ledger.families, code, now=ledger.clock.now())
    item = told.tests[0].items[0]
    assert (item.conclusion, item.verdict and item.verdict.verdict) == ("合格", "fail")
    assert told.standing.state == "held"
    assert told.standing.rule is not None
    assert "GB 2762-2022" in told.standing.reason
    assert told.standing.by == ""


# --- what follows ----------------------------------------------------------------------------


def test_a_failed_result_holds_the_batch_and_all_made_of_it_by_rule(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    code = make_millet(ledger, head)
    (part,) = world.make_split(ledger, head, code, 40)
    enter(ledger, lab, code, LEAD_FAILS)
    assert orders(ledger, code) == orders(ledger, part) == [("hold", "over_limit")]
    with pytest.raises(StoppedByOrder, match=r"0\.31 mg/kg .*GB 2762-2022"):
        world.make_event(ledger, head, "sell", part, kg(1))
    with ledger.database.read() as session:
        order = session.scalars(sa.select(Order)).one()
        assert record(session, order.record_id).type == "hold.ordered"
        assert order.by_party_id == lab.party_id
        (warning,) = session.scalars(sa.select(EarlyWarning))
        assert (warning.rule, warning.state) == ("over_limit", "open")
        reason = warning.evidence["reason"]
        chinese, english = worded(reason, "zh"), worded(reason, "en")
        assert "GB 2762-2022" in chinese
        assert "GB 2762-2022" in english
        assert ("铅" in chinese, "铅" in english) == (True, False)
        listed = {(row.path, row.letter) for row in session.scalars(sa.select(PathState))}
    assert listed == {(f"/t/{code}", "H"), (f"/t/{part}", "H")}


def test_no_failed_result_is_lifted_while_it_stands(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    regulator = world.make_regulator(ledger)
    code = make_millet(ledger, head)
    enter(ledger, lab, code, LEAD_FAILS)
    with ledger.database.read() as session:
        uid = session.scalars(sa.select(Order.uid)).one()
    for stranger in (head, lab):
        with pytest.raises(Forbidden):
            ledger.perform(stranger, lift, uid, "we are sure")
    with pytest.raises(Conflict, match=r"0\.31 mg/kg"):
        ledger.perform(regulator, lift, uid, "no ground")
    ledger.perform(head, hold, code, "our own, beside the rule's")
    assert len(orders(ledger, code)) == 2


def test_passed_inconclusive_and_guided_results_stop_nothing(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    unknown = line("脱氧雪腐镰刀菌烯醇", "5000", "µg/kg")
    enter(ledger, head, code, LEAD_PASSES, line("镉", "0.2"), unknown)
    assert [one.verdict for one in verdicts(ledger, code)] == [
        "pass", "inconclusive", "not_regulated",
    ]  # fmt: skip
    assert orders(ledger, code) == []


def test_a_recommended_standard_stops_only_goods_whose_label_names_it(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    plain, named = (
        world.make_product(ledger, head, "yak_meat", "cooked_jerky", name="牦牛肉干", label=label)
        for label in ({}, {"product_standard": "GB/T 23969"})
    )
    held = []
    for product in (plain, named):
        code = world.make_batch(ledger, head, product=product, produced=MADE)
        enter(ledger, head, code, line("蛋白质", "29", "g/100 g"))
        assert [one.verdict for one in verdicts(ledger, code)] == ["fail"]
        held.append(orders(ledger, code))
    assert held == [[], [("hold", "over_limit")]]


def test_a_laboratory_that_nobody_checked_stops_nobody_elses_goods(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    stranger = world.make_actor(ledger, world.make_party(ledger, "laboratory", active=False))
    code = make_millet(ledger, head)
    enter(ledger, stranger, code, LEAD_FAILS)
    assert [one.verdict for one in verdicts(ledger, code)] == ["fail"]
    assert orders(ledger, code) == []


def test_a_rapid_test_holds_until_a_laboratory_has_tested_the_same(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    good, bad = make_millet(ledger, head), make_millet(ledger, head)
    for code in (good, bad):
        enter(ledger, head, code, LEAD_FAILS, kind="rapid")
        assert orders(ledger, code) == [("hold", "rapid_over_limit")]
        enter(ledger, lab, code, line("镉", "0.05", "mg/kg"))
        enter(ledger, head, code, LEAD_PASSES)
        assert orders(ledger, code) == [("hold", "rapid_over_limit")], "not decided by these"
    decides = enter(ledger, lab, good, LEAD_PASSES)
    assert orders(ledger, good) == []
    rapid = verdicts(ledger, good)[0]
    assert (rapid.verdict, rapid.stands, rapid.overturned_by) == ("fail", False, decides)
    enter(ledger, lab, bad, LEAD_FAILS)
    assert orders(ledger, bad) == [("hold", "over_limit")]


# --- told again ------------------------------------------------------------------------------

_ROWS = [
    (standard, edition, limit)
    for standard in standards().values()
    for edition in standard.editions
    for limit in edition.limits
]


@given(
    st.sampled_from(_ROWS),
    st.sampled_from(["0.05", "未检出(<0.01)", "31", "检出", "a lot", "3~5", "1、2、30000、4、5"]),
    st.sampled_from(["mg/kg", "µg/kg", "%", "CFU/g", "g/100 mL", ""]),
)
def test_a_verdict_is_told_again_from_what_is_kept(row: Any, result: str, unit: str) -> None:
    _, edition, limit = row
    verdict = evaluate(
        Asked(limit.classes[0], edition.valid_from, limit.parameter, (result,), unit)
    )
    kept = json.loads(json.dumps(grounds_of(verdict)))
    again = verdict_on(verdict.verdict, kept)
    for language in ("zh", "en"):
        assert explained(again, language) == explained(verdict, language)
    assert again.unconfirmed == verdict.unconfirmed
    assert again.confidence == verdict.confidence
    assert grounds_of(again) == grounds_of(verdict)


def test_what_is_kept_tells_it_also_when_the_row_is_gone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    enter(ledger, head, code, LEAD_FAILS)
    (before,) = verdicts(ledger, code)
    said = explained(before.as_verdict())
    monkeypatch.setattr("suyuan.trace.quality.limits.standards", dict)
    (after,) = verdicts(ledger, code)
    assert explained(after.as_verdict()) == said
    with ledger.database.read() as session:
        row = session.scalars(sa.select(KeptVerdict)).one()
        assert record(session, row.record_id).type == "verdicts.given"
