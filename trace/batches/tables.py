"""The tables of batches: what came to be, who holds how much of it, and what it came from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Amount, Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products.tables import Product


class Batch(Base):
    """A batch (lot; 批次): one trace code, one unit, one quantity when it came to be.

    ``state``: ``registered`` → ``closed`` (nothing is left) or ``withdrawn`` (registered in
    error, before anything was done with it). Hold and recall are not states but rows of
    ``release``. ``produced`` is the production date as stated (see stated_dates), and
    ``produced_on`` its earliest day. ``gaps`` names the facts that are missing; ``warnings``
    keeps what was odd about its numbers: ``[{field, code, message, params}]``.
    """

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    trace_code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    family: Mapped[str] = mapped_column(sa.String(30), index=True)
    variant: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    division: Mapped[str] = mapped_column(sa.String(12), index=True)
    lot: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    path: Mapped[str] = mapped_column(sa.String(64), unique=True)
    quantity: Mapped[Decimal] = mapped_column(Amount)
    unit: Mapped[str] = mapped_column(sa.String(3))
    produced: Mapped[dict[str, Any] | None] = mapped_column(Json)
    produced_on: Mapped[date | None]
    best_before: Mapped[date | None] = mapped_column(index=True)
    attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    gaps: Mapped[list[str]] = mapped_column(Json, default=list)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(sa.String(10), default="registered")
    registered_at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()
    site: Mapped[Site | None] = relationship()
    product: Mapped[Product | None] = relationship()

    __table_args__ = (
        sa.Index("ix_batch_registered_at_place", "registered_at", "division", "family"),
    )


class Holding(Base):
    """How much of a batch a party has in hand; the row that is locked when quantity moves."""

    __tablename__ = "holding"

    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("batch.id"), primary_key=True, autoincrement=False
    )
    party_id: Mapped[int] = mapped_column(
        sa.ForeignKey("party.id"), primary_key=True, autoincrement=False, index=True
    )
    left: Mapped[Decimal] = mapped_column(Amount, sa.CheckConstraint('"left" >= 0', name="left"))


class Share(Base):
    """One household's part of a pooled batch. A herder's name is a personal fact."""

    __tablename__ = "share"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    household: Mapped[str] = mapped_column(sa.String(100), default="")
    quantity: Mapped[Decimal | None] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class BatchMark(Base):
    """Something else a batch can be found by: ear tag, jar number, foreign lot number; with what
    was ``stated`` of that one alone, as the live weight of an animal."""

    __tablename__ = "batch_mark"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    value: Mapped[str] = mapped_column(sa.String(64), index=True)
    stated: Mapped[str] = mapped_column(sa.String(60), default="")


class Link(Base):
    """An edge of lineage: this much of the parent went into the child, by this event."""

    __tablename__ = "link"

    child_id: Mapped[int] = mapped_column(
        sa.ForeignKey("batch.id"), primary_key=True, autoincrement=False
    )
    parent_id: Mapped[int] = mapped_column(
        sa.ForeignKey("batch.id"), primary_key=True, autoincrement=False
    )
    quantity: Mapped[Decimal | None] = mapped_column(Amount)
    event_id: Mapped[int | None] = mapped_column(sa.BigInteger)

    __table_args__ = (
        sa.Index("ix_link_parent_child", "parent_id", "child_id"),
        {"sqlite_with_rowid": False},
    )
