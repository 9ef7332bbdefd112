"""Which batches lean on a paper: those that fall with it when it is revoked.

Those that the paper names do. Those of the product, site or party that it covers do where they
were made while it held, so far as the rule of its kind reaches them (``kind_rules.Leaning``).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import sqlalchemy as sa

from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI, day_of
from suyuan.trace.papers.kind_rules import Reaches
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.products.families import Families

REVOKED = "paper-revoked"
"""The code of the doubt about a batch that was registered under a paper revoked before."""
_WIDER = {"product": Batch.product_id, "site": Batch.site_id, "party": Batch.party_id}
"""What else a paper may cover, and where a batch says whose or what it is."""


def leaning_on(paper: Paper, families: Families | None = None) -> sa.Select[int]:
    """The ids of the batches that lean on a paper by themselves, whatever its state.

    ``families`` say which classes of products need such a paper (those shipped, where None). What
    was made of these batches leans too: see ``lineage.queries.closure_of``.
    """
    named = Batch.id.in_(named_by(paper))
    by = [
        sa.and_(column.in_(_covered(paper, target)), _reached(paper.kind, target, families))
        for target, column in _WIDER.items()
    ]
    made_while_it_held = sa.and_(sa.or_(*by), *_made_within(paper.valid_from, paper.valid_to))
    there = Batch.state != "withdrawn"
    return sa.select(Batch.id).where(sa.or_(named, made_while_it_held), there)


def named_by(paper: Paper) -> sa.Select[int]:
    """The ids of the batches that a paper names."""
    return _covered(paper, "batch")


def covered_by(paper: Paper) -> sa.Select[int]:
    """The ids of all batches that a paper covers, whenever they were made."""
    wider = (column.in_(_covered(paper, target)) for target, column in _WIDER.items())
    return sa.select(Batch.id).where(sa.or_(Batch.id.in_(named_by(paper)), *wider))


def leans(paper: Paper, target: str, batch: Batch, families: Families) -> bool:
    """Whether a batch that a paper covers as (or by) ``target`` leans on it, whatever its state."""
    if target == "batch":
        return True
    day = made_on(batch)
    if (paper.valid_from and day < paper.valid_from) or (paper.valid_to and day > paper.valid_to):
        return False
    reaches = PaperKinds.load().get(paper.kind).leaning.reaches
    return _is_reached(reaches, target) or (
        reaches == "needing" and (batch.family, batch.variant) in needing(paper.kind, families)
    )


def made_on(batch: Batch) -> date:
    """The day on which a batch was made, so far as it is stated; else that of its registration."""
    return batch.produced_on or day_of(batch.registered_at)


@cache
def needing(kind: str, families: Families) -> frozenset[tuple[str, str]]:
    """The families and variants whose class of products needs a paper of this kind, at least in
    some case."""
    return frozenset(
        (family.key, variant)
        for family in families
        for variant in family.variants
        if any(n.kind == kind and n.necessity != "not_needed" for n in family.papers(variant))
    )


def _is_reached(reaches: Reaches, target: str) -> bool:
    """Whether all that a paper covers by this lean on it. A product is named as such."""
    return reaches == "covered" or (reaches == "needing" and target == "product")


def _reached(kind: str, target: str, families: Families | None) -> sa.ColumnElement[bool]:
    reaches = PaperKinds.load().get(kind).leaning.reaches
    if _is_reached(reaches, target):
        return sa.true()
    if reaches == "named":
        return sa.false()
    some = sorted(needing(kind, families or Families.load()))
    return sa.or_(
        sa.false(), *(sa.and_(Batch.family == key, Batch.variant == form) for key, form in some)
    )


def _covered(paper: Paper, target: str) -> sa.Select[int]:
    of_paper = PaperScope.paper_id == paper.id
    return sa.select(PaperScope.target_id).where(of_paper, PaperScope.target == target)


def _made_within(first: date | None, last: date | None) -> list[sa.ColumnElement[bool]]:
    """That a batch was made between two days, both included; as ``made_on`` has it."""
    unsaid = Batch.produced_on.is_(None)
    found = []
    if first is not None:
        later = sa.and_(unsaid, Batch.registered_at >= _midnight(first))
        found.append(sa.or_(Batch.produced_on >= first, later))
    if last is not None:
        earlier = sa.and_(unsaid, Batch.registered_at < _midnight(last + timedelta(days=1)))
        found.append(sa.or_(Batch.produced_on <= last, earlier))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
