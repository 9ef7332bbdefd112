"""Test reports as a passport shows them: what the laboratory wrote, and what the standards say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class LineVerdict:
    """What the standards say of a tested item, for the batch with this trace code.

    ``verdict``: pass, fail, inconclusive or not_regulated; ``grounds``: what it rests on, as logged
    (``quality.grounds``); ``explanation`` tells both in an English sentence. ``unconfirmed``: the
    deciding row or the day of production has not been confirmed. ``overturned_by``: the later
    report that decided otherwise. ``standards``: the state of the standards that decided.
    """

    trace_code: str
    verdict: str
    unconfirmed: bool
    grounds: Mapping[str, Any]
    standards: str
    explanation: str
    overturned_by: str | None = None


@dataclass(frozen=True)
class TestLine:
    """One tested item, as the laboratory wrote it; ``verdict``: None where nothing kept here
    knows the parameter or the product."""

    __test__ = False

    parameter: str
    result: str
    unit: str
    limit: str
    standard: str
    conclusion: str
    verdict: LineVerdict | None = None


@dataclass(frozen=True)
class TestSheet:
    """A test report on the batch or on what it was made of.

    ``evidence_grade`` says whose word it is that the laboratory reported so: the producer's,
    the producer's with the report kept as a file, or the laboratory's own.
    """

    __test__ = False

    uid: str
    number: str
    kind: str
    laboratory: str
    cma: str
    sampled_on: date | None
    issued_on: date
    valid_to: date | None
    conclusion: str
    items: tuple[TestLine, ...]
    batches: tuple[str, ...]
    evidence_uid: str | None
    evidence_grade: str
    warnings: tuple[Mapping[str, Any], ...]
