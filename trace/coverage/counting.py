"""How far stations cover counties: by level, by township, and against what the plans want."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.coverage.aims import Aim, Measure, coverage_aims
from suyuan.trace.papers.training import station_training, trained_people
from suyuan.trace.parties.divisions import Division, Level, divisions
from suyuan.trace.parties.queries import inside
from suyuan.trace.parties.tables import Party
from suyuan.trace.sourced import Confidence
from suyuan.trace.words import Names

_WHOLE = 100
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Station:
    """A station that somebody has checked: its kind, where it is (today's code), and whether as
    many of its people as its level needs were trained."""

    kind: str
    division: str
    trained: bool


@dataclass(frozen=True)
class LevelCount:
    """Stations of one level; ``trained`` of them have the trained people they need, None where
    none are asked of this level."""

    level: str
    names: Names
    stations: int
    trained: int | None


@dataclass(frozen=True)
class TownshipCount:
    """A township and the stations of the township level in it."""

    division: str
    name: str
    stations: int


@dataclass(frozen=True)
class AimCount:
    """An aim and what there is: ``counted`` of ``of`` places or stations.

    ``percent`` is rounded down to a tenth; ``met`` is reckoned exactly. Both are None where the
    number of places is not recorded.
    """

    level: str
    names: Names
    measure: Measure
    aim: int
    counted: int
    of: int | None
    percent: Decimal | None
    met: bool | None
    period: str
    source: str
    confidence: Confidence
    checked_by: str | None


@dataclass(frozen=True)
class Coverage:
    """How far stations cover one county.

    ``townships`` are all that are recorded, and ``served`` how many have a station. ``villages``
    is their number, None where it is not recorded; which they are never is
    (``villages_listed``): each village station is counted for one.
    """

    division: str
    name: str
    levels: tuple[LevelCount, ...]
    townships: tuple[TownshipCount, ...]
    served: int
    villages: int | None
    villages_source: str | None
    villages_listed: bool
    aims: tuple[AimCount, ...]

    @property
    def unserved(self) -> tuple[TownshipCount, ...]:
        """The townships without a station."""
        return tuple(one for one in self.townships if not one.stations)


def coverage(session: Session, counties: Sequence[Division], on: date) -> list[Coverage]:
    """How far the stations that were checked cover these counties on a day, in their order."""
    there: dict[str, list[Station]] = {county.code: [] for county in counties}
    for station in _stations(session, list(there), on):
        for place in divisions().path(station.division):
            if place.code in there:
                there[place.code].append(station)
    return [covered(county, there[county.code]) for county in counties]


def covered(county: Division, stations: Sequence[Station]) -> Coverage:
    """How far these stations, all of one county, cover it."""
    aims = coverage_aims()
    townships = tuple(_townships(county, stations))
    villages = aims.villages.get(county.code)
    levels = tuple(_levels(stations))
    served = sum(1 for one in townships if one.stations)
    places = {
        "township": (served, len(townships) or None),
        "village": (_of(levels, "village").stations, villages.number if villages else None),
    }
    return Coverage(
        division=county.code,
        name=county.name,
        levels=levels,
        townships=townships,
        served=served,
        villages=villages.number if villages else None,
        villages_source=villages.provenance.source if villages else None,
        villages_listed=False,
        aims=tuple(
            _reached(aim, _of(levels, aim.level), *places.get(aim.level, (0, None)))
            for aim in aims.of(county.code)
        ),
    )


def _stations(session: Session, codes: Sequence[str], on: date) -> list[Station]:
    asked, current = station_training(), divisions().current
    kinds = [level.organisation for level in coverage_aims().levels]
    query = sa.select(Party.kind, Party.division, trained_people(on) >= asked.least).where(
        Party.kind.in_(kinds),
        Party.state == "active",
        sa.or_(sa.false(), *(inside(Party.division, code) for code in codes)),
    )
    return [
        Station(kind, current(division).code, bool(trained))
        for kind, division, trained in session.execute(query)
    ]


def _levels(stations: Iterable[Station]) -> Iterable[LevelCount]:
    asked = station_training().organisations
    for level in coverage_aims().levels:
        there = [one for one in stations if one.kind == level.organisation]
        trained = sum(one.trained for one in there) if level.organisation in asked else None
        yield LevelCount(level.key, level.names, len(there), trained)


def _of(levels: Sequence[LevelCount], key: str) -> LevelCount:
    return next(level for level in levels if level.level == key)


def _townships(county: Division, stations: Sequence[Station]) -> Iterable[TownshipCount]:
    """Those of a county that are recorded; of a township that one."""
    kind = next(one.organisation for one in coverage_aims().levels if one.key == "township")
    at = [one.division for one in stations if one.kind == kind]
    known = divisions()
    rows = [county] if county.level is Level.TOWNSHIP else known.children(county.code)
    for township in rows:
        yield TownshipCount(township.code, township.name, at.count(township.code))


def _reached(aim: Aim, level: LevelCount, places: int, of: int | None) -> AimCount:
    counted, whole = (level.stations, aim.aim) if aim.measure == "stations" else (places, of)
    share = None if whole is None else min(Fraction(counted, whole), Fraction(1)) * _WHOLE
    wanted = _WHOLE if aim.measure == "stations" else aim.aim
    return AimCount(
        level=aim.level,
        names=level.names,
        measure=aim.measure,
        aim=aim.aim,
        counted=counted,
        of=whole,
        percent=None if share is None else _rounded_down(share),
        met=None if share is None else share >= wanted,
        period=aim.period,
        source=aim.provenance.source,
        confidence=aim.provenance.confidence,
        checked_by=aim.provenance.checked_by,
    )


def _rounded_down(share: Fraction) -> Decimal:
    """To a tenth, so that 84.99 never stands there as 85."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(_TENTH, ROUND_DOWN)
