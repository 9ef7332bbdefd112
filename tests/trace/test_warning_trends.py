"""Results that come near their limit, and steps that nobody takes in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from suyuan.trace.acts.parties import check_party
from suyuan.trace.acts.releasing import answer_override, ask_override
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.sampling import hand_over, take_sample
from suyuan.trace.acts.sweeping import sweep
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock, day_of
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices.queries import warnings_here
from suyuan.trace.notices.rules import warning_rule
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.notices.wording import worded
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quality.verdicts import Asked, evaluate, share_of_limit
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.words import read_names
from tests import world

MADE = date(2026, 5, 1)


def found(ledger: Ledger, rule: str) -> list[EarlyWarning]:
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()
        return warnings_here(session, rule=rule)


def swept(ledger: Ledger, rule: str) -> list[EarlyWarning]:
    """All that sweeps found so far; a second sweep right after one finds nothing more."""
    sweep(ledger, [rule])
    assert sweep(ledger, [rule]) == {rule: 0}
    return found(ledger, rule)


# --- a trend toward a limit -----------------------------------------------------------------------


def lead(ledger: Ledger, by: Actor, code: str, result: str, at: int, **more: Any) -> str:
    """A report on the lead in a batch of millet (limit 0.2 mg/kg), ``at`` days after the first."""
    unit = more.pop("unit", "mg/kg")
    facts = TestReportFacts(
        f"PB-{code}-{at}", "检测中心", date(2026, 5, 2) + timedelta(days=at), (code,),
        (TestItemFacts("铅", result, unit),), **more,
    )  # fmt: skip
    return ledger.perform(by, enter_test_report, facts)


def with_results(ledger: Ledger, owner: Actor, lab: Actor, *results: str, **more: Any) -> str:
    """So many batches of one producer, each with its report; returns the last trace code."""
    for at, result in enumerate(results):
        code = world.make_batch(ledger, owner)
        lead(ledger, lab, code, result, at, **more)
    return code


def test_results_that_rise_to_near_the_limit_are_warned_of(ledger: Ledger) -> None:
    owner, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    code = with_results(ledger, owner, lab, "0.15", "0.05", "90 µg/kg", "0.16", unit="")
    assert swept(ledger, "trend_to_limit") == [], "without a unit nothing is known"
    code = with_results(ledger, world.make_producer(ledger), lab, "0.05", "0.09", "0.16")
    (one,) = swept(ledger, "trend_to_limit")
    assert (one.evidence["trace_code"], one.level, one.stage) == (code, "owner", None)
    assert one.evidence["course"] == "25.0 % → 45.0 % → 80.0 %"
    lead(ledger, lab, code, "0.18", 9)
    assert len(swept(ledger, "trend_to_limit")) == 1, "one course is told once"


@pytest.mark.parametrize(
    "results",
    [
        ("0.09", "0.16"),  # too few
        ("0.05", "0.09", "0.139"),  # 69.5 per cent
        ("0.09", "0.16", "0.15"),  # falls at the end
        ("0.12", "0.15", "0.15"),  # stands still
        ("0.05", "未检出(<0.02)", "0.16"),  # no number in between
        ("0.09", "0.15", "0.21"),  # over it: that has its own warning
    ],
)
def test_what_is_no_trend(ledger: Ledger, results: tuple[str, ...]) -> None:
    owner, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    with_results(ledger, owner, lab, *results)
    assert swept(ledger, "trend_to_limit") == []


def test_whose_results_make_a_trend(ledger: Ledger) -> None:
    rising = ("0.05", "0.09", "0.16")
    lab = world.make_producer(ledger, "laboratory")
    unchecked = world.make_actor(ledger, world.make_party(ledger, "laboratory", active=False))
    for by, kind in ((unchecked, "laboratory"), (lab, "rapid")):
        with_results(ledger, world.make_producer(ledger), by, *rising, kind=kind)
    for result in rising:  # three producers with one result each
        with_results(ledger, world.make_producer(ledger), lab, result)
    assert swept(ledger, "trend_to_limit") == []
    owner = world.make_producer(ledger)
    with_results(ledger, owner, owner, *rising)
    assert [one.party_id for one in swept(ledger, "trend_to_limit")] == [owner.party_id]


def test_the_share_is_in_the_limits_unit_and_on_its_basis() -> None:
    grain = Asked("millet", MADE, "铅", ("150",), "µg/kg")
    assert share_of_limit(evaluate(grain)) == Fraction(3, 4)
    assert share_of_limit(evaluate(replace(grain, results=("100", "150")))) == Fraction(3, 4)
    for results, unit in ((("<150",), "µg/kg"), (("1~2",), "µg/kg"), (("0.1",), "")):
        assert share_of_limit(evaluate(replace(grain, results=results, unit=unit))) is None


# --- steps that are overdue -----------------------------------------------------------------------


def days_of(step: str) -> int:
    """How many working days a step may take."""
    rows = warning_rule("step_overdue").fact("steps").rows()
    row = next(one for one in rows if one.get("key").text() == step)
    return row.get("working_days").integer()


def later(clock: SetClock, days: int) -> None:
    clock.move(clock.now() + timedelta(days=days))


def steps(ledger: Ledger) -> list[str]:
    return sorted(step(one) for one in swept(ledger, "step_overdue"))


def step(one: EarlyWarning) -> str:
    """Of which step it says that it is late."""
    key = one.key.partition(":")[0]
    rows = warning_rule("step_overdue").fact("steps").rows()
    names = next(read_names(row) for row in rows if row.get("key").text() == key)
    assert [worded(one.evidence["step"], "zh"), worded(one.evidence["step"], "en")] == [
        names.zh, names.en,
    ]  # fmt: skip
    return key


def sampled(ledger: Ledger, office: Actor, code: str, number: str) -> str:
    facts = SampleFacts(
        trace_code=code, kind="supervision", number=number, samplers=("扎西", "卓玛"),
        taken_on=day_of(ledger.clock.now()), quantity=world.kg(1), base=world.kg(50),
        reserve=world.kg(1), seal=number,
    )  # fmt: skip
    return ledger.perform(office, take_sample, facts)


def test_an_application_that_nobody_checks(ledger: Ledger, clock: SetClock) -> None:
    checked = world.make_party(ledger, active=False)
    waiting = world.make_party(ledger, active=False)
    assert steps(ledger) == []
    later(clock, days_of("application") * 2 + 10)
    ledger.perform(SYSTEM, check_party, checked, "营业执照")
    (one,) = swept(ledger, "step_overdue")
    assert (step(one), one.level) == ("application", "county")
    with ledger.database.read() as session:
        assert session.get_one(EarlyWarning, one.id).party.uid == waiting


def test_a_sample_that_does_not_arrive_and_one_without_a_report(
    ledger: Ledger, clock: SetClock
) -> None:
    owner, office = world.make_producer(ledger), world.make_regulator(ledger)
    lab = world.make_producer(ledger, "laboratory")
    code = world.make_batch(ledger, owner)
    today = day_of(ledger.clock.now())
    samples = [sampled(ledger, office, code, number) for number in ("S-1", "S-2", "S-3")]
    for uid in samples[1:]:
        ledger.perform(office, hand_over, uid, StepFacts("sent", today, to=lab.party_uid))
        ledger.perform(lab, hand_over, uid, StepFacts("received", today, intact=True))
    lead(ledger, lab, code, "0.05", 0, sample_number="S-3")
    world.make_sample(ledger, owner, code, number="OWN-1")
    assert steps(ledger) == []
    later(clock, days_of("sample_receipt") * 2 + 10)
    (one,) = swept(ledger, "step_overdue")
    assert (step(one), one.evidence["sample"]) == ("sample_receipt", "S-1")
    assert one.party_id == office.party_id
    later(clock, days_of("sample_report") * 2 + 10)
    assert steps(ledger) == ["sample_receipt", "sample_report"]
    late = next(one for one in found(ledger, "step_overdue") if step(one) == "sample_report")
    assert (late.evidence["sample"], late.party_id) == ("S-2", lab.party_id)


def test_an_override_that_nobody_answers(ledger: Ledger, clock: SetClock) -> None:
    owner = world.make_producer(ledger)
    waiting, answered = (
        world.make_batch(ledger, owner, family="yak_meat", variant="fresh") for _ in range(2)
    )
    uids = [ledger.perform(owner, ask_override, one, "证照补办中") for one in (waiting, answered)]
    second = world.make_regulator(ledger)
    ledger.perform(second, answer_override, uids[1], False, "不同意")
    later(clock, days_of("override") * 2 + 10)
    (one,) = swept(ledger, "step_overdue")
    assert (step(one), one.evidence["trace_code"]) == ("override", waiting)


# --- stations without anybody who was trained -----------------------------------------------------


def test_a_station_without_a_trained_operator(ledger: Ledger, clock: SetClock) -> None:
    trained, untrained = (
        world.make_producer(ledger, "village_station", trained=False) for _ in range(2)
    )
    world.make_producer(ledger)
    ended = day_of(ledger.clock.now()) + timedelta(days=200)
    world.train(ledger, trained, valid_from=date(2026, 3, 1), valid_to=ended)
    assert swept(ledger, "operator_unqualified") == [], "a new station has some days"
    later(clock, 40)
    (one,) = swept(ledger, "operator_unqualified")
    assert (one.party_id, one.level, one.severity) == (untrained.party_id, "owner", "low")
    assert worded(one.evidence["kind"], "en") == "training certificate of staff"
    later(clock, 200)
    assert len(swept(ledger, "operator_unqualified")) == 2, "one that has ended trains nobody"
