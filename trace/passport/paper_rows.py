"""The rows that tell how papers stand behind a batch: what is drawn from their amounts, and which
were revoked. Rows and not objects, as in ``queries``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.papers.tables import Paper, PaperDraw, PaperReach
from suyuan.trace.passport.queries import Row

_draw, _paper = PaperDraw.__table__.c, Paper.__table__.c
_reach = PaperReach.__table__.c

_DRAWN: sa.Select[Any] = (
    sa.select(_draw.paper_id, _draw.period, sa.func.sum(_draw.amount).label("drawn"))
    .where(_draw.paper_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(_draw.paper_id, _draw.period)
)
_REVOKED: sa.Select[Any] = (
    sa.select(_paper.kind, _paper.number, _paper.state_reason, _paper.revoked_at)
    .join(PaperReach.__table__, _reach.paper_id == _paper.id)
    .where(_reach.batch_id == sa.bindparam("batch_id"))
    .order_by(_paper.revoked_at.desc(), _paper.id)
)


def drawn_of(session: Session, paper_ids: Sequence[int]) -> dict[tuple[int, str], Decimal]:
    """How much is drawn from each of some papers, by period."""
    if not paper_ids:
        return {}
    rows = session.execute(_DRAWN, {"ids": list(paper_ids)})
    return {(row.paper_id, row.period): row.drawn for row in rows}


def revoked_behind(session: Session, batch_id: int) -> Sequence[Row]:
    """The revoked papers on which a batch leans, the newest revocation first."""
    return session.execute(_REVOKED, {"batch_id": batch_id}).all()
