"""Goods that lean on a paper which had no room for them when it came: they draw nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from suyuan.trace.balance.papers import Drawn
from suyuan.trace.balance.queries import parts_of
from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.papers.draws import rounded_up, wanted_in
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.leaning import leaning_on, made_on
from suyuan.trace.papers.tables import Paper, PaperDraw, PaperScope
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import units


def uncovered(session: Session, families: Families, ids: Iterable[int]) -> list[Drawn]:
    """Of such papers these batches want all that they are, and draw nothing.

    Only of kinds that are drawn when goods come to be, and that refuse what is beyond: of the
    others all is drawn, or flagged. What was made of other goods draws with those.
    """
    kinds = [
        kind.key
        for kind in PaperKinds.load()
        if kind.quota and kind.quota.drawn_at == "registration" and kind.quota.beyond == "refuse"
    ]
    found: list[Drawn] = []
    for some in parts_of(ids):
        for paper in session.scalars(_papers(kinds, some)).all():
            leaning = leaning_on(paper, families).where(Batch.id.in_(some), *_undrawn(paper.kind))
            rows = sa.select(Batch).where(Batch.id.in_(leaning)).order_by(Batch.id)
            found += _wanted(paper, session.scalars(rows))
    return found


def _papers(kinds: Iterable[str], ids: Iterable[int]) -> sa.Select[Paper]:
    """The papers with an amount that cover one of these batches for which nothing was drawn."""
    covered = sa.or_(
        *(
            sa.and_(PaperScope.target == target, PaperScope.target_id == column)
            for target, column in (
                ("batch", Batch.id), ("product", Batch.product_id),
                ("site", Batch.site_id), ("party", Batch.party_id),
            )
        )
    )  # fmt: skip
    some = (
        sa.select(PaperScope.paper_id)
        .join(Batch, covered)
        .where(Batch.id.in_(ids), PaperScope.paper_id == Paper.id, *_undrawn(Paper.kind))
    )
    return (
        sa.select(Paper)
        .where(
            Paper.kind.in_(kinds),
            Paper.amount.is_not(None),
            Paper.unit.is_not(None),
            Paper.state == "valid",
            some.exists(),
        )
        .order_by(Paper.id)
    )


def _undrawn(kind: str | InstrumentedAttribute[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """That a batch is made of no other and no paper of a kind was drawn from for it."""
    other = aliased(Paper)
    drew = (
        sa.select(PaperDraw.id)
        .join(other, other.id == PaperDraw.paper_id)
        .where(PaperDraw.batch_id == Batch.id, other.kind == kind, other.state == "valid")
    )
    made = sa.select(Link.parent_id).where(Link.child_id == Batch.id)
    return ~drew.exists(), ~made.exists()


def _wanted(paper: Paper, batches: Iterable[Batch]) -> Iterator[Drawn]:
    quota = PaperKinds.load().get(paper.kind).quota
    if quota is None or paper.amount is None or paper.unit is None:
        return
    for batch in batches:
        if units()[batch.unit].dimension != units()[paper.unit].dimension:
            continue
        wanted = rounded_up(Fraction(batch.quantity) * wanted_in(batch.unit, paper.unit))
        yield Drawn(
            batch.id, paper.id, quota.period(made_on(batch)), Decimal(0), wanted,
            paper.number, paper.amount, paper.unit,
        )  # fmt: skip
