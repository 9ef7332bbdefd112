"""The tables of intake: sheets as they came, how an organisation's columns are read, work items."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class SheetMapping(Base):
    """How an organisation's sheet is read, remembered by the fingerprint of its headings."""

    __tablename__ = "sheet_mapping"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (sa.UniqueConstraint("party_id", "fingerprint"),)


class Upload(Base):
    """A sheet that was sent in: the file is evidence, the grid is what was read of it.

    ``sheet`` and ``number`` say which table of it is meant, both counted from 0; ``handed_out``
    whether it is one of our own sheets, filled in. ``mapping`` and ``decisions`` hold what the
    clerk has said so far, ``answer`` what came of it.
    ``state``: ``read`` → ``taken`` (its accepted rows went in) or ``dropped``.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence_file.id"))
    family: Mapped[str] = mapped_column(sa.String(30))
    variant: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    handed_out: Mapped[bool] = mapped_column(default=False)
    grid: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    sheet: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    mapping: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="read")
    at: Mapped[datetime] = mapped_column(Moment)

    party: Mapped[Party] = relationship()
    evidence: Mapped[EvidenceFile] = relationship()


class WorkItem(Base):
    """A row that was set aside: what it said, what is doubtful, and whether it is settled.

    ``state``: ``open`` → ``done`` (what it told of was registered or mended) or ``dropped``.
    """

    __tablename__ = "work_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"))
    row: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    settled_note: Mapped[str] = mapped_column(sa.String(500), default="")
    settled_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()
    upload: Mapped[Upload] = relationship()
