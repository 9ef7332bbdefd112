"""Commitment certificates: issued, read, declared void, collected from those one buys of."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading, today
from suyuan.api.media import PDF, wants
from suyuan.api.paging import listed, page, page_of
from suyuan.api.resources.describing import amount, doubts_told
from suyuan.api.schemas.certificates import (
    CertificateAnswer,
    CertificateInput,
    CertificateMade,
    CertificateQuery,
    CollectedAnswer,
    CollectInput,
    ReissueInput,
)
from suyuan.api.schemas.parties import OwnPageQuery, ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.certificate import write_certificate
from suyuan.trace.acts import certificates as acts
from suyuan.trace.acts.collecting import collect_certificate as collect
from suyuan.trace.batches.queries import batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.content import content_of
from suyuan.trace.certificates.facts import CertificateFacts, CollectFacts
from suyuan.trace.certificates.rules import require_printable
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.codes.signing import label_host
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.doubts import Remark
from suyuan.trace.errors import Forbidden
from suyuan.trace.keys.tables import Instance
from suyuan.trace.oversight.sight import books_sight, party_sight
from suyuan.trace.parties.queries import party
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped

certificates = ApiBlueprint(
    "commitment-certificates", "Commitment certificates (承诺达标合格证), by order 2025-4."
)

_HREF = "/api/v1/commitment-certificates/"
_CERTIFICATE = {
    "trace_code": "5406261234567895",
    "quantity": {"amount": "9", "unit": "HEA"},
    "basis": ["quality_control"],
}
_COLLECTED = {
    "party": "01kd8z0000000000000000000a",
    "trace_code": "5406261234567895",
    "number": "540626-00001-261122-0001-6",
}


@certificates.get(
    "/commitment-certificates",
    query=CertificateQuery,
    answer=page_of(CertificateAnswer, "CertificatePage"),
)
def list_certificates(query: dict[str, Any]) -> Response:
    """List the certificates of a batch, or those that an organisation issued, newest first."""
    asked = page(query)
    with reading() as session:
        if query["trace_code"]:
            found = batch(session, parse_trace_code(query["trace_code"]))
            rows = queries.certificates_of_batch(session, found.id)
            return jsonify(items=[_certificate(session, one) for one in rows], next=None)
        issuer = party(session, query["party"] or actor().party_uid or "")
        if "trade" not in books_sight(actor(), issuer):
            raise Forbidden("The list of another's certificates is not open to you.", "party")
        rows = queries.certificates_of_issuer(
            session, issuer.id, after=asked.after, limit=asked.limit + 1
        )
        return listed(asked, rows, lambda row: row.id, lambda row: _certificate(session, row))


@certificates.post(
    "/commitment-certificates", body=CertificateInput, answer=CertificateMade, example=_CERTIFICATE
)
def issue_certificate(body: CertificateFacts) -> Response:
    """Issue a certificate. All that stands in the way is named at once."""
    return _made(perform(acts.issue_certificate, body))


@certificates.get(
    "/commitment-certificates/<certificate:number>", answer=CertificateAnswer, media=(PDF,)
)
def read_certificate(number: str) -> Response:
    """Read a certificate; with `Accept: application/pdf` its issuer gets it to print."""
    with reading() as session:
        found = queries.certificate(session, number)
        if not wants(PDF):
            return jsonify(_certificate(session, found))
        actor().require("register_paper", found.issuer)
        require_printable(found.state)
        require_not_stopped(session, (found.batch_id,))
        out, host = BytesIO(), label_host(session.get_one(Instance, 1).hosts)
        write_certificate(content_of(found), str(host), today(), out)
        return Response(out.getvalue(), content_type=PDF)


@certificates.post(
    "/commitment-certificates/<certificate:number>/void", body=ReasonInput, answer=CertificateMade
)
def void_certificate(body: dict[str, str], number: str) -> Response:
    """Declare a certificate void. What it stood for may be certified anew."""
    return _made(perform(acts.void_certificate, number, body["reason"]))


@certificates.post(
    "/commitment-certificates/<certificate:number>/reissue",
    body=ReissueInput,
    answer=CertificateMade,
)
def reissue_certificate(body: dict[str, Any], number: str) -> Response:
    """Declare a certificate void and issue another in its place."""
    return _made(perform(acts.reissue_certificate, number, body["reason"], body["certificate"]))


@certificates.get(
    "/collected-certificates",
    query=OwnPageQuery,
    answer=page_of(CollectedAnswer, "CollectedPage"),
)
def list_collected(query: dict[str, Any]) -> Response:
    """List the certificates that an organisation collected, newest first."""
    asked = page(query)
    with reading() as session:
        collector = party(session, query["party"] or actor().party_uid or "")
        seen = books_sight(actor(), collector)
        if "trade" not in seen:
            raise Forbidden("The list of another's certificates is not open to you.", "party")
        rows = queries.collected_by(session, collector.id, after=asked.after, limit=asked.limit + 1)
        return listed(
            asked,
            rows,
            lambda row: row.id,
            lambda row: CollectedAnswer.seen(_collected(row), seen),
        )


@certificates.post("/collected-certificates", body=CollectInput, answer=Named, example=_COLLECTED)
def collect_certificate(body: CollectFacts) -> Response:
    """Keep the certificate that came with goods; what is wrong with it is told by the list."""
    return made(perform(collect, body))


def _made(number: str) -> Response:
    response = jsonify(number=number, href=_HREF + number)
    response.status_code = 201
    response.headers["Location"] = _HREF + number
    return response


def _certificate(session: Session, one: Certificate) -> dict[str, Any]:
    seen = party_sight(actor(), one.issuer)
    content = content_of(one, for_all="personal" not in seen)
    said = {key: text for key, _, text in content.fields}
    sources = queries.sources(session, one.id)
    whole = {name: getattr(one, name) for name in _WRITTEN}
    return CertificateAnswer.seen(
        {
            **whole,
            "trace_code": one.batch.trace_code,
            "issuer": one.issuer.uid,
            "issuer_name": said["issuer"],
            "contact": said.get("contact", ""),
            "quantity": amount(one.quantity, one.batch.unit),
            "lead": content.style.lead.zh,
            "commitments": [sentence.zh for sentence in content.style.commitments],
            "upstream": [mine.number for source in sources if (mine := source.issued)]
            + [other.uid for source in sources if (other := source.collected)],
            "replaces": one.replaces.number if one.replaces else None,
            "replaced_by": queries.replaced_by(session, one.id),
            "href": content.path,
        }
    )


_WRITTEN = (
    "number", "state", "state_reason", "style", "edition", "product_name", "origin", "basis",
     "issued_on", "keep_until",
)  # fmt: skip
"""The columns of a certificate that are answered as they are."""


def _collected(one: CollectedCertificate) -> dict[str, Any]:
    quantity = Quantity(one.quantity, one.unit) if one.quantity is not None and one.unit else None
    return {
        "uid": one.uid,
        "party": one.party.uid,
        "trace_code": one.batch.trace_code,
        "keep_until": one.keep_until,
        "certificate": one.certificate.number if one.certificate else None,
        "number": one.number,
        "issuer": one.issuer,
        "product_name": one.product_name,
        "quantity": quantity.to_json() if quantity else None,
        "origin": one.origin,
        "issued_on": one.issued_on,
        "doubts": doubts_told(map(Remark.from_json, one.doubts)),
        "evidence": one.evidence.uid if one.evidence else None,
    }
