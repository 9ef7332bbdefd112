"""The tables of samples: the sheet, and each step of the sample after it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Amount, Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party, Site


class Sample(Base):
    """A sampling sheet. ``number`` is the taker's own; ``seal`` is empty until it is sealed.

    ``base``: the quantity that the sample stands for; ``reserve`` was laid by. Each quantity has
    its unit beside it.
    """

    __tablename__ = "sample"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    number: Mapped[str] = mapped_column(sa.String(80), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    taken_on: Mapped[date]
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    base: Mapped[Decimal | None] = mapped_column(Amount)
    base_unit: Mapped[str | None] = mapped_column(sa.String(3))
    quantity: Mapped[Decimal] = mapped_column(Amount)
    unit: Mapped[str] = mapped_column(sa.String(3))
    reserve: Mapped[Decimal | None] = mapped_column(Amount)
    reserve_unit: Mapped[str | None] = mapped_column(sa.String(3))
    seal: Mapped[str] = mapped_column(sa.String(80), default="")
    samplers: Mapped[list[str]] = mapped_column(Json, default=list)
    present: Mapped[list[str]] = mapped_column(Json, default=list)
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_file.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    batch: Mapped[Batch] = relationship()
    taken_by: Mapped[Party] = relationship()
    site: Mapped[Site | None] = relationship()
    evidence: Mapped[EvidenceFile | None] = relationship()
    steps: Mapped[list[SampleStep]] = relationship(order_by="SampleStep.id")

    __table_args__ = (sa.UniqueConstraint("taken_by_id", "number"),)


class SampleStep(Base):
    """What happened to a sample or to its reserve (``portion``), and who told of it.

    ``laboratory``: the name of where it was sent, ``to_party`` where that is an organisation here.
    ``intact``: whether the seal was whole, of a receipt.
    """

    __tablename__ = "sample_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    portion: Mapped[str] = mapped_column(sa.String(10))
    on: Mapped[date] = mapped_column("on_day")
    by_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    to_party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"), index=True)
    laboratory: Mapped[str] = mapped_column(sa.String(200), default="")
    seal: Mapped[str] = mapped_column(sa.String(80), default="")
    intact: Mapped[bool | None]
    keep_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    by_party: Mapped[Party] = relationship(foreign_keys=[by_party_id])
    to_party: Mapped[Party | None] = relationship(foreign_keys=[to_party_id])
