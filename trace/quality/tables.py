"""The tables of test reports, as the laboratory wrote them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class TestReport(Base):
    """A laboratory's report on batches. ``conclusion`` is the laboratory's own word."""

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
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_file.id"))
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment)
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    record_id: Mapped[str] = mapped_column(said_in())

    laboratory_party: Mapped[Party | None] = relationship(foreign_keys=[laboratory_id])
    entered_by: Mapped[Party] = relationship(foreign_keys=[entered_by_id])
    evidence: Mapped[EvidenceFile | None] = relationship()
    items: Mapped[list[TestItem]] = relationship(order_by="TestItem.position")
    batches: Mapped[list[Batch]] = relationship(secondary="test_report_batch")

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
