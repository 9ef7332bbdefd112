"""Spans of time that Suyuan itself had to choose (``standards/spans.json``).

How long a key signs, how far clocks may differ, how long a link waits: no law says so, and an
operator's lawyers may want them otherwise. So they are data, with the reason for each.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Row, keyed, read_standard


def span(key: str) -> timedelta:
    """A span of minutes or days. Raises Misconfigured."""
    row = _rows("spans")[key]
    row.only("key", "minutes", "days", *PROVENANCE)
    if row.has("minutes"):
        return timedelta(minutes=row.get("minutes").integer())
    return timedelta(days=row.get("days").integer())


def years(key: str) -> int:
    """A span of whole years. Raises Misconfigured."""
    row = _rows("spans")[key]
    row.only("key", "years", *PROVENANCE)
    return row.get("years").integer()


def day_choices(key: str) -> tuple[int, ...]:
    """The numbers of days among which people choose. Raises Misconfigured."""
    row = _rows("choices")[key]
    row.only("key", "days", *PROVENANCE)
    return row.list_of("days", Row.integer)


def earliest_day() -> date:
    """The first day on which anything can have been made or have happened."""
    row = _rows("days")["earliest_day"]
    row.only("key", "day", *PROVENANCE)
    return row.get("day").day()


@cache
def _rows(group: str) -> dict[str, Row]:
    rows = read_standard("spans.json").get(group).rows()
    for row in rows:
        row.provenance()
    return keyed(rows, lambda row: row, lambda row: row.get("key").text())
