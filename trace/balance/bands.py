"""Steps: what went into a transformation against what came out, by the bands of the families.

A band says how much of its goods a step gives of what goes in. Goods are reckoned in kilograms or
litres; animals by their live weight where it was stated. Where the moisture of all goods is known,
dry matter is compared too: ``dry = wet · (1 − m)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from suyuan.trace.balance.accounts import NOTHING, Account
from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.family import Family, YieldBand
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.stated_quantities import read_quantity

BASE_UNITS: Final = {"mass": "KGM", "volume": "LTR"}
"""The units in which a yield is reckoned."""
HUNDRED: Final = Decimal(100)
Side = Literal["above", "below"]


@dataclass(frozen=True)
class Goods:
    """So much of a variant of a family, going into a step or coming out of it.

    ``moisture`` in percent; ``live_weight`` is that of the whole quantity of animals.
    """

    family: Family
    variant: str
    quantity: Quantity
    moisture: Decimal | None = None
    live_weight: Quantity | None = None
    trace_code: str = ""
    batch_id: int = 0
    tags: frozenset[str] = frozenset()

    @property
    def weighed(self) -> Quantity:
        """What is reckoned with: the live weight of animals, else the quantity itself."""
        if self.quantity.dimension == "animal" and self.live_weight is not None:
            return self.live_weight
        return self.quantity


@dataclass(frozen=True)
class Step:
    """A transformation with all its goods, and what was said to be lost or to fall off beside."""

    event_id: int
    event: str
    kind: str
    at: datetime
    party_id: int
    site_id: int | None
    taken: tuple[Goods, ...]
    made: tuple[Goods, ...]
    by_products: tuple[Quantity, ...] = ()
    loss: Quantity | None = None
    carcasses: int | None = None
    tags_in: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Measured:
    """A step's goods of one band: ``made`` of ``taken``, in base units; ``side`` is None inside."""

    band: YieldBand
    family: Family
    taken: Decimal
    made: Decimal
    unit: str
    side: Side | None

    @property
    def beyond(self) -> Decimal:
        """How much more, or less, came out than the band explains."""
        if self.side == "above":
            return self.made - self.taken * self.band.maximum
        return self.made - self.taken * self.band.minimum if self.side == "below" else NOTHING


def measured(kind: str, taken: Sequence[Goods], made: Sequence[Goods]) -> list[Measured]:
    """What each band that concerns the step says of it, each band once.

    Bands say nothing where goods are counted on one side and weighed on the other, nor where
    nothing changes its form (fresh, frozen).
    """
    bands: dict[tuple[str, str], tuple[YieldBand, Family]] = {}
    for one in made:
        for band in one.family.yields:
            if band.concerns(kind, one.variant):
                bands.setdefault((one.family.key, band.step), (band, one.family))
    found = (_measured(band, family, taken, made) for band, family in bands.values())
    return [one for one in found if one is not None]


def _measured(
    band: YieldBand, family: Family, taken: Sequence[Goods], made: Sequence[Goods]
) -> Measured | None:
    if band.variants and all(is_of(one, band, family) for one in taken):
        return None
    went_in = total(one.weighed for one in taken)
    came_out = total(one.quantity for one in made if is_of(one, band, family))
    if went_in is None or came_out is None:
        return None
    if went_in.dimension != came_out.dimension and came_out.dimension != family.base_dimension:
        return None
    side: Side | None = None
    if not band.holds(went_in.amount, came_out.amount):
        over = Fraction(came_out.amount) > Fraction(went_in.amount) * Fraction(band.maximum)
        side = "above" if over else "below"
    return Measured(band, family, went_in.amount, came_out.amount, came_out.unit, side)


def is_of(one: Goods, band: YieldBand, family: Family) -> bool:
    """Whether these are goods of the band."""
    return one.family.key == family.key and (not band.variants or one.variant in band.variants)


@dataclass(frozen=True)
class Total:
    """A sum in its base unit, exact: finer than quantities are kept."""

    amount: Decimal
    unit: str

    @property
    def dimension(self) -> str:
        return units()[self.unit].dimension


def total(several: Iterable[Quantity]) -> Total | None:
    """The sum in the base unit; None where they cannot be added, or are counted, or are none."""
    quantities = list(several)
    dimensions = {one.dimension for one in quantities}
    unit = BASE_UNITS.get(dimensions.pop()) if len(dimensions) == 1 else None
    if unit is None:
        return None
    return Total(sum((in_base(one) for one in quantities), NOTHING), unit)


def in_base(quantity: Quantity) -> Decimal:
    """The amount in the base unit of its dimension: factors are powers of ten, nothing is lost."""
    known = units()
    base = BASE_UNITS.get(quantity.dimension, quantity.unit)
    return quantity.amount * known[quantity.unit].factor / known[base].factor


def step_account(step: Step) -> Account | None:
    """The step's account: in, out, by-products, loss; its gap is below zero by what went unsaid.

    On dry basis where that can be reckoned. None where goods cannot be added up.
    """
    dry = dry_matter(step)
    if dry is not None:
        return Account("KGM", taken_in=dry[0], given_out=dry[1], basis="dry")
    went_in, came_out = total(g.weighed for g in step.taken), total(g.quantity for g in step.made)
    if went_in is None or came_out is None or went_in.unit != came_out.unit:
        return None
    return Account(
        went_in.unit,
        taken_in=went_in.amount,
        given_out=came_out.amount,
        by_products=_beside(step.by_products, went_in.unit),
        loss=_beside((step.loss,) if step.loss else (), went_in.unit),
    )


def used_up(step: Step) -> Account | None:
    """What went into a step whose goods cannot be added up with what came out: all of it is gone.

    None where not even what went in can be added up.
    """
    taken = {one.quantity.unit for one in step.taken}
    if len(taken) != 1:
        return None
    amount = sum((one.quantity.amount for one in step.taken), NOTHING)
    return Account(taken.pop(), taken_in=amount, given_out=amount)


def _beside(several: Sequence[Quantity], unit: str) -> Decimal:
    fit = [one for one in several if BASE_UNITS.get(one.dimension) == unit]
    return sum((in_base(one) for one in fit), NOTHING)


def gain(
    kind: str, taken: Sequence[Goods], made: Sequence[Goods], beside: Sequence[Quantity] = ()
) -> Decimal | None:
    """How much more came out than went in, by-products and loss (``beside``) included; None
    where nothing did.

    A step whose band gives more than it takes (vinegar: water is added) has a source for it.
    """
    went_in, came_out = total(g.weighed for g in taken), total(g.quantity for g in made)
    if went_in is None or came_out is None or went_in.unit != came_out.unit:
        return None
    if any(one.band.maximum > 1 for one in measured(kind, taken, made)):
        return None
    more = came_out.amount + _beside(beside, went_in.unit) - went_in.amount
    return more if more > 0 else None


def dry_matter(step: Step) -> tuple[Decimal, Decimal] | None:
    """The dry matter that went in and came out, in kg; None unless every moisture is known."""
    sides = []
    for goods in (step.taken, step.made):
        if any(one.moisture is None or one.weighed.dimension != "mass" for one in goods):
            return None
        sides.append(sum((_dry(one) for one in goods), NOTHING))
    return sides[0], sides[1]


def _dry(goods: Goods) -> Decimal:
    moisture = goods.moisture if goods.moisture is not None else NOTHING
    return in_base(goods.weighed) * (HUNDRED - moisture) / HUNDRED


def moistures_stated(
    payload: Mapping[str, object], taken: Sequence[Goods], made: Sequence[Goods]
) -> tuple[Decimal | None, Decimal | None]:
    """The moistures that the event itself states of what went in and came out, in percent."""
    return (
        _percent(payload.get("moisture_before")) if taken else None,
        _percent(payload.get("moisture_after")) if made else None,
    )


def _percent(value: object) -> Decimal | None:
    try:
        percent = Decimal(str(value))
    except ArithmeticError:
        return None
    return percent if 0 <= percent <= HUNDRED else None


def moisture_of(attributes: Mapping[str, object]) -> Decimal | None:
    """The moisture of a batch as its facts state it, in percent."""
    return _percent(attributes["moisture"]) if "moisture" in attributes else None


def by_products_in(text: str) -> tuple[Quantity, ...]:
    """The quantities in a remark such as ``麸皮300公斤、米糠 20 kg``; what is not plain is left."""
    found = []
    for part in re.split(r"[,,;;、\n]", text):
        number = re.search(r"\d.*$", part.strip())
        try:
            said = read_quantity(number[0]) if number else None
        except InvalidInput:
            continue
        if said is not None and said.quantity is not None:
            found.append(said.quantity)
    return tuple(found)
