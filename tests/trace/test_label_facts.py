"""What is typed of a label is refused where it cannot stand there, item by item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.acts.products import change_product_label
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInputs
from suyuan.trace.products.net_content import read_net_content
from suyuan.trace.products.queries import product
from suyuan.trace.quantities import Quantity
from tests import world

PANEL = {"per": "100 g", "energy": {"amount": "1320", "nrv": "16"}}


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [
        ("500 g", "500", "GRM"),
        ("５００克", "500", "GRM"),
        ("1.5L", "1.5", "LTR"),
        ("500ML", "500", "MLT"),
        ("2.5公斤", "2.5", "KGM"),
        ("250 g×2", "500", "GRM"),
        ("40g*5袋", "200", "GRM"),
        ("2×250 g", "500", "GRM"),
        ("200克（5×40克）", "200", "GRM"),
        ("500 g±5 g", "500", "GRM"),
        ("500g/袋", "500", "GRM"),
        ("1,000 g", "1000", "GRM"),
        ("12条", "12", "H87"),
    ],
)
def test_a_net_content_is_read_as_labels_write_it(written: str, amount: str, unit: str) -> None:
    assert read_net_content(written) == Quantity.of(amount, unit)


@given(
    st.decimals("0.01", "99999", places=2),
    st.sampled_from(["g", "kg", "mL", "L", "克", "千克", "毫升", "升"]),
)
def test_what_is_multiplied_holds_so_much_more(amount: Decimal, unit: str) -> None:
    one, three = read_net_content(f"{amount} {unit}"), read_net_content(f"{amount} {unit}×3")
    assert one is not None
    assert three == Quantity(one.amount * 3, one.unit)


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ({"net_content": "500 grams"}, ["net_content"]),
        ({"net_content": "500"}, ["net_content"]),
        ({"net_content": "0 g"}, ["net_content"]),
        ({"net_content": "-3 g"}, ["net_content"]),
        ({"net_content": "1斤"}, ["net_content"]),
        ({"net_content": "二两"}, ["net_content"]),
        ({"net_content": {"amount": "-3", "unit": "GRM"}}, ["net_content"]),
        ({"net_content": {"amount": "0", "unit": "GRM"}}, ["net_content"]),
        ({"net_content": {"amount": "200"}}, ["net_content"]),
        ({"net_content": {"amount": "200", "unit": "斤"}}, ["net_content"]),
        ({"net_content": ["500 g"]}, ["net_content"]),
        ({"ingrediants": "牦牛肉"}, ["ingrediants"]),
        ({"ingredients": {"a": 1}}, ["ingredients"]),
        ({"ingredients": 5.5}, ["ingredients"]),
        ({"ingredients": "肉" * 501}, ["ingredients"]),
        ({"nutrition_panel": "yes"}, ["nutrition_panel"]),
        ({"nutrition_panel": {**PANEL, "per": "p" * 41}}, ["nutrition_panel.per"]),
        ({"nutrition_panel": {**PANEL, "vitamin": {"amount": "1"}}}, ["nutrition_panel.vitamin"]),
        ({"nutrition_panel": {"energy": "1320"}}, ["nutrition_panel.energy.amount"]),
        ({"nutrition_panel": {"fat": {"amount": "-5"}}}, ["nutrition_panel.fat.amount"]),
        ({"nutrition_panel": {"fat": {"amount": 5.5}}}, ["nutrition_panel.fat.amount"]),
        (
            {"nutrition_panel": {"fat": {"amount": "abc"}, "energy": {"amount": "1", "nrv": "x"}}},
            ["nutrition_panel.fat.amount", "nutrition_panel.energy.nrv"],
        ),
        ({"net_content": "0 g", "ingrediants": "x"}, ["net_content", "ingrediants"]),
    ],
)
def test_what_cannot_stand_on_a_label_is_refused_by_item(
    ledger: Ledger, label: dict[str, Any], fields: list[str]
) -> None:
    head = world.make_producer(ledger)
    uid = world.make_product(ledger, head, label={"net_content": "1 kg"})
    with pytest.raises(InvalidInputs) as added:
        world.make_product(ledger, head, label=label)
    with pytest.raises(InvalidInputs) as changed:
        ledger.perform(head, change_product_label, uid, label, items_on_pack=False)
    for refused in (added, changed):
        assert [one.field for one in refused.value.faults] == [f"label.{one}" for one in fields]
    with ledger.database.read() as session:
        assert product(session, uid).label == {"net_content": "1 kg"}


def test_what_can_stand_there_is_kept_without_what_is_empty(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    label = {
        "net_content": " 计量称重 ", "ingredients": ["谷子", ""], "allergens": " ",
        "nutrition_panel": PANEL, "quality_grade": "一级",
    }  # fmt: skip
    uid = world.make_product(ledger, head, label=label)
    with ledger.database.read() as session:
        assert product(session, uid).label == {
            "net_content": "计量称重", "ingredients": ["谷子"], "nutrition_panel": PANEL,
            "quality_grade": "一级",
        }  # fmt: skip
