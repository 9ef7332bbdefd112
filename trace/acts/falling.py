"""Batches that fall with a paper when it is revoked, or lean on one that was revoked before; part
of the acts, never called by edges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from suyuan.trace.acts.believing import Kept, kept
from suyuan.trace.acts.drawing import Cause, Covering, Plan, plan_draws, write_draws
from suyuan.trace.acts.happenings import Part
from suyuan.trace.acts.late_draws import draw_later
from suyuan.trace.acts.statuses import mark_paths
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.status import State
from suyuan.trace.doubts import Doubt
from suyuan.trace.lineage.queries import closure_of
from suyuan.trace.papers import queries
from suyuan.trace.papers.leaning import REVOKED, leaning_on, leans, made_on
from suyuan.trace.papers.rules import require_in_force
from suyuan.trace.papers.tables import Paper, PaperReach
from suyuan.trace.papers.undrawn import portion
from suyuan.trace.printing.rolls import bound_paths
from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class Backing:
    """The papers behind a batch that is about to be: what it draws, and which it falls with."""

    plan: Plan
    revoked: tuple[Paper, ...]

    @property
    def doubts(self) -> tuple[Kept, ...]:
        """What is doubtful about the papers, as rows keep it."""
        return (*self.plan.doubts, *(_doubt(paper) for paper in self.revoked))


def backing_of(w: Writing, batch: Batch, made_of: Sequence[Part]) -> Backing:
    """What the papers that cover a new batch mean for it. Raises QuotaExceeded."""
    covering = queries.covering(w.session, batch)
    cause = Cause(
        "registration",
        Quantity(batch.quantity, batch.unit),
        made_of=[portion(part.batch, part.quantity) for part in made_of],
        said=batch.attributes,
    )
    plan = plan_draws(w, batch, covering, cause)
    return Backing(plan, tuple(_fallen(w, batch, covering)))


def settle_backing(w: Writing, batch: Batch, backing: Backing, made_of: Sequence[Batch]) -> None:
    """Keep what the papers mean for a batch that is there now; what its parents fall with, it
    falls with too."""
    write_draws(w, batch, backing.plan.draws, "registration")
    parents = [parent.id for parent in made_of]
    behind = sa.select(Paper).where(Paper.id.in_(queries.reaching(parents))) if parents else None
    inherited = w.session.scalars(behind).all() if behind is not None else ()
    for paper in {one.id: one for one in (*backing.revoked, *inherited)}.values():
        lean_on_revoked(w, paper, batch)


def back_later(w: Writing, paper: Paper, batch: Batch) -> None:
    """What a paper means for a batch that it came to cover after that was registered."""
    (paper,) = queries.locked(w.session, (paper.id,))
    if paper.state == "revoked":
        lean_on_revoked(w, paper, batch)
    else:
        draw_later(w, paper, batch)


def lean_on_revoked(w: Writing, paper: Paper, batch: Batch) -> None:
    """Have a batch fall with a paper that was revoked before, where it has not already."""
    if w.session.get(PaperReach, (paper.id, batch.id)) is not None:
        return
    w.session.add(PaperReach(paper_id=paper.id, batch_id=batch.id))
    w.session.flush()
    paths = dict.fromkeys((str(TracePath(batch.trace_code)), batch.path))
    bound = bound_paths(w.session, sa.select(Batch.id).where(Batch.id == batch.id))
    mark_paths(w, (*paths, *bound), State.PAPER_REVOKED, paper.uid)


def fall_with(w: Writing, paper: Paper) -> int:
    """Have all that leans on a paper, and all that was made of it, fall with it; returns how many
    batches that is. What is listed then is published with the same commit.

    Raises Conflict where it was revoked in the meantime.
    """
    leaning = closure_of(leaning_on(paper, w.families))
    _keep_all(w, leaning)
    # whoever registers a batch holds on to the papers that cover it, so nobody is missed now
    w.session.refresh(paper, with_for_update={"of": Paper})
    require_in_force(paper)  # of two who revoke at once the second sees that it is done
    reached = _keep_all(w, leaning)
    inside = leaning.subquery()
    w.session.execute(
        sa.insert(PaperReach).from_select(
            ["paper_id", "batch_id"], sa.select(sa.literal(paper.id, sa.BigInteger), inside.c.id)
        )
    )
    mark_paths(w, _paths(w, paper), State.PAPER_REVOKED, paper.uid)
    return reached


def _keep_all(w: Writing, leaning: sa.Select[int]) -> int:
    """Keep some batches and all made of them to this transaction; how many they are.

    Whoever makes something of a batch locks it too: once nothing new turns up between two looks,
    nothing can be made any more that would be missed.
    """
    reached: list[int] = []
    while (now := sorted(w.session.scalars(leaning))) != reached:
        reached = now
        w.session.execute(
            sa.select(Batch.id)
            .where(Batch.id.in_(leaning))
            .order_by(Batch.id)
            .with_for_update(key_share=True, of=Batch)
        ).all()
    return len(reached)


def _paths(w: Writing, paper: Paper) -> Iterator[str]:
    """Every path of every batch that falls: a label may carry any of them."""
    rows = w.session.execute(
        sa.select(Batch.trace_code, Batch.path)
        .join(PaperReach, PaperReach.batch_id == Batch.id)
        .where(PaperReach.paper_id == paper.id)
        .order_by(Batch.id)
    )
    for trace_code, path in rows:
        yield from dict.fromkeys((str(TracePath(trace_code)), path))
    reached = sa.select(PaperReach.batch_id).where(PaperReach.paper_id == paper.id)
    yield from bound_paths(w.session, reached)


def _fallen(w: Writing, batch: Batch, covering: Covering) -> Iterator[Paper]:
    """The revoked papers that a new batch would lean on, but for those in whose place another of
    their kind stands that held when the batch was made."""
    day = made_on(batch)
    standing = {
        paper.kind
        for paper, target in covering
        if queries.state_on(paper, day) == "valid" and leans(paper, target, batch, w.families)
    }
    for paper, target in covering:
        if paper.state != "revoked" or paper.kind in standing:
            continue
        if leans(paper, target, batch, w.families):
            yield paper


def _doubt(paper: Paper) -> Kept:
    doubt = Doubt.of(
        REVOKED,
        "The paper {paper} that covers this was revoked.",
        paper=paper.number or paper.uid,
        uid=paper.uid,
    )
    return kept(doubt, "papers")
