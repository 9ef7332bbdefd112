"""What is drawn in the background, how often, and how long its file is kept
(``standards/print_jobs.json``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Row, read_standard


@dataclass(frozen=True)
class JobLimits:
    """The limits in force.

    ``at_once``: for each form of output how many labels a request waits for. ``tries``: after so
    many workers that ended with it a job has failed. ``waiting_of_one``: jobs of one organisation
    that wait or run. ``most_issued``: labels of a run that is issued in the background. ``lease``:
    how long a worker is believed to live that is not heard of; ``beat``: how often it is. ``kept``:
    how long a file is, and one ``with_pins``.
    """

    at_once: Mapping[str, int]
    tries: int
    waiting_of_one: int
    most_issued: int
    lease: timedelta
    beat: timedelta
    kept: timedelta
    kept_with_pins: timedelta

    def in_background(self, form: str, labels: int) -> bool:
        """Whether so many labels in this form are more than anybody should wait for."""
        return labels > self.at_once.get(form, min(self.at_once.values()))


@cache
def job_limits() -> JobLimits:
    """The limits, read once. Raises Misconfigured."""
    file = read_standard("print_jobs.json")
    counts = _numbers(file, "counts", "key", "count")
    seconds = _numbers(file, "seconds", "key", "seconds")
    hours = _numbers(file, "hours", "key", "hours")
    return JobLimits(
        at_once=_numbers(file, "at_once", "form", "labels"),
        tries=counts["tries"],
        waiting_of_one=counts["waiting_of_one"],
        most_issued=counts["most_issued"],
        lease=timedelta(seconds=seconds["lease"]),
        beat=timedelta(seconds=seconds["beat"]),
        kept=timedelta(hours=hours["kept"]),
        kept_with_pins=timedelta(hours=hours["kept_with_pins"]),
    )


def _numbers(file: Row, part: str, key: str, value: str) -> dict[str, int]:
    return dict(_number(row, key, value) for row in file.get(part).rows())


def _number(row: Row, key: str, value: str) -> tuple[str, int]:
    row.only(key, value, *PROVENANCE)
    row.provenance()
    return row.get(key).text(), row.get(value).integer()
