"""What land can give in a year, by the highest yield known of what grows on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from suyuan.trace.balance.capacity import SQUARE_METRES_PER_MU
from suyuan.trace.balance.rules import balance_rules, unconfirmed
from suyuan.trace.parties.tables import Site
from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class Harvest:
    """The ``most`` that so much land gives in a year, to the gram below, at ``each`` kg from one
    mu; ``unconfirmed``: nobody has checked that yield."""

    most: Quantity
    each: Decimal
    unconfirmed: bool


def harvest_of(family: str, variant: str, area_m2: int) -> Harvest | None:
    """What land gives of these goods in a year at most; None where no yield is known
    (``balance.json``, households)."""
    for rule in balance_rules().households:
        if rule.family == family and rule.of == "area" and variant in rule.most:
            each = rule.most[variant]
            grams = Fraction(area_m2) / SQUARE_METRES_PER_MU * Fraction(each) * 1000
            most = Quantity(Decimal(int(grams)) / 1000, "KGM")
            return Harvest(most, each, unconfirmed(rule.provenance))
    return None


def area_of(sites: Sequence[Site]) -> int | None:
    """The land of these places in square metres; None where that of one of them is not stated."""
    known = [site.area_m2 for site in sites if site.area_m2 is not None]
    return sum(known) if sites and len(known) == len(sites) else None
