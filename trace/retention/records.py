"""What records say of legal holds."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

LEGAL_HOLD = RecordSchema(
    "legal_hold",
    1,
    public=("hold",),
    trade=("about", "reason"),
    personal=("typed_by",),
    subject="{hold}",
)
"""Records were put out of reach of erasure, or a hold was lifted (``legal_hold.lifted``), each with
its reason. A case is nobody's business: what the hold is about is no public field."""
