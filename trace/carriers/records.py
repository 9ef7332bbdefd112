"""What records say of foreign carriers."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

CARRIER_BOUND = RecordSchema(
    "carrier_bound",
    1,
    public=("carrier", "kind", "number", "path"),
    trade=("channel",),
    subject="{carrier}",
)
"""Somebody says that this number of another system is on this package or batch."""

CARRIER_UNBOUND = RecordSchema(
    "carrier_unbound", 1, public=("carrier",), trade=("reason", "channel"), subject="{carrier}"
)
"""It is there no longer, or never was."""
