"""The report of a division over a week, a month, a quarter or a year, for those who oversee it.

The report of a period that is over is the same whenever it is asked for: see ``counted``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from suyuan.trace.errors import Forbidden
from suyuan.trace.oversight.counted import Number, Place, numbers
from suyuan.trace.oversight.figures import figures
from suyuan.trace.oversight.periods import Cadence, Period, last_over, read_period
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights

NONE = Number()


@dataclass(frozen=True)
class Line:
    """The figures of one part of a division, for one family; no family for what belongs to none.

    Only figures that are not nought in both periods.
    """

    division: str
    family: str
    figures: Mapping[str, Number]


@dataclass(frozen=True)
class AskedReport:
    """Which report: of what division and period, counting these families; None for all."""

    division: str
    period: Period
    families: tuple[str, ...] | None = None


@dataclass(frozen=True)
class DivisionReport:
    """What was recorded of a division in a period, in all and by part and family.

    ``families``: those that are counted, where the reader is competent for some only; else None.
    ``as_of``: up to when it is counted, which is the period's end once that is over.
    """

    division: str
    period: Period
    over: bool
    as_of: datetime
    families: tuple[str, ...] | None
    totals: Mapping[str, Number]
    lines: tuple[Line, ...]


def home_division(actor: Actor) -> str:
    """The division whose report one is asked for who names none: the first of one's competence,
    else that of one's seat."""
    return actor.competences[0].division if actor.competences else actor.division


def reportable(actor: Actor, division: str) -> tuple[str, ...] | None:
    """The families that the actor may have reported of a division; None for all of them.

    A regulator of those that its competence covers there, whatever the stage; an organisation
    that serves a division of all in it. Raises Forbidden where that is nothing: a report of a part
    would pass for one of the whole. Raises UnknownDivision.
    """
    code = divisions().current(division).code
    inside = divisions().contains
    if actor.may("read_trade"):
        mine = [one.family for one in actor.competences if inside(one.division, code)]
        kind = Rights.load().organisation_kind(actor.party_kind)
        if actor.party_state == "active" and kind.serves_division and inside(actor.division, code):
            mine.append(None)
        if mine:
            return None if None in mine else tuple(sorted({one for one in mine if one}))
    raise Forbidden(
        "The report of {division} is for the regulators who are competent for all of it, and for "
        "whoever serves it.",
        "division",
        division=divisions().name_path(code),
    )


def asked_report(
    actor: Actor, division: str | None, cadence: Cadence, period: str | None, now: datetime
) -> AskedReport:
    """What somebody asks for: of its own division where none is named, and of the last period that
    is over. Raises as ``reportable`` and ``read_period``."""
    code = divisions().current(division or home_division(actor)).code
    return AskedReport(
        code,
        read_period(cadence, period, now) if period else last_over(cadence, now),
        reportable(actor, code),
    )


def division_report(session: Session, asked: AskedReport, now: datetime) -> DivisionReport:
    """Count every figure, each by one query."""
    code, period, families = asked.division, asked.period, asked.families
    totals: dict[str, Number] = {}
    by_place: defaultdict[Place, dict[str, Number]] = defaultdict(dict)
    parts = _Parts(code, period.last)
    for key in figures():
        totals[key] = NONE
        for (place, family), number in numbers(session, key, period, code, families).items():
            told = by_place[parts.of(place), family]
            told[key] = told.get(key, NONE) + number
            totals[key] += number
    return DivisionReport(
        division=code,
        period=period,
        over=period.over(now),
        as_of=min(period.until, now),
        families=families,
        totals=totals,
        lines=tuple(_lines(by_place)),
    )


def _lines(by_place: Mapping[Place, Mapping[str, Number]]) -> Iterable[Line]:
    for (division, family), told in sorted(by_place.items()):
        some = {key: told[key] for key in figures() if told.get(key, NONE) != NONE}
        if some:
            yield Line(division, family, some)


class _Parts:
    """The parts that a division had on a day; what lies in none of them is its own."""

    def __init__(self, division: str, on: date) -> None:
        self._whole = division
        self._parts = frozenset(one.code for one in divisions().children(division, on))
        self._known: dict[str, str] = {}

    def of(self, code: str) -> str:
        """The part in which this code lies."""
        if code not in self._known:
            self._known[code] = self._find(code)
        return self._known[code]

    def _find(self, code: str) -> str:
        known = divisions()
        if code not in known:
            return self._whole
        around = (*known.path(code), *known.path(known.current(code).code))
        return next((one.code for one in around if one.code in self._parts), self._whole)
