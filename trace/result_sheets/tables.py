"""The tables of result sheets: how a laboratory's sheets are laid out, and sheets as they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.parties.tables import Party


class KeptLayout(Base):
    """How a laboratory's sheets are read, under the name that it chose.

    ``fingerprint``: of the headings by which the next sheet is known again.
    """

    __tablename__ = "result_layout"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    layout: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (sa.UniqueConstraint("party_id", "name"),)


class ResultSheet(Base):
    """A sheet of results that was sent in: the file is evidence, the grid is what was read of it.

    ``sheet`` and ``number`` say which table of it is meant, both counted from 0. The grid is kept
    while it is worked on. ``state``: ``read`` → ``taken`` (its reports were entered, ``answer``
    names them) or ``dropped``.
    """

    __tablename__ = "result_sheet"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence_file.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    grid: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    sheet: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    layout_name: Mapped[str] = mapped_column(sa.String(80), default="")
    layout: Mapped[dict[str, Any] | None] = mapped_column(Json)
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="read")
    at: Mapped[datetime] = mapped_column(Moment)

    party: Mapped[Party] = relationship()
    evidence: Mapped[EvidenceFile] = relationship()
