"""What records say of orders to hold and to recall."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

ORDER = RecordSchema(
    "order",
    1,
    public=(
        "order", "kind", "trace_code", "reason", "rule", "party", "reached", "lifts",
        "evidence_grade",
    ),
    personal=("typed_by",),
    subject="{trace_code}",
)  # fmt: skip
"""A batch and all made of it was stopped, or an order was lifted; ``reached`` counts batches.

``rule``: it was given or lifted by this rule and by nobody, on what ``party`` had told; whoever is
named beside it only did what set it off.
"""
