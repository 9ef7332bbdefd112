"""Grades derived from facts by a named, versioned scheme.

Where a trade has no unified grade (cordyceps), the facts are kept and a grade is only ever an
answer of one scheme to those facts: another scheme, or a later version, answers otherwise. So a
grade is no fact of a batch, and is nowhere stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from suyuan.trace.sourced import PROVENANCE, Provenance, Row
from suyuan.trace.words import Names, read_names


@dataclass(frozen=True)
class Bound:
    """The ends between which a fact lies, both included; ``None``: no end."""

    minimum: Decimal | None
    maximum: Decimal | None

    def holds(self, value: Decimal) -> bool:
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


@dataclass(frozen=True)
class GradeBand:
    """A grade and what earns it: the scheme's value within ``bound`` or one of ``values``, and
    each fact of ``also`` within its own ends."""

    key: str
    names: Names
    bound: Bound
    values: frozenset[str]
    also: tuple[tuple[str, Bound], ...]

    def earned(self, value: Decimal | str, attributes: Mapping[str, object]) -> bool:
        """Whether these facts earn it; a fact that is not stated earns nothing."""
        if isinstance(value, str):
            return value in self.values
        beside = ((bound, _number(attributes.get(fact))) for fact, bound in self.also)
        return self.bound.holds(value) and all(
            number is not None and bound.holds(number) for bound, number in beside
        )

    def is_called(self, word: str) -> bool:
        """Whether people mean it by this word."""
        return word.strip().casefold() in (self.key, self.names.zh, self.names.en.casefold())


@dataclass(frozen=True)
class Grade:
    """The answer of a scheme. ``unconfirmed``: nobody has compared the scheme with its source."""

    key: str
    names: Names
    scheme: str
    scheme_names: Names
    version: str
    source: str
    unconfirmed: bool


@dataclass(frozen=True)
class GradingScheme:
    """Bands, the best first, over one fact: ``attribute``, or ``numerator`` × ``factor`` ÷
    ``denominator``.

    In force from ``valid_from`` to ``valid_to``, both included, on the day of production; empty
    ``variants``: for every variant. ``words`` finds the name of a grade in the name of goods or on
    a label; its first group is that name.
    """

    key: str
    version: str
    names: Names
    variants: frozenset[str]
    valid_from: date | None
    valid_to: date | None
    attribute: str
    numerator: str | None
    denominator: str | None
    factor: Decimal
    words: str | None
    bands: tuple[GradeBand, ...]
    provenance: Provenance

    def governs(self, variant: str, day: date) -> bool:
        """Whether it speaks of goods of this variant made on this day."""
        return (
            (not self.variants or variant in self.variants)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )

    def grade(self, attributes: Mapping[str, object]) -> Grade | None:
        """The grade, or ``None`` where a fact is missing or lies between two bands."""
        value = self.value(attributes)
        if value is None:
            return None
        for band in self.bands:
            if band.earned(value, attributes):
                return Grade(
                    band.key,
                    band.names,
                    self.key,
                    self.names,
                    self.version,
                    self.provenance.source,
                    self.provenance.unconfirmed,
                )
        return None

    def value(self, attributes: Mapping[str, object]) -> Decimal | str | None:
        """What is graded: the two facts where they are stated, because they were counted and
        weighed; else the fact itself."""
        above = _number(attributes.get(self.numerator or ""))
        below = _number(attributes.get(self.denominator or ""))
        if above is not None and below is not None and below > 0:
            return above * self.factor / below
        stated = attributes.get(self.attribute)
        if any(band.values for band in self.bands):
            return stated.strip() if isinstance(stated, str) and stated.strip() else None
        return _number(stated)

    def needed(self) -> tuple[str, ...]:
        """The facts that a grade follows from."""
        beside = (fact for band in self.bands for fact, _ in band.also)
        return tuple(dict.fromkeys((self.attribute, *beside)))

    def place(self, word: str) -> int | None:
        """The place of the band that a word means, the best first; None where it means none."""
        called = (at for at, band in enumerate(self.bands) if band.is_called(word))
        return next(called, None)

    def said_in(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The grades of this scheme that stand in some texts."""
        if self.words is None:
            return ()
        return tuple(one for text in texts for one in re.findall(self.words, text))


def read_scheme(row: Row, attributes: Sequence[str], variants: Sequence[str]) -> GradingScheme:
    """One scheme of a family file. Raises Misconfigured."""
    row.only(
        "key", "version", "names", "variants", "valid_from", "valid_to", "attribute", "numerator",
        "denominator", "factor", "words", "bands", *PROVENANCE,
    )  # fmt: skip
    return GradingScheme(
        key=row.get("key").text(),
        version=row.get("version").text(),
        names=read_names(row),
        variants=frozenset(row.list_of("variants", lambda r: r.one_of(variants))),
        valid_from=row.maybe("valid_from", Row.day),
        valid_to=row.maybe("valid_to", Row.day),
        attribute=row.get("attribute").one_of(attributes),
        numerator=row.maybe("numerator", lambda r: r.one_of(attributes)),
        denominator=row.maybe("denominator", lambda r: r.one_of(attributes)),
        factor=row.maybe("factor", Row.number) or Decimal(1),
        words=row.maybe("words", Row.text),
        bands=row.list_of("bands", lambda r: _read_band(r, attributes)),
        provenance=row.provenance(),
    )


def _read_band(row: Row, attributes: Sequence[str]) -> GradeBand:
    row.only("key", "names", "minimum", "maximum", "values", "also")
    beside = row.list_of("also", lambda r: (r.get("attribute").one_of(attributes), _read_bound(r)))
    return GradeBand(
        row.get("key").text(),
        read_names(row),
        _read_bound(row),
        frozenset(row.list_of("values", Row.text)),
        beside,
    )


def _read_bound(row: Row) -> Bound:
    return Bound(row.maybe("minimum", Row.number), row.maybe("maximum", Row.number))


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
