"""Label rules: by class, variant and production date; and which script stands first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.bilingual_order import bilingual_order
from suyuan.trace.products.families import Families
from suyuan.trace.products.label_items import LabelRules, label_item_names, label_rules

LAST_OF_2011 = date(2027, 3, 15)
FIRST_OF_2025 = date(2027, 3, 16)


def rules(family: str, variant: str, day: date = LAST_OF_2011) -> LabelRules:
    return label_rules(Families.load().get(family), variant, day)


def mandatory(found: LabelRules) -> set[str]:
    return {item.key for item in found.mandatory}


def test_the_production_date_chooses_the_edition() -> None:
    old, new = (
        rules("yak_meat", "cooked_jerky", LAST_OF_2011),
        rules("yak_meat", "cooked_jerky", FIRST_OF_2025),
    )
    assert (old.edition, new.edition) == ("GB 7718-2011", "GB 7718-2025")
    assert "best_before_date" not in mandatory(old)
    assert "best_before_date" in mandatory(new)
    assert [n.key for n in old.nutrients] == [
        "energy",
        "protein",
        "fat",
        "carbohydrate",
        "sodium",
    ]
    assert {"saturated_fat", "sugars"} == {n.key for n in new.nutrients} - {
        n.key for n in old.nutrients
    }
    assert new.forbidden_claims == ("不添加", "零添加")
    assert old.forbidden_claims == ()


def test_allergens_are_a_must_only_where_there_are_any() -> None:
    allergens = next(
        item
        for item in rules("yak_meat", "cooked_jerky", FIRST_OF_2025).items
        if item.key == "allergens"
    )
    assert not allergens.mandatory
    assert allergens.when is not None


@pytest.mark.parametrize("day", [LAST_OF_2011, FIRST_OF_2025])
def test_ware_is_no_food_and_says_that_it_passed_inspection(day: date) -> None:
    tea, ornament = rules("purple_clay", "teaware", day), rules("purple_clay", "ornament", day)
    assert tea.edition == "产品质量法 Art. 27"
    asked = {"product_name", "producer", "producer_address", "inspection_mark"}
    assert asked < mandatory(ornament)
    assert not mandatory(tea) & {"shelf_life", "production_date", "ingredients", "nutrition_panel"}
    assert mandatory(tea) - mandatory(ornament) == {"food_contact"}
    assert [one.key for one in tea.forbidden({"licence_number": "SC1"})] == ["licence_number"]


@pytest.mark.parametrize("day", [LAST_OF_2011, FIRST_OF_2025])
def test_vinegar_may_omit_shelf_life_and_nutrition_but_not_the_production_date(day: date) -> None:
    found = rules("vinegar", "solid_state_aged", day)
    assert not mandatory(found) & {
        "shelf_life",
        "best_before_date",
        "nutrition_panel",
        "youth_notice",
    }
    assert {"production_date", "total_acid", "fermentation_process"} <= mandatory(found)
    assert found.nutrients == ()


def test_grain_kernels_are_spared_the_nutrition_panel_from_2027_and_flour_is_not() -> None:
    assert "nutrition_panel" in mandatory(rules("grain", "millet_milled", LAST_OF_2011))
    assert "nutrition_panel" not in mandatory(rules("grain", "millet_milled", FIRST_OF_2025))
    assert "nutrition_panel" in mandatory(rules("grain", "buckwheat_milled", FIRST_OF_2025))


def test_fresh_meat_bears_the_items_of_farm_produce() -> None:
    found = rules("yak_meat", "fresh")
    assert {"product_name", "origin", "producer", "production_date", "shelf_life"} <= mandatory(
        found
    )
    assert "quarantine_certificate" in mandatory(found)
    assert "licence_number" not in mandatory(found)


def test_cordyceps_is_labelled_as_no_food() -> None:
    found = rules("cordyceps", "dried")
    assert {"pieces_per_kg", "net_content", "gathering_permit"} <= mandatory(found)
    assert {item.key for item in found.forbidden_items} == {
        "nutrition_panel",
        "licence_number",
        "health_claim",
    }
    on_it = {"product_name": "冬虫夏草", "health_claim": "补肾"}
    assert [item.key for item in found.forbidden(on_it)] == ["health_claim"]


def test_missing_items_are_named() -> None:
    found = rules("grain", "maize")
    present = {item.key: "x" for item in found.mandatory}
    assert found.missing(present) == ()
    assert [item.key for item in found.missing(present | {"origin": ""})] == ["origin"]


@pytest.mark.parametrize("day", [date(2020, 1, 1), LAST_OF_2011, FIRST_OF_2025])
def test_every_variant_has_rules_and_prints_trace_code_and_telephone(day: date) -> None:
    for family in Families.load():
        for variant in family.variants:
            found = label_rules(family, variant, day)
            assert {"product_name", "trace_code", "complaint_phone"} <= mandatory(found)
            assert found.minimum_character_mm == Decimal("1.8")
            assert {item.key for item in found.items} <= set(label_item_names())


@pytest.mark.parametrize(
    ("amount", "height"), [(50, 2), (50.1, 3), (200, 3), (500, 4), (1000, 4), (1001, 6)]
)
def test_the_figures_of_the_net_content_grow_with_it(amount: float, height: int) -> None:
    figures = rules("yak_meat", "cooked_jerky").net_content_figures
    assert figures.least_mm(Decimal(str(amount))) == height


def test_an_unknown_variant_is_told() -> None:
    with pytest.raises(InvalidInput, match="raw_air_dried"):
        rules("yak_meat", "smoked")


@pytest.mark.parametrize(
    ("division", "day", "first"),
    [
        ("540626", date(2026, 6, 30), "bo"),
        ("540626", date(2026, 7, 1), "zh"),
        ("211324", date(2020, 1, 1), "zh"),
        ("469025", date(2026, 7, 1), "zh"),
    ],
)
def test_which_script_stands_first(division: str, day: date, first: str) -> None:
    order = bilingual_order(division, day)
    assert order.first == first
    assert Decimal("0.8") <= order.minimum_ratio <= order.maximum_ratio <= 1
