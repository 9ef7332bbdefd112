"""Finding parties: by name, and those of a division."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party

MOST = 50


def parties_named(session: Session, text: str, *, limit: int = MOST) -> list[Party]:
    """The parties whose name holds this text and that are not suspended, whole names first."""
    wanted = text.strip()
    if not wanted:
        return []
    rows = session.scalars(
        sa.select(Party)
        .where(Party.name.contains(wanted, autoescape=True), Party.state != "suspended")
        .order_by(Party.name != wanted, sa.func.length(Party.name), Party.id)
        .limit(limit)
    )
    return list(rows)


def parties_served(
    session: Session, actor: Actor, permission: str, text: str = "", *, limit: int = MOST
) -> list[Party]:
    """The parties for which the actor may do something, its own first, by name."""
    query = sa.select(Party).where(
        sa.or_(
            Party.id == actor.party_id,
            Party.parent_id == actor.party_id,
            Party.division.startswith(_stem(actor.division), autoescape=True),
        )
    )
    if text.strip():
        query = query.where(Party.name.contains(text.strip(), autoescape=True))
    rows = session.scalars(query.order_by(Party.id != actor.party_id, Party.name).limit(limit * 4))
    return [party for party in rows if actor.may_for(permission, party)][:limit]


def _stem(division: str) -> str:
    """What the codes of a division and of all below it begin with (GB/T 2260: pairs of digits)."""
    if len(division) > 6:
        return division
    stem = division.rstrip("0")
    return stem + "0" * (len(stem) % 2)
