"""The forms of products: what a product is, and what its label says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.products.label_items import PANEL, LabelItem, LabelRules
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.desk.goods import Goods

LABEL = "label."
_PANEL = f"{LABEL}{PANEL}."
PER = f"{_PANEL}per"

FROM_THE_BATCH = frozenset(
    {"product_name", "producer", "producer_address", "producer_phone", "production_date",
     "best_before_date", "batch_number", "trace_code", "gathered_on", "youth_notice", PANEL}
)  # fmt: skip
"""Label items that no clerk types with the product: the batch, the party or the code give them."""


def read_product(typed: Typed, party: str, goods: Goods, rules: LabelRules) -> ProductFacts:
    """A new product with its label. Raises Doubtful."""
    names = {code: text for code in ("bo", "en") if (text := typed.text(f"name_{code}"))}
    facts = ProductFacts(
        party=party,
        family=goods.family.key,
        variant=goods.variant.key,
        name=typed.text("name", required=True),
        names=names,
        gtin=typed.text("gtin", most=40) or None,
        label=read_label(typed, rules, finish=False),
        items_on_pack=typed.ticked("items_on_pack"),
    )
    typed.finish()
    return facts


def read_label(typed: Typed, rules: LabelRules, *, finish: bool = True) -> dict[str, Any]:
    """The label items that were filled in, by key. Raises Doubtful."""
    label: dict[str, Any] = {
        item.key: text
        for item in items_typed(rules)
        if (text := typed.text(LABEL + item.key, most=500))
    }
    if rules.nutrients:
        panel = _panel(typed, rules)
        if panel:
            label[PANEL] = panel
    if finish:
        typed.finish()
    return label


def items_typed(rules: LabelRules) -> tuple[LabelItem, ...]:
    """The items that are typed with a product, mandatory ones first."""
    items = [item for item in rules.items if item.key not in FROM_THE_BATCH]
    return tuple(sorted(items, key=lambda item: not item.mandatory))


def _panel(typed: Typed, rules: LabelRules) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for nutrient in rules.nutrients:
        amount = typed.text(f"{_PANEL}{nutrient.key}.amount", most=20)
        if amount:
            share = typed.text(f"{_PANEL}{nutrient.key}.nrv", most=10)
            rows[nutrient.key] = {"amount": amount, "nrv": share}
    return {"per": typed.text(PER, most=40) or "100 g", **rows} if rows else {}


def typed_label(label: Mapping[str, Any], items_on_pack: bool) -> MultiDict[str, str]:
    """What a label says, as the form shows it."""
    typed = MultiDict[str, str]()
    for key, value in label.items():
        if isinstance(value, str):
            typed[LABEL + key] = value
    panel = label.get(PANEL)
    if isinstance(panel, Mapping):
        for key, value in panel.items():
            if isinstance(value, Mapping):
                typed[f"{_PANEL}{key}.amount"] = str(value.get("amount") or "")
                typed[f"{_PANEL}{key}.nrv"] = str(value.get("nrv") or "")
        typed[PER] = str(panel.get("per") or "")
    if items_on_pack:
        typed["items_on_pack"] = "yes"
    return typed
