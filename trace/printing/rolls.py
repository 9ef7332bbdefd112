"""Reading which labels of blank rolls are bound to which batches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.printing.tables import IssuedCode, PrintRun, RollBinding

_IN_FORCE = RollBinding.unbound_at.is_(None)
ON_A_BATCH: sa.ColumnElement[bool] = sa.and_(
    RollBinding.print_run_id == IssuedCode.print_run_id,
    IssuedCode.position.between(RollBinding.first - 1, RollBinding.last - 1),
    _IN_FORCE,
)
"""Joins the code of a label with what binds it now."""


def binding(session: Session, uid: str) -> RollBinding:
    """The binding with this uid, in force or not. Raises NotFound."""
    found = session.scalar(sa.select(RollBinding).where(RollBinding.uid == uid))
    if found is None:
        raise NotFound("There is no binding {uid}.", field="binding", uid=uid)
    return found


def bindings_of_run(session: Session, run_id: int) -> list[RollBinding]:
    """What binds labels of a roll now, in the order of printing."""
    query = sa.select(RollBinding).where(RollBinding.print_run_id == run_id, _IN_FORCE)
    in_order = query.order_by(RollBinding.first).options(joinedload(RollBinding.batch))
    return list(session.scalars(in_order))


def bindings_of_batch(session: Session, batch_id: int) -> list[RollBinding]:
    """The labels of rolls that are bound to a batch now, the newest first."""
    query = sa.select(RollBinding).where(RollBinding.batch_id == batch_id, _IN_FORCE)
    newest = query.order_by(RollBinding.id.desc()).options(joinedload(RollBinding.run))
    return list(session.scalars(newest))


def rolls_of(
    session: Session, party_id: int, *, after: int | None = None, limit: int = 50
) -> Sequence[PrintRun]:
    """The blank rolls of a party, the newest first; ``after`` the id last seen."""
    query = sa.select(PrintRun).where(
        PrintRun.party_id == party_id, PrintRun.roll_code.is_not(None)
    )
    if after is not None:
        query = query.where(PrintRun.id < after)
    return session.scalars(query.order_by(PrintRun.id.desc()).limit(limit)).all()


def count_bound(session: Session, run_id: int) -> int:
    """How many labels of a roll are bound and not void."""
    query = (
        sa.select(sa.func.count())
        .select_from(IssuedCode)
        .join(RollBinding, ON_A_BATCH)
        .where(IssuedCode.print_run_id == run_id, IssuedCode.voided_at.is_(None))
    )
    return session.scalar(query) or 0


def bound_by_net_content(
    session: Session, batch_ids: Collection[int]
) -> list[tuple[int, str, int]]:
    """How many labels of rolls that are not void are bound to each of these batches, by the net
    content that the batch's product said when they were, if any: batch id, words, count."""
    query = (
        sa.select(RollBinding.batch_id, RollBinding.net_content, sa.func.count())
        .join(IssuedCode, ON_A_BATCH)
        .where(
            RollBinding.batch_id.in_(batch_ids),
            IssuedCode.voided_at.is_(None),
        )
        .group_by(RollBinding.batch_id, RollBinding.net_content)
    )
    return [(batch, net, count) for batch, net, count in session.execute(query)]


def in_force_of(session: Session, one: RollBinding) -> int:
    """How many of the labels that a binding is about are not void."""
    query = sa.select(sa.func.count(IssuedCode.id)).where(
        IssuedCode.print_run_id == one.print_run_id,
        IssuedCode.position.between(one.first - 1, one.last - 1),
        IssuedCode.voided_at.is_(None),
    )
    return session.scalar(query) or 0


def batch_of_code(session: Session, code: IssuedCode) -> Batch | None:
    """The batch that a label is of: that of its run, or the one it is bound to."""
    if code.run.batch is not None:
        return code.run.batch
    query = sa.select(Batch).join(RollBinding, RollBinding.batch_id == Batch.id)
    return session.scalar(query.join(IssuedCode, ON_A_BATCH).where(IssuedCode.id == code.id))


def bound_paths(session: Session, batch_ids: sa.Select[int]) -> Iterator[str]:
    """The paths of all labels of rolls that are bound to these batches now, void or not.

    What is said of a batch must be said of each of them: nothing in the path of such a label
    names its batch.
    """
    query = (
        sa.select(IssuedCode.path)
        .join(RollBinding, ON_A_BATCH)
        .where(RollBinding.batch_id.in_(batch_ids))
        .order_by(IssuedCode.id)
    )
    yield from session.scalars(query)
