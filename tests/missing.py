"""Things a test needs from outside Python, and what is said where they cannot be got."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NoReturn, TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
OPENING = "could not be got: "
NOT_GIVEN = "was not given: "


def everything_is_required() -> bool:
    """Whether no test may be left out (set by .ci/run)."""
    return os.environ.get("SUYUAN_TEST_REQUIRE_ALL", "") not in ("", "0")


def leave_out(thing: str, why: str) -> NoReturn:
    """End the running test because ``thing`` cannot be got here.

    The test counts as skipped and is named at the end of the run under ``thing``; where everything
    is required it counts as failed.
    """
    pytest.skip(f"{OPENING}{thing}: {why}")


def leave_out_without(data: str, why: str) -> NoReturn:
    """End the running test because ``data`` that others publish was not laid beside the project.

    Nothing that the tests could install brings it, so this is a skip everywhere; the end of the
    run names it like the rest.
    """
    pytest.skip(f"{NOT_GIVEN}{data}: {why}")


def failed_if_left_out(report: Report) -> Report:
    """``report``, as a failure where it tells of a test left out and everything is required.

    That holds for a skip with any reason but data of others that were not given. A test that is
    expected to fail is not left out.
    """
    expected_to_fail = hasattr(report, "wasxfail")
    said = reason(report) if report.skipped else ""
    not_given = said.removeprefix("Skipped: ").startswith(NOT_GIVEN)
    if said and not not_given and not expected_to_fail and everything_is_required():
        report.outcome = "failed"
        report.longrepr = f"No test may be left out here. {said}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a skipped test says it was skipped."""
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def summary(skipped: Iterable[tuple[str, str]]) -> list[str]:
    """Lines that tell what was missing and which tests that left out.

    ``skipped`` gives the name of each test left out and the reason it gave.
    """
    left_out: dict[str, list[str]] = {}
    for test, reason in skipped:
        said = reason.removeprefix("Skipped: ")
        if said.startswith((OPENING, NOT_GIVEN)):
            left_out.setdefault(said.partition(": ")[2], []).append(test)
        else:
            left_out.setdefault(f"other reason: {said}", []).append(test)
    lines: list[str] = []
    for thing, tests in sorted(left_out.items()):
        lines.append(f"{thing}")
        lines.append(f"  leaves out {len(tests)} test{'s' if len(tests) > 1 else ''}:")
        lines.extend(f"    {test}" for test in sorted(tests))
    return lines
