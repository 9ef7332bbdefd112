"""The tables of the register of papers: certificates, permits, licences, and what they cover."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Amount, Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products.tables import Product


class Paper(Base):
    """A certificate or permit in the register (``standards/paper_kinds.json``).

    ``plain_number``: the number without what some write and others leave out, by which it is known.
    ``state``: ``valid`` or ``revoked``; whether it has expired follows from ``valid_to``.
    ``checked_*`` says who looked at it last, for which organisation, when, and where or against
    what (an office, a web site). ``renews``: the paper that it succeeds.
    """

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40), index=True)
    number: Mapped[str] = mapped_column(sa.String(80), index=True)
    plain_number: Mapped[str] = mapped_column(sa.String(80))
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    issued_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    amount: Mapped[Decimal | None] = mapped_column(Amount)
    unit: Mapped[str | None] = mapped_column(sa.String(3))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="valid")
    state_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    renews_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paper.id"), index=True)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_file.id"))
    checked_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    checked_by_party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    checked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_where: Mapped[str] = mapped_column(sa.String(200), default="")
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment, index=True)
    record_id: Mapped[str] = mapped_column(said_in())

    holder: Mapped[Party] = relationship(foreign_keys=[holder_id])
    checked_by_party: Mapped[Party | None] = relationship(foreign_keys=[checked_by_party_id])
    evidence: Mapped[EvidenceFile | None] = relationship()
    renews: Mapped[Paper | None] = relationship(remote_side=[id])
    scope: Mapped[list[PaperScope]] = relationship(back_populates="paper")

    __table_args__ = (
        sa.Index(
            "uq_paper_kind_plain_number_holder_id",
            "kind",
            "plain_number",
            "holder_id",
            unique=True,
            sqlite_where=sa.text("plain_number <> ''"),
            postgresql_where=sa.text("plain_number <> ''"),
        ),
    )


class PaperScope(Base):
    """One thing that a paper covers: a party, a site, a product or a batch (its row's id)."""

    __tablename__ = "paper_scope"

    paper_id: Mapped[int] = mapped_column(
        sa.ForeignKey("paper.id"), primary_key=True, autoincrement=False
    )
    target: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)

    paper: Mapped[Paper] = relationship(back_populates="scope")

    __table_args__ = (sa.Index("ix_paper_scope_target", "target", "target_id"),)


class PaperDraw(Base):
    """One entry in the account of a paper's amount; never changed and never taken away.

    ``amount``, in the paper's unit, is drawn for a batch where it is more than nothing, and given
    back where it is less. ``over``: how much more was wanted than was left, where the kind's rule
    lets that pass; below nothing where that is taken back. ``period``: the year (``2026``) of an
    amount that is for each year, else empty. ``why``: ``registration``, ``printing``, ``event``,
    ``withdrawn`` or ``voided``.
    ``print_run`` is the uid of the run whose labels drew it, or of what bound those of a roll.
    """

    __tablename__ = "paper_draw"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    print_run: Mapped[str | None] = mapped_column(sa.String(26), index=True)
    period: Mapped[str] = mapped_column(sa.String(4), default="")
    amount: Mapped[Decimal] = mapped_column(Amount)
    over: Mapped[Decimal] = mapped_column(Amount)
    why: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    paper: Mapped[Paper] = relationship()

    __table_args__ = (sa.Index("ix_paper_draw_paper_period", "paper_id", "period"),)


class PaperReach(Base):
    """A batch that leans on a paper which was revoked, by itself or by what it was made of."""

    __tablename__ = "paper_reach"

    paper_id: Mapped[int] = mapped_column(
        sa.ForeignKey("paper.id"), primary_key=True, autoincrement=False
    )
    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("batch.id"), primary_key=True, autoincrement=False, index=True
    )

    paper: Mapped[Paper] = relationship()


class PaperApplication(Base):
    """An application for a certification that an authority issues here.

    ``state``: ``applied``, ``approved`` (``paper`` is then in the register) or ``refused``.
    ``division`` is that of the land, or the applicant's seat. ``area_m2`` of land, ``amount`` in
    ``unit`` for a year, ``months``: as asked for, and once approved, as approved.
    """

    __tablename__ = "paper_application"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    applicant_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    division: Mapped[str] = mapped_column(sa.String(12))
    area_m2: Mapped[int | None] = mapped_column(sa.BigInteger)
    amount: Mapped[Decimal] = mapped_column(Amount)
    unit: Mapped[str] = mapped_column(sa.String(3))
    months: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    renews_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paper.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="applied", index=True)
    state_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    paper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paper.id"), index=True)
    applied_at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    applicant: Mapped[Party] = relationship(foreign_keys=[applicant_id])
    product: Mapped[Product] = relationship()
    decided_by: Mapped[Party | None] = relationship(foreign_keys=[decided_by_id])
    paper: Mapped[Paper | None] = relationship(foreign_keys=[paper_id])
    renews: Mapped[Paper | None] = relationship(foreign_keys=[renews_id])
    sites: Mapped[list[Site]] = relationship(secondary="paper_application_site")
    evidence: Mapped[list[EvidenceFile]] = relationship(secondary="paper_application_evidence")

    __table_args__ = (
        sa.Index(
            "uq_paper_application_kind_product_id",
            "kind",
            "product_id",
            unique=True,
            sqlite_where=sa.text("state = 'applied'"),
            postgresql_where=sa.text("state = 'applied'"),
        ),
    )


paper_application_site = sa.Table(
    "paper_application_site",
    Base.metadata,
    sa.Column("application_id", sa.ForeignKey("paper_application.id"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
)

paper_application_evidence = sa.Table(
    "paper_application_evidence",
    Base.metadata,
    sa.Column("application_id", sa.ForeignKey("paper_application.id"), primary_key=True),
    sa.Column("evidence_id", sa.ForeignKey("evidence_file.id"), primary_key=True),
)
