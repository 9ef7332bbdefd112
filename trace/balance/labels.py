"""Labels against goods: packages that were labelled cannot hold more than the lot."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor

from suyuan.trace.products.net_content import read_net_content
from suyuan.trace.quantities import DECIMALS, Quantity


def labels_left(
    lot: Quantity,
    said: str,
    allowance: Decimal,
    in_force: Iterable[tuple[str, int]],
    piece: Quantity | None = None,
) -> int | None:
    """How many more packages of the net content ``said`` the lot fills, beside the labels that are
    in force.

    ``in_force``: how many labels there are of each net content, as they say it. ``piece``: what a
    package holds whose label does not say how many pieces, where the lot is counted in them. Less
    than 0 where there are too many; None where lot and packages measure different things.
    """
    net = held(lot, said, piece)
    if net is None:
        return None
    room = lot.ratio(net) * (1 + Fraction(allowance))
    for other, count in in_force:
        one = held(lot, other, piece)
        if one is not None:
            room -= one.ratio(net) * count
    return floor(room)


def held(lot: Quantity, said: str, piece: Quantity | None = None) -> Quantity | None:
    """What of a lot a package holds with this net content; ``piece`` as for ``labels_left``."""
    net = read_net_content(said)
    if net is None or not net or net.dimension != lot.dimension:
        return piece
    return net


def room_left(lot: Quantity, allowance: Decimal, in_force: Iterable[tuple[str, int]]) -> Fraction:
    """How much of the lot, in its own unit and with the allowance, no label in force speaks for.

    ``in_force`` as for ``labels_left``; what measures something else is left out.
    """
    one = Quantity.of(1, lot.unit)
    room = lot.ratio(one) * (1 + Fraction(allowance))
    for said, count in in_force:
        net = read_net_content(said)
        if net is not None and net.dimension == lot.dimension:
            room -= net.ratio(one) * count
    return room


def as_amount(share: Fraction) -> Decimal:
    """To the six decimals that are kept, never further from nothing than it was."""
    return Decimal(int(share * 10**DECIMALS)).scaleb(-DECIMALS)


def most_labels(lot: Quantity, net: Quantity, allowance: Decimal) -> int | None:
    """``lot / net · (1 + allowance)``, whole labels; None where they measure different things."""
    if lot.dimension != net.dimension or not net:
        return None
    return floor(lot.ratio(net) * (1 + Fraction(allowance)))
