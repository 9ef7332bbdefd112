"""Names that outsiders see: 26 characters, random, sortable by time (as a ULID)."""

from __future__ import annotations

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
UID_LENGTH = 26


def new_uid(now: datetime) -> str:
    """A fresh name: 48 bits of milliseconds and 80 random bits, in Crockford's base 32."""
    value = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
