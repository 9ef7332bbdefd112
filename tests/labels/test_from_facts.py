"""From a batch in the ledger to a label on paper, and back by a reader of symbols."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from suyuan.labels.errors import MissingItem, NotDeclared
from suyuan.labels.from_facts import try_out, write_labels
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.queries import codes_of, facts_of
from suyuan.trace.reading_dates import read_date
from tests.world import make_batch, make_producer, make_product

LABEL: dict[str, Any] = {
    "ingredients": "牦牛肉、食用盐、花椒",
    "net_content": {"amount": "200", "unit": "GRM"},
    "shelf_life": "6个月",
    "storage_conditions": "阴凉干燥处",
    "licence_number": "SC10454062600123",
    "product_standard": "GB/T 23969",
    "allergens": "含大豆制品",
    "complaint_phone": "0896-3720315",
    "producer_address": "西藏那曲市索县亚拉镇12号",
    "producer_phone": "0896-3721234",
    "nutrition_panel": {
        "per": "100 g",
        "energy": {"amount": "1320", "nrv": "16"},
        "protein": {"amount": "58.4", "nrv": "97"},
        "fat": {"amount": "5.6", "nrv": "9"},
        "carbohydrate": {"amount": "7.0", "nrv": "2"},
        "sodium": {"amount": "860", "nrv": "43"},
    },
}


@pytest.fixture
def producer(ledger: Ledger, clock: SetClock) -> Actor:
    clock.move(datetime(2026, 8, 1, tzinfo=UTC))  # Chinese stands first since 2026-07-01
    return make_producer(ledger, name="索县雅拉牦牛养殖合作社")


def _jerky(ledger: Ledger, producer: Actor, **more: Any) -> str:
    label = {key: value for key, value in (LABEL | more.pop("label", {})).items() if value}
    product = make_product(
        ledger, producer, "yak_meat", "cooked_jerky", name="牦牛肉干", label=label, **more
    )
    return make_batch(ledger, producer, product=product, produced=read_date("2026-05-20"))


def _issue(ledger: Ledger, producer: Actor, code: str, template: str, per_package: bool) -> str:
    return ledger.perform(
        producer, issue_print_run, code, 3, template, per_package, try_out=try_out
    )


def _pages(ledger: Ledger, run: str, template: str) -> list[str]:
    """What a reader of symbols finds on each page of the drawn run."""
    out = io.BytesIO()
    with ledger.database.read() as session:
        assert write_labels(template, facts_of(session, run), codes_of(session, run), out) == 3
    document = pypdfium2.PdfDocument(out.getvalue())
    return [
        zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())[0].text for page in document
    ]


@pytest.mark.parametrize(
    ("template", "per_package"), [("complete-80x60", True), ("batch-100x70", False)]
)
def test_a_drawn_label_reads_as_the_code_that_was_signed(
    ledger: Ledger, producer: Actor, template: str, per_package: bool
) -> None:
    run = _issue(ledger, producer, _jerky(ledger, producer), template, per_package)
    with ledger.database.read() as session:
        urls = [label.url for label in codes_of(session, run)]
    assert _pages(ledger, run, template) == urls


def test_a_small_label_needs_the_declaration_that_the_pack_says_the_rest(
    ledger: Ledger, producer: Actor
) -> None:
    with pytest.raises(NotDeclared):
        _issue(ledger, producer, _jerky(ledger, producer), "trace-50x30", True)
    declared = _jerky(ledger, producer, items_on_pack=True)
    run = _issue(ledger, producer, declared, "trace-50x30", True)
    assert len(set(_pages(ledger, run, "trace-50x30"))) == 3


@pytest.mark.parametrize("item", ["ingredients", "licence_number", "nutrition_panel"])
def test_a_mandatory_item_that_is_missing_is_named(
    ledger: Ledger, producer: Actor, item: str
) -> None:
    code = _jerky(ledger, producer, label={item: None})
    with pytest.raises(MissingItem) as refused:
        _issue(ledger, producer, code, "complete-80x60", True)
    assert refused.value.item in item


def test_a_panel_that_lacks_a_nutrient_is_refused(ledger: Ledger, producer: Actor) -> None:
    panel = {key: value for key, value in LABEL["nutrition_panel"].items() if key != "sodium"}
    code = _jerky(ledger, producer, label={"nutrition_panel": panel})
    with pytest.raises(InvalidInput, match="sodium"):
        _issue(ledger, producer, code, "complete-80x60", True)


def test_a_trace_label_needs_no_panel_of_its_own(ledger: Ledger, producer: Actor) -> None:
    panel = {key: value for key, value in LABEL["nutrition_panel"].items() if key != "sodium"}
    code = _jerky(ledger, producer, label={"nutrition_panel": panel}, items_on_pack=True)
    assert _pages(ledger, _issue(ledger, producer, code, "trace-50x30", True), "trace-50x30")
    with pytest.raises(MissingItem):
        _issue(ledger, producer, code, "complete-100x80", True)


@pytest.mark.parametrize(
    ("template", "per_package"),
    [("complete-80x60", False), ("complete-75x60", False), ("trace-50x30", False),
     ("bulk-100x80", True)],
)  # fmt: skip
def test_a_label_of_a_package_has_no_code_of_a_batch_nor_the_other_way_round(
    ledger: Ledger, producer: Actor, template: str, per_package: bool
) -> None:
    """With it, a label without its mandatory items could be printed without end."""
    code = _jerky(ledger, producer, label={"ingredients": None}, items_on_pack=True)
    with pytest.raises(InvalidInput) as refused:
        _issue(ledger, producer, code, template, per_package)
    assert refused.value.field == "per_package"


def test_an_unknown_template_is_not_found(ledger: Ledger, producer: Actor) -> None:
    with pytest.raises(NotFound):
        _issue(ledger, producer, _jerky(ledger, producer), "complete-1x1", True)


def test_what_is_no_food_carries_no_nutrition_panel(ledger: Ledger, producer: Actor) -> None:
    product = make_product(ledger, producer, "cordyceps", "dried", name="冬虫夏草", label=LABEL)
    code = make_batch(ledger, producer, product=product)
    with pytest.raises(InvalidInput, match="nutrition panel"):
        _issue(ledger, producer, code, "complete-80x60", True)
