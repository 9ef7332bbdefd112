"""The tables of intake: sheets as they came, how an organisation's columns are read, work items."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.database import Base, Id, Json, Moment


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

    ``state``: ``read`` → ``taken`` (its accepted rows went in) or ``dropped``.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence_file.id"))
    family: Mapped[str] = mapped_column(sa.String(30))
    grid: Mapped[dict[str, Any]] = mapped_column(Json)
    mapping: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(sa.String(10), default="read")
    at: Mapped[datetime] = mapped_column(Moment)


class WorkItem(Base):
    """A row that was set aside: what it said, what is doubtful, and whether it is settled."""

    __tablename__ = "work_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"))
    row: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    settled_note: Mapped[str] = mapped_column(sa.String(500), default="")
    at: Mapped[datetime] = mapped_column(Moment)
