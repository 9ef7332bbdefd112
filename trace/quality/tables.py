"""The tables of test reports, as the laboratory wrote them, and of the verdicts on their lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import day_of
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party
from suyuan.trace.working_days import counted_surely


class TestReport(Base):
    """A laboratory's report on batches. ``conclusion`` is the laboratory's own word.

    ``retest_of``: the report that this one, of another laboratory, was made to decide.
    """

    __test__ = False  # a table, not a test class
    __tablename__ = "test_report"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    number: Mapped[str] = mapped_column(sa.String(80), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12), default="laboratory")
    laboratory_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    laboratory: Mapped[str] = mapped_column(sa.String(200))
    cma: Mapped[str] = mapped_column(sa.String(40), default="")
    catl: Mapped[str] = mapped_column(sa.String(40), default="")
    sample_number: Mapped[str] = mapped_column(sa.String(80), default="")
    sampled_on: Mapped[date | None]
    issued_on: Mapped[date]
    valid_to: Mapped[date | None]
    conclusion: Mapped[str] = mapped_column(sa.String(500), default="")
    retest_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("test_report.id"))
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_file.id"))
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment, index=True)
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    record_id: Mapped[str] = mapped_column(said_in())

    laboratory_party: Mapped[Party | None] = relationship(foreign_keys=[laboratory_id])
    entered_by: Mapped[Party] = relationship(foreign_keys=[entered_by_id])
    evidence: Mapped[EvidenceFile | None] = relationship()
    items: Mapped[list[TestItem]] = relationship(order_by="TestItem.position")
    batches: Mapped[list[Batch]] = relationship(secondary="test_report_batch")
    retest_of: Mapped[TestReport | None] = relationship(remote_side=[id])

    __table_args__ = (sa.UniqueConstraint("laboratory", "number"),)


class TestItem(Base):
    """One line of a report: the result is kept as the laboratory wrote it."""

    __test__ = False  # a table, not a test class
    __tablename__ = "test_item"

    report_id: Mapped[int] = mapped_column(
        sa.ForeignKey("test_report.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parameter: Mapped[str] = mapped_column(sa.String(120))
    result: Mapped[str] = mapped_column(sa.String(120))
    unit: Mapped[str] = mapped_column(sa.String(30), default="")
    lod: Mapped[str] = mapped_column(sa.String(40), default="")
    limit: Mapped[str] = mapped_column("limit_text", sa.String(120), default="")
    method: Mapped[str] = mapped_column(sa.String(120), default="")
    standard: Mapped[str] = mapped_column(sa.String(120), default="")
    conclusion: Mapped[str] = mapped_column(sa.String(60), default="")


test_report_batch = sa.Table(
    "test_report_batch",
    Base.metadata,
    sa.Column("report_id", sa.ForeignKey("test_report.id"), primary_key=True),
    sa.Column("batch_id", sa.ForeignKey("batch.id"), primary_key=True, index=True),
)


class KeptVerdict(Base):
    """The verdict on one line of a report for one of its batches, as it was given.

    ``grounds``: what it rests on (``grounds.Grounds``), as logged. ``row``: the limit that decided,
    an id of ``GET /api/v1/standards``. ``standards``: which state of the standards that was.
    ``overturned_by``: the later report that decided otherwise; until then the verdict stands.
    ``changes``: how often the standards have had it changed; ``judged_at`` is the last time.
    """

    __tablename__ = "verdict"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("test_report.id"))
    position: Mapped[int]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    parameter: Mapped[str] = mapped_column(sa.String(60))
    verdict: Mapped[str] = mapped_column(sa.String(20))
    unconfirmed: Mapped[bool]
    row: Mapped[str] = mapped_column("limit_row", sa.String(160), default="")
    grounds: Mapped[dict[str, Any]] = mapped_column(Json)
    standards: Mapped[str] = mapped_column(sa.String(16))
    judged_at: Mapped[datetime] = mapped_column(Moment)
    changes: Mapped[int] = mapped_column(default=0)
    overturned_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("test_report.id"), index=True
    )
    record_id: Mapped[str] = mapped_column(said_in())

    report: Mapped[TestReport] = relationship(foreign_keys=[report_id])
    batch: Mapped[Batch] = relationship()
    overturned_by: Mapped[TestReport | None] = relationship(foreign_keys=[overturned_by_id])

    __table_args__ = (
        sa.Index("ix_verdict_report_batch", "report_id", "batch_id"),
        sa.Index("ix_verdict_verdict_judged_at", "verdict", "judged_at"),
    )


class FormerVerdict(Base):
    """What a verdict said from ``judged_at`` until the standards had it changed (``until``).

    Kept so that the report of a period that is over says what was known then. ``number`` counts
    from 1, the verdict as it was first given.
    """

    __tablename__ = "former_verdict"

    verdict_id: Mapped[int] = mapped_column(
        sa.ForeignKey("verdict.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdict: Mapped[str] = mapped_column(sa.String(20))
    judged_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = (sa.Index("ix_former_verdict_verdict_judged_at", "verdict", "judged_at"),)


class Objection(Base):
    """An objection to a report by whoever answers for the goods.

    ``until``: when the statutory time for it ended; ``retest_due``: the day by which the re-test
    has to report, where the law names one. ``state``: ``open``, then by the re-test ``upheld`` (it
    passed) or ``rejected``.
    """

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("test_report.id"), index=True)
    by_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    retest_due: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("test_report.id"))
    record_id: Mapped[str] = mapped_column(said_in())

    report: Mapped[TestReport] = relationship(foreign_keys=[report_id])
    by_party: Mapped[Party] = relationship()
    decided_by: Mapped[TestReport | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def counted_surely(self) -> bool:
        """Whether the days off of all years that its clocks counted are known."""
        last = max(day_of(self.until), self.retest_due or date.min)
        return counted_surely(day_of(self.at), last)


class CountyLimit(Base):
    """A limit for a class of products within a division, that operators added to those that ship.

    ``state``: ``proposed``, then ``approved`` or ``refused`` by a second person; ``withdrawing``
    while a withdrawal waits for a second person, then ``withdrawn``, or ``approved`` again.
    ``asked_by_uid``: the person whose proposal or withdrawal the second person answers, or
    answered. ``minimum`` and ``maximum`` are decimals as they were written; ``plan`` is empty, or
    n, c, m and M as in the files of standards, with m and M as decimals in texts.
    """

    __tablename__ = "county_limit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    division: Mapped[str] = mapped_column(sa.String(12))
    standard: Mapped[str] = mapped_column(sa.String(120))
    clause: Mapped[str] = mapped_column(sa.String(120))
    force: Mapped[str] = mapped_column(sa.String(12))
    product_class: Mapped[str] = mapped_column(sa.String(60))
    parameter: Mapped[str] = mapped_column(sa.String(60))
    minimum: Mapped[str | None] = mapped_column(sa.String(40))
    maximum: Mapped[str | None] = mapped_column(sa.String(40))
    plan: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    forbidden: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    dry: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(500))
    confidence: Mapped[str] = mapped_column(sa.String(10))
    checked_by: Mapped[str] = mapped_column(sa.String(120), default="")
    state: Mapped[str] = mapped_column(sa.String(12), default="proposed")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    asked_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    answered_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())
