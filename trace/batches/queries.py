"""Reading batches, who holds how much of them, and what they can be found by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, BatchMark, Holding, Link, Share
from suyuan.trace.errors import NotFound


def batch(session: Session, trace_code: str, field: str | None = "trace_code") -> Batch:
    """The batch with this trace code. Raises NotFound."""
    found = session.scalar(sa.select(Batch).where(Batch.trace_code == trace_code))
    if found is None:
        raise NotFound("There is no batch {code}.", field=field, code=trace_code)
    return found


def batch_by_path(session: Session, path: str) -> Batch | None:
    """The batch whose canonical path this is, if there is one."""
    return session.scalar(sa.select(Batch).where(Batch.path == path))


def batches_by_code(session: Session, trace_codes: Collection[str]) -> dict[str, Batch]:
    """The batches with these trace codes, those that there are."""
    rows = session.scalars(sa.select(Batch).where(Batch.trace_code.in_(list(trace_codes))))
    return {row.trace_code: row for row in rows}


def batches_of(
    session: Session,
    party_id: int,
    *,
    after: int | None = None,
    limit: int = 50,
    state: str | None = None,
) -> list[Batch]:
    """The batches a party registered, newest first, from the one before row ``after``."""
    query = sa.select(Batch).where(Batch.party_id == party_id)
    if after is not None:
        query = query.where(Batch.id < after)
    if state is not None:
        query = query.where(Batch.state == state)
    return list(session.scalars(query.order_by(Batch.id.desc()).limit(limit)))


def in_hand(
    session: Session, party_id: int, *, after: int | None = None, limit: int = 50
) -> list[tuple[Batch, Decimal]]:
    """What a party has in hand, its own and received, newest first, with how much is left."""
    query = (
        sa.select(Batch, Holding.left)
        .join(Holding, Holding.batch_id == Batch.id)
        .where(Holding.party_id == party_id, Holding.left > Decimal(0))
    )
    if after is not None:
        query = query.where(Batch.id < after)
    rows = session.execute(query.order_by(Batch.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def left(session: Session, batch_id: int, party_id: int) -> Decimal:
    """How much of a batch a party has in hand, in the batch's unit."""
    found = session.scalar(
        sa.select(Holding.left).where(Holding.batch_id == batch_id, Holding.party_id == party_id)
    )
    return found if found is not None else Decimal(0)


def holdings(session: Session, batch_id: int) -> list[Holding]:
    """Who has, or once had, some of a batch in hand."""
    query = sa.select(Holding).where(Holding.batch_id == batch_id).order_by(Holding.party_id)
    return list(session.scalars(query))


def shares(session: Session, batch_id: int) -> list[Share]:
    """The households' shares of a pooled batch, as they were given."""
    return list(
        session.scalars(sa.select(Share).where(Share.batch_id == batch_id).order_by(Share.id))
    )


def marks(session: Session, batch_id: int) -> list[BatchMark]:
    """What else a batch can be found by."""
    query = sa.select(BatchMark).where(BatchMark.batch_id == batch_id).order_by(BatchMark.id)
    return list(session.scalars(query))


def found_by(session: Session, text: str, *, limit: int = 50) -> Sequence[Batch]:
    """The batches that bear this text as trace code, lot or mark; newest first."""
    marked = sa.select(BatchMark.batch_id).where(BatchMark.value == text)
    query = sa.select(Batch).where(
        sa.or_(Batch.trace_code == text, Batch.lot == text, Batch.id.in_(marked))
    )
    return session.scalars(query.order_by(Batch.id.desc()).limit(limit)).all()


def has_links(session: Session, batch_id: int) -> bool:
    """Whether the batch was made of others, or others of it."""
    query = sa.select(Link.child_id).where(
        sa.or_(Link.child_id == batch_id, Link.parent_id == batch_id)
    )
    return session.scalar(query.limit(1)) is not None


def lock(session: Session, batch_ids: Collection[int]) -> None:
    """Keep these batches to this transaction until it ends; whoever moves quantity does this.

    In ascending order, so that two transactions never wait for each other. Orders to hold or
    recall lock the same rows, so nothing can be made of a batch while an order reaches it.
    """
    _locked(session, Batch.id.in_(sorted(set(batch_ids))))


def lock_by_code(session: Session, trace_codes: Collection[str]) -> dict[str, Batch]:
    """As ``lock``, and the batches with these trace codes, those that there are."""
    rows = _locked(session, Batch.trace_code.in_(list(trace_codes)))
    return {row.trace_code: row for row in rows}


def _locked(session: Session, which: sa.ColumnElement[bool]) -> Sequence[Batch]:
    # rows that refer to a batch may still be written by others: their quantity is not at stake
    rows = session.scalars(
        sa.select(Batch)
        .where(which)
        .order_by(Batch.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    session.scalars(
        sa.select(Holding)
        .where(Holding.batch_id.in_([row.id for row in rows]))
        .order_by(Holding.batch_id, Holding.party_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return rows
