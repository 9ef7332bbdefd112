"""What records say of warnings and of who is told where."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

WARNING = RecordSchema(
    "warning",
    1,
    public=("warning", "public_text", "published_at"),
    trade=(
        "rule", "key", "severity", "trace_code", "party", "division", "family", "stage",
        "level", "level_division", "state", "deadline", "evidence", "step", "step_kind", "note",
        "proof", "proof_kind", "proof_record", "step_party",
    ),
    personal=("typed_by",),
    subject="{warning}",
)  # fmt: skip
"""A warning was opened, or a step was taken. Types: ``warning.opened``, ``warning.acknowledged``,
``warning.acted_on``, ``warning.escalated``, ``warning.overdue``, ``warning.closed``,
``warning.proposed``, ``warning.published`` and ``warning.ended``. Nobody but those concerned is
told of a warning until it is published, and then of its text alone (食品安全法 Art. 118)."""

NOTICE_CONTACT = RecordSchema(
    "notice-contact",
    1,
    trade=("contact", "party", "channel", "least"),
    personal=("address", "typed_by"),
    subject="{contact}",
)
"""Where an organisation wants to hear of its warnings. Types: ``contact.added``,
``contact.ended``."""
