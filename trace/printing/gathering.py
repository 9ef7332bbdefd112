"""Gathering what a batch's labels say, from batch, product, family and the rules of its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.bilingual.approvals import NONE_APPROVED, Approvals, approvals
from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.printing.content import (
    BulkFacts,
    ItemFact,
    LabelFacts,
    NutritionFacts,
    Said,
)
from suyuan.trace.products.attributes import Attribute
from suyuan.trace.products.bilingual_order import bilingual_order
from suyuan.trace.products.family import Family
from suyuan.trace.products.label_items import (
    BESIDE_THE_CODE,
    PANEL,
    LabelRules,
    Nutrient,
    label_item_names,
    label_rules,
)
from suyuan.trace.products.net_content import read_net_content
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names, listed

_NOTICE = "youth_notice"
_ON_A_BATCH_LABEL = (
    "product_name", "batch_number", "producer", "producer_phone", "origin", "production_date",
    "gathered_on", "best_before_date", "storage_conditions", "quarantine_certificate",
    "gathering_permit",
)  # fmt: skip
"""A batch label goes on a sack or a carton and is no label of sale: no recipe, no panel."""
_NEEDED_ON_A_BATCH_LABEL = ("product_name", "producer")
_FIGURES_BY = {"mass": "GRM", "volume": "MLT"}
"""How high the figures of a net content are goes by grams and millilitres."""


def label_facts(
    batch: Batch,
    family: Family,
    today: date,
    *,
    per_package: bool,
    default_phone: str,
    tibetan: Approvals = NONE_APPROVED,
) -> LabelFacts:
    """What stands on the labels of ``batch``; on those of single packages ``per_package``.

    The rules are those of the production date, where it is known. ``default_phone``: whom to
    call where neither product nor producer has a number; ``tibetan``: what the language office has
    approved, without which an item stands in Chinese alone. Raises InvalidInput for an item that
    such a label must not carry.
    """
    rules = label_rules(family, batch.variant, batch.produced_on or today)
    said = _said(batch, family, tibetan)
    label = batch.product.label if batch.product else {}
    on_pack = batch.product is not None and batch.product.items_on_pack
    _refuse_forbidden(rules, {**label, **said})
    order = bilingual_order(batch.division, today)
    needed = tuple(i.key for i in rules.mandatory if i.key not in BESIDE_THE_CODE)
    return LabelFacts(
        items=tuple(
            _items(rules, said, tibetan) if per_package else _batch_items(rules, said, tibetan)
        ),
        mandatory=needed if per_package else _NEEDED_ON_A_BATCH_LABEL,
        complaint_phone=_complaint_phone(batch, default_phone),
        nutrition=_nutrition(rules, label.get(PANEL), on_pack) if per_package else None,
        items_on_pack=on_pack,
        first=order.first,
        bo_to_zh=str(order.minimum_ratio),
        edition=rules.edition if per_package else "",
        bulk=_bulk(
            label_rules(family, batch.variant, batch.produced_on or today, in_bulk=True),
            {} if per_package else said,
            tibetan,
        ),
    )


def approved_for(session: Session, batch: Batch, family: Family) -> Approvals:
    """The Tibetan that may stand on the labels of a batch."""
    words = (*label_item_names().values(), family.variant(batch.variant).names)
    texts = {names.zh for names in words} | {batch.name, batch.party.name}
    return approvals(session, batch.party.division, texts)


def still_waiting(batch: Batch, tibetan: Approvals) -> tuple[Said, ...]:
    """The names with a Tibetan that nobody has approved: labels leave it out."""
    names = batch.product.names if batch.product else {}
    typed = ((batch.name, names.get("bo")), (batch.party.name, batch.party.names.get("bo")))
    return tuple(Said(zh, bo) for zh, bo in typed if bo and tibetan.typed(zh, bo) is None)


def net_content(batch: Batch) -> Quantity | None:
    """How much one package holds, as its product's label says; None where it does not, or counts
    pieces."""
    label = batch.product.label if batch.product else {}
    net = read_net_content(_text(label.get("net_content")))
    return net if net and net.dimension in ("mass", "volume") else None


def net_said(facts: LabelFacts) -> str:
    """How much one package holds, in the words of its label; empty where it does not say."""
    return next((item.text.zh for item in facts.items if item.key == "net_content"), "")


def net_told(batch: Batch, family: Family) -> str:
    """How much one package of a batch holds, in the words of its product; empty where unsaid."""
    said = _said(batch, family, NONE_APPROVED).get("net_content")
    return said.zh if said else ""


def _items(rules: LabelRules, said: Mapping[str, Said], tibetan: Approvals) -> Iterator[ItemFact]:
    for item in rules.items:
        text = said.get(item.key)
        if text and item.key not in (PANEL, _NOTICE, *BESIDE_THE_CODE):
            least_mm = _least_height(rules, item.key, text)
            yield _fact(item.key, item.names, text, least_mm, tibetan)


def _batch_items(
    rules: LabelRules, said: Mapping[str, Said], tibetan: Approvals
) -> Iterator[ItemFact]:
    names = label_item_names()
    shown = {item.key for item in rules.items} | {"batch_number", "producer_phone", "origin"}
    for key in _ON_A_BATCH_LABEL:
        if key in said and key in shown:
            yield _fact(key, names[key], said[key], rules.minimum_character_mm, tibetan)


def _bulk(rules: LabelRules, said: Mapping[str, Said], tibetan: Approvals) -> BulkFacts:
    """What the container of goods sold in bulk says of them beyond the label of a batch."""
    needed = tuple(i.key for i in rules.mandatory if i.key not in BESIDE_THE_CODE)
    more = tuple(item for item in _items(rules, said, tibetan) if item.key not in _ON_A_BATCH_LABEL)
    return BulkFacts(rules.edition, needed, more)


def _fact(key: str, names: Names, text: Said, least_mm: Decimal, tibetan: Approvals) -> ItemFact:
    return ItemFact(key, Said(names.zh, tibetan.catalogued(names)), text, str(least_mm))


def _least_height(rules: LabelRules, key: str, text: Said) -> Decimal:
    net = read_net_content(text.zh) if key == "net_content" else None
    unit = _FIGURES_BY.get(net.dimension) if net else None
    if net is None or unit is None:
        return rules.minimum_character_mm
    return rules.net_content_figures.least_mm(net.to(unit).amount)


def _said(batch: Batch, family: Family, tibetan: Approvals) -> dict[str, Said]:
    """What is known for each item: the batch's own facts stand before its product's label."""
    label = batch.product.label if batch.product else {}
    known = {key: text for key, value in label.items() if (text := _text(value))}
    known |= {
        key: text
        for key, value in batch.attributes.items()
        if (text := _attribute_text(family.attributes.get(key), value))
    }
    where_unsaid = {
        "producer_address": batch.party.address,
        "producer_phone": batch.party.phone,
        "origin": _place(batch.division),
    }
    of_the_batch = {
        "production_date": _day(batch),
        "gathered_on": _gathered(batch) or _day(batch),
        "best_before_date": batch.best_before.isoformat() if batch.best_before else "",
        "batch_number": batch.lot or "",
    }
    stated = {key: text for key, text in of_the_batch.items() if text}
    said = {key: Said(text) for key, text in (where_unsaid | known | stated).items() if text}
    names, kind = batch.product.names if batch.product else {}, family.variant(batch.variant).names
    own = tibetan.typed(batch.name, names.get("bo"))
    usual = tibetan.catalogued(kind) if kind.zh == batch.name else None
    said["product_name"] = Said(batch.name, own or usual)
    said["producer"] = Said(
        batch.party.name, tibetan.typed(batch.party.name, batch.party.names.get("bo"))
    )
    return said


def _day(batch: Batch) -> str:
    if batch.produced is None:
        return ""
    stated = StatedDate.from_json(batch.produced)
    return stated.day.isoformat() if stated.day else stated.text


def _place(division: str) -> str:
    return "".join(one.name for one in divisions().path(division))


def _gathered(batch: Batch) -> str:
    days = [batch.attributes.get(key) for key in ("gathered_from", "gathered_to")]
    return "至".join(dict.fromkeys(str(day) for day in days if day))


def _text(value: Any) -> str:
    """A label item as text; a quantity in the legal unit, a list with Chinese commas."""
    match value:
        case str():
            return value.strip()
        case bool():
            return ""
        case int() | Decimal():
            return str(value)
        case {"amount": str(), "unit": str()}:
            return _quantity_text(Quantity.from_json(value))
        case list():
            return "、".join(_text(one) for one in value)
    return ""


def _quantity_text(quantity: Quantity) -> str:
    unit = units()[quantity.unit]
    return (
        f"{quantity.amount_text} {unit.symbol}"
        if unit.symbol
        else (f"{quantity.amount_text}{unit.zh}")
    )


def _attribute_text(attribute: Attribute | None, value: Any) -> str:
    if attribute is None:
        return _text(value)
    for choice in attribute.choices:
        if choice.key == value:
            return choice.names.zh
    text = _text(value)
    return f"{text} {attribute.unit}" if text and attribute.unit else text


def _complaint_phone(batch: Batch, default_phone: str) -> str:
    label = batch.product.label if batch.product else {}
    return str(label.get("complaint_phone") or batch.party.phone or default_phone)


def _nutrition(rules: LabelRules, panel: Any, on_pack: bool) -> NutritionFacts | None:
    """The panel of ``{"per": "100 g", "energy": {"amount": "1320", "nrv": "16"}, …}``. One that
    lacks nutrients is as none where the pack has its own, and is refused elsewhere."""
    if not rules.nutrients or not isinstance(panel, Mapping):
        return None
    lacking = [one.names for one in rules.nutrients if one.key not in panel]
    if lacking and on_pack:
        return None
    if lacking:
        raise InvalidInput(
            "The nutrition panel lacks {nutrients}, which {edition} asks for: record the values"
            " with the product.",
            field=PANEL,
            edition=rules.edition,
            nutrients=listed(lacking),
        )
    rows = tuple(_row(one, panel[one.key]) for one in rules.nutrients)
    notice = next((item.names.zh for item in rules.items if item.key == _NOTICE), "")
    return NutritionFacts(str(panel.get("per", "100 g")), rows, notice)


def _row(nutrient: Nutrient, value: Any) -> tuple[str, str, str]:
    match value:
        case {"amount": str() | int() as amount}:
            nrv = str(value.get("nrv") or "").removesuffix("%")
            return nutrient.names.zh, f"{amount} {nutrient.unit}", f"{nrv}%" if nrv else ""
    raise InvalidInput(
        "The value of {nutrient} needs an amount, and may have a share of the reference (nrv).",
        field=PANEL,
        nutrient=nutrient.names,
    )


def _refuse_forbidden(rules: LabelRules, present: Mapping[str, object]) -> None:
    wrong = rules.forbidden(present)
    if wrong:
        raise InvalidInput(
            "A label of this product must not carry {items}. Take it out of the product's label.",
            field="label",
            items=listed(item.names for item in wrong),
        )
    texts = " ".join(said.zh for said in present.values() if isinstance(said, Said))
    for claim in rules.forbidden_claims:
        if claim in texts:
            raise InvalidInput(
                "A label of this edition must not say {claim}.", field="label", claim=claim
            )
