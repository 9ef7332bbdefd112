"""What records say of Tibetan texts that were looked at."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

TIBETAN_TEXT = RecordSchema(
    "tibetan-text",
    1,
    public=("text", "zh", "bo", "division", "state", "office"),
    trade=("reason",),
    personal=("typed_by",),
    subject="{text}",
)
"""A language office approved a Tibetan text for labels (``tibetan.approved``) or refused it
(``tibetan.refused``), also one that it had approved."""
