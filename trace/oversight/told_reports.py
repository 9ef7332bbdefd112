"""A division's report with its names, as programs are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from suyuan.trace.oversight.counted import Number
from suyuan.trace.oversight.division_reports import DivisionReport
from suyuan.trace.oversight.figures import NotCounted, figures, not_counted
from suyuan.trace.oversight.periods import Cadence
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.words import Names


@dataclass(frozen=True)
class ToldNumber:
    """A figure of the whole division: in the period (`now`) and in the one before (`before`).

    `at_end`: as it stood when the period ended; else what became so within it.
    """

    key: str
    names: Names
    at_end: bool
    now: int
    before: int


@dataclass(frozen=True)
class ToldLine:
    """The figures of a part of the division for one family, by their keys, noughts left out.

    `family` is null for what belongs to none, as an organisation's papers.
    """

    division: str
    name: str
    family: str | None
    figures: Mapping[str, Number]


@dataclass(frozen=True)
class ToldReport:
    """The report. `since` and `until` are moments, the second no longer in the period; `over`:
    it has ended, and nothing in the report changes any more."""

    division: str
    name: str
    cadence: Cadence
    period: str
    before: str
    first_day: date
    last_day: date
    since: datetime
    until: datetime
    over: bool
    as_of: datetime
    families: tuple[str, ...] | None
    figures: tuple[ToldNumber, ...]
    lines: tuple[ToldLine, ...]
    not_counted: tuple[NotCounted, ...]


def told_report(made: DivisionReport) -> ToldReport:
    """The report as it is told."""
    period = made.period
    name = divisions().name_path
    return ToldReport(
        division=made.division,
        name=name(made.division),
        cadence=period.cadence,
        period=period.name,
        before=period.before().name,
        first_day=period.first,
        last_day=period.last,
        since=period.since,
        until=period.until,
        over=made.over,
        as_of=made.as_of,
        families=made.families,
        figures=tuple(
            ToldNumber(one.key, one.names, one.at_end, number.now, number.before)
            for one in figures().values()
            for number in (made.totals[one.key],)
        ),
        lines=tuple(
            ToldLine(one.division, name(one.division), one.family or None, one.figures)
            for one in made.lines
        ),
        not_counted=not_counted(),
    )
