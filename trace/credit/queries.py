"""Reading the yearly assessments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.credit.model import Year, credit_model
from suyuan.trace.credit.tables import CreditAssessment
from suyuan.trace.errors import NotFound
from suyuan.trace.parties.queries import inside
from suyuan.trace.parties.tables import Party


@dataclass(frozen=True)
class Standing:
    """An organisation and the newest assessment of a year; None while there is none."""

    party: Party
    newest: CreditAssessment | None


def assessment(session: Session, uid: str, *, for_update: bool = False) -> CreditAssessment:
    """The assessment of this uid. Raises NotFound."""
    query = sa.select(CreditAssessment).where(CreditAssessment.uid == uid)
    found = session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise NotFound("There is no such assessment.", "assessment")
    return found


def assessments_of(session: Session, party_id: int) -> list[CreditAssessment]:
    """All of an organisation, the newest first."""
    query = sa.select(CreditAssessment).where(CreditAssessment.party_id == party_id)
    return list(session.scalars(query.order_by(CreditAssessment.id.desc())))


def newest_of_year(session: Session, party_id: int, year: Year) -> CreditAssessment | None:
    """The newest assessment of an organisation's year."""
    return next((one for one in assessments_of(session, party_id) if one.year == year.number), None)


def to_assess(year: Year) -> tuple[sa.ColumnElement[bool], ...]:
    """Of which organisations a year is assessed: of these kinds, admitted before it was over, and
    with a batch of it."""
    made = (
        sa.select(Batch.id)
        .where(
            Batch.party_id == Party.id,
            Batch.registered_at >= year.since,
            Batch.registered_at < year.until,
        )
        .exists()
    )
    return (
        Party.kind.in_(credit_model().organisations),
        Party.state == "active",
        Party.checked_at < year.until,
        made,
    )


def standings(
    session: Session, divisions: Collection[str], year: Year, *, after: int = 0, limit: int = 50
) -> Sequence[Standing]:
    """The organisations of these divisions whose year is assessed, in order of coming."""
    if not divisions:
        return []
    placed = sa.or_(*(inside(Party.division, one) for one in sorted(divisions)))
    query = sa.select(Party).where(placed, *to_assess(year), Party.id > after)
    parties = session.scalars(query.order_by(Party.id).limit(limit)).all()
    assessed = (
        sa.select(CreditAssessment)
        .where(
            CreditAssessment.party_id.in_([one.id for one in parties]),
            CreditAssessment.year == year.number,
        )
        .options(joinedload(CreditAssessment.party))
        .order_by(CreditAssessment.id)
    )
    newest = {one.party_id: one for one in session.scalars(assessed)}
    return [Standing(one, newest.get(one.id)) for one in parties]
