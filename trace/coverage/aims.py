"""What the plans want of the net of stations in a county (``standards/station_coverage.json``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

Measure = Literal["stations", "percent"]
"""So many stations, or that many of a hundred places of the level have one."""


@dataclass(frozen=True)
class StationLevel:
    """A level of the net, and the kind of organisation that its stations are."""

    key: str
    organisation: str
    names: Names


@dataclass(frozen=True)
class Aim:
    """What a plan wants of one level in one division, over the years ``period``."""

    division: str
    level: str
    measure: Measure
    aim: int
    period: str
    provenance: Provenance


@dataclass(frozen=True)
class VillageNumber:
    """How many villages a division has; which they are is not recorded."""

    division: str
    number: int
    provenance: Provenance


@dataclass(frozen=True)
class CoverageAims:
    """All of ``station_coverage.json``; ``villages`` by division."""

    levels: tuple[StationLevel, ...]
    aims: tuple[Aim, ...]
    villages: Mapping[str, VillageNumber]

    def of(self, division: str) -> tuple[Aim, ...]:
        """The aims for just this division, in the order of the file."""
        return tuple(aim for aim in self.aims if aim.division == division)


@cache
def coverage_aims() -> CoverageAims:
    """The aims as shipped, read once. Raises Misconfigured."""
    root = read_standard("station_coverage.json")
    root.only("levels", "aims", "villages")
    levels = root.list_of("levels", _read_level)
    known = tuple(level.key for level in levels)
    villages = keyed(root.get("villages").rows(), _read_villages, lambda one: one.division)
    return CoverageAims(levels, root.list_of("aims", lambda r: _read_aim(r, known)), villages)


def _read_level(row: Row) -> StationLevel:
    row.only("key", "organisation", "names")
    kinds = tuple(Rights.load().organisation_kinds)
    return StationLevel(
        row.get("key").text(), row.get("organisation").one_of(kinds), read_names(row)
    )


def _read_aim(row: Row, levels: tuple[str, ...]) -> Aim:
    row.only("division", "level", "measure", "aim", "period", *PROVENANCE)
    return Aim(
        division=divisions().get(row.get("division").text()).code,
        level=row.get("level").one_of(levels),
        measure=cast("Measure", row.get("measure").one_of(get_args(Measure))),
        aim=row.get("aim").integer(),
        period=row.get("period").text(),
        provenance=row.provenance(),
    )


def _read_villages(row: Row) -> VillageNumber:
    row.only("division", "number", *PROVENANCE)
    return VillageNumber(
        divisions().get(row.get("division").text()).code,
        row.get("number").integer(),
        row.provenance(),
    )
