"""What records say of orders to hold and to recall."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

ORDER = RecordSchema(
    "order",
    1,
    public=("order", "kind", "trace_code", "reason", "reached", "lifts", "evidence_grade"),
    personal=("typed_by",),
    subject="{trace_code}",
)
"""A batch and all made of it was stopped, or an order was lifted; ``reached`` counts batches."""
