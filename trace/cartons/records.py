"""What records say of cartons."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

CARTONS_NUMBERED = RecordSchema(
    "cartons_numbered",
    1,
    public=("run", "trace_code", "company_prefix", "first", "last", "packages"),
    trade=("channel",),
    subject="{run}",
)
"""These SSCCs, by their first 17 digits, were given to cartons of a batch, each of so many
packages."""
