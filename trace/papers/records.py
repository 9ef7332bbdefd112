"""What records say of papers."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

PAPER = RecordSchema(
    "paper",
    1,
    public=(
        "paper", "kind", "number", "holder", "issuer", "issued_on", "valid_from", "valid_to",
        "amount", "covers", "state", "reason", "checked_where", "checked_at", "checked_by_party",
        "renews", "reached",
    ),
    trade=("note", "evidence"),
    personal=("checked_by",),
    subject="{paper}",
)  # fmt: skip
"""A paper's coming into the register, its check, its revocation; ``reached`` counts the batches
that lean on what was revoked."""

PAPER_DRAW = RecordSchema(
    "paper_draw",
    1,
    public=(
        "draw", "paper", "trace_code", "run", "quantity", "over", "period", "why",
    ),
    subject="{paper}",
)  # fmt: skip
"""Something was drawn from the amount that a paper states, or (below nothing) given back."""

PAPER_APPLICATION = RecordSchema(
    "paper_application",
    1,
    public=("application", "kind", "applicant", "product", "state", "paper"),
    trade=(
        "division", "sites", "area_m2", "amount", "months", "note", "evidence", "renews", "reason",
        "against",
    ),
    subject="{application}",
)  # fmt: skip
"""An organisation asked for a certification, and an authority approved or refused it; ``against``:
what the reviewer compared it with."""
