"""Counting what an organisation's year was, for its assessment: one query or two for each figure.

What was put right before the assessment counts as put right: a result that a re-test overturned, a
recall that was lifted as mistaken. What did happen in the year stays counted: a paper that ended
and was renewed afterwards had ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.credit.assessing import Found, YearFacts
from suyuan.trace.credit.model import CreditModel, Figure, Year
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.tables import Paper
from suyuan.trace.quality.queries import Judged, judged
from suyuan.trace.quality.tables import KeptVerdict, TestReport, test_report_batch
from suyuan.trace.release.recall_clocks import clock_of
from suyuan.trace.release.tables import Order

SHOWN: Final = 20
"""Of so many records a line names the newest; how many there were is counted in full."""


@dataclass(frozen=True)
class _Asked:
    """Whose year is counted, and ``now``, for what is late. ``of``: of these rules or kinds."""

    party_id: int
    year: Year
    now: datetime
    batches: int
    of: tuple[str, ...] = ()


def year_facts(
    session: Session, model: CreditModel, party_id: int, year: Year, now: datetime
) -> YearFacts:
    """All that the model asks of an organisation's year."""
    batches = _batches(session, party_id, year)

    def found(counts: Figure, of: tuple[str, ...] = ()) -> Found:
        return _FIGURES[counts](session, _Asked(party_id, year, now, batches, of))

    return YearFacts(
        batches,
        {loss.key: found(loss.counts, loss.of) for loss in model.losses},
        {key: found(veto.counts) for key, veto in model.vetoes.items() if veto.counts},
    )


def _batches(session: Session, party_id: int, year: Year) -> int:
    query = sa.select(sa.func.count()).where(
        Batch.party_id == party_id, Batch.state != "withdrawn", _within(Batch.registered_at, year)
    )
    return session.scalar(query) or 0


def _warnings(session: Session, asked: _Asked) -> Found:
    return _all_of(
        session,
        EarlyWarning,
        EarlyWarning.party_id == asked.party_id,
        EarlyWarning.rule.in_(asked.of),
        _within(EarlyWarning.opened_at, asked.year),
    )


def _papers_revoked(session: Session, asked: _Asked) -> Found:
    held = Paper.holder_id == asked.party_id
    return _all_of(session, Paper, held, _within(Paper.revoked_at, asked.year))


def _failed_batches(session: Session, asked: _Asked) -> Found:
    """Counted once each, however many lines of its reports failed."""
    reports: dict[int, str] = {}
    for one in _failures(session, asked):
        reports[one.batch_id] = one.report_uid
    return Found(len(reports), tuple(dict.fromkeys(reports.values()))[-SHOWN:])


def _forbidden_found(session: Session, asked: _Asked) -> Found:
    """By a laboratory: what a rapid test shows is a suspicion."""
    found = [
        one.report_uid
        for one in _failures(session, asked)
        if not one.rapid and (one.grounds.get("limit") or {}).get("forbidden", False)
    ]
    return _told(dict.fromkeys(found))


def _failures(session: Session, asked: _Asked) -> Iterator[Judged]:
    """The failed verdicts of the year that stand, bind, and come from whom one must believe."""
    which = (
        KeptVerdict.verdict == "fail",
        KeptVerdict.overturned_by_id.is_(None),
        _within(KeptVerdict.judged_at, asked.year),
    )
    query = (
        sa.select(KeptVerdict.batch_id)
        .join(Batch, Batch.id == KeptVerdict.batch_id)
        .where(Batch.party_id == asked.party_id, *which)
        .distinct()
    )
    failed = judged(session, session.scalars(query).all(), *which)
    return (one for one in failed if one.binds and one.believed)


def _untested(session: Session, asked: _Asked) -> Found:
    """Once, where goods were made and none of any year was tested."""
    query = (
        sa.select(TestReport.id)
        .join(test_report_batch, test_report_batch.c.report_id == TestReport.id)
        .join(Batch, Batch.id == test_report_batch.c.batch_id)
        .where(Batch.party_id == asked.party_id, _within(TestReport.made_at, asked.year))
    )
    tested = session.scalar(query.limit(1)) is not None
    return Found(int(asked.batches > 0 and not tested))


def _without_paper(session: Session, asked: _Asked) -> Found:
    """Once, where goods were made and no paper of these kinds held on the last day of the year."""
    last = asked.year.last
    query = sa.select(Paper.id).where(
        Paper.holder_id == asked.party_id,
        Paper.kind.in_(asked.of),
        sa.or_(Paper.revoked_at.is_(None), Paper.revoked_at >= asked.year.until),
        sa.or_(Paper.valid_from.is_(None), Paper.valid_from <= last),
        sa.or_(Paper.valid_to.is_(None), Paper.valid_to >= last),
        Paper.made_at < asked.year.until,
    )
    held = session.scalar(query.limit(1)) is not None
    return Found(int(asked.batches > 0 and not held))


def _recalls(session: Session, asked: _Asked) -> Found:
    """A recall that was lifted before anything came of it was none."""
    stood = sa.or_(Order.lifted_at.is_(None), Order.finished_at.is_not(None))
    ordered = _within(Order.at, asked.year)
    return _told(one.uid for one in _orders(session, asked, stood, ordered))


def _recalls_not_done(session: Session, asked: _Asked) -> Found:
    """Those whose last day for being finished was in the year or before, and that are not."""
    begun = Order.at < asked.year.until
    until = min(asked.now, asked.year.until)
    return _told(
        order.uid
        for order in _orders(session, asked, Order.lifted_at.is_(None), begun)
        if (clock := clock_of(order)) is not None
        and any(one.done_at is None and one.late(until) for one in clock.deadlines)
    )


def _orders(session: Session, asked: _Asked, *which: sa.ColumnElement[bool]) -> Iterable[Order]:
    query = (
        sa.select(Order)
        .join(Batch, Batch.id == Order.batch_id)
        .where(Batch.party_id == asked.party_id, Order.kind == "recall", *which)
        .order_by(Order.id)
    )
    return session.scalars(query)


_FIGURES: Mapping[Figure, Callable[[Session, _Asked], Found]] = {
    "warnings": _warnings,
    "papers_revoked": _papers_revoked,
    "failed_batches": _failed_batches,
    "forbidden_found": _forbidden_found,
    "untested": _untested,
    "without_paper": _without_paper,
    "recalls": _recalls,
    "recalls_not_done": _recalls_not_done,
}


def _all_of(
    session: Session, table: type[EarlyWarning | Paper], *which: sa.ColumnElement[bool]
) -> Found:
    count = session.scalar(sa.select(sa.func.count()).select_from(table).where(*which)) or 0
    newest = sa.select(table.uid).where(*which).order_by(table.id.desc()).limit(SHOWN)
    return Found(count, tuple(reversed(session.scalars(newest).all())))


def _told(uids: Iterable[str]) -> Found:
    found = tuple(uids)
    return Found(len(found), found[-SHOWN:])


def _within(column: Any, year: Year) -> sa.ColumnElement[bool]:
    return sa.and_(column >= year.since, column < year.until)
