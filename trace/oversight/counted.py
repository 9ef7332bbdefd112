"""Counting for the report of a division: one query for each figure, whatever there is to count.

Everything is counted by the moment at which it was recorded, never by when somebody says that it
happened, and where it has an end by the moment of that: nothing that is recorded later changes
what stood in a period that is over. So a batch that is withdrawn, an order that is lifted, a paper
that is revoked and a verdict that is overturned count in the period in which that was done, and in
the earlier one they go on standing as they stood when it ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.log.tables import Record
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.oversight.periods import Period
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.divisions import stems
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.quality.tables import FormerVerdict, KeptVerdict, TestReport, test_report_batch
from suyuan.trace.release.tables import Order, Release, Stopped

_Column = sa.SQLColumnExpression[Any]
_ONE = sa.literal(1)

Place = tuple[str, str]
"""A division's code and a family; no family for what belongs to none."""


@dataclass(frozen=True)
class Number:
    """A figure in a period, and in the period before it."""

    now: int = 0
    before: int = 0

    def __add__(self, other: Number) -> Number:
        return Number(self.now + other.now, self.before + other.before)


@dataclass(frozen=True)
class _Counted:
    """What a figure counts: ``rows`` (a join), each at one moment ``at``.

    ``ended``: where this is given, what began and has not ended is counted as the period ends.
    ``family`` None: things of no family, as the papers of an organisation. ``amount``: how much
    one row counts.
    """

    rows: Any
    at: _Column
    division: _Column = field(default_factory=lambda: Batch.division)
    family: _Column | None = field(default_factory=lambda: Batch.family)
    only: tuple[sa.ColumnElement[bool], ...] = ()
    ended: _Column | None = None
    amount: _Column = _ONE


def numbers(
    session: Session,
    figure: str,
    period: Period,
    division: str,
    families: Collection[str] | None,
) -> Mapping[Place, Number]:
    """A figure by the places and families in a division where there is something to count.

    ``families``: only these; None for all. What has no family by its nature counts for any.
    """
    counted = _counted()[figure]
    former = period.before()
    now, before = _within(counted, period), _within(counted, former)
    family = counted.family if counted.family is not None else sa.literal("")
    wanted = [_spanned(counted, former, period), _inside(counted.division, division)]
    if families is not None and counted.family is not None:
        wanted.append(family.in_(families))
    query = (
        sa.select(counted.division, family, _sum(now, counted.amount), _sum(before, counted.amount))
        .select_from(counted.rows)
        .where(*wanted, *counted.only)
        .group_by(counted.division, *([family] if counted.family is not None else []))
    )
    found: defaultdict[Place, Number] = defaultdict(Number)
    for place, kind, this, last in session.execute(query):
        found[place, kind or ""] += Number(int(this), int(last))
    return found


def _sum(condition: sa.ColumnElement[bool], amount: _Column) -> Any:
    return sa.func.sum(sa.case((condition, amount), else_=0))


def _within(counted: _Counted, period: Period) -> sa.ColumnElement[bool]:
    """What counts in a period."""
    begun = counted.at < period.until
    if counted.ended is None:
        return sa.and_(counted.at >= period.since, begun)
    return sa.and_(begun, sa.or_(counted.ended.is_(None), counted.ended >= period.until))


def _spanned(counted: _Counted, former: Period, period: Period) -> sa.ColumnElement[bool]:
    """What can count in one of two periods that follow each other: one range of an index."""
    begun = counted.at < period.until
    if counted.ended is None:
        return sa.and_(counted.at >= former.since, begun)
    return sa.and_(begun, sa.or_(counted.ended.is_(None), counted.ended >= former.until))


def _inside(column: _Column, division: str) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.startswith(stem) for stem in sorted(stems(division))))


@cache
def _counted() -> Mapping[str, _Counted]:
    """What each figure of ``standards/division_reports.json`` counts."""
    return {
        "batches_registered": _Counted(Batch, Batch.registered_at),
        "batches_withdrawn": _Counted(
            sa.join(Record, Batch, Batch.trace_code == Record.subject),
            Record.at,
            only=(Record.type == "batch.withdrawn",),
        ),
        **_labels(),
        **_certificates(),
        **_tests(),
        **_releases(),
        **_orders(),
        "papers_registered": _Counted(
            sa.join(Paper, Party, Party.id == Paper.holder_id), Paper.made_at, Party.division, None
        ),
        "papers_revoked": _Counted(
            sa.join(Paper, Party, Party.id == Paper.holder_id),
            Paper.revoked_at,
            Party.division,
            None,
        ),
        **_warnings(),
    }


def _labels() -> dict[str, _Counted]:
    """Labels of batches count where the batch came to be, those of blank rolls where the
    organisation that ordered them has its seat."""
    runs = sa.join(PrintRun, Party, Party.id == PrintRun.party_id).outerjoin(
        Batch, Batch.id == PrintRun.batch_id
    )
    division = sa.func.coalesce(Batch.division, Party.division)
    family = sa.func.coalesce(Batch.family, "")
    return {
        "labels_printed": _Counted(runs, PrintRun.at, division, family, amount=PrintRun.count),
        "labels_voided": _Counted(
            sa.join(IssuedCode, runs, PrintRun.id == IssuedCode.print_run_id),
            IssuedCode.voided_at,
            division,
            family,
        ),
    }


def _certificates() -> dict[str, _Counted]:
    rows = sa.join(Certificate, Batch, Batch.id == Certificate.batch_id)
    return {
        "certificates_issued": _Counted(rows, Certificate.made_at),
        "certificates_voided": _Counted(rows, Certificate.void_since),
    }


def _tests() -> dict[str, _Counted]:
    covered = test_report_batch.c
    tested = sa.join(TestReport, test_report_batch, covered.report_id == TestReport.id).join(
        Batch, Batch.id == covered.batch_id
    )
    given = _judgements()
    judged = sa.join(given, Batch, Batch.id == given.c.batch_id)
    later = aliased(TestReport)
    overturned = sa.join(later, KeptVerdict, KeptVerdict.overturned_by_id == later.id).join(
        Batch, Batch.id == KeptVerdict.batch_id
    )
    changed = sa.join(FormerVerdict, KeptVerdict, KeptVerdict.id == FormerVerdict.verdict_id).join(
        Batch, Batch.id == KeptVerdict.batch_id
    )
    at, word, first = given.c.judged_at, given.c.verdict, given.c.first
    return {
        "batches_tested": _Counted(tested, TestReport.made_at),
        "results_passed": _Counted(judged, at, only=(word == "pass", first)),
        "results_failed": _Counted(judged, at, only=(word == "fail", first)),
        "results_inconclusive": _Counted(judged, at, only=(word == "inconclusive", first)),
        "results_changed": _Counted(changed, FormerVerdict.until),
        "failures_overturned": _Counted(overturned, later.made_at),
        "failures_standing": _Counted(judged, at, only=(word == "fail",), ended=given.c.until),
    }


def _judgements() -> sa.Subquery:
    """What was judged of each line of a report and batch, and until when that was the last word:
    until the standards had it changed, or a later report decided otherwise."""
    later = aliased(TestReport)
    until = sa.case((later.made_at < FormerVerdict.until, later.made_at), else_=FormerVerdict.until)
    columns = (KeptVerdict.batch_id, KeptVerdict.verdict, KeptVerdict.judged_at)
    now = sa.select(
        *columns, later.made_at.label("until"), (KeptVerdict.changes == 0).label("first")
    ).outerjoin(later, later.id == KeptVerdict.overturned_by_id)
    former = (
        sa.select(
            KeptVerdict.batch_id,
            FormerVerdict.verdict,
            FormerVerdict.judged_at,
            until.label("until"),
            (FormerVerdict.number == 1).label("first"),
        )
        .join(KeptVerdict, KeptVerdict.id == FormerVerdict.verdict_id)
        .outerjoin(later, later.id == KeptVerdict.overturned_by_id)
    )
    return now.union_all(former).subquery("judgement")


def _releases() -> dict[str, _Counted]:
    """A release counts when it was given: an override when it was answered."""
    rows = sa.join(Release, Batch, Batch.id == Release.batch_id)
    override = Release.how == "override"
    return {
        "releases_given": _Counted(rows, Release.at, only=(~override,)),
        "overrides_asked": _Counted(rows, Release.at, only=(override,)),
        "overrides_given": _Counted(
            rows, Release.answered_at, only=(override, Release.state == "given")
        ),
        "overrides_refused": _Counted(
            rows, Release.answered_at, only=(override, Release.state == "refused")
        ),
    }


def _orders() -> dict[str, _Counted]:
    """An order counts where the batch came to be that it names; what it reaches, where each batch
    did. What is made of stopped goods afterwards counts nowhere: it was not there to be reached."""
    rows = sa.join(Order, Batch, Batch.id == Order.batch_id)
    reached = sa.join(Order, Stopped, Stopped.order_id == Order.id).join(
        Batch, Batch.id == Stopped.batch_id
    )
    hold, recall = (Order.kind == "hold",), (Order.kind == "recall",)
    return {
        "holds_ordered": _Counted(rows, Order.at, only=hold),
        "holds_lifted": _Counted(rows, Order.lifted_at, only=hold),
        "recalls_ordered": _Counted(rows, Order.at, only=recall),
        "recalls_finished": _Counted(rows, Order.finished_at, only=recall),
        "recalls_lifted": _Counted(rows, Order.lifted_at, only=recall),
        "batches_stopped": _Counted(reached, Order.at, only=(Batch.registered_at <= Order.at,)),
        "orders_in_force": _Counted(rows, Order.at, ended=Order.lifted_at),
    }


def _warnings() -> dict[str, _Counted]:
    place = (EarlyWarning.division, sa.func.coalesce(EarlyWarning.family, ""))
    return {
        "warnings_opened": _Counted(EarlyWarning, EarlyWarning.opened_at, *place),
        "warnings_closed": _Counted(EarlyWarning, EarlyWarning.closed_at, *place),
        "warnings_open": _Counted(
            EarlyWarning, EarlyWarning.opened_at, *place, ended=EarlyWarning.closed_at
        ),
    }
