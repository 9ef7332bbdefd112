"""What shows that a warning is settled: a record of the same goods, or of the same organisation.

It was made after the warning was opened: what was known then proves nothing of what was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.notices.rules import called, closing
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.quality.tables import TestReport, test_report_batch
from suyuan.trace.release.tables import Order, Release, Stopped
from suyuan.trace.words import listed

Rows = sa.Select[str, str, str, datetime]


@dataclass(frozen=True, slots=True)
class Proof:
    """A record that shows it. ``kind``: one of ``proofs`` in the rules' file. ``says``: the kind
    of an event or an order, the number of a report or a paper."""

    kind: str
    uid: str
    says: str
    at: datetime


def proofs_of(session: Session, warning: EarlyWarning) -> list[Proof]:
    """The newest records that may show that a warning is settled, the newest first."""
    rows = _records(warning)
    newest = sa.select(rows).order_by(rows.c.at.desc(), rows.c.uid).limit(closing().offered)
    return [Proof(*row) for row in session.execute(newest)]


def require_proof(session: Session, warning: EarlyWarning, uid: str) -> Proof:
    """The record with this uid. Raises InvalidInput where it shows nothing about the warning."""
    rows = _records(warning)
    found = session.execute(sa.select(rows).where(rows.c.uid == uid)).first()
    if found is None:
        raise InvalidInput(
            "{uid} proves nothing here: name a record of the same goods or organisation that was "
            "made since the warning was opened ({kinds}).",
            "proof",
            uid=uid,
            kinds=listed(called("proofs").values()),
        )
    return Proof(*found)


def require_proven(warning: EarlyWarning) -> None:
    """Raises InvalidInput where so grave a warning is not closed by a mere reason."""
    if warning.severity in closing().proof_needed:
        raise InvalidInput(
            "A warning as grave as this ({severity}) is closed with proof: add a file, or name a "
            "record made since it was opened ({kinds}).",
            "proof",
            severity=called("severities")[warning.severity],
            kinds=listed(called("proofs").values()),
        )


def _records(warning: EarlyWarning) -> sa.Subquery:
    about = (_events, _reports, _papers, _orders, _releases)
    return sa.union_all(*(rows(warning) for rows in about)).subquery()


def _events(warning: EarlyWarning) -> Rows:
    """The latest tellings of events, those too that say that something never happened."""
    own = (
        Event.party_id == warning.party_id
        if warning.batch_id is None
        else Event.id.in_(
            sa.select(EventBatch.event_id).where(EventBatch.batch_id == warning.batch_id)
        )
    )
    return _rows("event", Event.uid, Event.kind, Event.recorded_at).where(
        own, Event.corrected_by_id.is_(None), Event.recorded_at > warning.opened_at
    )


def _reports(warning: EarlyWarning) -> Rows:
    covered = sa.select(test_report_batch.c.report_id).where(
        test_report_batch.c.batch_id == warning.batch_id
    )
    return _rows("report", TestReport.uid, TestReport.number, TestReport.made_at).where(
        TestReport.id.in_(covered), TestReport.made_at > warning.opened_at
    )


def _papers(warning: EarlyWarning) -> Rows:
    covered = sa.select(PaperScope.paper_id).where(
        PaperScope.target == "batch", PaperScope.target_id == warning.batch_id
    )
    return _rows("paper", Paper.uid, Paper.number, Paper.made_at).where(
        sa.or_(Paper.holder_id == warning.party_id, Paper.id.in_(covered)),
        Paper.state == "valid",
        Paper.made_at > warning.opened_at,
    )


def _orders(warning: EarlyWarning) -> Rows:
    """Orders that were given, finished or lifted since."""
    at = sa.func.coalesce(Order.lifted_at, Order.finished_at, Order.at)
    reached = sa.select(Stopped.order_id).where(Stopped.batch_id == warning.batch_id)
    return _rows("order", Order.uid, Order.kind, at).where(
        Order.id.in_(reached), at > warning.opened_at
    )


def _releases(warning: EarlyWarning) -> Rows:
    at = sa.func.coalesce(Release.answered_at, Release.at)
    return _rows("release", Release.uid, Release.how, at).where(
        Release.batch_id == warning.batch_id, Release.state == "given", at > warning.opened_at
    )


def _rows(
    kind: str,
    uid: InstrumentedAttribute[str],
    says: InstrumentedAttribute[str],
    at: InstrumentedAttribute[datetime] | sa.ColumnElement[datetime],
) -> Rows:
    return sa.select(
        sa.literal(kind).label("kind"), uid.label("uid"), says.label("says"), at.label("at")
    )
