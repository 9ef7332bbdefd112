"""What records say of samples."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

SAMPLE = RecordSchema(
    "sample",
    1,
    public=("sample", "trace_code", "kind", "taken_by", "taken_on"),
    trade=(
        "number", "seal", "base", "quantity", "reserve", "site", "place", "note", "evidence",
    ),
    personal=("samplers", "present", "typed_by"),
    subject="{sample}",
)  # fmt: skip
"""A sample was taken."""

SAMPLE_STEP = RecordSchema(
    "sample-step",
    1,
    public=("step", "sample", "kind", "portion", "on", "told_by", "laboratory_party", "intact"),
    trade=("laboratory", "seal", "keep_until", "note"),
    personal=("typed_by",),
    subject="{sample}",
)
"""A sample or its reserve was sealed, kept, sent, received or opened."""
