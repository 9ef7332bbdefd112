"""Which batches must fall with a revoked paper, worked out anew, for those who audit it.

A batch that was there when the paper was revoked falls by what the paper covers. One that came
later falls where its own record says so, or where the paper names it, or what it was made of fell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.lineage.queries import closure_of
from suyuan.trace.log.findings import Finding, Kind
from suyuan.trace.log.outside_audit import MOST
from suyuan.trace.papers.leaning import REVOKED, covered_by, leaning_on, named_by
from suyuan.trace.papers.tables import Paper, PaperReach


def audit_reach(session: Session) -> tuple[Finding, ...]:
    """Compare the batches that fell with revoked papers with those that must have."""
    return tuple(islice(_all(session), MOST))


def _all(session: Session) -> Iterator[Finding]:
    for paper in session.scalars(sa.select(Paper).order_by(Paper.id)).all():
        fell = set(
            session.scalars(sa.select(PaperReach.batch_id).where(PaperReach.paper_id == paper.id))
        )
        if paper.state != "revoked":
            yield from _findings(session, Kind.INSERTED_ROW, paper, fell)
            continue
        must = set(session.scalars(closure_of(_roots(session, paper))))
        yield from _findings(session, Kind.DELETED_ROW, paper, must - fell)
        # families of an operator's own are not known here, and neither is what they need
        may = set(session.scalars(closure_of(covered_by(paper))))
        yield from _findings(session, Kind.INSERTED_ROW, paper, fell - may)


def _roots(session: Session, paper: Paper) -> sa.Select[int]:
    """The batches that fall by themselves."""
    leaning = Batch.id.in_(leaning_on(paper))
    late = sa.select(Batch.id, Batch.warnings).where(
        Batch.id.in_(covered_by(paper)), Batch.registered_at >= paper.revoked_at
    )
    warned = [id_ for id_, warnings in session.execute(late) if _says(warnings, paper.uid)]
    before = sa.and_(leaning, Batch.registered_at < paper.revoked_at)
    named = sa.and_(leaning, Batch.id.in_(named_by(paper)))
    return sa.select(Batch.id).where(sa.or_(before, named, Batch.id.in_(warned)))


def _says(warnings: list[dict[str, object]], uid: str) -> bool:
    """Whether a batch's own record says that it was registered under this revoked paper."""
    said = (one.get("params") for one in warnings if one.get("code") == REVOKED)
    return any(isinstance(params, dict) and params.get("uid") == uid for params in said)


def _findings(session: Session, kind: Kind, paper: Paper, batches: set[int]) -> Iterator[Finding]:
    says = {
        Kind.DELETED_ROW: "the batch leans on this revoked paper",
        Kind.INSERTED_ROW: "the batch does not lean on it, or it was not revoked",
    }[kind]
    for one in sorted(batches):
        batch = session.get_one(Batch, one)
        yield Finding(kind, f"paper_reach/{paper.uid}/{batch.trace_code}", says)
