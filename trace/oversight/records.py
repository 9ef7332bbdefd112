"""What records say of looking at what is not for everybody."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

DISCLOSURE = RecordSchema(
    "disclosure",
    1,
    trade=("trace_code", "person", "party", "reason", "until"),
    subject="{trace_code}",
)
"""A regulator asked to see personal fields outside its own division, and said why."""
