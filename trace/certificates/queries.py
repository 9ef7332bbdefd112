"""Reading commitment certificates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.tables import (
    Certificate,
    CertificateSource,
    CollectedCertificate,
)
from suyuan.trace.errors import NotFound
from suyuan.trace.papers.queries import state_between
from suyuan.trace.papers.tables import Paper, PaperScope

PAPER_KIND = "commitment_certificate"
"""The kind under which the register of papers has certificates that were not issued here."""


def certificate(session: Session, number: str, field: str | None = "number") -> Certificate:
    """The certificate with this number. Raises NotFound."""
    found = session.scalar(sa.select(Certificate).where(Certificate.number == number))
    if found is None:
        raise NotFound("There is no certificate {number}.", field=field, number=number)
    return found


def collected(session: Session, uid: str, field: str | None = "collected") -> CollectedCertificate:
    """The collected certificate with this uid. Raises NotFound."""
    query = sa.select(CollectedCertificate).where(CollectedCertificate.uid == uid)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no collected certificate {uid}.", field=field, uid=uid)
    return found


def valid_for(session: Session, batch_ids: Collection[int], on: date | None = None) -> set[int]:
    """Which of these batches have a certificate that stands: one issued here for them, one that a
    buyer collected with them and found right, or one of another in the register of papers.

    ``on``: the day on which a paper of the register must be valid; any day where None.
    """
    ids = list(set(batch_ids))
    found = {one.batch_id for one in issued_for(session, ids)}
    found |= {
        one.batch_id
        for one in collected_of_batches(session, ids)
        if not one.doubts and (one.certificate is None or one.certificate.state == "issued")
    }
    return found | _registered(session, ids, on)


def proved_elsewhere(session: Session, batch_id: int) -> bool:
    """Whether a batch has a certificate that stands and was not issued here."""
    of_others = (
        one
        for one in collected_of_batches(session, [batch_id])
        if not one.doubts and one.certificate is None
    )
    return any(of_others) or bool(_registered(session, [batch_id], None))


def _registered(session: Session, ids: Sequence[int], on: date | None) -> set[int]:
    registered = (
        sa.select(PaperScope.target_id, Paper.state, Paper.valid_from, Paper.valid_to)
        .join(Paper, Paper.id == PaperScope.paper_id)
        .where(Paper.kind == PAPER_KIND, PaperScope.target == "batch")
        .where(PaperScope.target_id.in_(ids), Paper.state != "revoked")
    )
    return {
        batch_id
        for batch_id, state, valid_from, valid_to in session.execute(registered)
        if on is None or state_between(state, valid_from, valid_to, on) == "valid"
    }


def issued_for(session: Session, batch_ids: Collection[int]) -> list[Certificate]:
    """The certificates of these batches that stand, in order of issue."""
    query = (
        sa.select(Certificate)
        .join(Batch, Batch.id == Certificate.batch_id)
        .where(Certificate.batch_id.in_(list(batch_ids)), Certificate.state == "issued")
        .where(Batch.state != "withdrawn")
    )
    return list(session.scalars(query.order_by(Certificate.id)))


def certified(session: Session, batch_id: int) -> Decimal:
    """For how much of a batch certificates stand, in the batch's unit."""
    query = sa.select(sa.func.sum(Certificate.quantity)).where(
        Certificate.batch_id == batch_id, Certificate.state == "issued"
    )
    return session.scalar(query) or Decimal(0)


def certificates_of_batch(session: Session, batch_id: int) -> list[Certificate]:
    """Every certificate of a batch, void ones too, the newest first."""
    query = sa.select(Certificate).where(Certificate.batch_id == batch_id)
    return list(session.scalars(query.order_by(Certificate.id.desc())))


def certificates_of_issuer(
    session: Session, party_id: int, *, after: int | None = None, limit: int = 50
) -> list[Certificate]:
    """The certificates that a party issued, newest first, from the one before row ``after``."""
    query = sa.select(Certificate).where(Certificate.issuer_id == party_id)
    if after is not None:
        query = query.where(Certificate.id < after)
    query = query.options(joinedload(Certificate.batch)).order_by(Certificate.id.desc())
    return list(session.scalars(query.limit(limit)))


def collected_of_batches(
    session: Session, batch_ids: Collection[int]
) -> list[CollectedCertificate]:
    """What was collected with these batches, in order."""
    query = (
        sa.select(CollectedCertificate)
        .where(CollectedCertificate.batch_id.in_(list(batch_ids)))
        .options(joinedload(CollectedCertificate.certificate))
    )
    return list(session.scalars(query.order_by(CollectedCertificate.id)))


def collected_by(
    session: Session, party_id: int, *, after: int | None = None, limit: int = 50
) -> list[CollectedCertificate]:
    """What a party collected, newest first, from the one before row ``after``."""
    query = sa.select(CollectedCertificate).where(CollectedCertificate.party_id == party_id)
    if after is not None:
        query = query.where(CollectedCertificate.id < after)
    query = query.options(
        joinedload(CollectedCertificate.certificate), joinedload(CollectedCertificate.batch)
    )
    return list(session.scalars(query.order_by(CollectedCertificate.id.desc()).limit(limit)))


def replaced_by(session: Session, certificate_id: int) -> str | None:
    """The number of the certificate that was issued in place of a void one, if one was."""
    query = sa.select(Certificate.number).where(Certificate.replaces_id == certificate_id)
    return session.scalar(query)


def sources(session: Session, certificate_id: int) -> list[CertificateSource]:
    """The certificates of what went into the goods of one, in order."""
    query = (
        sa.select(CertificateSource)
        .where(CertificateSource.certificate_id == certificate_id)
        .options(selectinload(CertificateSource.issued), selectinload(CertificateSource.collected))
    )
    return list(session.scalars(query.order_by(CertificateSource.id)))


def leaning_on(session: Session, certificate_id: int) -> list[Certificate]:
    """The certificates that stand on this one: of goods that were made of its goods."""
    query = (
        sa.select(Certificate)
        .join(CertificateSource, CertificateSource.certificate_id == Certificate.id)
        .where(CertificateSource.issued_id == certificate_id)
    )
    return list(session.scalars(query.order_by(Certificate.id)))
