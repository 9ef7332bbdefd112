"""A county's limit: two persons put it in force, it decides for its goods and days, and is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.acts.county_limits import (
    CountyLimitFacts,
    answer_county_limit,
    ask_county_limit_withdrawal,
    propose_county_limit,
)
from suyuan.trace.acts.erasing import erase_person
from suyuan.trace.acts.keeping import lift_legal_hold, place_legal_hold
from suyuan.trace.acts.reevaluating import Reevaluated, reevaluate
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, SuyuanError
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.county_limits import (
    as_standard,
    county_standards,
    evaluate_within,
    holding_for,
)
from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.tables import CountyLimit
from suyuan.trace.quality.verdicts import Asked, evaluate
from suyuan.trace.records import SCHEMAS
from tests import world
from tests.trace.test_judged import enter, line, make_millet, orders, verdicts

FACTS = CountyLimitFacts(
    division=world.SUO_COUNTY,
    standard="DBS54/2003-2026",
    clause="表1",
    product_class="millet",
    parameter="铅",
    valid_from=date(2026, 1, 1),
    source="索县公告 2025-12-01",
    maximum="0.04",
    unit="mg/kg",
    confidence="K-med",
)
LEAD = line("铅", "0.05", "mg/kg")


@pytest.fixture
def two(ledger: Ledger) -> tuple[Actor, Actor]:
    """Two persons who run the platform."""
    party = world.make_party(ledger, "platform_operator")
    return (
        world.make_actor(ledger, party, "administrator"),
        world.make_actor(ledger, party, "administrator"),
    )


def tell_of_limits_and_holds(ledger: Ledger, code: str) -> None:
    """A county's limit with a verdict that it changes, and a legal hold, each to its end."""
    one, other = world.make_operator(ledger), world.make_operator(ledger)
    head = world.make_producer(ledger)
    enter(ledger, head, make_millet(ledger, head), LEAD)
    ended = in_force(ledger, (one, other), minimum="0.01", valid_to=date(2026, 12, 31))
    reevaluate(ledger)
    ledger.perform(one, ask_county_limit_withdrawal, ended, "公告废止")
    ledger.perform(other, answer_county_limit, ended, "approve", "同意")
    kept = ledger.perform(one, place_legal_hold, code, "案件 2026-17")
    ledger.perform(one, lift_legal_hold, kept, "结案")


def in_force(ledger: Ledger, two: tuple[Actor, Actor], **more: Any) -> str:
    uid = ledger.perform(two[0], propose_county_limit, replace(FACTS, **more))
    return ledger.perform(two[1], answer_county_limit, uid, "approve")


def test_a_second_person_puts_it_in_force_and_every_verdict_says_so(
    ledger: Ledger, two: tuple[Actor, Actor]
) -> None:
    head = world.make_producer(ledger)
    uid = ledger.perform(two[0], propose_county_limit, FACTS)
    before = make_millet(ledger, head)
    enter(ledger, head, before, LEAD)
    assert [one.verdict for one in verdicts(ledger, before)] == ["pass"], "only proposed"
    ledger.perform(two[1], answer_county_limit, uid, "approve")
    after = make_millet(ledger, head)
    enter(ledger, head, after, LEAD)
    (told,) = verdicts(ledger, after)
    verdict = told.as_verdict()
    assert (told.verdict, told.unconfirmed) == ("fail", True)
    assert verdict.rows[0] == f"county/{uid}"
    assert len(verdict.rows) == 2, "the national limit had its say too"
    sentence = explained(verdict)
    assert "breaks the limit ≤ 0.04 mg/kg (DBS54/2003-2026 (" in sentence
    assert "索县" in sentence
    assert "unconfirmed" in sentence
    assert orders(ledger, after) == [("hold", "over_limit")]
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).sound
        assert audit_projections(session, PROJECTIONS) == ()


def test_judging_anew_follows_approval_and_withdrawal(
    ledger: Ledger, two: tuple[Actor, Actor]
) -> None:
    head = world.make_producer(ledger)
    elsewhere = world.make_producer(ledger, division=world.KAZUO)
    here, there = make_millet(ledger, head), make_millet(ledger, elsewhere)
    for actor, code in ((head, here), (elsewhere, there)):
        enter(ledger, actor, code, LEAD)
    uid = in_force(ledger, two)
    assert reevaluate(ledger) == Reevaluated(2, 1), "only the county's own goods"
    assert orders(ledger, here) == [("hold", "over_limit")]
    assert orders(ledger, there) == []
    ledger.perform(two[1], ask_county_limit_withdrawal, uid, "公告废止")
    assert reevaluate(ledger).changed == 0, "it decides until a second person agrees"
    ledger.perform(two[0], answer_county_limit, uid, "approve")
    assert reevaluate(ledger) == Reevaluated(2, 1)
    assert [one.verdict for one in verdicts(ledger, here)] == ["pass"]
    assert orders(ledger, here) == []
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()


@pytest.mark.parametrize("asked", ["proposed", "withdrawing"])
def test_never_the_same_person_also_not_in_another_role(
    ledger: Ledger, two: tuple[Actor, Actor], asked: str
) -> None:
    if asked == "proposed":
        uid = ledger.perform(two[0], propose_county_limit, FACTS)
    else:
        uid = in_force(ledger, two)
        ledger.perform(two[0], ask_county_limit_withdrawal, uid, "废止")
    other = world.make_operator(ledger)
    in_another_role = replace(
        two[0], party_id=other.party_id, party_uid=other.party_uid, roles=frozenset({"head"})
    )
    for who in (two[0], in_another_role, SYSTEM, world.make_regulator(ledger)):
        for word in ("approve", "refuse"):
            with pytest.raises(Forbidden):
                ledger.perform(who, answer_county_limit, uid, word)
    ledger.perform(other, answer_county_limit, uid, "refuse")
    with ledger.database.read() as session:
        assert len(county_standards(session)) == (1 if asked == "withdrawing" else 0)


def test_who_was_forgotten_is_nobodys_second_person(
    ledger: Ledger, two: tuple[Actor, Actor]
) -> None:
    uid = ledger.perform(two[0], propose_county_limit, FACTS)
    ledger.perform(SYSTEM, erase_person, str(two[0].person_uid), "asked_for")
    ledger.perform(two[1], answer_county_limit, uid, "approve")
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()


def test_each_answer_is_given_once(ledger: Ledger, two: tuple[Actor, Actor]) -> None:
    uid = in_force(ledger, two)
    with pytest.raises(Conflict):
        ledger.perform(two[1], answer_county_limit, uid, "approve")
    ledger.perform(two[0], ask_county_limit_withdrawal, uid, "废止")
    with pytest.raises(Conflict):
        ledger.perform(two[1], ask_county_limit_withdrawal, uid, "废止")
    ledger.perform(two[1], answer_county_limit, uid, "refuse")
    with ledger.database.read() as session:
        assert [one.standard.key for one in county_standards(session)] == [f"county/{uid}"]


def test_the_same_limit_is_not_proposed_twice(ledger: Ledger, two: tuple[Actor, Actor]) -> None:
    uid = ledger.perform(two[0], propose_county_limit, FACTS)
    with pytest.raises(Conflict, match="already"):
        ledger.perform(two[1], propose_county_limit, FACTS)
    ledger.perform(two[1], answer_county_limit, uid, "approve")
    with pytest.raises(Conflict, match="already"):
        ledger.perform(two[1], propose_county_limit, FACTS)
    ledger.perform(two[1], propose_county_limit, replace(FACTS, maximum="0.05"))
    ledger.perform(two[0], ask_county_limit_withdrawal, uid, "公告废止")
    ledger.perform(two[1], answer_county_limit, uid, "approve")
    ledger.perform(two[0], propose_county_limit, FACTS)


def test_why_it_was_to_end_and_what_was_answered_are_both_kept(
    ledger: Ledger, two: tuple[Actor, Actor]
) -> None:
    uid = in_force(ledger, two)
    ledger.perform(two[0], ask_county_limit_withdrawal, uid, "公告废止")
    ledger.perform(two[1], answer_county_limit, uid, "approve", "核对无误")
    with ledger.database.read() as session:
        (told,) = session.scalars(sa.select(CountyLimit).where(CountyLimit.uid == uid))
        assert (told.state, told.reason) == ("withdrawn", "公告废止 / 核对无误")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"maximum": ""}, "maximum"),
        ({"forbidden": True}, "maximum"),
        ({"minimum": "1"}, "minimum"),
        ({"maximum": "many"}, "maximum"),
        ({"maximum": "-1"}, "maximum"),
        ({"maximum": "NaN"}, "maximum"),
        ({"maximum": "0_04"}, "maximum"),
        ({"minimum": "-0"}, "minimum"),
        ({"maximum": "1e2"}, "maximum"),
        ({"unit": "CFU/g"}, "unit"),
        ({"unit": "斤"}, "unit"),
        ({"unit": "/25 g"}, "unit"),
        ({"n": "5", "c": "2", "m": "1000"}, "maximum"),
        ({"maximum": "", "n": "5", "c": "2"}, "m"),
        ({"maximum": "", "n": "5", "c": "many", "m": "1000"}, "c"),
        ({"maximum": "", "n": "", "c": "2", "m": "1000"}, "n"),
        ({"maximum": "", "n": "101", "c": "2", "m": "1000"}, "c"),
        ({"maximum": "", "n": "5", "c": "5", "m": "1000"}, "c"),
        ({"maximum": "", "n": "5", "c": "2", "m": "1000", "most": "999"}, "most"),
        ({"maximum": "", "n": "5", "c": "0", "m": "1", "unit": "/25 g"}, "m"),
        ({"maximum": "", "n": "5", "c": "0", "m": "0", "most": "1", "unit": "/25 g"}, "m"),
        ({"parameter": "味道"}, "parameter"),
        ({"product_class": "纸箱"}, "product_class"),
        ({"division": "999999"}, "division"),
        ({"source": " "}, "source"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to"),
        ({"force": "guide"}, "force"),
        ({"confidence": "sure"}, "confidence"),
    ],
)
def test_what_is_no_limit_is_refused(
    ledger: Ledger, two: tuple[Actor, Actor], changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ledger.perform(two[0], propose_county_limit, replace(FACTS, **changed))
    faults = getattr(refused.value, "faults", ())
    assert field in ([one.field for one in faults] or [refused.value.field])


PLAN = {"maximum": "", "parameter": "菌落总数", "unit": "CFU/g",
        "n": "5", "c": "2", "m": "1000", "most": "10000"}  # fmt: skip


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ("900, 1000, 800, 700, 600", "pass"),
        ("1100, 1200, 800, 700, 600", "pass"),
        ("1100, 1200, 1300, 0, 0", "fail"),
        ("10001, 1, 1, 1, 1", "fail"),
        ("900, 800", "inconclusive"),
    ],
)
def test_a_countys_sampling_plan_decides_as_the_nations_do(
    ledger: Ledger, two: tuple[Actor, Actor], results: str, verdict: str
) -> None:
    uid = in_force(ledger, two, **PLAN)
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    enter(ledger, head, code, line("菌落总数", results, "CFU/g"))
    (told,) = verdicts(ledger, code)
    assert told.verdict == verdict
    assert told.as_verdict().rows == (f"county/{uid}",)
    assert "n=5 c=2 m=1000 M=10000 CFU/g" in explained(told.as_verdict())
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()


def test_a_countys_plan_for_what_may_not_be_in_a_portion(
    ledger: Ledger, two: tuple[Actor, Actor]
) -> None:
    plan = {**PLAN, "parameter": "沙门氏菌", "unit": "/25 g", "c": "0", "m": "0", "most": ""}
    in_force(ledger, two, **plan)
    asked = Asked("millet", date(2026, 6, 1), "沙门氏菌", ("未检出",) * 5, "/25g")
    with ledger.database.read() as session:
        there = evaluate_within(session, asked, world.SUO_COUNTY)
        few = evaluate_within(session, replace(asked, results=("未检出",)), world.SUO_COUNTY)
        elsewhere = evaluate_within(session, asked, world.KAZUO)
        with pytest.raises(InvalidInput):
            evaluate_within(session, asked, "999999")
    assert (there.verdict, few.verdict) == ("pass", "inconclusive")
    assert elsewhere.verdict == "not_regulated"


def test_only_operators_propose(ledger: Ledger) -> None:
    for who in (world.make_producer(ledger), world.make_regulator(ledger), SYSTEM):
        with pytest.raises(SuyuanError):
            ledger.perform(who, propose_county_limit, FACTS)


def row(**more: Any) -> CountyLimit:
    told: dict[str, Any] = {
        "uid": "1", "division": world.SUO_COUNTY, "standard": "DBS54/2003-2026", "clause": "表1",
        "force": "mandatory", "product_class": "millet", "parameter": "lead", "minimum": None,
        "maximum": "0.04", "plan": {}, "forbidden": False, "unit": "mg/kg", "dry": False,
        "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31), "source": "公告",
        "confidence": "LAW", "checked_by": "",
    }  # fmt: skip
    return CountyLimit(**{**told, **more})


@pytest.mark.parametrize(
    ("division", "day", "holds"),
    [
        (world.SUO_COUNTY, date(2026, 1, 1), True),
        (world.SUO_COUNTY, date(2026, 12, 31), True),
        (world.SUO_COUNTY, date(2025, 12, 31), False),
        (world.SUO_COUNTY, date(2027, 1, 1), False),
        ("540626100", date(2026, 6, 1), True),
        (world.SENI_DISTRICT, date(2026, 6, 1), False),
        ("540600", date(2026, 6, 1), False),
        ("", date(2026, 6, 1), False),
    ],
)
def test_it_holds_within_its_division_and_days(division: str, day: date, holds: bool) -> None:
    assert bool(holding_for([as_standard(row())], division, day)) is holds


@given(st.decimals("0.001", "0.5", places=3), st.decimals("0.001", "0.5", places=3))
def test_a_countys_limit_never_makes_good_what_the_nations_breaks(
    value: Decimal, maximum: Decimal
) -> None:
    asked = Asked("millet", date(2026, 6, 1), "lead", (str(value),), "mg/kg")
    county = holding_for(
        [as_standard(row(maximum=str(maximum)))], world.SUO_COUNTY, asked.production_date
    )
    alone, both = evaluate(asked), evaluate(asked, county)
    if alone.verdict == "fail":
        assert both.verdict == "fail"
    assert (both.verdict == "fail") == (alone.verdict == "fail" or value > maximum)
