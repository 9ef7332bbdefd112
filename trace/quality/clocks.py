"""The statutory clocks of objection and re-test: ``standards/test_clocks.json``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from suyuan.trace.clock import day_of, end_of_day
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.working_days import after_working_days

_RAPID = "rapid"


@dataclass(frozen=True)
class TestClock:
    """How long whoever answers for the goods may object, and until when the re-test is due.

    Days are working days, but for ``objection_natural_days``; ``retest_days``: None where the law
    kept here names none.
    """

    __test__ = False

    key: str
    label_classes: tuple[str, ...]
    objection_days: int | None
    objection_natural_days: int | None
    objection_hours: int | None
    retest_days: int | None
    provenance: Provenance

    def objection_until(self, told_at: datetime) -> datetime:
        """The moment from which on it is too late to object to what was told at ``told_at``."""
        if self.objection_hours is not None:
            return told_at + timedelta(hours=self.objection_hours)
        start = day_of(told_at)
        if self.objection_natural_days is not None:
            return end_of_day(start + timedelta(days=self.objection_natural_days))
        return end_of_day(after_working_days(start, self.objection_days or 0))

    def retest_until(self, objected_at: datetime) -> date | None:
        """The day by which the re-test has to report."""
        if self.retest_days is None:
            return None
        return after_working_days(day_of(objected_at), self.retest_days)


def clock_for(kind: str, label_class: str) -> TestClock:
    """The clock for a report of this kind (laboratory, rapid) on goods labelled as these."""
    if kind == _RAPID:
        return clocks()[_RAPID]
    return next(one for one in clocks().values() if label_class in one.label_classes)


@cache
def clocks() -> dict[str, TestClock]:
    """The clocks by key. Raises Misconfigured."""
    return keyed(read_standard("test_clocks.json").get("clocks").rows(), _read, lambda one: one.key)


def _read(row: Row) -> TestClock:
    row.only(
        "key", "label_classes", "objection_working_days", "objection_days",
        "objection_hours", "retest_working_days", *PROVENANCE,
    )  # fmt: skip
    return TestClock(
        row.get("key").text(),
        row.list_of("label_classes", Row.text),
        row.maybe("objection_working_days", Row.integer),
        row.maybe("objection_days", Row.integer),
        row.maybe("objection_hours", Row.integer),
        row.maybe("retest_working_days", Row.integer),
        row.provenance(),
    )
