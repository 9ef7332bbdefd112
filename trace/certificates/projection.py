"""What rows of commitment certificates hold, by their records."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.batches.projection import amount_said
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.records import CERTIFICATE, CERTIFICATE_ISSUER, COLLECTED
from suyuan.trace.certificates.tables import (
    Certificate,
    CertificateIssuer,
    CertificateSource,
    CollectedCertificate,
)
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import (
    Column,
    Projection,
    by_owner,
    gathered,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.parties.tables import Party

_ISSUED = ("certificate.issued",)
_VOIDED = ("certificate.voided",)


def _sources(session: Session, certificates: Sequence[int]) -> dict[int, list[str]]:
    issued, collected = aliased(Certificate), aliased(CollectedCertificate)
    label = sa.func.coalesce(issued.number, collected.uid, "")  # "": the row was taken out
    query = (
        sa.select(CertificateSource.certificate_id, label)
        .outerjoin(issued, issued.id == CertificateSource.issued_id)
        .outerjoin(collected, collected.id == CertificateSource.collected_id)
        .where(CertificateSource.certificate_id.in_(certificates))
    )
    rows = by_owner(session, query)
    return {owner: sorted(one for (one,) in several) for owner, several in rows.items()}


ISSUERS = Projection(
    CertificateIssuer,
    CertificateIssuer.code,
    CERTIFICATE_ISSUER,
    names=said_by("code"),
    references=(CertificateIssuer.record_id,),
    columns=(Column("party_id", name_of(Party.uid, CertificateIssuer.party_id), newest("party")),),
)

CERTIFICATES = Projection(
    Certificate,
    Certificate.number,
    CERTIFICATE,
    names=said_by("certificate"),
    references=(Certificate.record_id,),
    types=frozenset(_ISSUED),
    later=(CERTIFICATE,),
    columns=(
        Column("style", Certificate.style, newest("style")),
        Column("edition", Certificate.edition, newest("edition")),
        Column("batch_id", name_of(Batch.trace_code, Certificate.batch_id), newest("trace_code")),
        Column("issuer_id", name_of(Party.uid, Certificate.issuer_id), newest("issuer")),
        Column("product_name", Certificate.product_name, newest("product_name")),
        Column("quantity", Certificate.quantity, newest("quantity", read=amount_said)),
        Column("origin", Certificate.origin, newest("origin")),
        Column("contact", Certificate.contact, newest("contact")),
        Column("basis", Certificate.basis, newest("basis")),
        Column("issued_on", Certificate.issued_on, newest("issued_on")),
        Column("keep_until", Certificate.keep_until, newest("keep_until")),
        Column("state", Certificate.state, newest("state")),
        Column("state_reason", Certificate.state_reason, newest("reason", absent="")),
        Column("void_since", Certificate.void_since, newest("at", types=_VOIDED)),
        Column(
            "replaces_id", name_of(Certificate.number, Certificate.replaces_id), newest("replaces")
        ),
        Column("made_at", Certificate.made_at, newest("at", types=_ISSUED)),
        Column("certificate_source", _sources, gathered("upstream")),
    ),
)

COLLECTIONS = Projection(
    CollectedCertificate,
    CollectedCertificate.uid,
    COLLECTED,
    names=said_by("collected"),
    references=(CollectedCertificate.record_id,),
    columns=(
        Column("party_id", name_of(Party.uid, CollectedCertificate.party_id), newest("party")),
        Column(
            "batch_id",
            name_of(Batch.trace_code, CollectedCertificate.batch_id),
            newest("trace_code"),
        ),
        Column(
            "certificate_id",
            name_of(Certificate.number, CollectedCertificate.certificate_id),
            newest("certificate"),
        ),
        Column("number", CollectedCertificate.number, newest("number", absent="")),
        Column("issuer", CollectedCertificate.issuer, newest("issuer", absent="")),
        Column(
            "product_name", CollectedCertificate.product_name, newest("product_name", absent="")
        ),
        Column("quantity", CollectedCertificate.quantity, newest("quantity", read=amount_said)),
        Column(
            "unit", CollectedCertificate.unit, newest("quantity", read=lambda said: said["unit"])
        ),
        Column("origin", CollectedCertificate.origin, newest("origin", absent="")),
        Column("contact", CollectedCertificate.contact, newest("contact", absent="")),
        Column("issued_on", CollectedCertificate.issued_on, newest("issued_on")),
        Column("doubts", CollectedCertificate.doubts, newest("doubts", absent=[])),
        Column(
            "evidence_id",
            name_of(EvidenceFile.uid, CollectedCertificate.evidence_id),
            newest("evidence"),
        ),
        Column("keep_until", CollectedCertificate.keep_until, newest("keep_until")),
        Column("collected_at", CollectedCertificate.collected_at, newest("at")),
    ),
)

PROJECTIONS = (ISSUERS, CERTIFICATES, COLLECTIONS)
