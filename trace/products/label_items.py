"""Which items a label must carry (``standards/label_items.json``).

The edition of the rules is chosen by the production date, never by today: what was made under
the old edition keeps its label. The family's variant adds items of its own and is spared others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import get_args

from suyuan.trace.errors import Misconfigured
from suyuan.trace.products.family import Family, ItemRule, LabelClass, Variant
from suyuan.trace.products.family_files import read_item_rule
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, read_standard
from suyuan.trace.words import Names, read_called, read_names

PANEL = "nutrition_panel"
"""The key of the one item that is a table."""
BESIDE_THE_CODE = ("trace_code", "complaint_phone", "pin")
"""The keys of what stands beside the symbol, headed in Chinese alone: its digits need the room."""
_PACKED: LabelClass = "prepacked_food"
_BULK: LabelClass = "bulk_food"


@dataclass(frozen=True)
class LabelItem:
    """An item on a label. ``when``: mandatory only in this case, else always."""

    key: str
    names: Names
    when: Names | None
    provenance: Provenance

    @property
    def mandatory(self) -> bool:
        return self.when is None


@dataclass(frozen=True)
class Nutrient:
    """A line of the nutrition panel."""

    key: str
    names: Names
    unit: str


@dataclass(frozen=True)
class FigureStep:
    """Figures of the net content up to so many g or mL are at least so high, in mm."""

    up_to: Decimal | None
    height_mm: Decimal


@dataclass(frozen=True)
class FigureHeights:
    """The least height of the figures of the net content, by the amount."""

    steps: tuple[FigureStep, ...]
    provenance: Provenance

    def least_mm(self, amount: Decimal) -> Decimal:
        """The least height in mm for an amount in g or mL."""
        for step in self.steps:
            if step.up_to is None or amount <= step.up_to:
                return step.height_mm
        return self.steps[-1].height_mm


@dataclass(frozen=True)
class LabelRules:
    """What holds for the label of one variant and production date.

    ``minimum_character_mm``: least height of characters, digits and capitals too.
    """

    edition: str
    label_class: LabelClass
    items: tuple[LabelItem, ...]
    forbidden_items: tuple[LabelItem, ...]
    forbidden_claims: tuple[str, ...]
    nutrients: tuple[Nutrient, ...]
    minimum_character_mm: Decimal
    net_content_figures: FigureHeights
    provenance: Provenance

    @property
    def mandatory(self) -> tuple[LabelItem, ...]:
        """The items that must stand on every such label."""
        return tuple(item for item in self.items if item.mandatory)

    def missing(self, present: Mapping[str, object]) -> tuple[LabelItem, ...]:
        """The mandatory items for which ``present`` holds nothing."""
        return tuple(item for item in self.mandatory if not present.get(item.key))

    def forbidden(self, present: Mapping[str, object]) -> tuple[LabelItem, ...]:
        """The items that ``present`` holds and such a label must not carry."""
        return tuple(item for item in self.forbidden_items if present.get(item.key))


@dataclass(frozen=True)
class _Edition:
    edition: str
    label_class: str
    valid_from: date | None
    valid_to: date | None
    minimum_character_mm: Decimal
    items: tuple[ItemRule, ...]
    forbidden_items: tuple[ItemRule, ...]
    forbidden_claims: tuple[str, ...]
    nutrients: tuple[Nutrient, ...]
    provenance: Provenance

    def holds(self, label_class: str, day: date) -> bool:
        return (
            self.label_class == label_class
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True)
class _Table:
    names: Mapping[str, Names]
    editions: tuple[_Edition, ...]
    figures: FigureHeights


def label_rules(
    family: Family, variant: str, production_date: date, *, in_bulk: bool = False
) -> LabelRules:
    """The rules for a label of this variant made on that day.

    ``in_bulk``: on the container that it is sold out of, where food that is otherwise packed
    before sale needs less. What a variant adds is said of packs, unless it names that edition.

    Raises InvalidInput for an unknown variant, Misconfigured where the family names an item
    that ``label_items.json`` does not know or no edition holds on that day.
    """
    table, known = _load(), family.variant(variant)
    eased = in_bulk and known.label_class == _PACKED
    label_class: LabelClass = _BULK if eased else known.label_class
    edition = _edition(table, label_class, production_date)
    spared = {rule.item for rule in known.label_omits if rule.edition in (None, edition.edition)}
    rules = {rule.item: rule for rule in edition.items if rule.item not in spared}
    for rule in known.label_items:
        if rule.edition == edition.edition or (rule.edition is None and not eased):
            rules[rule.item] = rule
    return LabelRules(
        edition=edition.edition,
        label_class=label_class,
        items=tuple(_item(table, rule, family, known) for rule in rules.values()),
        forbidden_items=tuple(
            _item(table, rule, family, known) for rule in edition.forbidden_items
        ),
        forbidden_claims=edition.forbidden_claims,
        nutrients=edition.nutrients if "nutrition_panel" in rules else (),
        minimum_character_mm=edition.minimum_character_mm,
        net_content_figures=table.figures,
        provenance=edition.provenance,
    )


def label_item_names() -> Mapping[str, Names]:
    """The names of all label items by key."""
    return _load().names


def nutrients_known() -> Mapping[str, Nutrient]:
    """The nutrients that a panel may have under any edition, by key."""
    return {one.key: one for edition in _load().editions for one in edition.nutrients}


def least_character_mm() -> Decimal:
    """The height that suffices for the characters of any label, whatever the edition."""
    return max(edition.minimum_character_mm for edition in _load().editions)


def _edition(table: _Table, label_class: str, day: date) -> _Edition:
    for edition in table.editions:
        if edition.holds(label_class, day):
            return edition
    raise Misconfigured(
        "label_items.json has no rules for {label_class} made on {day}.",
        label_class=label_class,
        day=day.isoformat(),
    )


def _item(table: _Table, rule: ItemRule, family: Family, variant: Variant) -> LabelItem:
    if rule.item not in table.names:
        raise Misconfigured(
            'The family {family}, variant {variant}, names the label item "{item}", which '
            "label_items.json does not know.",
            family=family.key,
            variant=variant.key,
            item=rule.item,
        )
    return LabelItem(rule.item, table.names[rule.item], rule.when, rule.provenance)


@cache
def _load() -> _Table:
    root = read_standard("label_items.json")
    figures = root.get("net_content_figures")
    return _Table(
        names=read_called(root.get("items")),
        editions=root.list_of("editions", _read_edition),
        figures=FigureHeights(figures.list_of("steps", _read_step), figures.provenance()),
    )


def _read_step(row: Row) -> FigureStep:
    row.only("up_to", "height_mm")
    return FigureStep(row.maybe("up_to", Row.number), row.get("height_mm").number())


def _read_nutrient(row: Row) -> Nutrient:
    row.only("key", "names", "unit")
    return Nutrient(row.get("key").text(), read_names(row), row.get("unit").text())


def _read_edition(row: Row) -> _Edition:
    row.only(
        "edition", "label_class", "valid_from", "valid_to", "minimum_character_mm", "items",
        "forbidden_items", "forbidden_claims", "nutrients", *PROVENANCE,
    )  # fmt: skip
    return _Edition(
        edition=row.get("edition").text(),
        label_class=row.get("label_class").one_of(get_args(LabelClass)),
        valid_from=row.maybe("valid_from", Row.day),
        valid_to=row.maybe("valid_to", Row.day),
        minimum_character_mm=row.get("minimum_character_mm").number(),
        items=row.list_of("items", read_item_rule),
        forbidden_items=row.list_of("forbidden_items", read_item_rule),
        forbidden_claims=row.list_of("forbidden_claims", Row.text),
        nutrients=row.list_of("nutrients", _read_nutrient),
        provenance=row.provenance(),
    )
