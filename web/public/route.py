"""The schematic route of a batch: places in their order, at their height above the sea.

Drawn from plain values into SVG text; nothing here knows a request, a table or a language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 340, 150
_LEFT, _RIGHT, _TOP, _BASE = 28, 312, 44, 118
_MIDDLE = (_TOP + _BASE) / 2
_LEAST_SPAN = 400.0
"""Metres of altitude that the height of the drawing stands for at the least: a plain stays flat."""
MOST_STOPS = 12
"""Beyond so many the numbers would touch; the list beside the drawing names them all."""


@dataclass(frozen=True)
class Waypoint:
    """A place on the way: its number in the list beside the drawing, and its altitude in metres."""

    number: int
    altitude_m: int | None


def draw_route(waypoints: Sequence[Waypoint], title: str, description: str) -> Markup:
    """An SVG element, with ``title`` and ``description`` for those who hear it.

    A place whose altitude is not known stands between its neighbours, with a dashed ring.
    """
    shown = _thinned(waypoints)
    spots = list(zip(shown, _xs(len(shown)), _ys(shown), strict=True))
    line = " ".join(f"{x:g},{y:g}" for _, x, y in spots)
    ground = f"{_LEFT - 20},{_BASE + 16} {_shoulders(line, spots)} {_RIGHT + 20},{_BASE + 16}"
    return Markup(
        '<svg class="route" role="img" viewBox="0 0 {width} {height}" '
        'aria-labelledby="route-title route-text">'
        '<title id="route-title">{title}</title><desc id="route-text">{description}</desc>'
        '<polygon class="land" points="{ground}"/>'
        '<polyline class="way" points="{line}"/>{marks}</svg>'
    ).format(
        width=WIDTH,
        height=HEIGHT,
        title=title,
        description=description,
        ground=ground,
        line=line,
        marks=Markup("").join(_mark(point, x, y) for point, x, y in spots),
    )


def _thinned(waypoints: Sequence[Waypoint]) -> list[Waypoint]:
    """At most ``MOST_STOPS``, the first and the last among them."""
    last = len(waypoints) - 1
    if last < MOST_STOPS:
        return list(waypoints)
    step = last / (MOST_STOPS - 1)
    return [waypoints[round(at * step)] for at in range(MOST_STOPS)]


def _xs(count: int) -> list[float]:
    if count == 1:
        return [(_LEFT + _RIGHT) / 2]
    return [round(_LEFT + (_RIGHT - _LEFT) * at / (count - 1), 1) for at in range(count)]


def _ys(waypoints: Sequence[Waypoint]) -> list[float]:
    """The heights; a place of unknown altitude is put between those that are known."""
    known = [(at, point.altitude_m) for at, point in enumerate(waypoints)]
    sure = [(at, float(metres)) for at, metres in known if metres is not None]
    if not sure:
        return [_MIDDLE] * len(waypoints)
    lowest, highest = min(m for _, m in sure), max(m for _, m in sure)
    span = max(highest - lowest, _LEAST_SPAN)
    bottom = (lowest + highest - span) / 2
    return [
        round(_BASE - (_BASE - _TOP) * (_altitude(at, sure) - bottom) / span, 1)
        for at in range(len(waypoints))
    ]


def _altitude(at: int, sure: Sequence[tuple[int, float]]) -> float:
    before = max((pair for pair in sure if pair[0] <= at), default=sure[0])
    after = min((pair for pair in sure if pair[0] >= at), default=sure[-1])
    if before[0] == after[0]:
        return before[1]
    part = (at - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * part


def _shoulders(line: str, spots: Sequence[tuple[Waypoint, float, float]]) -> str:
    """The line carried on to both edges, so that the land does not end at the first place."""
    first, last = spots[0][2], spots[-1][2]
    return f"{_LEFT - 20},{first + 10:g} {line} {_RIGHT + 20},{last + 10:g}"


def _mark(point: Waypoint, x: float, y: float) -> Markup:
    unsure = point.altitude_m is None
    ring = Markup('<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="11"/>').format(
        kind="stop unsure" if unsure else "stop", x=x, y=y
    )
    number = Markup('<text class="number" x="{x:g}" y="{y:g}">{number}</text>').format(
        x=x, y=y + 4, number=point.number
    )
    if unsure:
        return ring + number
    height = Markup('<text class="height" x="{x:g}" y="{y:g}">{metres} m</text>').format(
        x=x, y=y - 18, metres=point.altitude_m
    )
    return ring + number + height
