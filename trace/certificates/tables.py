"""The tables of commitment certificates: who issues, what was issued, what was collected."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Amount, Base, Id, Json, Moment
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class CertificateIssuer(Base):
    """The number under which a party issues: its county's six digits and five of its own.

    The row is locked while a certificate of the party is numbered.
    """

    __tablename__ = "certificate_issuer"

    code: Mapped[str] = mapped_column(sa.String(11), primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()


class Certificate(Base):
    """A commitment certificate for so much of a batch, in the batch's unit.

    ``state``: ``issued`` or ``void``. ``edition`` names the texts, ``basis`` is a list of keys of
    that edition. ``replaces_id``: the certificate, then void, in whose place it was issued.
    """

    __tablename__ = "commitment_certificate"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(22), unique=True)
    style: Mapped[str] = mapped_column(sa.String(10))
    edition: Mapped[str] = mapped_column(sa.String(20))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    product_name: Mapped[str] = mapped_column(sa.String(200))
    quantity: Mapped[Decimal] = mapped_column(Amount)
    origin: Mapped[str] = mapped_column(sa.String(300))
    contact: Mapped[str] = mapped_column(sa.String(60))
    basis: Mapped[list[str]] = mapped_column(Json)
    issued_on: Mapped[date] = mapped_column(index=True)
    keep_until: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="issued")
    state_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    void_since: Mapped[datetime | None] = mapped_column(Moment, index=True)
    replaces_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("commitment_certificate.id"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(Moment, index=True)
    record_id: Mapped[str] = mapped_column(said_in())

    batch: Mapped[Batch] = relationship()
    issuer: Mapped[Party] = relationship()
    replaces: Mapped[Certificate | None] = relationship(remote_side=[id])
    sources: Mapped[list[CertificateSource]] = relationship(
        foreign_keys="CertificateSource.certificate_id", order_by="CertificateSource.id"
    )


class CollectedCertificate(Base):
    """A certificate that a buyer was given with a batch: ours, or what stands on another's.

    ``doubts``: in what it is incomplete or does not match the goods,
    ``[{field, message, params}]``; one with doubts proves nothing.
    """

    __tablename__ = "collected_certificate"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment_certificate.id"))
    number: Mapped[str] = mapped_column(sa.String(80), default="")
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    product_name: Mapped[str] = mapped_column(sa.String(200), default="")
    quantity: Mapped[Decimal | None] = mapped_column(Amount)
    unit: Mapped[str | None] = mapped_column(sa.String(3))
    origin: Mapped[str] = mapped_column(sa.String(300), default="")
    contact: Mapped[str] = mapped_column(sa.String(60), default="")
    issued_on: Mapped[date | None]
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence_file.id"))
    keep_until: Mapped[date]
    collected_at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()
    batch: Mapped[Batch] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    evidence: Mapped[EvidenceFile | None] = relationship()


class CertificateSource(Base):
    """A certificate of something that went into the goods of another one."""

    __tablename__ = "certificate_source"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        sa.ForeignKey("commitment_certificate.id"), index=True
    )
    issued_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("commitment_certificate.id"), index=True
    )
    collected_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("collected_certificate.id"), index=True
    )

    issued: Mapped[Certificate | None] = relationship(foreign_keys=[issued_id])
    collected: Mapped[CollectedCertificate | None] = relationship()
