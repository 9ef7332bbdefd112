"""Reading family files: JSON in, ``Family`` out, or an error that names file and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any, cast, get_args

from suyuan.trace.products.attributes import (
    DISCLOSURES,
    STAGES,
    VALUE_TYPES,
    Attribute,
    Choice,
    KeyData,
    Stage,
)
from suyuan.trace.products.claims import read_claim
from suyuan.trace.products.family import (
    Family,
    FamilyEvent,
    ItemRule,
    LabelClass,
    ShelfLife,
    ShelfLifeRule,
    Storage,
    Variant,
    YieldBand,
)
from suyuan.trace.products.grades import read_scheme
from suyuan.trace.products.papers_needed import PaperNeed, product_classes, read_need
from suyuan.trace.quantities import units
from suyuan.trace.sourced import PROVENANCE, Row, keyed, read_json
from suyuan.trace.words import read_names

_FACT = (
    "key",
    "names",
    "type",
    "unit",
    "minimum",
    "maximum",
    "max_length",
    "choices",
    "variants",
    "disclosure",
    *PROVENANCE,
)


def read_family(file: Traversable) -> Family:
    """One family file. Raises Misconfigured with file and JSON path."""
    row = read_json(file)
    row.only(
        "$schema", "key", "version", "names", "is_food", "default_unit", "base_dimension",
        "variants", "attributes", "events", "papers", "claims", "yields", "grading",
        "made_from",
        *PROVENANCE,
    )  # fmt: skip
    variants = keyed(row.get("variants").rows(), lambda r: _read_variant(r, row), lambda v: v.key)
    known = tuple(variants)
    attributes = keyed(
        row.get("attributes").rows(), lambda r: _read_attribute(r, known), lambda a: a.key
    )
    return Family(
        key=row.get("key").text(),
        version=row.get("version").text(),
        names=read_names(row),
        is_food=row.get("is_food").flag(),
        default_unit=_read_unit(row),
        base_dimension=row.get("base_dimension").text(),
        variants=variants,
        attributes=attributes,
        events=keyed(row.get("events").rows(), lambda r: _read_event(r, known), lambda e: e.kind),
        paper_needs=_read_papers(row, variants),
        yields=row.list_of("yields", lambda r: _read_yield(r, known)),
        grading=row.list_of("grading", lambda r: read_scheme(r, tuple(attributes), known)),
        provenance=row.provenance(),
        claims=row.list_of("claims", lambda r: read_claim(r, tuple(attributes))),
        made_from=row.list_of("made_from", Row.text),
    )


def read_key_data(row: Row, variants: Sequence[str] = ()) -> KeyData:
    """A key data element; ``variants`` are those it may name. Raises Misconfigured."""
    row.only(*_FACT, "required")
    return KeyData(**_fact(row, variants), required=row.get("required").flag())


def _read_attribute(row: Row, variants: Sequence[str]) -> Attribute:
    row.only(*_FACT, "required_at", "may_be_ahead", "paper")
    stage = row.get("required_at").one_of(STAGES) if row.has("required_at") else None
    return Attribute(
        **_fact(row, variants),
        required_at=cast("Stage | None", stage),
        may_be_ahead=row.maybe("may_be_ahead", Row.flag) or False,
        paper=row.maybe("paper", Row.text),
    )


def _fact(row: Row, variants: Sequence[str]) -> dict[str, Any]:
    """The members that attributes and key data share."""
    kind = row.get("type").one_of(VALUE_TYPES)
    choices = row.list_of("choices", _read_choice)
    if bool(choices) != (kind == "choice"):
        row.wrong('"choices" belong to the type "choice", and only to it.')
    low, high = row.maybe("minimum", Row.number), row.maybe("maximum", Row.number)
    if low is not None and high is not None and low > high:
        row.wrong("the minimum {low} is above the maximum {high}.", low=low, high=high)
    return {
        "key": row.get("key").text(),
        "names": read_names(row),
        "type": kind,
        "unit": row.maybe("unit", Row.text),
        "minimum": low,
        "maximum": high,
        "max_length": row.maybe("max_length", Row.integer),
        "choices": choices,
        "variants": _read_variants(row, variants),
        "disclosure": row.get("disclosure").one_of(DISCLOSURES),
        "provenance": row.provenance(),
    }


def _read_choice(row: Row) -> Choice:
    row.only("key", "names")
    return Choice(row.get("key").text(), read_names(row))


def _read_variants(row: Row, known: Sequence[str]) -> frozenset[str]:
    return frozenset(row.list_of("variants", lambda r: r.one_of(known)))


def _read_unit(row: Row) -> str:
    """The default unit, which must measure the base dimension."""
    unit = row.get("default_unit").one_of(tuple(units()))
    row.get("base_dimension").one_of((units()[unit].dimension,))
    return unit


def _read_variant(row: Row, family: Row) -> Variant:
    """A variant; what it does not say of its unit, its family says."""
    row.only(
        "key", "names", "default_unit", "base_dimension", "product_class",
        "label_class", "label_items", "label_omits", "storage", "shelf_life", *PROVENANCE,
    )  # fmt: skip
    measured = row if row.has("default_unit") else family
    label_class = row.get("label_class").one_of(get_args(LabelClass))
    return Variant(
        key=row.get("key").text(),
        names=read_names(row),
        default_unit=_read_unit(measured),
        base_dimension=measured.get("base_dimension").text(),
        product_class=row.get("product_class").one_of(tuple(product_classes())),
        label_class=cast("LabelClass", label_class),
        label_items=row.list_of("label_items", read_item_rule),
        label_omits=row.list_of("label_omits", read_item_rule),
        storage=row.list_of("storage", _read_storage),
        shelf_life=_read_shelf_life(row.get("shelf_life")),
        provenance=row.provenance(),
    )


def read_item_rule(row: Row) -> ItemRule:
    """A label item with its condition. Raises Misconfigured."""
    row.only("item", "when", "edition", *PROVENANCE)
    return ItemRule(
        row.get("item").text(),
        read_names(row, "when") if row.has("when") else None,
        row.maybe("edition", Row.text),
        row.provenance(),
    )


def _read_storage(row: Row) -> Storage:
    row.only("minimum_c", "maximum_c", "minutes_out", "note", *PROVENANCE)
    return Storage(
        row.maybe("minimum_c", Row.number),
        row.maybe("maximum_c", Row.number),
        row.maybe("minutes_out", Row.integer),
        row.maybe("note", Row.text),
        row.provenance(),
    )


def _read_shelf_life(row: Row) -> ShelfLife:
    row.only("rule", "counted_from", *PROVENANCE)
    rule = row.get("rule").one_of(get_args(ShelfLifeRule))
    return ShelfLife(
        cast("ShelfLifeRule", rule), row.maybe("counted_from", Row.text), row.provenance()
    )


def _read_event(row: Row, variants: Sequence[str]) -> FamilyEvent:
    row.only("kind", "key_data")
    elements = keyed(
        row.get("key_data").rows(), lambda r: read_key_data(r, variants), lambda k: k.key
    )
    return FamilyEvent(row.get("kind").text(), tuple(elements.values()))


def _read_papers(row: Row, variants: Mapping[str, Variant]) -> dict[str, tuple[PaperNeed, ...]]:
    """For each variant the papers of its class, then those that the family itself adds."""
    own = row.list_of("papers", lambda r: (_read_variants(r, tuple(variants)), read_need(r)))
    return {
        key: product_classes()[variant.product_class].needs
        + tuple(need for only, need in own if not only or key in only)
        for key, variant in variants.items()
    }


def _read_yield(row: Row, variants: Sequence[str]) -> YieldBand:
    row.only("step", "names", "kind", "minimum", "maximum", "variants", *PROVENANCE)
    return YieldBand(
        step=row.get("step").text(),
        names=read_names(row),
        kind=row.get("kind").text(),
        minimum=row.get("minimum").number(),
        maximum=row.get("maximum").number(),
        variants=_read_variants(row, variants),
        provenance=row.provenance(),
    )
