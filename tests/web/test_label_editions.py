"""A label is judged by the edition of its production date, before any code of it is issued."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.parties.actor import Actor
from suyuan.trace.reading_dates import read_date
from tests.api_clients import client, problem
from tests.web.desk_world import desk
from tests.world import make_batch, make_producer, make_product

JERKY: dict[str, Any] = {
    "ingredients": "牦牛肉、食用盐、花椒",
    "net_content": {"amount": "200", "unit": "GRM"},
    "shelf_life": "6个月",
    "storage_conditions": "阴凉干燥处",
    "licence_number": "SC10454062600123",
    "product_standard": "GB/T 23969",
    "complaint_phone": "0896-3720315",
    "producer_address": "西藏那曲市索县亚拉镇12号",
    "producer_phone": "0896-3721234",
}
FOUR = {
    "per": "100 g",
    "energy": {"amount": "1320", "nrv": "16"},
    "protein": {"amount": "58.4", "nrv": "97"},
    "fat": {"amount": "5.6", "nrv": "9"},
    "carbohydrate": {"amount": "7.0", "nrv": "2"},
    "sodium": {"amount": "860", "nrv": "43"},
}
SIX = FOUR | {"saturated_fat": {"amount": "2.3"}, "sugars": {"amount": "4.1"}}
BEFORE, AFTER = "2027-03-15", "2027-03-16"


@pytest.fixture
def producer(ledger: Ledger, clock: SetClock) -> Actor:
    clock.move(datetime(2027, 3, 20, tzinfo=UTC))
    return make_producer(ledger, name="索县雅拉牦牛养殖合作社")


def _jerky(ledger: Ledger, producer: Actor, day: str, **more: Any) -> str:
    label = {key: value for key, value in (JERKY | more.pop("label", {})).items() if value}
    product = make_product(
        ledger, producer, "yak_meat", "cooked_jerky", name="牦牛肉干", label=label
    )
    return make_batch(ledger, producer, product=product, produced=read_date(day), **more)


def _ask(ledger: Ledger, producer: Actor, code: str, template: str) -> Any:
    program = client(ledger, producer)
    packed = template.startswith("complete")
    order = {"trace_code": code, "count": 2, "template": template, "per_package": packed}
    return program.send("/print-runs", order)


def _page(ledger: Ledger, producer: Actor, code: str) -> str:
    chinese = {"Accept-Language": "zh"}
    answer = desk(ledger, producer).get(f"/desk/batches/{code}/print", headers=chinese)
    return unescape(answer.get_data(True))


def test_the_same_label_a_day_later_is_judged_by_the_next_edition(
    ledger: Ledger, producer: Actor
) -> None:
    four = {"nutrition_panel": FOUR}
    made_before = _jerky(ledger, producer, BEFORE, label=four)
    made_after = _jerky(ledger, producer, AFTER, label=four)
    assert _ask(ledger, producer, made_before, "complete-80x60").status_code == 201
    refused = problem(_ask(ledger, producer, made_after, "complete-80x60"), 422, "invalid-input")
    assert "GB 7718-2025" in str(refused)
    page = _page(ledger, producer, made_after)
    assert "营养成分表缺少 GB 7718-2025 要求的：饱和脂肪、糖" in page


def test_an_item_that_only_the_next_edition_asks_for_is_named_with_it(
    ledger: Ledger, producer: Actor
) -> None:
    code = _jerky(ledger, producer, AFTER, label={"nutrition_panel": SIX, "shelf_life": None})
    refused = problem(_ask(ledger, producer, code, "complete-100x80"), 422, "missing-item")
    assert "GB 7718-2025" in str(refused)
    page = _page(ledger, producer, code)
    assert "按 GB 7718-2025，此标签必须印有项目“保质期" in page


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_food_sold_out_of_a_sack_needs_what_the_law_asks_there_and_no_panel(
    ledger: Ledger, producer: Actor, day: str
) -> None:
    bare = dict.fromkeys(("ingredients", "licence_number", "product_standard"))
    code = _jerky(ledger, producer, day, label=bare)
    assert _ask(ledger, producer, code, "bulk-100x80").status_code == 201
    lacking = _jerky(ledger, producer, day, label={"shelf_life": None})
    refused = problem(_ask(ledger, producer, lacking, "bulk-100x80"), 422, "missing-item")
    assert "食品安全法 Art. 68" in str(refused)
