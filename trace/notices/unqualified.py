"""Looking for stations none of whose people has a certificate of training."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.training import station_training, trained_people
from suyuan.trace.parties.tables import Party


def untrained_stations(session: Session, look: Look) -> Page:
    """Stations, admitted some days ago, that have fewer trained people than they need; whatever
    they tell meanwhile may be refused or taken."""
    asked = station_training()
    query = sa.select(Party).where(
        Party.kind.in_(asked.organisations),
        Party.state == "active",
        Party.checked_at < look.now - timedelta(days=look.rule.fact("days").integer()),
        Party.id > (look.after or 0),
        trained_people(look.today) < asked.least,
    )
    stations = session.scalars(query.order_by(Party.id).limit(PAGE)).all()
    names = PaperKinds.load().get(asked.paper).names
    found = [Found(one.uid, None, one.id, {"party": one.name, "kind": names}) for one in stations]
    return Page(found, stations[-1].id if len(stations) == PAGE else None)
