"""What records say of orders to hold and to recall, and of releases."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

ORDER = RecordSchema(
    "order",
    1,
    public=(
        "order", "kind", "trace_code", "reason", "rule", "party", "reached", "lifts",
        "evidence_grade", "recall_class", "known_at", "outcome",
    ),
    personal=("typed_by",),
    subject="{trace_code}",
)  # fmt: skip
"""A batch and all made of it was stopped, or an order was lifted; ``reached`` counts batches.

``rule``: it was given or lifted by this rule and by nobody, on what ``party`` had told; whoever is
named beside it only did what set it off. ``recall_class`` and ``known_at``: as stated of a recall,
where somebody did. ``recall.finished``: what came of it; that lifts nothing.
"""

RELEASE = RecordSchema(
    "release",
    1,
    public=(
        "release", "trace_code", "how", "state", "reason", "covers", "party", "evidence_grade",
    ),
    personal=("typed_by",),
    subject="{trace_code}",
)  # fmt: skip
"""A batch was let go, an override was asked for, or that was answered (``state``).

``how``: ``rule``, ``person`` or ``override``; ``covers`` the items of the checklist that an
override lets pass. ``party``: in whose name. Types: ``release.given``, ``release.asked``,
``release.approved``, ``release.refused``.
"""
