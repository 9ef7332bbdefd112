"""Reading a day that was written into a field of a form or of an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from suyuan.trace.errors import InvalidInput


def day_in(fields: Mapping[str, str], name: str) -> date | None:
    """The day in the field of this name; None where nothing is written. Raises InvalidInput."""
    written = fields.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise InvalidInput("Write the day as 2026-10-03.", name) from None
