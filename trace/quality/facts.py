"""What is said of a test report, as the acts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
