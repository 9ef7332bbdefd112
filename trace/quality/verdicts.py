"""The verdict on a result: pass, fail, inconclusive or not regulated, and on which rows it rests.

It hangs on what was made, when, and what the laboratory wrote; nothing else. The same question
put to the same data gives the same verdict, so that one kept with its rows can be had again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.comparing import (
    Compared,
    Measured,
    Outcome,
    Reason,
    amounts_of,
    compare,
)
from suyuan.trace.quality.governing import Gap, Governing, among, governing
from suyuan.trace.quality.limits import Edition, Force, Limit, Standard
from suyuan.trace.quality.parameters import Parameter, parameters
from suyuan.trace.quality.product_classes import ProductClass, product_classes
from suyuan.trace.quality.readings import (
    Reading,
    UnreadableResult,
    is_upper_bound,
    read_number,
    read_result,
    read_results,
)
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.sourced import Confidence

Word = Literal["pass", "fail", "inconclusive", "not_regulated"]
Why = Reason | Gap | Literal["unreadable", "guide", "no_limit"]
"""What the verdict rests on, for the sentence that explains it."""

MOST_RESULTS: Final = 100
_WORST_FIRST: Final[tuple[Outcome, ...]] = ("fail", "inconclusive", "pass")
_SUREST_FIRST: Final[tuple[Confidence, ...]] = (
    "LAW", "CALC", "WEB", "K-high", "WEB-med", "K-med", "WEB-low", "K-low", "OWN",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A result on a product, each field as a laboratory writes it.

    ``results``: one, or one for each of the n samples. ``lod``: the limit of detection where it
    is given apart. ``moisture``: in percent unless it names a unit. ``basis``: ``dry`` where the
    results are on dry basis already.
    """

    product_class: str
    production_date: date
    parameter: str
    results: tuple[str, ...]
    unit: str = ""
    lod: str = ""
    moisture: str = ""
    basis: Literal["as_is", "dry"] = "as_is"


@dataclass(frozen=True)
class Verdict:
    """The verdict with all that it rests on.

    ``why`` and ``kinds`` carry the explanation; ``rows``: the ids of every row that had a say, the
    deciding one first. ``unconfirmed``: the deciding row or its edition has not been confirmed.
    """

    verdict: Word
    why: Why
    asked: Asked
    product_class: ProductClass
    parameter: Parameter
    limit: Limit | None = None
    standard: str | None = None
    edition: Edition | None = None
    force: Force | None = None
    kinds: tuple[ProductClass, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def unconfirmed(self) -> bool:
        told = [one.provenance for one in (self.limit, self.edition) if one is not None]
        return any(one.unconfirmed for one in told)

    @property
    def confidence(self) -> Confidence | None:
        """Of row and edition the less sure."""
        told = [one.provenance.confidence for one in (self.limit, self.edition) if one is not None]
        return max(told, key=_SUREST_FIRST.index, default=None)


def evaluate(asked: Asked, county: Sequence[Standard] = ()) -> Verdict:
    """The verdict on a result; ``county``: what holds where the goods are from, besides.

    Raises InvalidInput for a class or parameter that is not known, for no result at all, and for a
    detection limit or moisture that is no number. A result that cannot be read is inconclusive.
    """
    product = product_classes().find(asked.product_class)
    parameter = parameters().find(asked.parameter)
    if not 0 < len(asked.results) <= MOST_RESULTS:
        raise InvalidInput(
            "Give between one and {most} results.", field="result", most=MOST_RESULTS
        )
    beside = _beside(asked)
    sought = (product.key, parameter.key, asked.production_date)
    governs = (*governing(*sought), *among(county, *sought))
    judged = [_judge(asked, product, parameter, beside, one) for one in governs]
    guides = [one for one in judged if one.force == "guide"]
    binding = [one for one in judged if one.force != "guide"]
    for word in _WORST_FIRST:
        for one in binding:
            if one.verdict == word:
                return _with_rows(one, judged)
    if guides:
        return _with_rows(guides[0], judged)
    return Verdict("not_regulated", "no_limit", asked, product, parameter)


def share_of_limit(verdict: Verdict) -> Fraction | None:
    """Which part of its limit a result takes up: 1 is at the limit, and what is least is the
    limit's part of the result.

    In the limit's unit and on its basis, as the verdict was found; of several results that of the
    worst. None where they are not all one exact amount, where there is no such limit, or where it
    is one on the number of samples.
    """
    limit = verdict.limit
    if limit is None or limit.forbidden or limit.plan is not None:
        return None
    try:
        readings = _readings(verdict.asked.results, several=False)
        measured = replace(_beside(verdict.asked), readings=readings)
    except InvalidInput:
        return None
    amounts = amounts_of(measured, limit)
    if isinstance(amounts, str) or any(one.low != one.high or not one.low for one in amounts):
        return None
    shares = [one.low / Fraction(limit.maximum) for one in amounts if limit.maximum]
    shares += [Fraction(limit.minimum) / one.low for one in amounts if limit.minimum]
    return max(shares, default=None)


def _with_rows(deciding: Verdict, judged: Iterable[Verdict]) -> Verdict:
    """The deciding verdict, with the rows of all that had a say."""
    ids = [one.limit.id for one in (deciding, *judged) if one.limit is not None]
    return replace(deciding, rows=tuple(dict.fromkeys(ids)))


def _judge(
    asked: Asked, product: ProductClass, parameter: Parameter, beside: Measured, one: Governing
) -> Verdict:
    """What one standard says of the result."""
    word, why = _word(asked, beside, one)
    return Verdict(
        word,
        why,
        asked,
        product,
        parameter,
        one.limit,
        one.edition.title if one.edition else one.standard.key,
        one.edition,
        one.standard.force,
        tuple(product_classes().by_key[key] for key in one.kinds),
    )


def _word(asked: Asked, beside: Measured, one: Governing) -> tuple[Word, Why]:
    if one.standard.force == "guide":
        return "not_regulated", "guide" if one.limit else "no_limit"
    if one.limit is None:
        return "inconclusive", one.gap or "kept"
    compared = _compared(asked, beside, one.limit)
    if compared is None:
        return "inconclusive", "unreadable"
    return compared.outcome, compared.reason


def _compared(asked: Asked, beside: Measured, limit: Limit) -> Compared | None:
    """The results beside the limit; ``None`` where they cannot be read.

    Results that break the limit break it whatever those beside them would say.
    """
    try:
        readings = _readings(asked.results, several=limit.plan is not None)
    except UnreadableResult:
        if len(asked.results) == 1:
            return None
        readings = tuple(_readable(asked.results))
        rest = compare(replace(beside, readings=readings), limit)
        return rest if rest.outcome == "fail" else None
    return compare(replace(beside, readings=readings), limit)


def _readable(results: Iterable[str]) -> Iterator[Reading]:
    for one in results:
        with suppress(UnreadableResult):
            yield read_result(one)


def _readings(results: tuple[str, ...], *, several: bool) -> tuple[Reading, ...]:
    if several and len(results) == 1:
        return read_results(results[0])
    return tuple(read_result(one) for one in results)


def _beside(asked: Asked) -> Measured:
    """What is said beside the results. Raises InvalidInput."""
    dry = asked.basis == "dry" or result_units().find(asked.unit)[1]
    limit, unit = read_number(asked.lod, "lod") if asked.lod.strip() else (None, "")
    if limit == 0:
        limit = None
    moisture = _moisture(asked.moisture) if asked.moisture.strip() else None
    at_most = is_upper_bound(asked.moisture)
    return Measured((), asked.unit, limit, unit, moisture, dry, at_most)


def _moisture(written: str) -> Fraction:
    """The share of water, below 1; a bare number is percent. Raises InvalidInput."""
    number, unit_text = read_number(written, "moisture")
    by_symbol = result_units().by_symbol
    unit = result_units().find(unit_text)[0] if unit_text else by_symbol["g/100 g"]
    factor = None if unit is None else unit.to(by_symbol["kg/kg"])
    if factor is None or number * factor >= 1:
        raise InvalidInput(
            "{given} is no moisture: give percent below 100, such as 7.5.",
            field="moisture",
            given=written[:60],
        )
    return number * factor
