"""Kinds of papers: their numbers, what they cover, and how long they usually hold."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.products.papers_needed import product_classes

KINDS = PaperKinds.load()


def test_the_papers_of_the_decision_table_are_kinds_of_the_register() -> None:
    for known in product_classes().values():
        assert known.needs
        assert {need.kind for need in known.needs} <= set(KINDS.keys())


def test_every_need_that_is_conditional_says_when() -> None:
    for known in product_classes().values():
        for need in known.needs:
            assert need.necessity != "conditional" or need.condition


@pytest.mark.parametrize(
    ("key", "rule", "target"),
    [
        ("sc_licence", "production_licence", "product"),
        ("business_licence", "social_credit_code", "party"),
        ("green_food", "green_food_product", "product"),
        ("organic", "organic_certificate", "product"),
        ("agi", "farm_produce_indication", "product"),
        ("cma", "laboratory_approval", "party"),
        ("quarantine_product_a", "quarantine_certificate", "batch"),
        ("commitment_certificate", "none", "batch"),
    ],
)
def test_a_kind_knows_its_number_and_what_it_covers(key: str, rule: str, target: str) -> None:
    assert KINDS.get(key).number_rule == rule
    assert target in KINDS.get(key).covers


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("sc_licence", date(2024, 2, 29), date(2029, 2, 27)),
        ("sc_licence", date(2026, 5, 10), date(2031, 5, 9)),
        ("organic", date(2026, 12, 31), date(2027, 12, 30)),
        ("quarantine_product_a", date(2026, 11, 22), date(2026, 11, 28)),
        ("quarantine_product_b", date(2026, 11, 22), date(2026, 11, 22)),
        ("quarantine_animal_a", date(2026, 11, 30), date(2026, 12, 4)),
        ("gathering_permit", date(2026, 5, 20), None),
    ],
)
def test_the_usual_term_ends_on_its_last_day(key: str, start: date, end: date | None) -> None:
    assert KINDS.get(key).term.last_day(start) == end


def test_pollution_free_is_history() -> None:
    assert [kind.key for kind in KINDS if kind.historic] == ["pollution_free"]


def test_every_kind_and_term_says_where_it_comes_from() -> None:
    for kind in KINDS:
        assert kind.provenance.source
        assert kind.term.provenance.source


def test_an_unknown_kind_names_the_known() -> None:
    with pytest.raises(InvalidInput, match="sc_licence"):
        KINDS.get("diploma")
