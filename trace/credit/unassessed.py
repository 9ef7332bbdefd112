"""Looking for organisations whose year is over for long and not assessed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.credit.model import Year, credit_model
from suyuan.trace.credit.queries import to_assess
from suyuan.trace.credit.tables import CreditAssessment
from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.parties.tables import Party


def unassessed(session: Session, look: Look) -> Page:
    """Organisations that made goods in the last year and have no decision on it by its day."""
    year = Year(look.today.year - 1)
    due = credit_model().due(year)
    if look.today <= due:
        return Page()
    decided = (
        sa.select(CreditAssessment.id)
        .where(
            CreditAssessment.party_id == Party.id,
            CreditAssessment.year == year.number,
            CreditAssessment.state == "decided",
        )
        .exists()
    )
    last = int(look.after or 0)
    query = sa.select(Party).where(*to_assess(year), ~decided, Party.id > last)
    late = session.scalars(query.order_by(Party.id).limit(PAGE)).all()
    found = [
        Found(
            f"{one.uid}:{year.number}",
            None,
            one.id,
            {"party": one.name, "year": year.number, "due_at": due.isoformat()},
        )
        for one in late
    ]
    return Page(found, late[-1].id if len(late) == PAGE else None)
