"""The tables of events: what happened, to which batches, and what moved between parties."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Amount, Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party, Site


class Event(Base):
    """What happened (EPCIS 2.0 event). Never changed: ``corrected_by_id`` points at what mends it.

    ``party_id`` answers for the act; ``person_uid`` typed it. ``evidence_grade`` is
    ``self_declared``, ``documented`` or ``third_party``. ``completeness`` is 0 … 100 and
    ``missing`` names the key data elements that are not there. A row with ``corrects_id`` says
    how the event really was, or, where it is ``withdrawn``, that it never happened. ``warnings``
    keeps what is hard to believe of it: ``[{field, code, message, params}]``.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20), index=True)
    happened: Mapped[dict[str, Any] | None] = mapped_column(Json)
    happened_at: Mapped[datetime] = mapped_column(Moment, index=True)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    evidence_grade: Mapped[str] = mapped_column(sa.String(20))
    completeness: Mapped[int]
    missing: Mapped[list[str]] = mapped_column(Json, default=list)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"))
    corrected_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"))
    correction_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    withdrawn: Mapped[bool] = mapped_column(default=False)
    content_digest: Mapped[str] = mapped_column(sa.String(64))
    record_id: Mapped[str] = mapped_column(said_in(), index=True)

    party: Mapped[Party] = relationship()
    site: Mapped[Site | None] = relationship()
    batches: Mapped[list[EventBatch]] = relationship(back_populates="event")
    evidence: Mapped[list[EvidenceFile]] = relationship(secondary="event_evidence")


class EventBatch(Base):
    """A batch in an event: as ``subject``, ``input`` or ``output``, with the quantity concerned."""

    __tablename__ = "event_batch"

    event_id: Mapped[int] = mapped_column(
        sa.ForeignKey("event.id"), primary_key=True, autoincrement=False
    )
    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("batch.id"), primary_key=True, autoincrement=False, index=True
    )
    role: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    quantity: Mapped[Decimal | None] = mapped_column(Amount)

    event: Mapped[Event] = relationship(back_populates="batches")
    batch: Mapped[Batch] = relationship()


event_evidence = sa.Table(
    "event_evidence",
    Base.metadata,
    sa.Column("event_id", sa.ForeignKey("event.id"), primary_key=True),
    sa.Column("evidence_id", sa.ForeignKey("evidence_file.id"), primary_key=True),
)


class Shipment(Base):
    """Goods on their way: sent by one party, accepted or disputed by the other, never by itself.

    ``state``: ``sent`` → ``accepted``, or ``disputed`` (``accepted_quantity`` of it was taken,
    the rest is with nobody until it is returned or written off). ``open`` is what of it is with
    nobody now: all of it while it is on its way, the disputed rest later, in the end nothing.
    """

    __tablename__ = "shipment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    from_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    to_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Amount)
    open: Mapped[Decimal] = mapped_column(Amount, sa.CheckConstraint("open >= 0", name="open"))
    state: Mapped[str] = mapped_column(sa.String(10), default="sent", index=True)
    accepted_quantity: Mapped[Decimal | None] = mapped_column(Amount)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    ship_event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    receipt_event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"))

    batch: Mapped[Batch] = relationship()
    from_party: Mapped[Party] = relationship(foreign_keys=[from_party_id])
    to_party: Mapped[Party] = relationship(foreign_keys=[to_party_id])
