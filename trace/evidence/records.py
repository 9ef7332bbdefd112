"""What records say of evidence files."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

EVIDENCE = RecordSchema(
    "evidence",
    1,
    public=("evidence", "sha256", "media_type", "size", "disclosure"),
    trade=("party",),
    personal=("name",),
    subject="{evidence}",
)
"""A file's coming: its hash, and who may see it; or that its bytes were erased
(``evidence.erased``), which names the file alone."""
