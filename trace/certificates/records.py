"""What records say of commitment certificates."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

CERTIFICATE_ISSUER = RecordSchema(
    "certificate_issuer", 1, public=("code", "party"), subject="{code}"
)
"""Under which number a party issues certificates."""

CERTIFICATE = RecordSchema(
    "commitment_certificate",
    1,
    public=(
        "certificate", "style", "edition", "trace_code", "issuer", "product_name", "quantity",
        "origin", "basis", "issued_on", "keep_until", "upstream", "replaces", "state", "reason",
    ),
    personal=("contact", "typed_by"),
    subject="{certificate}",
)  # fmt: skip
"""A certificate was issued, or declared void. ``upstream``: numbers of those issued here, and uids
of those collected, for what the goods were made of."""

COLLECTED = RecordSchema(
    "collected_certificate",
    1,
    public=("collected", "trace_code", "party", "keep_until"),
    trade=(
        "certificate", "number", "issuer", "product_name", "quantity", "origin", "issued_on",
        "doubts", "evidence",
    ),
    personal=("contact", "typed_by"),
    subject="{collected}",
)  # fmt: skip
"""A buyer was given a certificate with goods; ``certificate`` where it was issued here."""
