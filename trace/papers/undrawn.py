"""How much of goods nothing is drawn for yet, by papers of one kind.

Drawing for goods covers what is made of them, and what is drawn for is not drawn for again. Where
several batches went into one, each brought its share of all that went in; shares are exact. What
was drawn from a paper that is revoked covers nothing any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.events.tables import EventBatch
from suyuan.trace.lineage.queries import Direction, closure_of
from suyuan.trace.papers.tables import Paper, PaperDraw
from suyuan.trace.quantities import Quantity

NONE, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Portion:
    """So much of a batch that went into others, or that came out of them.

    ``part``: which part of the whole batch that is.
    """

    batch_id: int
    quantity: Quantity
    part: Fraction


@dataclass(frozen=True)
class Flow:
    """What one event made of what."""

    inputs: tuple[Portion, ...]
    outputs: tuple[Portion, ...]

    @property
    def first(self) -> int:
        """Orders flows: what goes in is always older than all that comes out."""
        return min(out.batch_id for out in self.outputs)


def portion(batch: Batch, amount: Decimal | None) -> Portion:
    """So much of a batch, in its unit; all of it where nobody said how much."""
    return _portion(batch.id, amount, batch.quantity, batch.unit)


def undrawn_of(session: Session, kind: str, made_of: Sequence[Portion]) -> Fraction:
    """For which part nothing is drawn of what is about to be made of these; of nothing, all."""
    if not made_of:
        return WHOLE
    undrawn = _undrawn(*_lineage(session, kind, [one.batch_id for one in made_of], "back"))
    return _mixed(made_of, undrawn)


def undrawn(session: Session, kind: str, batch_id: int) -> Fraction:
    """For which part of a batch nothing is drawn: neither for itself, nor for what it was made of,
    nor for what was made of it."""
    back = _undrawn(*_lineage(session, kind, [batch_id], "back"))
    part = back.get(batch_id, WHOLE)
    if not part:
        return NONE
    ahead = _drawn_ahead(*_lineage(session, kind, [batch_id], "forward"))
    return part * (1 - min(WHOLE, ahead.get(batch_id, NONE)))


def _undrawn(drawn: Collection[int], flows: Collection[Flow]) -> Mapping[int, Fraction]:
    """The part for which nothing is drawn of each batch that is drawn for or that came out."""
    found = dict.fromkeys(drawn, NONE)
    for flow in sorted(flows, key=lambda one: one.first):
        part = _mixed(flow.inputs, found)
        for out in flow.outputs:
            found.setdefault(out.batch_id, part)
    return found


def _drawn_ahead(drawn: Collection[int], flows: Collection[Flow]) -> Mapping[int, Fraction]:
    """The part of each batch that went in, so far undrawn, for which is drawn further on."""
    found: defaultdict[int, Fraction] = defaultdict(Fraction)
    for flow in sorted(flows, key=lambda one: one.first, reverse=True):
        ahead = sum(
            share * (WHOLE if out.batch_id in drawn else found[out.batch_id])
            for out, share in zip(flow.outputs, _shares(flow.outputs), strict=True)
        )
        for one in flow.inputs:
            found[one.batch_id] += one.part * ahead
    return found


def _mixed(made_of: Sequence[Portion], undrawn: Mapping[int, Fraction]) -> Fraction:
    """The part for which nothing is drawn of what is made of these."""
    parts = [undrawn.get(one.batch_id, WHOLE) for one in made_of]
    if len({one.quantity.dimension for one in made_of}) > 1:
        return max(parts)  # nobody knows the shares: less would cover what no paper covers
    return sum((a * b for a, b in zip(_shares(made_of), parts, strict=True)), NONE)


def _shares(portions: Sequence[Portion]) -> list[Fraction]:
    """Which part of all these each is; equal ones, where they cannot be added up."""
    if len({one.quantity.dimension for one in portions}) == 1:
        each = [one.quantity.ratio(Quantity(Decimal(1), portions[0].quantity.unit))
                for one in portions]  # fmt: skip
        if whole := sum(each):
            return [one / whole for one in each]
    return [Fraction(1, len(portions))] * len(portions)


def _lineage(
    session: Session, kind: str, batch_ids: Collection[int], direction: Direction
) -> tuple[frozenset[int], list[Flow]]:
    """The batches on these ways for which papers of a kind are drawn from, and what made what; the
    latter only where the former do not say it all."""
    walked = closure_of(sa.select(Batch.id).where(Batch.id.in_(batch_ids)), direction)
    rows = session.scalars(
        sa.select(PaperDraw.batch_id)
        .join(Paper, Paper.id == PaperDraw.paper_id)
        .where(Paper.kind == kind, Paper.state == "valid", PaperDraw.batch_id.in_(walked))
        .group_by(PaperDraw.batch_id)
        .having(sa.func.sum(PaperDraw.amount + PaperDraw.over) > 0)
    )
    drawn = frozenset(rows)
    told = not drawn or (direction == "back" and drawn >= set(batch_ids))
    return drawn, [] if told else _flows(session, walked, direction)


def _flows(session: Session, walked: sa.Select[int], direction: Direction) -> list[Flow]:
    near = Link.child_id if direction == "back" else Link.parent_id
    rows = session.execute(
        sa.select(
            EventBatch.event_id, EventBatch.role, Batch.id, EventBatch.quantity, Batch.quantity,
            Batch.unit,
        )
        .join(Batch, Batch.id == EventBatch.batch_id)
        .where(EventBatch.event_id.in_(sa.select(Link.event_id).where(near.in_(walked))))
        .order_by(EventBatch.event_id, Batch.id)
    )  # fmt: skip
    found: defaultdict[int, dict[str, list[Portion]]] = defaultdict(lambda: defaultdict(list))
    for event_id, role, batch_id, amount, whole, unit in rows:
        found[event_id][role].append(_portion(batch_id, amount, whole, unit))
    return [Flow(tuple(one["input"]), tuple(one["output"])) for one in found.values()]


def _portion(batch_id: int, amount: Decimal | None, whole: Decimal, unit: str) -> Portion:
    taken = whole if amount is None else amount
    part = Fraction(taken) / Fraction(whole) if whole else WHOLE
    return Portion(batch_id, Quantity(taken, unit), min(WHOLE, part))
