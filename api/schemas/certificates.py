"""Commitment certificates, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.batches import QuantityAnswer
from suyuan.api.schemas.fields import Day, Inner, OneOf, Several, Text, Uid, quantity
from suyuan.api.schemas.parties import OwnPageQuery, ReasonInput
from suyuan.api.schemas.shapes import TRADE, Answer, DoubtAnswer, Input
from suyuan.trace.certificates.facts import CertificateFacts, CollectFacts
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.certificates.texts import STYLES


class CertificateInput(Input):
    """For how much of which batch, and on what the commitment rests.

    ``style`` follows from where the goods came from; where it is given, it must be that one.
    """

    facts = CertificateFacts
    trace_code = Text(40, least=1, required=True)
    quantity = quantity(required=True)
    basis = Several(
        Text(40, least=1), 10, least=1, required=True,
        metadata={"examples": [["quality_control"]]},
    )  # fmt: skip
    style = OneOf("", *STYLES)
    issued_on = Day(allow_none=True)
    product_name = Text(Certificate.product_name)
    origin = Text(Certificate.origin)
    contact = Text(Certificate.contact)


class ReissueInput(ReasonInput):
    """Why the certificate is void, and the one in its place."""

    certificate = Inner(CertificateInput, required=True)


class CertificateQuery(OwnPageQuery):
    """Whose certificates, or those of a batch."""

    trace_code = Text(40, least=1, load_default=None)


class CertificateAnswer(Answer):
    """A commitment certificate, with the words of the day that stands on it.

    ``number`` is this system's own; there is no statutory one. ``upstream``: numbers of the
    certificates of what the goods were made of, and uids of those collected from others. With
    ``Accept: application/pdf`` the issuer gets it as a page to print.
    """

    number = fields.String(required=True)
    state = fields.String(required=True)
    state_reason = fields.String()
    style = fields.String(required=True)
    edition = fields.String(required=True)
    trace_code = fields.String(required=True)
    issuer = fields.String(required=True)
    issuer_name = fields.String(required=True)
    product_name = fields.String(required=True)
    quantity = fields.Nested(QuantityAnswer, required=True)
    origin = fields.String(required=True)
    contact = fields.String(required=True)
    basis = fields.List(fields.String(), required=True)
    issued_on = fields.Date(required=True)
    keep_until = fields.Date(required=True)
    lead = fields.String(required=True)
    commitments = fields.List(fields.String(), required=True)
    upstream = fields.List(fields.String(), required=True)
    replaces = fields.String(allow_none=True)
    replaced_by = fields.String(allow_none=True)
    href = fields.String(required=True)


class CertificateMade(Answer):
    """The number of a certificate, and where to read it."""

    number = fields.String(required=True)
    href = fields.String(required=True)


class CollectInput(Input):
    """A certificate that came with goods: the number of one issued here, or what stands on it."""

    facts = CollectFacts
    party = Uid(required=True)
    trace_code = Text(40, least=1, required=True)
    number = Text(CollectedCertificate.number)
    issuer = Text(CollectedCertificate.issuer)
    product_name = Text(CollectedCertificate.product_name)
    quantity = quantity(allow_none=True)
    origin = Text(CollectedCertificate.origin)
    contact = Text(CollectedCertificate.contact)
    issued_on = Day(allow_none=True)
    evidence = Uid(allow_none=True)


class CollectedAnswer(Answer):
    """A collected certificate. One with ``doubts`` proves nothing: tell the agriculture office of
    where the goods come from."""

    uid = fields.String(required=True)
    party = fields.String(required=True)
    trace_code = fields.String(required=True)
    keep_until = fields.Date(required=True)
    certificate = fields.String(allow_none=True, metadata=TRADE)
    number = fields.String(metadata=TRADE)
    issuer = fields.String(metadata=TRADE)
    product_name = fields.String(metadata=TRADE)
    quantity = fields.Nested(QuantityAnswer, allow_none=True, metadata=TRADE)
    origin = fields.String(metadata=TRADE)
    issued_on = fields.Date(allow_none=True, metadata=TRADE)
    doubts = fields.List(fields.Nested(DoubtAnswer), required=True)
    evidence = fields.String(allow_none=True, metadata=TRADE)
