"""Labels against goods: packages that were labelled cannot hold more than the lot."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from typing import Final

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_quantities import read_quantity

_SETTLED: Final = {"克": Quantity.of(1, "GRM")}
"""On a label 克 is the gram."""


@cache
def net_content(text: str) -> Quantity | None:
    """What one package holds by its label; None where that cannot be read as one quantity."""
    try:
        return read_quantity(text, settled=_SETTLED).quantity
    except InvalidInput:
        return None


def most_labels(lot: Quantity, net: Quantity, allowance: Decimal) -> int | None:
    """``lot / net · (1 + allowance)``, whole labels; None where they measure different things."""
    if lot.dimension != net.dimension or not net:
        return None
    return floor(lot.ratio(net) * (1 + Fraction(allowance)))
