"""A family of products: what is asked of a batch of yak meat, cordyceps, vinegar or grain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.attributes import (
    Attribute,
    FactValue,
    Gap,
    KeyData,
    Stage,
    check_values,
)
from suyuan.trace.products.claims import Claim
from suyuan.trace.products.grades import Grade, GradingScheme
from suyuan.trace.products.papers_needed import PaperNeed
from suyuan.trace.sourced import Provenance
from suyuan.trace.words import Names

ASSORTMENT = "assortment"
"""The family of boxes that batches of others are put into, each as it was."""
LabelClass = Literal["prepacked_food", "bulk_food", "farm_produce", "non_food", "ware"]
ShelfLifeRule = Literal["stated_by_producer", "may_be_omitted", "none"]


@dataclass(frozen=True)
class Storage:
    """The temperatures a product wants, in °C, both ends included; ``None``: no end known.

    ``minutes_out``: for how long in all it may be outside before it counts as broken.
    """

    minimum: Decimal | None
    maximum: Decimal | None
    minutes_out: int | None
    note: str | None
    provenance: Provenance


@dataclass(frozen=True)
class ShelfLife:
    """Whether shelf life is stated, and which of the batch's dates it counts from.

    ``counted_from`` is ``production_date`` or the key of an attribute.
    """

    rule: ShelfLifeRule
    counted_from: str | None
    provenance: Provenance


@dataclass(frozen=True)
class ItemRule:
    """A label item that a variant must carry, or is spared.

    ``when`` tells people in which case only; ``edition``: under this edition of the label rules
    only.
    """

    item: str
    when: Names | None
    edition: str | None
    provenance: Provenance


@dataclass(frozen=True)
class Variant:
    """One form of a product that the law treats by itself.

    ``default_unit`` and ``base_dimension`` are the family's where the file gives none of its own.
    ``product_class`` finds its papers in ``papers_needed.json``; ``label_class`` its label items
    in ``label_items.json``. ``label_items`` are mandatory beyond those, ``label_omits`` spared.
    """

    key: str
    names: Names
    default_unit: str
    base_dimension: str
    product_class: str
    label_class: LabelClass
    label_items: tuple[ItemRule, ...]
    label_omits: tuple[ItemRule, ...]
    storage: tuple[Storage, ...]
    shelf_life: ShelfLife
    provenance: Provenance


@dataclass(frozen=True)
class YieldBand:
    """How much a step is expected to give: output ÷ input, both ends included."""

    step: str
    names: Names
    kind: str
    minimum: Decimal
    maximum: Decimal
    variants: frozenset[str]
    provenance: Provenance

    def holds(self, taken: Decimal | Fraction, made: Decimal | Fraction) -> bool:
        """Whether so much of the step's goods is believable from ``taken``, in one unit; a volume
        counts in litres where the input counts in kilograms."""
        went_in, came_out = Fraction(taken), Fraction(made)
        return went_in * Fraction(self.minimum) <= came_out <= went_in * Fraction(self.maximum)

    def concerns(self, kind: str, variant: str) -> bool:
        """Whether the step is told as events of this kind and gives goods of this variant."""
        return kind == self.kind and (not self.variants or variant in self.variants)


@dataclass(frozen=True)
class FamilyEvent:
    """An event kind that happens to this family, with the key data it adds."""

    kind: str
    key_data: tuple[KeyData, ...]


@dataclass(frozen=True)
class Family:
    """A family of products and all that is asked of it.

    ``default_unit`` is a code of ``units.json`` (KGM, LTR), ``base_dimension`` its dimension.
    ``made_from``: the keys of the other families of whose goods its own are made.
    """

    key: str
    version: str
    names: Names
    is_food: bool
    default_unit: str
    base_dimension: str
    variants: Mapping[str, Variant]
    attributes: Mapping[str, Attribute]
    events: Mapping[str, FamilyEvent]
    paper_needs: Mapping[str, tuple[PaperNeed, ...]]
    yields: tuple[YieldBand, ...]
    grading: tuple[GradingScheme, ...]
    provenance: Provenance
    claims: tuple[Claim, ...] = ()
    made_from: tuple[str, ...] = ()

    def variant(self, key: str) -> Variant:
        """The variant with this key. Raises InvalidInput."""
        try:
            return self.variants[key]
        except KeyError:
            known = ", ".join(self.variants)
            if not key:
                raise InvalidInput(
                    "Say which variant of {family} it is; there are: {known}.",
                    field="variant",
                    family=self.key,
                    known=known,
                ) from None
            raise InvalidInput(
                "There is no variant {variant} of {family}; there are: {known}.",
                field="variant",
                variant=key,
                family=self.key,
                known=known,
            ) from None

    def asked(self, variant: str | None = None) -> tuple[Attribute, ...]:
        """The attributes that are asked of a batch of this variant."""
        return tuple(a for a in self.attributes.values() if a.applies_to(variant))

    def check_attributes(
        self, values: Mapping[str, object], stage: Stage, variant: str | None = None
    ) -> tuple[dict[str, FactValue], tuple[Gap, ...]]:
        """The values as records keep them, and what should be known by this stage and is not.

        Raises InvalidInputs with a fault for each value that cannot be; missing facts are gaps.
        """
        clean = check_values(self.attributes.values(), values, variant)
        gaps = tuple(
            Gap(a.key, a.names)
            for a in self.asked(variant)
            if a.is_due(stage) and a.key not in clean
        )
        return clean, gaps

    def allows(self, kind: str) -> bool:
        """Whether this family names the event kind as one of its own."""
        return kind in self.events

    def kde(self, kind: str, variant: str | None = None) -> tuple[KeyData, ...]:
        """The key data that this family adds to an event kind; none where it names it not."""
        event = self.events.get(kind)
        return tuple(k for k in event.key_data if k.applies_to(variant)) if event else ()

    def papers(self, variant: str, stage: Stage | None = None) -> tuple[PaperNeed, ...]:
        """The papers a batch of this variant needs, at one stage or at all. Raises InvalidInput."""
        needs = self.paper_needs[self.variant(variant).key]
        return tuple(need for need in needs if stage is None or need.stage == stage)

    def schemes(self, variant: str, day: date) -> tuple[GradingScheme, ...]:
        """The grading schemes that speak of goods of this variant made on this day."""
        return tuple(one for one in self.grading if one.governs(variant, day))

    def grades(
        self, attributes: Mapping[str, object], variant: str, day: date
    ) -> tuple[Grade, ...]:
        """The grade by each scheme in force that gives one; none where the facts are missing."""
        found = (scheme.grade(attributes) for scheme in self.schemes(variant, day))
        return tuple(one for one in found if one is not None)
