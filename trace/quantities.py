"""Exact quantities: a decimal amount and a unit, never a float, never rounded.

Units and their codes (UN/ECE Recommendation 20, as EPCIS ``uom`` wants them) are data in
``standards/units.json``. Amounts have at most six decimals and stay within 10^12, so that sums over
a whole chain are exact and fit every store and every reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from suyuan.trace.errors import InvalidInput
from suyuan.trace.words import Names

DECIMALS = 6
LARGEST = Decimal(10) ** 12
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])


class DifferentDimensions(InvalidInput):
    """Two quantities cannot be added, compared or converted: kilograms are not pieces."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: ``factor`` is how many of its dimension's smallest unit it holds. ``whole``: it
    counts what is not there by halves, as animals are not."""

    code: str
    dimension: str
    factor: Decimal
    symbol: str
    zh: str
    en: str
    bo: str | None
    words: tuple[str, ...]
    whole: bool


@cache
def unit_table() -> Mapping[str, Any]:
    """``standards/units.json`` as it stands: units, market words, words that must be asked."""
    source = files("suyuan.trace.standards") / "units.json"
    table: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def units() -> Mapping[str, Unit]:
    """Every unit by its code."""
    return {
        row["code"]: Unit(
            code=row["code"],
            dimension=row["dimension"],
            factor=Decimal(row["factor"]),
            symbol=row["symbol"],
            zh=row["zh"],
            en=row["en"],
            bo=row["bo"],
            words=tuple(row["words"]),
            whole=row.get("whole", False),
        )
        for row in unit_table()["units"]
    }


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """So much of a unit. 1 kg equals 1000 g; 1 kg and 1 piece are merely different.

    ``unit`` is the unit's code. May be negative as the result of a subtraction.
    Raises InvalidInput for an unknown unit, more than six decimals, or beyond 10^12.
    """

    amount: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in units():
            raise InvalidInput(
                "There is no unit {unit}: give one of {units}.",
                unit=self.unit,
                units=", ".join(units()),
            )
        object.__setattr__(self, "amount", _bounded(self.amount))

    @classmethod
    def of(cls, amount: Decimal | int | str, unit: str) -> Quantity:
        """From a plain decimal string such as ``"12.5"``; raises InvalidInput for anything else."""
        return cls(amount if isinstance(amount, Decimal) else _plain_decimal(amount), unit)

    @property
    def dimension(self) -> str:
        return units()[self.unit].dimension

    @property
    def amount_text(self) -> str:
        """The one way the amount is written in records: no exponent, no trailing zeros."""
        text = format(self.amount, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def to(self, unit: str) -> Quantity:
        """The same quantity in another unit of its dimension, exactly.

        Raises DifferentDimensions, or InvalidInput when six decimals do not hold it.
        """
        wanted = units().get(unit)
        if wanted is None:
            return Quantity(self.amount, unit)  # refuses the unknown unit by name
        if wanted.dimension != self.dimension:
            raise DifferentDimensions(
                "{is_} cannot be given in {unit}: it measures something else.",
                is_=self.names,
                unit=Names(wanted.zh, wanted.en, wanted.bo or wanted.zh),
            )
        return Quantity(_as_decimal(self._smallest / Fraction(wanted.factor)), unit)

    def ratio(self, other: Quantity) -> Fraction:
        """How many times ``other`` this is, exactly.

        Raises DifferentDimensions, and ZeroDivisionError when ``other`` is nothing.
        """
        return self._smallest / other._same_dimension(self)._smallest

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(_EXACT.add(self.amount, other.to(self.unit).amount), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return self + -other

    def __neg__(self) -> Quantity:
        return Quantity(self.amount.copy_negate(), self.unit)

    def __mul__(self, times: Decimal | int) -> Quantity:
        return Quantity(_EXACT.multiply(self.amount, Decimal(times)), self.unit)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.dimension == other.dimension and self._smallest == other._smallest

    def __hash__(self) -> int:
        return hash((self.dimension, self._smallest))

    def __lt__(self, other: Quantity) -> bool:
        return self._smallest < other._same_dimension(self)._smallest

    def __le__(self, other: Quantity) -> bool:
        return self._smallest <= other._same_dimension(self)._smallest

    def __gt__(self, other: Quantity) -> bool:
        return other < self

    def __ge__(self, other: Quantity) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return self.amount != 0

    @property
    def names(self) -> Names:
        """The amount with its unit as each language writes it: ``12.5 kg``, ``30 件``."""
        unit = units()[self.unit]
        words = (unit.symbol or word for word in (unit.zh, unit.en, unit.bo or unit.zh))
        zh, en, bo = (f"{self.amount_text} {word}" for word in words)
        return Names(zh, en, bo)

    def __str__(self) -> str:
        return str(self.names)

    def to_json(self) -> dict[str, str]:
        return {"amount": self.amount_text, "unit": self.unit}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Quantity:
        """The inverse of ``to_json``. Raises InvalidInput."""
        match data:
            case {"amount": str(amount), "unit": str(unit)}:
                return cls.of(amount, unit)
        raise InvalidInput(
            "A quantity is an amount in digits and a unit code, such as 12.5 and KGM."
        )

    @property
    def _smallest(self) -> Fraction:
        """The amount in the smallest unit of the dimension; a fraction, so nothing is lost."""
        return Fraction(self.amount) * Fraction(units()[self.unit].factor)

    def _same_dimension(self, other: Quantity) -> Quantity:
        if self.dimension != other.dimension:
            raise DifferentDimensions(
                "{is_} and {other} cannot be compared: they measure different things.",
                is_=self.names,
                other=other.names,
            )
        return self


def _plain_decimal(amount: int | str) -> Decimal:
    text = str(amount)
    if not re.fullmatch(r"-?\d{1,20}(?:\.\d{1,20})?", text, re.ASCII):
        raise InvalidInput(
            "{given} is not a decimal number: write it like 12.5, without an exponent.",
            given=text[:40],
        )
    return Decimal(text)


def _bounded(amount: Decimal) -> Decimal:
    """The amount without trailing zeros. Raises InvalidInput outside what records hold."""
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise InvalidInput(
            "The amount is beyond {largest}, the largest that is kept.", largest=f"{LARGEST:f}"
        )
    if amount != amount.quantize(Decimal(1).scaleb(-DECIMALS), context=Context(prec=60)):
        raise InvalidInput(
            "{amount} has more than {decimals} decimals: choose a smaller unit or round it "
            "yourself.",
            amount=format(amount, "f")[:40],
            decimals=DECIMALS,
        )
    return abs(amount) if amount == 0 else amount.normalize(_EXACT)


def _as_decimal(value: Fraction) -> Decimal:
    """The fraction as a decimal of six places. Raises InvalidInput when it is not one."""
    scaled = value * 10**DECIMALS
    if scaled.denominator != 1:
        raise InvalidInput(
            "The quantity cannot be given exactly in that unit with {decimals} decimals: choose a "
            "smaller unit.",
            decimals=DECIMALS,
        )
    return Decimal(scaled.numerator).scaleb(-DECIMALS, context=_EXACT)
