"""Reading the register of papers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.papers.tables import Paper, PaperScope


def paper(session: Session, uid: str, field: str | None = "paper") -> Paper:
    """The paper with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Paper).where(Paper.uid == uid))
    if found is None:
        raise NotFound("There is no paper {uid}.", field=field, uid=uid)
    return found


def paper_numbered(session: Session, kind: str, number: str, holder_id: int) -> Paper | None:
    """The holder's paper of this kind and number; None for a paper without a number."""
    query = sa.select(Paper).where(
        Paper.kind == kind, Paper.number == number, Paper.holder_id == holder_id
    )
    return session.scalar(query.options(selectinload(Paper.scope))) if number else None


def papers_of_batches(session: Session, batches: Collection[Batch]) -> list[Paper]:
    """The papers that cover one of these batches: itself, its product, its site or its party."""
    targets = [
        ("batch", {batch.id for batch in batches}),
        ("product", {batch.product_id for batch in batches if batch.product_id}),
        ("site", {batch.site_id for batch in batches if batch.site_id}),
        ("party", {batch.party_id for batch in batches}),
    ]
    covered = sa.or_(
        *(
            sa.and_(PaperScope.target == target, PaperScope.target_id.in_(ids))
            for target, ids in targets
            if ids
        )
    )
    query = (
        sa.select(Paper)
        .where(sa.exists().where(PaperScope.paper_id == Paper.id, covered))
        .options(selectinload(Paper.scope), joinedload(Paper.holder), joinedload(Paper.evidence))
        .order_by(Paper.kind, Paper.id)
    )
    return list(session.scalars(query))


def papers_of_holder(
    session: Session, holder_id: int, *, after: int = 0, limit: int = 200
) -> list[Paper]:
    """A party's papers in order of coming."""
    query = sa.select(Paper).where(Paper.holder_id == holder_id, Paper.id > after)
    return list(session.scalars(query.order_by(Paper.id).limit(limit)))


def state_on(paper: Paper, day: date) -> str:
    """``revoked``, ``not_yet``, ``expired`` or ``valid`` on a day."""
    return state_between(paper.state, paper.valid_from, paper.valid_to, day)


def state_between(state: str, valid_from: date | None, valid_to: date | None, day: date) -> str:
    """``state_on`` of a paper that is in this state and valid between two days, both included."""
    if state == "revoked":
        return "revoked"
    if valid_from is not None and day < valid_from:
        return "not_yet"
    if valid_to is not None and day > valid_to:
        return "expired"
    return "valid"
