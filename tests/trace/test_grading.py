"""Grades: derived from facts by named schemes, never stored, and never claimed beyond the facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.passport import passport_of_typed
from suyuan.trace.products.claimed_grades import Unborne, claimed_in, require_borne
from suyuan.trace.products.families import Families
from suyuan.trace.products.family import Family
from suyuan.trace.quantities import Quantity
from tests import world

FAMILIES = Families.load()
CORDYCEPS, GRAIN, YAK = (FAMILIES.get(key) for key in ("cordyceps", "grain", "yak_meat"))
DAY = date(2026, 7, 1)


def graded(family: Family, variant: str, facts: Mapping[str, object], day: date = DAY) -> list[str]:
    """The answers of the schemes, as ``scheme version: grade``."""
    found = family.grades(facts, variant, day)
    return [f"{one.scheme} {one.version}: {one.key}" for one in found]


@pytest.mark.parametrize(
    ("pieces_per_kg", "grade"),
    [
        ("200", "wangzhongwang"),
        ("1800", "wangzhongwang"),
        ("1800.1", None),
        ("1999", None),
        ("2000", "chongcaowang"),
        ("2800", "chongcaowang"),
        ("2801", None),
        ("3000", "first"),
        ("3800", "first"),
        ("4000", "second"),
        ("4800", "second"),
        ("4999", None),
        ("5000", "third"),
        ("29000", "third"),
    ],
)
def test_cordyceps_is_graded_by_pieces_per_kg(pieces_per_kg: str, grade: str | None) -> None:
    answers = graded(CORDYCEPS, "dried", {"pieces_per_kg": pieces_per_kg})
    assert answers == ([f"trade_500g 1: {grade}"] if grade else [])


def test_pieces_that_were_counted_and_weighed_tell_more_than_a_rate() -> None:
    facts: dict[str, object] = {"pieces": 1500, "weight": "500", "pieces_per_kg": "1800"}
    assert graded(CORDYCEPS, "dried", facts) == ["trade_500g 1: first"]


@pytest.mark.parametrize(
    ("moisture", "broken", "answers"),
    [
        ("3", "3", ["trade_kg 1: first"]),
        ("5", "0", ["trade_kg 1: first"]),
        ("2.9", "0", []),
        ("5.1", "0", []),
        ("4", "3.1", []),
        (None, "0", []),
    ],
)
def test_another_scheme_answers_otherwise(
    moisture: str | None, broken: str, answers: list[str]
) -> None:
    facts = {"pieces_per_kg": "1850", "moisture": moisture, "broken": broken}
    assert graded(CORDYCEPS, "dried", facts) == answers


@pytest.mark.parametrize(
    ("weight", "imperfect", "grade"),
    [
        ("720", "4.0", "grade_1"),
        ("719.9", "4.0", "grade_2"),
        ("720", "4.1", "grade_2"),
        ("690", "6.0", "grade_2"),
        ("660", "8", "grade_3"),
        ("630", "10", "grade_4"),
        ("600", "15", "grade_5"),
        ("599.9", "0", None),
        ("720", "15.1", None),
        ("720", None, None),
    ],
)
def test_maize_is_graded_by_its_worst_fact(
    weight: str, imperfect: str | None, grade: str | None
) -> None:
    facts = {"test_weight": weight, "imperfect_kernels": imperfect}
    assert graded(GRAIN, "maize", facts) == ([f"gb_1353 2018: {grade}"] if grade else [])


def test_a_scheme_speaks_of_its_own_variants_and_of_its_own_days_only() -> None:
    facts: dict[str, object] = {"test_weight": "745", "imperfect_kernels": "1"}
    assert graded(GRAIN, "sorghum", facts) == ["gbt_8231 2007: grade_1"]
    assert graded(GRAIN, "buckwheat", facts) == []
    assert graded(GRAIN, "maize", facts, date(2019, 1, 31)) == []
    assert graded(GRAIN, "maize", facts, date(2019, 2, 1)) == ["gb_1353 2018: grade_1"]


@pytest.mark.parametrize(
    ("cut", "answers"),
    [
        ("里脊", ["cut_classes 1: prime"]),
        (" 牛霖 ", ["cut_classes 1: choice"]),
        ("牛腩", ["cut_classes 1: common"]),
        ("牛尾", []),
        ("", []),
    ],
)
def test_a_cut_of_meat_has_its_class(cut: str, answers: list[str]) -> None:
    assert graded(YAK, "fresh", {"cut": cut}) == answers


@pytest.mark.parametrize(
    "facts", [{}, {"pieces": 5}, {"pieces": 5, "weight": "0"}, {"pieces_per_kg": "many"}]
)
def test_without_the_fact_there_is_no_grade(facts: dict[str, object]) -> None:
    assert graded(CORDYCEPS, "dried", facts) == []


def test_a_scheme_that_nobody_checked_says_so() -> None:
    (grade,) = CORDYCEPS.grades({"pieces_per_kg": 3000}, "dried", DAY)
    assert grade.unconfirmed
    assert grade.source


@given(st.integers(1, 20000), st.decimals("0.1", "9000", places=1))
def test_more_pieces_to_the_kilogram_are_never_a_better_grade(pieces: int, weight: Decimal) -> None:
    scheme = CORDYCEPS.grading[0]
    order = [band.key for band in scheme.bands]
    fewer, more = (
        scheme.grade({"pieces": count, "weight": str(weight)}) for count in (pieces, pieces + 1)
    )
    if fewer is not None and more is not None:
        assert order.index(fewer.key) <= order.index(more.key)
    held = [band.key for band in scheme.bands if band.earned(pieces * 1000 / weight, {})]
    assert held == ([fewer.key] if fewer else [])


# --- claims --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "pieces_per_kg", "ok"),
    [
        ("一级", 3800, True),
        ("first grade", 3800, True),
        ("二级", 3800, True),  # less than it is
        ("虫草王", 3800, False),
        ("一级", 3900, False),  # between two grades
        ("一级", None, False),
        ("统货", None, True),  # no grade of any scheme
    ],
)
def test_a_grade_is_claimed_as_far_as_the_facts_bear_it(
    said: str, pieces_per_kg: int | None, ok: bool
) -> None:
    facts: dict[str, object] = {"pieces_per_kg": pieces_per_kg} if pieces_per_kg else {}
    if ok:
        require_borne(CORDYCEPS, "dried", DAY, facts, [said])
    else:
        with pytest.raises(Unborne):
            require_borne(CORDYCEPS, "dried", DAY, facts, [said])


def test_the_refusal_names_the_right_grade_with_scheme_and_version() -> None:
    with pytest.raises(Unborne) as refused:
        require_borne(CORDYCEPS, "dried", DAY, {"pieces_per_kg": 4100}, ["虫草王"])
    told = refused.value.params
    assert (told["right"], told["version"]) == (CORDYCEPS.grading[0].bands[3].names, "1")


@given(st.integers(200, 30000))
def test_whatever_is_derived_may_be_claimed(pieces_per_kg: int) -> None:
    facts: dict[str, object] = {"pieces_per_kg": pieces_per_kg}
    for grade in CORDYCEPS.grades(facts, "dried", DAY):
        require_borne(CORDYCEPS, "dried", DAY, facts, [grade.names.zh, grade.key])


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("那曲冬虫夏草 王中王 10g", ("王中王",)),
        ("冬虫夏草（一级）", ("一级",)),
        ("国家二级保护野生植物 冬虫夏草", ()),
        ("那曲冬虫夏草", ()),
    ],
)
def test_a_grade_is_found_in_a_name(name: str, claimed: tuple[str, ...]) -> None:
    assert claimed_in(CORDYCEPS, "dried", DAY, [], [name]) == claimed


def test_a_batch_is_not_registered_under_a_grade_that_it_has_not(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    facts = {"pieces": 2000, "weight": "500"}
    goods = {"family": "cordyceps", "variant": "dried", "attributes": facts}
    amount = Quantity.of(500, "GRM")
    with pytest.raises(Unborne):
        world.make_batch(ledger, actor, amount, name="冬虫夏草 虫草王", **goods)
    code = world.make_batch(ledger, actor, amount, name="冬虫夏草 二级", **goods)
    with ledger.database.read() as session:
        told = passport_of_typed(session, ledger.families, code, now=ledger.clock.now())
    (grade,) = told.grades
    assert (grade.names.zh, grade.scheme, grade.version) == ("二级", "trade_500g", "1")
    assert grade.unconfirmed


@pytest.mark.parametrize(
    ("facts", "payload", "ok"),
    [
        ({"pieces": 1500, "weight": "500"}, {"grade": "一级"}, True),
        ({"pieces": 1500, "weight": "500"}, {"grade": "评为二级"}, True),
        ({"pieces": 1500, "weight": "500"}, {"grade": "王中王"}, False),
        ({"pieces": 1500, "weight": "500"}, {"grade": "虫草王", "pieces_per_kg": "2500"}, False),
        ({}, {"grade": "虫草王", "pieces_per_kg": "2500"}, True),
        ({}, {"grade": "虫草王"}, False),
        ({}, {"grade": "统货"}, True),
    ],
)
def test_an_event_states_a_grade_as_far_as_the_facts_bear_it(
    ledger: Ledger, facts: dict[str, object], payload: dict[str, str], ok: bool
) -> None:
    actor = world.make_producer(ledger)
    goods = {"family": "cordyceps", "variant": "dried", "attributes": facts}
    code = world.make_batch(ledger, actor, Quantity.of(500, "GRM"), **goods)
    if ok:
        world.make_event(ledger, actor, "grade", code, payload=payload)
        return
    with pytest.raises(Unborne) as refused:
        world.make_event(ledger, actor, "grade", code, payload=payload)
    assert refused.value.field == "grade"


def test_a_correction_states_no_better_grade_either(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    facts = {"pieces": 1500, "weight": "500"}
    goods = {"family": "cordyceps", "variant": "dried", "attributes": facts}
    code = world.make_batch(ledger, actor, Quantity.of(500, "GRM"), **goods)
    event = world.make_event(ledger, actor, "grade", code, payload={"grade": "二级"})
    with pytest.raises(Unborne):
        ledger.perform(
            actor, correct_event, CorrectionFacts(event, "写错", payload={"grade": "王中王"})
        )
    ledger.perform(actor, correct_event, CorrectionFacts(event, "写错", payload={"grade": "一级"}))
