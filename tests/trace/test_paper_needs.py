"""Which papers a product needs: by class, by who makes it, by where it goes, and by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.needs import (
    Circumstances,
    Goods,
    Held,
    Lack,
    lacking,
    needed,
    route_between,
)
from suyuan.trace.papers.needs_told import told_needs
from suyuan.trace.products.families import Families
from suyuan.trace.products.papers_needed import product_classes
from suyuan.trace.quantities import Quantity
from tests.api_clients import client

DAY = date(2026, 10, 26)
CASE = Circumstances(DAY, producer="cooperative", route="within", marks=frozenset())


def standings(product_class: str, case: Circumstances = CASE) -> dict[str, str]:
    rows = product_classes()[product_class].needs
    return {one.key: one.standing for one in needed(rows, case)}


def paper(kind: str, start: date | None = DAY, end: date | None = DAY, **more: Any) -> Held:
    return Held(more.get("uid", kind), kind, "N1", more.get("state", "valid"), start, end)


def goods(
    product_class: str, *papers: Held, parents: tuple[Goods, ...] = (), key: int = 0
) -> Goods:
    return Goods(key, product_class, DAY, papers, parents)


def wrong(one: Goods, case: Circumstances = CASE, **more: Any) -> dict[str, str]:
    rows = product_classes()[one.product_class].needs
    return {lack.key: lack.state for lack in lacking(rows, one, case, **more)}


# --- the table of domain.md B1.4 ---


def test_a_cooperative_certifies_live_yaks_and_a_household_need_not() -> None:
    assert standings("live_animal")["commitment_certificate"] == "needed"
    herder = replace(CASE, producer="household_group")
    assert standings("live_animal", herder)["commitment_certificate"] == "not_needed"
    nobody = replace(CASE, producer=None)
    assert standings("live_animal", nobody)["commitment_certificate"] == "depends"


def test_nobody_had_to_certify_before_the_law_of_2023() -> None:
    before = replace(CASE, day=date(2022, 12, 31))
    assert "commitment_certificate" not in standings("live_animal", before)
    since = replace(CASE, day=date(2023, 1, 1))
    assert standings("live_animal", since)["commitment_certificate"] == "needed"


@pytest.mark.parametrize(
    ("route", "kinds"),
    [
        ("within", ("quarantine_product_b",)),
        ("across", ("quarantine_product_a",)),
        (None, ("quarantine_product_a", "quarantine_product_b")),
    ],
)
def test_the_form_of_quarantine_is_that_of_the_route(route: Any, kinds: tuple[str, ...]) -> None:
    rows = product_classes()["livestock_product"].needs
    found = {one.key: one for one in needed(rows, replace(CASE, route=route))}
    assert found["quarantine_product"].standing == "needed"
    assert tuple(row.kind for row in found["quarantine_product"].papers) == kinds


def test_fresh_meat_needs_no_commitment_certificate_and_raw_grain_no_paper_at_all() -> None:
    assert standings("livestock_product")["commitment_certificate"] == "not_needed"
    assert set(standings("raw_grain").values()) == {"not_needed"}
    assert standings("wild_medicinal") == {
        "gathering_permit": "needed",
        "sale_approval": "needed",
        "commitment_certificate": "not_needed",
        "sc_licence": "not_needed",
    }


def test_mushrooms_need_a_licence_only_when_they_are_worked_on() -> None:
    worked = replace(CASE, processed=True)
    assert standings("cultivated_mushroom", worked)["sc_licence"] == "needed"
    assert standings("cultivated_mushroom", replace(CASE, processed=False))["sc_licence"] == (
        "not_needed"
    )
    assert standings("cultivated_mushroom")["sc_licence"] == "depends"


def test_the_mark_of_an_indication_is_asked_of_whoever_uses_it() -> None:
    rows = Families.load().get("vinegar").papers("solid_state_aged")
    using = replace(CASE, marks=frozenset({"geographical_indication"}))
    assert {one.key: one.standing for one in needed(rows, using)}["gi_use"] == "needed"
    assert {one.key: one.standing for one in needed(rows, CASE)}["gi_use"] == "not_needed"


def test_a_stage_asks_for_what_is_due_by_then() -> None:
    rows = product_classes()["wild_medicinal"].needs
    assert [one.key for one in needed(rows, CASE, "registration")] == ["gathering_permit"]


# --- what a batch lacks ---


def test_a_registered_workshop_needs_no_licence() -> None:
    milled = goods("milled_grain", paper("workshop_registration"), paper("factory_inspection"))
    assert wrong(milled) == {}
    assert wrong(goods("milled_grain", paper("factory_inspection"))) == {
        "food_production": "missing"
    }


def test_a_licence_must_have_held_on_the_day_of_production() -> None:
    late = paper("sc_licence", DAY + timedelta(1), None)
    over = paper("sc_licence", None, DAY - timedelta(1))
    inspection = paper("factory_inspection")
    assert wrong(goods("milled_grain", late, inspection)) == {"food_production": "not_yet"}
    assert wrong(goods("milled_grain", over, inspection)) == {"food_production": "expired"}
    revoked = paper("sc_licence", state="revoked")
    assert wrong(goods("milled_grain", revoked, inspection)) == {"food_production": "revoked"}
    assert wrong(goods("milled_grain", revoked, paper("sc_licence", uid="b"), inspection)) == {}


def test_a_quarantine_certificate_holds_for_the_journey_and_is_enough_for_a_sale_later() -> None:
    meat = goods(
        "livestock_product", paper("quarantine_product_b"), paper("meat_quality_inspection")
    )
    later = replace(CASE, day=DAY + timedelta(3))
    assert wrong(meat, CASE, moved=DAY) == {}
    assert wrong(meat, later, moved=later.day) == {"quarantine_product": "expired"}
    assert wrong(meat, replace(later, route=None)) == {}


def test_form_b_does_not_carry_meat_over_the_border_of_the_province() -> None:
    meat = goods(
        "livestock_product", paper("quarantine_product_b"), paper("meat_quality_inspection")
    )
    across = replace(CASE, route="across")
    assert wrong(meat, across, moved=DAY) == {"quarantine_product": "missing"}


def test_parts_lean_on_the_papers_of_the_whole_and_a_blend_on_those_of_every_part() -> None:
    whole = goods(
        "livestock_product", paper("quarantine_product_b"), paper("meat_quality_inspection"), key=1
    )
    bare = goods("livestock_product", key=2)
    assert wrong(goods("livestock_product", parents=(whole,))) == {}
    assert set(wrong(goods("livestock_product", parents=(whole, bare)))) == {
        "quarantine_product",
        "meat_quality_inspection",
    }


def test_jerky_asks_for_the_quarantine_of_its_meat_and_of_nothing_else_that_went_in() -> None:
    own = (paper("sc_licence"), paper("factory_inspection"))
    meat = goods("livestock_product", paper("quarantine_product_b"), key=1)
    chilli = goods("condiment", key=2)
    known = replace(CASE, origin="within")
    assert wrong(goods("processed_meat", *own, parents=(meat, chilli)), known) == {}
    bare = goods("livestock_product", key=3)
    assert wrong(goods("processed_meat", *own, parents=(meat, bare)), known) == {
        "quarantine_raw_meat": "missing"
    }
    (lack,) = lacking(
        product_classes()["processed_meat"].needs, goods("processed_meat", *own), known
    )
    assert lack.for_inputs


def test_what_is_missing_says_where_it_comes_from_in_two_languages() -> None:
    (lack,) = [
        one
        for one in lacking(product_classes()["wild_medicinal"].needs, goods("wild_medicinal"), CASE)
        if one.key == "sale_approval"
    ]
    assert isinstance(lack, Lack)
    assert (lack.where.zh, lack.where.en) == ("野生植物主管部门", "authority for wild plants")
    assert "批准" in lack.names.zh


def test_a_province_is_the_first_two_digits() -> None:
    assert route_between("540626", "540102") == "within"
    assert route_between("540626", "211324") == "across"


CLASSES = st.sampled_from(sorted(product_classes()))


@given(CLASSES, st.sets(st.sampled_from(sorted({
    need.kind for one in product_classes().values() for need in one.needs
}))))  # fmt: skip
def test_another_paper_never_makes_anything_missing(name: str, kinds: set[str]) -> None:
    some = goods(name, *(paper(kind) for kind in sorted(kinds)))
    fewer = goods(name, *(paper(kind) for kind in sorted(kinds)[1:]))
    assert set(wrong(some)) <= set(wrong(fewer))


@given(CLASSES, st.sampled_from([None, "within", "across"]))
def test_what_every_case_needs_is_needed_when_nobody_says_which(name: str, route: Any) -> None:
    open_case = Circumstances(DAY)
    said = standings(name, replace(CASE, route=route, marks=frozenset()))
    for key, standing in standings(name, open_case).items():
        if standing != "depends":
            assert said[key] == standing


# --- as programs ask ---


def test_a_program_asks_which_papers_a_product_needs(ledger: Ledger) -> None:
    nobody = client(ledger)
    answer = nobody.read(
        "/papers/needed?product_class=yak_meat/fresh&route=across&producer=cooperative"
        "&day=2026-10-26&quantity=120&unit=KGM"
    ).json
    assert answer["product_class"] == "livestock_product"
    needs = {one["key"]: one for one in answer["needs"]}
    (form,) = needs["quarantine_product"]["papers"]
    assert form["kind"] == "quarantine_product_a"
    assert form["where"]["zh"] == "动物卫生监督机构"
    assert needs["gi_use"]["standing"] == "depends"
    assert nobody.read("/papers/needed?product_class=carton").status_code == 422
    assert nobody.read("/papers/needed?product_class=raw_grain&quantity=3").status_code == 422


def test_a_class_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no product class"):
        told_needs(Families.load(), "carton", CASE, quantity=Quantity.of(1, "KGM"))
