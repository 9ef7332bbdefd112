"""Reading the register of papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.identifiers import stripped
from suyuan.trace.papers.draws import NOTHING, Account
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.tables import Paper, PaperDraw, PaperReach, PaperScope
from suyuan.trace.products.tables import Product


def paper(session: Session, uid: str, field: str | None = "paper") -> Paper:
    """The paper with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Paper).where(Paper.uid == uid))
    if found is None:
        raise NotFound("There is no paper {uid}.", field=field, uid=uid)
    return found


def paper_numbered(session: Session, kind: str, number: str, holder_id: int) -> Paper | None:
    """The holder's paper of this kind and number; None for a paper without a number.

    Spaces, dashes, capitals and full-width forms make no other number of it.
    """
    if not number:
        return None
    query = sa.select(Paper).where(
        Paper.kind == kind, Paper.holder_id == holder_id, Paper.plain_number == stripped(number)
    )
    return session.scalar(query.options(selectinload(Paper.scope)).order_by(Paper.id))


def anothers_numbered(session: Session, kind: str, number: str, holder_id: int) -> list[Paper]:
    """The papers of this kind and number that others than the holder have, the oldest first; none
    of a paper without a number."""
    if not number:
        return []
    query = sa.select(Paper).where(
        Paper.kind == kind, Paper.plain_number == stripped(number), Paper.holder_id != holder_id
    )
    return list(session.scalars(query.options(joinedload(Paper.holder)).order_by(Paper.id)))


def papers_of_batches(session: Session, batches: Collection[Batch]) -> list[Paper]:
    """The papers that cover one of these batches: itself, its product, its site or its party."""
    query = (
        sa.select(Paper)
        .where(sa.exists().where(PaperScope.paper_id == Paper.id, _covers(list(batches))))
        .options(selectinload(Paper.scope), joinedload(Paper.holder), joinedload(Paper.evidence))
        .order_by(Paper.kind, Paper.id)
    )
    return list(session.scalars(query))


def kinds_behind(session: Session, batch: Batch, day: date) -> frozenset[str]:
    """The kinds of the papers that cover a batch and are in force on a day."""
    return _in_force(papers_of_batches(session, [batch]), day)


def kinds_for(session: Session, product: Product, day: date) -> frozenset[str]:
    """The kinds of the papers that cover a product, or all of its party, and are in force."""
    ours = sa.or_(
        sa.and_(PaperScope.target == "product", PaperScope.target_id == product.id),
        sa.and_(PaperScope.target == "party", PaperScope.target_id == product.party_id),
    )
    return _in_force(session.scalars(sa.select(Paper).join(PaperScope).where(ours)), day)


def _in_force(papers: Iterable[Paper], day: date) -> frozenset[str]:
    return frozenset(one.kind for one in papers if state_on(one, day) == "valid")


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


@dataclass(frozen=True)
class Revoked:
    """A revoked paper that batches lean on."""

    uid: str
    kind: str
    number: str
    reason: str
    at: datetime | None


def drawn(session: Session, paper_id: int, period: str | None = None) -> Decimal:
    """How much was drawn from a paper and not given back, in its unit: in all, or of one period."""
    return _drawn(session, paper_id, period)[0]


def account_of(session: Session, paper: Paper, day: date) -> Account | None:
    """How the amount of a paper stands, for goods made on a day; None where it is no account."""
    rule = PaperKinds.load().get(paper.kind).quota
    if rule is None or paper.amount is None or paper.unit is None:
        return None
    period = rule.period(day)
    so_far, over = _drawn(session, paper.id, period)
    return Account(paper.amount, so_far, over, paper.unit, period)


def _drawn(session: Session, paper_id: int, period: str | None) -> tuple[Decimal, Decimal]:
    sums = sa.select(sa.func.sum(PaperDraw.amount), sa.func.sum(PaperDraw.over))
    query = sums.where(PaperDraw.paper_id == paper_id)
    if period is not None:
        query = query.where(PaperDraw.period == period)
    amount, over = session.execute(query).one()
    return amount or NOTHING, over or NOTHING


def draws_of(session: Session, paper_id: int, *, limit: int = 200) -> list[tuple[PaperDraw, Batch]]:
    """What was drawn from a paper and given back, the newest first, with the batch it was for."""
    query = (
        sa.select(PaperDraw, Batch)
        .join(Batch, Batch.id == PaperDraw.batch_id)
        .where(PaperDraw.paper_id == paper_id)
        .order_by(PaperDraw.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query.limit(limit))]


def drawn_for(
    session: Session, batch_id: int, print_run: str | None = None
) -> list[tuple[Paper, str, Decimal, Decimal]]:
    """What is drawn, and over, for a batch, or for one run of its labels: by paper and period, in
    the order in which the papers came."""
    of = PaperDraw.batch_id == batch_id
    if print_run is not None:
        of = sa.and_(of, PaperDraw.print_run == print_run)
    columns = (PaperDraw.paper_id, PaperDraw.period)
    sums = (sa.func.sum(PaperDraw.amount), sa.func.sum(PaperDraw.over))
    rows = session.execute(
        sa.select(*columns, *sums).where(of).group_by(*columns).order_by(*columns)
    )
    return [(session.get_one(Paper, one), period, amount, over)
            for one, period, amount, over in rows.all()]  # fmt: skip


def covering(session: Session, batch: Batch) -> list[tuple[Paper, str]]:
    """The papers that cover a batch, each once, with the closest of what they cover it by.

    They are kept as they are until the transaction ends: none is revoked in the meantime.
    """
    rows = session.execute(
        sa.select(Paper, PaperScope.target)
        .join(PaperScope, PaperScope.paper_id == Paper.id)
        .where(_covers((batch,)))
        .order_by(Paper.id, sa.case(_CLOSEST, value=PaperScope.target))
        .with_for_update(of=Paper, read=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    found: dict[int, tuple[Paper, str]] = {}
    for paper, target in rows:
        found.setdefault(paper.id, (paper, target))
    return list(found.values())


def locked(session: Session, paper_ids: Collection[int]) -> list[Paper]:
    """These papers, kept to this transaction in ascending order; whoever draws does this."""
    rows = session.scalars(
        sa.select(Paper)
        .where(Paper.id.in_(sorted(set(paper_ids))))
        .order_by(Paper.id)
        .with_for_update(of=Paper, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def revoked_behind(session: Session, batch_ids: Collection[int]) -> list[Revoked]:
    """The revoked papers on which these batches lean, the newest revocation first."""
    query = (
        sa.select(Paper.uid, Paper.kind, Paper.number, Paper.state_reason, Paper.revoked_at)
        .where(Paper.id.in_(reaching(batch_ids)))
        .order_by(Paper.revoked_at.desc(), Paper.id)
    )
    return [Revoked(*row) for row in session.execute(query)]


def reaching(batch_ids: Collection[int]) -> sa.Select[int]:
    """The ids of the revoked papers on which these batches lean."""
    return sa.select(PaperReach.paper_id).where(PaperReach.batch_id.in_(batch_ids))


def renewed_by(session: Session, paper_id: int) -> Paper | None:
    """The paper that succeeds another and was not revoked itself; the newest, if there is any."""
    query = sa.select(Paper).where(Paper.renews_id == paper_id, Paper.state == "valid")
    return session.scalar(query.order_by(Paper.id.desc()).limit(1))


_CLOSEST = {"batch": 0, "product": 1, "site": 2, "party": 3}


def _covers(batches: Sequence[Batch]) -> sa.ColumnElement[bool]:
    """That a row of ``paper_scope`` names one of these batches, or its product, site or party."""
    targets: list[tuple[str, set[int]]] = [
        ("batch", {batch.id for batch in batches if batch.id is not None}),
        ("product", {batch.product_id for batch in batches if batch.product_id}),
        ("site", {batch.site_id for batch in batches if batch.site_id}),
        ("party", {batch.party_id for batch in batches}),
    ]
    return sa.or_(
        *(
            sa.and_(PaperScope.target == target, PaperScope.target_id.in_(ids))
            for target, ids in targets
            if ids
        )
    )
