"""Results as laboratories write them, read as what they prove: an amount between two ends.

``0.15`` is one amount, and ``60+70`` is; ``未检出(<0.01)`` is anything below 0.01; ``0.1~0.2`` lies
between; ``检出`` is something, nobody says how much. What is not read is refused: it is never taken
for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Final

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.sourced import Row, read_standard
from suyuan.trace.written import folded

LONGEST: Final = 120
_PLAIN = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.[0-9]{0,20})?|\.[0-9]{1,20}"
_POWER = r"[x×*]10\^?-?[0-9]{1,2}|e[+-]?[0-9]{1,2}"
_NUMBER = rf"(?:(?:{_PLAIN})(?:{_POWER})?|10\^-?[0-9]{{1,2}})"
_UNIT = rf"(?P<unit>(?!{_POWER})[^\s\d.,^<>≤≥~±+-][^<>≤≥~±]{{0,24}})?"
_POSITIVE_MARK = r"[(\[]?\++[)\]]?"
_GROUPED = r"(?<![\d.,])[1-9]\d{0,2}(?:\s\d{3})+(?!\d)"
_SMALL_SIGNS = str.maketrans({"﹤": "<", "﹥": ">", "≦": "≤", "≧": "≥", "〜": "~", "∼": "~"})
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class UnreadableResult(InvalidInput):
    """The result is none that could be compared with anything."""


@dataclass(frozen=True)
class Reading:
    """What a result proves: the amount is at least ``low`` and at most ``high``.

    ``high`` is ``None`` where no end is known; an ``open`` end is itself not reached. ``detected``:
    whether any was found. ``unit`` is what stands behind the number.
    """

    text: str
    low: Fraction
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False
    detected: bool = True
    unit: str = ""

    @property
    def lacks_detection_limit(self) -> bool:
        """Not detected, and nobody says from which amount on it would have been."""
        return not self.detected and self.high is None


def read_result(text: str) -> Reading:
    """One result. Raises UnreadableResult."""
    found = _read(text)
    if found is None:
        raise _unreadable(text)
    return replace(found, text=folded(text))


def read_results(text: str) -> tuple[Reading, ...]:
    """Several results in one text: ``12000、13000、9000``. Raises UnreadableResult.

    ``12,000`` may be one result or two, and is refused where several are to be read.
    """
    if re.search(r"\d,\d{3}(?!\d)", folded(text)) and not re.search(r"[、;]", folded(text)):
        raise UnreadableResult(
            "{result} may be one number or several: give the results as a list.",
            field="result",
            result=text[:LONGEST],
        )
    parts = re.split(r"[、;\n]|,(?!\d{3}(?!\d))", folded(text))
    return tuple(read_result(part) for part in parts if part.strip())


def is_nothing_found(text: str) -> bool:
    """Whether a laboratory wrote that it found none, in each of the results it gives."""
    try:
        found = read_results(text)
    except UnreadableResult:
        return False
    return bool(found) and not any(one.detected for one in found)


def unreadable(results: Sequence[str]) -> tuple[str, ...]:
    """Those of several results that cannot be read; all of them where it is for other reasons."""
    return tuple(one for one in results if _read(one) is None) or tuple(results)


def unit_within(result: str) -> str:
    """The unit that stands in a result itself, if any does."""
    found = _read(result)
    return found.unit if found else ""


def read_number(text: str, field: str) -> tuple[Fraction, str]:
    """A number, with the unit behind it, as detection limits and moistures are written.

    Raises InvalidInput.
    """
    match = re.fullmatch(rf"[<≤]?(?P<number>{_NUMBER}){_UNIT}", _normal(text))
    if match is None or len(text) > LONGEST:
        raise InvalidInput(
            "{given} is no number like 0.01 or 0.01 mg/kg.", field=field, given=text[:LONGEST]
        )
    return _value(match["number"]), match["unit"] or ""


def is_upper_bound(text: str) -> bool:
    """Whether a number that ``read_number`` reads is said to be the most that there is."""
    return _normal(text).startswith(("<", "≤"))


def _read(text: str) -> Reading | None:
    written = _normal(text)
    if not written or len(text) > LONGEST:
        return None
    return _read_word(written) or _read_amount(written) or _read_sum(written)


def _unreadable(text: str) -> UnreadableResult:
    return UnreadableResult(
        "{result} is no result that can be read: write it like 0.15, <0.01, 未检出(<0.01) or "
        "0.1~0.2.",
        field="result",
        result=text[:LONGEST],
    )


def _normal(text: str) -> str:
    powers = re.sub(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: "^" + m[0].translate(_POWERS), text)
    plain = folded(powers).translate(_SMALL_SIGNS).lower()
    plain = re.sub(r"([x×*]\s*10)\s+(?=\d)", r"\1", plain)
    grouped = re.sub(_GROUPED, lambda m: re.sub(r"\s", "", m[0]), plain)
    # two numbers are not one: a blank that stays between digits is read as nothing that there is
    return re.sub(r"(?<!\d)\s|\s(?!\d)", "", grouped)


def _read_word(written: str) -> Reading | None:
    """未检出, 检出 and their like, with what stands behind them."""
    words = _words()
    for detected, some in ((False, words.not_detected), (True, words.detected)):
        for word in some:
            if written.startswith(word):
                rest = written.removeprefix(word)
                found = _detected(rest) if detected else _not_detected(rest)
                if found is not None:
                    return found
    return None


def _detected(rest: str) -> Reading | None:
    """Behind 检出 may stand nothing, a mark, or how much of it there is."""
    rest = rest.lstrip(",;:")
    amount = _read_amount(_unwrapped(rest)) if re.search(r"\d", rest) else None
    if amount is not None and amount.detected:
        return amount
    nothing = Fraction(0)
    if rest and not re.fullmatch(_POSITIVE_MARK, rest):
        return None
    return Reading("", nothing, None, low_open=True)


def _not_detected(rest: str) -> Reading | None:
    """Behind 未检出 may stand nothing, a unit or portion, or a detection limit."""
    nothing, bare = Fraction(0), _unwrapped(rest.lstrip(",;:"))
    if bare in ("", "-") or result_units().find(bare)[0]:
        return Reading("", nothing, None, detected=False, unit=bare.strip("-"))
    limit = re.fullmatch(
        rf"(?:{_words().of_limit})?(?:为|[:=<≤])*(?P<number>{_NUMBER}){_UNIT}", bare
    )
    if limit is None or not (value := _value(limit["number"])):
        return None
    unit = limit["unit"] or ""
    return Reading("", nothing, value, high_open=True, detected=False, unit=unit)


def _unwrapped(rest: str) -> str:
    return rest[1:-1] if rest.startswith(("(", "[")) and rest.endswith((")", "]")) else rest


def _read_amount(written: str) -> Reading | None:
    nothing = Fraction(0)
    if match := re.fullmatch(rf"(?P<sign>[<≤>≥])(?P<number>{_NUMBER}){_UNIT}", written):
        value, unit = _value(match["number"]), match["unit"] or ""
        if match["sign"] in "<≤":
            if not value:
                return None
            open_ = match["sign"] == "<"
            return Reading("", nothing, value, high_open=open_, detected=False, unit=unit)
        return Reading("", value, None, low_open=match["sign"] == ">", unit=unit)
    ends = rf"(?P<under><?)(?P<low>{_NUMBER})(?:~|-+|至|到)(?P<high>{_NUMBER}){_UNIT}"
    if match := re.fullmatch(ends, written):
        low = nothing if match["under"] else _value(match["low"])
        high = _value(match["high"])
        if low > high:
            return None
        return Reading("", low, high, detected=high > 0, unit=match["unit"] or "")
    if match := re.fullmatch(rf"(?P<number>{_NUMBER})(?:±{_NUMBER})?{_UNIT}", written):
        value = _value(match["number"])
        return Reading("", value, value, detected=value > 0, unit=match["unit"] or "")
    return None


def _read_sum(written: str) -> Reading | None:
    """Several amounts that are one together: ``60+<5``."""
    parts = [_read_word(part) or _read_amount(part) for part in written.split("+")]
    read = [one for one in parts if one is not None]
    units = {one.unit for one in read}
    if len(read) != len(parts) or len(units) > 1:
        return None
    highs = [one.high for one in read if one.high is not None]
    return Reading(
        "",
        sum((one.low for one in read), Fraction(0)),
        sum(highs, Fraction(0)) if len(highs) == len(read) else None,
        low_open=any(one.low_open for one in read),
        high_open=any(one.high_open for one in read),
        detected=any(one.detected for one in read),
        unit=units.pop(),
    )


def _value(number: str) -> Fraction:
    mantissa, power = number.replace(",", ""), "0"
    if match := re.fullmatch(r"10\^(-?\d+)", mantissa):
        mantissa, power = "1", match[1]
    elif match := re.fullmatch(r"(.+?)(?:[x×*]10\^?|e)([+-]?\d+)", mantissa):
        mantissa, power = match[1], match[2]
    return Fraction(f"0{mantissa}0" if "." in mantissa else mantissa) * Fraction(10) ** int(power)


@dataclass(frozen=True)
class _Words:
    not_detected: tuple[str, ...]
    detected: tuple[str, ...]
    of_limit: str


@cache
def _words() -> _Words:
    """``standards/limits/results.json``, the longest words first."""
    row = read_standard("limits/results.json")
    row.provenance()

    def longest_first(key: str) -> tuple[str, ...]:
        return tuple(sorted(row.list_of(key, Row.text), key=len, reverse=True))

    of_limit = "|".join(map(re.escape, longest_first("limit_of_detection")))
    return _Words(longest_first("not_detected"), longest_first("detected"), of_limit)
