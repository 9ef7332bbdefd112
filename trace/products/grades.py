"""Grades derived from facts by a named, versioned scheme.

Where a trade has no unified grade (cordyceps), the fact is kept and the grade is only ever an
answer of one scheme to that fact: another scheme, or a later version, answers otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from suyuan.trace.sourced import Provenance
from suyuan.trace.words import Names


@dataclass(frozen=True)
class GradeBand:
    """A grade and the values that earn it, both ends included; ``None``: no end."""

    key: str
    names: Names
    minimum: Decimal | None
    maximum: Decimal | None

    def holds(self, value: Decimal) -> bool:
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


@dataclass(frozen=True)
class Grade:
    """The answer of a scheme."""

    scheme: str
    version: str
    key: str
    names: Names


@dataclass(frozen=True)
class GradingScheme:
    """Bands over one fact: ``attribute``, or ``numerator`` × ``factor`` ÷ ``denominator``."""

    key: str
    version: str
    names: Names
    attribute: str
    numerator: str | None
    denominator: str | None
    factor: Decimal
    bands: tuple[GradeBand, ...]
    provenance: Provenance

    def grade(self, attributes: Mapping[str, object]) -> Grade | None:
        """The grade, or ``None`` where the fact is missing or falls between two bands."""
        value = self.value(attributes)
        if value is None:
            return None
        for band in self.bands:
            if band.holds(value):
                return Grade(self.key, self.version, band.key, band.names)
        return None

    def value(self, attributes: Mapping[str, object]) -> Decimal | None:
        """The value that is graded: as stated, else computed from the two facts that give it."""
        stated = _number(attributes.get(self.attribute))
        if stated is not None or self.numerator is None or self.denominator is None:
            return stated
        above, below = (
            _number(attributes.get(self.numerator)),
            _number(attributes.get(self.denominator)),
        )
        if above is None or below is None or below <= 0:
            return None
        return above * self.factor / below


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
