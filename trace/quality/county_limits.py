"""Limits that an installation's operators add for a division, beside those that ship.

Such a row is a limit of a standard of its own, so that everything that reads standards reads it
too. It never takes the place of another limit: of all that govern, the strictest answer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.quality.limits import Edition, Force, Limit, SamplingPlan, Standard
from suyuan.trace.quality.tables import CountyLimit
from suyuan.trace.quality.verdicts import Asked, Verdict, evaluate
from suyuan.trace.sourced import Confidence, Provenance
from suyuan.trace.words import Names

PREFIX = "county/"
"""Begins the id of every such limit."""
IN_FORCE = ("approved", "withdrawing")
"""The states in which a row decides: until a second person has agreed to a withdrawal, it does."""


@dataclass(frozen=True)
class CountyStandard:
    """A row as a standard with one edition and one limit, and where it holds."""

    division: str
    standard: Standard

    @property
    def edition(self) -> Edition:
        return self.standard.editions[0]

    def governs(self, division: str, day: date) -> bool:
        """Whether it holds for goods of this division that were made on this day."""
        return self.edition.valid_on(day) and divisions().contains(self.division, division)


def county_limit(session: Session, uid: str, field: str | None = "limit") -> CountyLimit:
    """The row with this uid. Raises NotFound."""
    found = session.scalar(sa.select(CountyLimit).where(CountyLimit.uid == uid))
    if found is None:
        raise NotFound("There is no limit {id}.", field=field, id=uid)
    return found


def county_limits(session: Session) -> list[CountyLimit]:
    """All rows ever proposed, the newest first."""
    return list(session.scalars(sa.select(CountyLimit).order_by(CountyLimit.id.desc())))


def county_standards(session: Session) -> tuple[CountyStandard, ...]:
    """The rows that decide, in the order in which they were proposed."""
    query = sa.select(CountyLimit).where(CountyLimit.state.in_(IN_FORCE)).order_by(CountyLimit.id)
    return tuple(as_standard(row) for row in session.scalars(query))


def holding_for(county: Iterable[CountyStandard], division: str, day: date) -> tuple[Standard, ...]:
    """Those that hold for goods of a division, made on a day; of goods of no division none does."""
    return tuple(one.standard for one in county if division and one.governs(division, day))


def evaluate_within(session: Session, asked: Asked, division: str) -> Verdict:
    """The verdict on a result on goods of a division: what holds there is asked besides.

    Raises UnknownDivision, and InvalidInput as ``evaluate``.
    """
    within = divisions().get(division, "division").code
    return evaluate(asked, holding_for(county_standards(session), within, asked.production_date))


def as_standard(row: CountyLimit) -> CountyStandard:
    """A row as verdicts and pages read it; its title names the division."""
    named = divisions().name_path(row.division)
    provenance = Provenance(row.source, cast("Confidence", row.confidence), row.checked_by or None)
    limit = Limit(
        id=PREFIX + row.uid,
        parameter=row.parameter,
        classes=(row.product_class,),
        minimum=_decimal(row.minimum),
        maximum=_decimal(row.maximum),
        plan=_plan(row.plan),
        forbidden=row.forbidden,
        unit=None if row.forbidden else row.unit,
        basis="dry" if row.dry else "as_is",
        condition=None,
        clause=row.clause,
        note=None,
        provenance=provenance,
    )
    edition = Edition(
        year=row.valid_from.isoformat()[:4],
        title=f"{row.standard} ({named})",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        partial=False,
        note=None,
        limits=(limit,),
        provenance=provenance,
    )
    names = Names(row.standard, row.standard)
    force = cast("Force", row.force)
    return CountyStandard(row.division, Standard(PREFIX + row.uid, names, force, (edition,)))


def _plan(said: Mapping[str, Any]) -> SamplingPlan | None:
    if not said:
        return None
    return SamplingPlan(said["n"], said["c"], Decimal(said["m"]), _decimal(said.get("M")))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
