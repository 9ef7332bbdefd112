"""The tables of hold and recall: one order, every batch it reaches."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Base, Id, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class Order(Base):
    """An order that stops a batch and all that was made of it: ``hold`` or ``recall``.

    ``rule``: where no person decided it, the rule that gave it (see ``rules.rule_names``), by what
    ``by_party`` had told; else empty.
    """

    __tablename__ = "stop_order"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    rule: Mapped[str] = mapped_column(sa.String(40), default="")
    by_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    by_person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    at: Mapped[datetime] = mapped_column(Moment)
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
    lifted_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    lift_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    record_id: Mapped[str] = mapped_column(said_in())

    batch: Mapped[Batch] = relationship()
    by_party: Mapped[Party] = relationship()


class Stopped(Base):
    """A batch that an order reaches, itself or as a descendant."""

    __tablename__ = "stopped"

    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stop_order.id"), primary_key=True, autoincrement=False
    )
    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("batch.id"), primary_key=True, autoincrement=False, index=True
    )

    order: Mapped[Order] = relationship()
