"""Looking for stations none of whose people has a certificate of training."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.tables import Party


def untrained_stations(session: Session, look: Look) -> Page:
    """Organisations of the rule's kinds, admitted some days ago, that hold fewer papers of its
    kind in force than it says: each stands for one trained person."""
    fact = look.rule.fact
    kind, least = fact("paper").text(), fact("least").integer()
    in_force = (
        sa.select(sa.func.count())
        .where(
            Paper.holder_id == Party.id,
            Paper.kind == kind,
            Paper.state == "valid",
            sa.or_(Paper.valid_from.is_(None), Paper.valid_from <= look.today),
            sa.or_(Paper.valid_to.is_(None), Paper.valid_to >= look.today),
        )
        .correlate(Party)
        .scalar_subquery()
    )
    query = sa.select(Party).where(
        Party.kind.in_([one.text() for one in fact("organisations").rows()]),
        Party.state == "active",
        Party.checked_at < look.now - timedelta(days=fact("days").integer()),
        Party.id > (look.after or 0),
        in_force < least,
    )
    stations = session.scalars(query.order_by(Party.id).limit(PAGE)).all()
    names = PaperKinds.load().get(kind).names
    found = [Found(one.uid, None, one.id, {"party": one.name, "kind": names}) for one in stations]
    return Page(found, stations[-1].id if len(stations) == PAGE else None)
