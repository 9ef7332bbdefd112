"""What is ordered when cartons are labelled."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CartonOrder:
    """So many cartons, each of so many packages.

    ``company_prefix``: the digits that GS1 gave to who packs them. ``net_kg``: the net weight of
    one carton in kg, where it is known.
    """

    cartons: int
    packages: int
    company_prefix: str
    net_kg: Decimal | None = None
