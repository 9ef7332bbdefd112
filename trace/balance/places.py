"""Places that cannot be: the same goods in two far places in too short a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Final

from suyuan.trace.balance.rules import Speed

_EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""
_SECONDS_PER_HOUR: Final = 3600


@dataclass(frozen=True)
class Stop:
    """Goods at a place with known coordinates, in degrees. ``amount``: how much was there."""

    at: datetime
    latitude: float
    longitude: float
    amount: Decimal
    place: str
    event: str


@dataclass(frozen=True)
class Leap:
    """From one stop to the next faster than anything goes; km, and hours between."""

    one: Stop
    other: Stop
    km: int
    hours: Decimal


def kilometres(one: Stop, other: Stop) -> float:
    """As the crow flies (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    half = (
        sin(north / 2) ** 2
        + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    )
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def leap(one: Stop, other: Stop, speed: Speed) -> Leap | None:
    """The leap from one to the other, where it is one: far enough, and too fast."""
    km = kilometres(one, other)
    seconds = Decimal(abs(int((other.at - one.at).total_seconds())))
    if km < float(speed.nearest_km):
        return None
    if km * _SECONDS_PER_HOUR <= float(speed.fastest_kmh) * float(seconds):
        return None
    hours = (seconds / _SECONDS_PER_HOUR).quantize(Decimal("0.1"))
    return Leap(one, other, round(km), hours)


def leaps(stops: Iterable[Stop], whole: Decimal, speed: Speed) -> list[Leap]:
    """The leaps from each stop of a batch to the next.

    Only where both were of more than there is of the batch together: else one part may have been
    here and another there.
    """
    ordered = sorted(stops, key=lambda one: (one.at, one.event))
    pairs = ((a, b) for a, b in pairwise(ordered) if a.amount + b.amount > whole)
    return [found for a, b in pairs if (found := leap(a, b, speed)) is not None]
