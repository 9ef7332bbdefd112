"""What is said of a test report, as the acts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from suyuan.trace.errors import Fault

KINDS: Final = ("laboratory", "rapid")


@dataclass(frozen=True)
class TestItemFacts:
    """One line, each field as the laboratory wrote it."""

    __test__ = False

    parameter: str
    result: str
    unit: str = ""
    lod: str = ""
    limit: str = ""
    method: str = ""
    standard: str = ""
    conclusion: str = ""


@dataclass(frozen=True)
class TestReportFacts:
    """A report on the batches with these trace codes; ``kind`` is ``laboratory`` or ``rapid``.

    ``retest_of``: uid of the report that another laboratory's result is to decide.
    """

    __test__ = False

    number: str
    laboratory: str
    issued_on: date
    batches: tuple[str, ...]
    items: tuple[TestItemFacts, ...]
    kind: str = "laboratory"
    laboratory_party: str | None = None
    cma: str = ""
    catl: str = ""
    sample_number: str = ""
    sampled_on: date | None = None
    valid_to: date | None = None
    conclusion: str = ""
    evidence: str | None = None
    retest_of: str | None = None


def report_faults(facts: TestReportFacts, today: date) -> list[Fault]:
    """What is missing in a report or cannot be, each at its field (``items.0``: at a line)."""
    faults = []
    if not facts.number.strip():
        faults.append(Fault("number", "A test report has a number."))
    if not facts.laboratory.strip():
        faults.append(Fault("laboratory", "Name the laboratory that issued the report."))
    if facts.kind not in KINDS:
        faults.append(Fault("kind", "A report is one of: {kinds}.", (("kinds", ", ".join(KINDS)),)))
    if not facts.batches:
        faults.append(Fault("batches", "Name at least one batch that the report covers."))
    if not facts.items:
        faults.append(Fault("items", "Enter at least one item that was tested."))
    for position, item in enumerate(facts.items):
        if not item.parameter.strip() or not item.result.strip():
            faults.append(
                Fault(f"items.{position}", "An item has a parameter and a result, as written.")
            )
    if facts.issued_on > today:
        faults.append(Fault("issued_on", "This day is still to come: enter what was issued."))
    if facts.valid_to and facts.valid_to < facts.issued_on:
        faults.append(Fault("valid_to", "The last day of validity is before the day of issue."))
    if facts.sampled_on and facts.sampled_on > facts.issued_on:
        faults.append(Fault("sampled_on", "The sample was taken after the report was issued."))
    return faults
