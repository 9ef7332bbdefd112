"""The table of legal holds: what nobody erases until a person lifts it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class LegalHold(Base):
    """That records are needed for a case: ``about`` is a trace code, or the uid of an organisation,
    a person or a record."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    about: Mapped[str] = mapped_column(sa.String(64), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    by_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    by_person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    at: Mapped[datetime] = mapped_column(Moment)
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
    lifted_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    lift_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    record_id: Mapped[str] = mapped_column(said_in())

    by_party: Mapped[Party] = relationship()
