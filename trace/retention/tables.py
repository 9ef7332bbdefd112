"""The tables of legal holds, which nobody erases against until a person lifts them, and of until
when records are kept."""

from __future__ import annotations

from datetime import date, datetime

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


class KeptUntil(Base):
    """The last day on which the rules have the personal fields of a record kept.

    It follows from the record and the rules, neither of which change, and stands here so that what
    is due is found by index. A record that no rule keeps, or whose fields were erased, has no row.
    """

    __tablename__ = "kept_until"

    record_id: Mapped[str] = mapped_column(sa.String(26), primary_key=True)
    until: Mapped[date]

    __table_args__ = (sa.Index("ix_kept_until_day", "until", "record_id"),)


class Reckoned(Base):
    """Up to which leaf, that one included, ``kept_until`` is reckoned, by which state of the
    rules."""

    __tablename__ = "kept_until_reckoned"

    rules: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    leaf_index: Mapped[int] = mapped_column(sa.BigInteger)
