"""Comparing what results prove with what a limit says.

Three answers: it is met, it is broken, or the results do not tell. Results are never averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from suyuan.trace.quality.limits import Limit, SamplingPlan
from suyuan.trace.quality.readings import Reading
from suyuan.trace.quality.result_units import ResultUnit, result_units

Outcome = Literal["pass", "fail", "inconclusive"]
Reason = Literal[
    "compared",
    "unit_missing",
    "unit_unknown",
    "units_differ",
    "portion_small",
    "detection_limit_missing",
    "detection_limit_high",
    "moisture_missing",
    "both_sides",
    "too_few",
    "amount_missing",
    "portion_assumed",
]
"""Why the outcome is what it is; ``compared``: by the numbers; ``portion_assumed``: so too, where
nobody says how much was searched."""

NOTHING: Final = Fraction(0)


@dataclass(frozen=True)
class Measured:
    """Results with what is said of them beside: unit, detection limit, moisture as a share.

    ``dry``: they are given on dry basis already. ``moisture_at_most``: there is no more of it, and
    nobody says how much less.
    """

    readings: tuple[Reading, ...]
    unit: str = ""
    detection_limit: Fraction | None = None
    detection_unit: str = ""
    moisture: Fraction | None = None
    dry: bool = False
    moisture_at_most: bool = False

    @property
    def least_moisture(self) -> Fraction | None:
        return NOTHING if self.moisture_at_most else self.moisture


@dataclass(frozen=True)
class Compared:
    """The outcome of one comparison."""

    outcome: Outcome
    reason: Reason = "compared"


def compare(measured: Measured, limit: Limit) -> Compared:
    """Whether these results meet the limit."""
    if limit.forbidden:
        found = any(one.detected for one in measured.readings)
        return Compared("fail" if found else "pass")
    wanted = result_units().by_symbol[str(limit.unit)]
    if wanted.is_portion and limit.plan is not None:
        return _searched(measured, limit.plan, wanted)
    amounts = amounts_of(measured, limit)
    if isinstance(amounts, str):
        return Compared("inconclusive", amounts)
    if limit.plan is not None:
        return _by_plan(amounts, limit.plan)
    return _by_ends(amounts, measured, limit)


def amounts_of(measured: Measured, limit: Limit) -> list[Reading] | Reason:
    """The results in the limit's unit and on its basis; or why they cannot be had."""
    wanted = result_units().by_symbol[str(limit.unit)]
    amounts: list[Reading] = []
    for one in measured.readings:
        amount = _in_unit(one, measured, wanted)
        if not isinstance(amount, Reading):
            return amount
        based = _dried if limit.basis == "dry" else _moist
        amounts.append(based(amount, measured))
    return amounts


def above(amount: Reading, end: Decimal) -> bool | None:
    """Whether the amount is surely above the end (True), surely not (False), or may be (None)."""
    if amount.high is not None and amount.high <= end:
        return False
    if amount.low > end or (amount.low == end and amount.low_open):
        return True
    return None


def below(amount: Reading, end: Decimal) -> bool | None:
    """Whether the amount is surely below the end, surely not, or may be."""
    if amount.low >= end:
        return False
    if amount.high is not None and (amount.high < end or (amount.high == end and amount.high_open)):
        return True
    return None


def _by_ends(amounts: Sequence[Reading], measured: Measured, limit: Limit) -> Compared:
    broken: list[bool | None] = []
    for amount in amounts:
        if limit.maximum is not None:
            broken.append(above(amount, limit.maximum))
        if limit.minimum is not None:
            broken.append(below(amount, limit.minimum))
    if True in broken:
        return Compared("fail")
    if None not in broken:
        return Compared("pass")
    other = measured.dry != (limit.basis == "dry") and measured.moisture is None
    return Compared("inconclusive", "moisture_missing" if other else _why_open(amounts))


def _by_plan(amounts: Sequence[Reading], plan: SamplingPlan) -> Compared:
    over = [above(amount, plan.m) for amount in amounts]
    far = [above(amount, plan.most) for amount in amounts] if plan.most is not None else []
    if True in far or over.count(True) > plan.c:
        return Compared("fail")
    if None in far or len(over) - over.count(False) > plan.c:
        return Compared("inconclusive", _why_open(amounts))
    return Compared("pass") if len(amounts) >= plan.n else Compared("inconclusive", "too_few")


def _searched(measured: Measured, plan: SamplingPlan, wanted: ResultUnit) -> Compared:
    """Organisms that may not be in a portion: what matters is how much of it was searched."""
    found = sum(one.detected for one in measured.readings)
    if found > plan.c:
        return Compared("fail")
    for one in measured.readings:
        written = one.unit or measured.unit
        unit = result_units().find(written)[0] if written else wanted
        if unit is None:
            return Compared("inconclusive", "unit_unknown")
        if unit.dimension != wanted.dimension or unit.factor < wanted.factor:
            return Compared("inconclusive", "portion_small")
        if one.high is not None and one.high > 1:  # fewer than ten may be some
            return Compared("inconclusive", "detection_limit_high")
    if len(measured.readings) < plan.n:
        return Compared("inconclusive", "too_few")
    stated = all(one.unit or measured.unit for one in measured.readings)
    return Compared("pass", "compared" if stated else "portion_assumed")


def _why_open(amounts: Sequence[Reading]) -> Reason:
    if any(one.lacks_detection_limit for one in amounts):
        return "detection_limit_missing"
    if any(not one.detected and one.high for one in amounts):
        return "detection_limit_high"
    return "amount_missing" if any(one.high is None for one in amounts) else "both_sides"


def _in_unit(reading: Reading, measured: Measured, wanted: ResultUnit) -> Reading | Reason:
    """The reading in the limit's unit, its detection limit filled in; or why it cannot be had."""
    written = reading.unit or measured.unit
    if not written:
        return "unit_missing"
    unit, stated = result_units().find(written)[0], result_units().find(measured.unit)[0]
    if unit is None:
        return "unit_unknown"
    # a detection limit with its own unit is plain; which unit an amount is in would be a guess
    if reading.unit and measured.unit and unit != stated and reading.detected:
        return "units_differ"
    factor = unit.to(wanted)
    if factor is None:
        return "unit_unknown"
    high = None if reading.high is None else reading.high * factor
    amount = replace(reading, low=reading.low * factor, high=high)
    if measured.detection_limit is None:
        return amount
    of_limit = result_units().find(measured.detection_unit or written)[0]
    factor = None if of_limit is None else of_limit.to(wanted)
    if factor is None:
        return "unit_unknown"
    return _beside(amount, measured.detection_limit * factor)


def _beside(amount: Reading, limit: Fraction) -> Reading:
    """The amount, with a detection limit that is given apart.

    A number below the detection limit proves only that there is less than that limit.
    """
    if amount.lacks_detection_limit or (amount.high is not None and amount.high < limit):
        return replace(amount, low=NOTHING, high=limit, high_open=True, detected=False)
    return amount


def _dried(amount: Reading, measured: Measured) -> Reading:
    """The amount on dry basis: ``dry = wet / (1 - moisture)``.

    Without the moisture it is at least what it is wet, and nobody knows how much more.
    """
    if measured.dry:
        return amount
    least, most = measured.least_moisture, measured.moisture
    if least is None or most is None:
        nothing = amount.high == NOTHING
        return amount if nothing else replace(amount, high=None)
    high = None if amount.high is None else amount.high / (1 - most)
    return replace(amount, low=amount.low / (1 - least), high=high)


def _moist(amount: Reading, measured: Measured) -> Reading:
    """The amount as the goods are: ``wet = dry × (1 - moisture)``.

    Without the moisture it is at most what it is dry, and nobody knows how much less.
    """
    if not measured.dry:
        return amount
    least, most = measured.least_moisture, measured.moisture
    if least is None or most is None:
        return replace(amount, low=NOTHING, low_open=bool(amount.low))
    high = None if amount.high is None else amount.high * (1 - least)
    return replace(amount, low=amount.low * (1 - most), high=high)
