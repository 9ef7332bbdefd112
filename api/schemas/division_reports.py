"""What is asked of a division's report."""

from __future__ import annotations

from suyuan.api.schemas.fields import OneOf, Text
from suyuan.api.schemas.shapes import Input
from suyuan.trace.oversight.periods import CADENCES


class ReportQuery(Input):
    """Whose report, how often it is made, and for which of its periods.

    Without `division`: the first that you are competent for. Without `period`: the last that is
    over. A period is written 2026-W23 (ISO 8601 week), 2026-05, 2026-Q2 or 2026.
    """

    division = Text(12, load_default=None)
    cadence = OneOf(*CADENCES, load_default="monthly")
    period = Text(8, load_default=None)
