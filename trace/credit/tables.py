"""The table of the yearly assessments of organisations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.credit.assessing import Assessment
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class CreditAssessment(Base):
    """What an organisation's year came to, as announced, objected to and decided.

    ``state``: ``announced`` → ``objected`` → ``decided``, or straight to it once the time for
    objecting (``notice_until``, that day included) is over. ``found``: the assessment by the model
    of ``version`` (``assessing.Assessment``), with its evidence. ``again``: why a year that was
    decided is assessed once more; the newest decision counts. ``grade`` and ``reason`` are the
    decision; ``veto``: what a person states that makes it the lowest.
    """

    __tablename__ = "credit_assessment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    year: Mapped[int]
    division: Mapped[str] = mapped_column(sa.String(12), index=True)
    version: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(12))
    found: Mapped[dict[str, Any]] = mapped_column(Json)
    again: Mapped[str] = mapped_column(sa.String(500), default="")
    by_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    announced_at: Mapped[datetime] = mapped_column(Moment)
    notice_until: Mapped[date]
    objection: Mapped[str] = mapped_column(sa.String(500), default="")
    objected_at: Mapped[datetime | None] = mapped_column(Moment)
    grade: Mapped[str] = mapped_column(sa.String(10), default="")
    veto: Mapped[str] = mapped_column(sa.String(40), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship(foreign_keys=[party_id])
    by_party: Mapped[Party] = relationship(foreign_keys=[by_party_id])
    decided_by: Mapped[Party | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        sa.Index("ix_credit_assessment_party_year", "party_id", "year"),
        sa.Index(
            "uq_credit_assessment_open",
            "party_id",
            "year",
            unique=True,
            sqlite_where=sa.text("state <> 'decided'"),
            postgresql_where=sa.text("state <> 'decided'"),
        ),
    )

    @property
    def assessment(self) -> Assessment:
        """What the model came to."""
        return Assessment.from_json(self.found)
