"""The tables of hold, recall and release: an order with every batch it reaches; a release."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class Order(Base):
    """An order that stops a batch and all that was made of it: ``hold`` or ``recall``.

    ``rule``: where no person decided it, the rule that gave it (see ``rules.rule_names``), by what
    ``by_party`` had told; else empty. ``recall_class`` and ``known_at`` are what was stated of a
    recall (``recall_clocks.RecallFacts``), ``finished_at`` to ``outcome`` what came of it: goods
    may have been destroyed, and the order stays in force.
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
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    recall_class: Mapped[str] = mapped_column(sa.String(10), default="")
    known_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    finished_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    outcome: Mapped[str] = mapped_column(sa.String(500), default="")
    lifted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
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


class Release(Base):
    """That a batch may be shipped and sold (放行), or that somebody asked to let it go anyway.

    ``how``: by the ``rule`` when nothing was missing, by a ``person`` who said why, or as an
    ``override`` of what is missing (``covers``: the items of the checklist), which one person asks
    for and a second one answers. ``state``: ``given``; an override is ``asked`` first, and
    ``refused`` where the answer is no. Whether it still counts is asked each time anew
    (``queries.standing``). ``facts`` are those that were stated with it.
    """

    __tablename__ = "batch_release"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    how: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    covers: Mapped[list[str]] = mapped_column(Json, default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    by_party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    by_person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    answered_party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"))
    answered_by_uid: Mapped[str | None] = mapped_column(sa.String(26))
    answered_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    answer: Mapped[str] = mapped_column(sa.String(500), default="")
    record_id: Mapped[str] = mapped_column(said_in())

    batch: Mapped[Batch] = relationship()
    by_party: Mapped[Party | None] = relationship(foreign_keys=[by_party_id])
    answered_party: Mapped[Party | None] = relationship(foreign_keys=[answered_party_id])
