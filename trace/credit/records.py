"""What records say of the yearly assessment of organisations."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

CREDIT = RecordSchema(
    "credit",
    1,
    trade=(
        "assessment", "party", "year", "division", "model", "state", "found", "again", "assessor",
        "notice_until", "objection", "grade", "veto", "reason",
    ),
    personal=("typed_by",),
    subject="{assessment}",
)  # fmt: skip
"""An organisation's year was assessed. Types: ``credit.announced``, ``credit.objected``,
``credit.decided``. Which grades are published, and of whom, is for each place to order: nothing of
it is public here (个人信息保护法 Art. 10, 25)."""
