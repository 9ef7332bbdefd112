"""Whether anything is wrong with a batch or package now, and what is gravest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.passport.facts import Standing
from suyuan.trace.passport.paper_rows import revoked_behind
from suyuan.trace.passport.queries import Row, orders_on
from suyuan.trace.release.rules import rule_names


def standing_of(session: Session, batch: Batch, now: datetime, today: date) -> Standing:
    """The gravest thing wrong with a batch: recalled, withdrawn, held, leaning on a revoked paper,
    past its date.

    A package may be void besides: see ``with_void``.
    """
    orders = {order.kind: order for order in orders_on(session, batch.id)}
    if "recall" in orders:
        return _stopped("recalled", orders["recall"], now)
    if batch.state == "withdrawn":
        return Standing("withdrawn", now)
    if "hold" in orders:
        return _stopped("held", orders["hold"], now)
    for paper in revoked_behind(session, batch.id):
        return Standing("paper_revoked", now, _revoked(paper), paper.revoked_at)
    if batch.best_before is not None and batch.best_before < today:
        return Standing("expired", now, reason=batch.best_before.isoformat())
    return Standing("clear", now)


def with_void(standing: Standing, voided_at: datetime | None, now: datetime) -> Standing:
    """The standing ``now`` of a package: that of its batch, unless its label is void.

    Only a recall is graver than that.
    """
    if voided_at is None or standing.state == "recalled":
        return replace(standing, as_of=now)
    return Standing("voided", now, since=voided_at)


def _revoked(paper: Row) -> str:
    """Which paper was revoked, and why."""
    name = PaperKinds.load().get(paper.kind).names.zh
    return f"{name} {paper.number}".strip() + f": {paper.state_reason}"


def _stopped(state: str, order: Row, now: datetime) -> Standing:
    rule = rule_names(order.rule)
    return Standing(state, now, order.reason, order.at, "" if rule else order.by, rule)
