"""Quantities as people write them: ``12.5公斤``, ``1斤3两``, ``20袋×50kg``, ``三斤半``.

What is readable only by assuming something (克 or 藏克, a number without unit, a unit taken from a
sheet's title) comes back with a doubt. What is not readable raises InvalidInput.
Market weights: 1 斤 is 500 g, 1 两 is 50 g; they are read, never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from suyuan.trace import numerals
from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import InvalidInput
from suyuan.trace.numerals import ARABIC, CHINESE, is_number
from suyuan.trace.quantities import Quantity, unit_table, units
from suyuan.trace.written import folded

LONGEST = 80
"""Characters of the longest text that is read as a quantity or a heading."""

_APPROXIMATE = re.compile(r"^(?:大约|大概|约|近|≈|~)|(?:左右|上下)$|(?<=[\d十百千万])[多余](?=\D)")


@dataclass(frozen=True, slots=True)
class StatedQuantity:
    """What was written and what it says.

    ``quantity`` is the whole, None until every doubt that hides it is settled. Where packages were
    counted, ``packages`` is their number (20 bags) and ``each`` what one holds (50 kg).
    """

    text: str
    quantity: Quantity | None
    packages: Quantity | None = None
    each: Quantity | None = None
    doubts: tuple[Doubt, ...] = ()


Settled = Mapping[str, Quantity]
"""What one of a word is, as somebody has said: {"克": 1 g} or {"藏克": 14 kg}."""


def read_quantity(
    value: str | float | Decimal,
    *,
    unit: Quantity | None = None,
    unit_from: Literal["heading", "title"] = "heading",
    settled: Settled | None = None,
    field: str | None = None,
) -> StatedQuantity:
    """Reads one cell or form field.

    ``unit`` is what one of a plain number is (1 kg, or 50 kg under the heading 袋×50kg); taken
    from the sheet's title rather than the column's heading it leaves a doubt.
    Raises InvalidInput for what is no quantity, is negative, or does not fit a Quantity.
    """
    text = value.strip() if isinstance(value, str) else _number_text(value, field)
    try:
        if not 0 < len(text) <= LONGEST:
            raise _unreadable(text)
        stated = _read(text, settled or {}, unit)
    except InvalidInput as refusal:
        raise type(refusal)(refusal.message, field=field, **refusal.params) from refusal
    if unit is not None and unit_from == "title" and is_number(_prepared(text)):
        doubt = Doubt.of(
            "unit-from-title", "The unit {unit} stands only in the title.", unit=str(unit)
        )
        stated = replace(stated, doubts=(*stated.doubts, doubt))
    return stated


def unit_in_heading(heading: str, *, settled: Settled | None = None) -> StatedQuantity:
    """The unit that a heading or title names: 投料(kg), 单位：公斤（部分按斤）, 袋×50kg.

    ``quantity`` is what one of a plain number below it is; None without doubts where no unit is
    named, None with a doubt where several are.
    """
    text = _prepared(heading[:LONGEST])
    parts = re.findall(r"\(([^()]*)\)|单位:?([^()]*)|/([^()/]*)$", text)
    named = [part for group in parts for part in group if part] or [text]
    found: dict[Quantity, str] = {}
    doubts: dict[str, Doubt] = {}
    for part in named:
        for phrase in _unit_phrases(part, whole=part is not text):
            try:
                stated = _read("1" + phrase if "×" not in phrase else phrase, settled or {}, None)
            except InvalidInput:
                continue
            one = stated.each or stated.quantity
            if one is not None:
                found.setdefault(one, phrase)
            else:
                doubts.update({doubt.code: _about(doubt, heading) for doubt in stated.doubts})
    if len(found) > 1:
        several = Doubt.of(
            "several-units", "Several units are named: {units}.", units=", ".join(found.values())
        )
        return StatedQuantity(heading, None, doubts=(several, *doubts.values()))
    one = next(iter(found)) if found and not doubts else None
    return StatedQuantity(heading, one, doubts=tuple(doubts.values()))


def _about(doubt: Doubt, text: str) -> Doubt:
    """The same doubt, naming the heading instead of the quantity made to try it."""
    return Doubt.of(doubt.code, doubt.message, **{**dict(doubt.params), "text": text})


def _unit_phrases(part: str, *, whole: bool) -> Iterator[str]:
    """Unit words in a part of a heading: the part itself, or inside prose the unmistakable."""
    word = _word_pattern(frozenset())
    packed = re.search(rf"(?:{word})×{ARABIC}(?:{word})", part)
    if packed:
        yield packed.group()
        return
    if whole and re.fullmatch(word, part):
        yield part
        return
    prose = "|".join(sorted(unit_table()["prose"], key=len, reverse=True))
    for match in re.finditer(rf"(?<![a-z])(?:{prose})(?![a-z]){'' if whole else '$'}", part):
        yield match.group()


def _read(text: str, settled: Settled, unit: Quantity | None) -> StatedQuantity:
    if re.search(r"\d (?!\d{3}(?:\D|$))\d", folded(text)):  # 1 200 is one number, 12 5 is not
        raise _unreadable(text)
    written = _prepared(text)
    exact = _APPROXIMATE.sub("", written)
    word = _word_pattern(frozenset(settled))
    if re.fullmatch(rf"{ARABIC}(?:{word})?[-~至到]{ARABIC}(?:{word})?", exact):
        doubt = Doubt.of("range", "{text} is a range: say how much it was.", text=text)
        return StatedQuantity(text, None, doubts=(doubt,))
    stated = _packed(text, exact, settled)
    if stated is None:
        whole, doubts = _sum(exact, text, settled, unit)
        stated = StatedQuantity(text, whole, doubts=doubts)
    if exact != written:
        doubt = Doubt.of("approximate", "{text} is about so much: weigh or accept.", text=text)
        stated = replace(stated, doubts=(*stated.doubts, doubt))
    return stated


def _packed(text: str, written: str, settled: Settled) -> StatedQuantity | None:
    """``20袋×50kg``, ``50kg×20袋``, ``20×50kg``, ``袋×50kg``, ``50kg/袋``, ``20袋(50kg/袋)``."""
    word = _word_pattern(frozenset(settled))
    per = re.fullmatch(
        rf"(?P<count>{ARABIC}(?:{word}))?\(?(?P<each>.+?)/(?P<of>{word})\)?(?:×(?P<times>.+))?",
        written,
    )
    if per:
        count = per["count"] or per["times"] or per["of"]
        sides = (count, per["each"])
    elif written.count("×") == 1:
        first, second = written.split("×")
        swap = _is_measure(first, settled) and not _is_measure(second, settled)
        sides = (second, first) if swap else (first, second)
    else:
        return None
    return _counted(text, *sides, settled)


def _counted(text: str, count: str, each_text: str, settled: Settled) -> StatedQuantity:
    each, doubts = _sum(each_text, text, settled, None)
    if re.fullmatch(_word_pattern(frozenset(settled)), count):
        missing = Doubt.of(
            "count-missing", "{text} says what one holds, not how many there are.", text=text
        )
        return StatedQuantity(text, None, each=each, doubts=(*doubts, missing))
    if is_number(count):
        packages, times = None, _value(count, text)
    else:
        packages, more = _sum(count, text, settled, None)
        doubts += more
        times = packages.amount if packages is not None else Decimal(0)
    if times != times.to_integral_value():
        raise _unreadable(text)
    known = each is not None and (packages is not None or is_number(count))
    return StatedQuantity(
        text, each * times if each is not None and known else None, packages, each, doubts
    )


def _sum(
    written: str, text: str, settled: Settled, unit: Quantity | None
) -> tuple[Quantity | None, tuple[Doubt, ...]]:
    """Adds up ``1斤3两`` or ``三斤半``; a plain number is so many of ``unit``."""
    if is_number(written):
        if unit is not None:
            return unit * _value(written, text), ()
        return None, (Doubt.of("unit-missing", "{text} has no unit.", text=text),)
    total: Quantity | None = None
    last: Quantity | None = None
    rest = written
    term = re.compile(
        rf"(?P<n>{ARABIC}|{CHINESE})(?P<word>{_word_pattern(frozenset(settled))})(?P<half>半?)"
    )
    while rest or total is None:
        match = term.match(rest)
        if match is None:
            raise _unreadable(text)
        one, doubt = _one(match["word"], text, settled)
        if one is None:
            return None, (doubt,) if doubt else ()
        part = one * (_value(match["n"], text) + (Decimal("0.5") if match["half"] else 0))
        if last is not None and not (one.dimension == last.dimension and one < last):
            raise _unreadable(text)
        total, last, rest = part if total is None else total + part, one, rest[match.end() :]
    return total, ()


def _one(word: str, text: str, settled: Settled) -> tuple[Quantity | None, Doubt | None]:
    """What one of a word is, or the question that must be asked first."""
    if word in settled:
        return settled[word], None
    if word in _known_words():
        return _known_words()[word], None
    doubt = Doubt.of("unit-ambiguous", "{text}: say what one {word} is here.", text=text, word=word)
    return None, doubt


@cache
def _known_words() -> dict[str, Quantity]:
    table = {word: Quantity.of(1, unit.code) for unit in units().values() for word in unit.words}
    for row in unit_table()["market"]:
        table[row["word"]] = Quantity.of(row["amount"], row["unit"])
    return table


@cache
def _word_pattern(settled: frozenset[str]) -> str:
    """An alternation of every unit word, the longest first so that 公斤 is not read as 斤."""
    asked = {row["word"] for row in unit_table()["asked"]}
    words = set(_known_words()) | asked | settled
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _prepared(text: str) -> str:
    """Half-width, lower case, no spaces, one sign for times."""
    plain = folded(text).lower().replace("㎏", "kg").replace("㎎", "mg").replace("ℓ", "l")
    plain = plain.replace(" ", "")
    return re.sub(r"[*✕✖]|(?<=[\d\u4e00-\u9fffg])x(?=[\d\u4e00-\u9fff])", "×", plain)


def _is_measure(written: str, settled: Settled) -> bool:
    """Whether a side of ``×`` is a weight or a volume rather than a count."""
    try:
        quantity, doubts = _sum(written, written, settled, None)
    except InvalidInput:
        return False
    return bool(doubts) if quantity is None else quantity.dimension in ("mass", "volume")


def _value(written: str, text: str) -> Decimal:
    try:
        return numerals.decimal(written)
    except ValueError as wrong:
        raise _unreadable(text) from wrong


def _number_text(value: float | Decimal, field: str | None) -> str:
    """A number of a spreadsheet as it is shown there: 15 significant digits."""
    text = format(Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value), "f")
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,20}(?:\.\d+)?", text):
        raise InvalidInput(
            "{given} is not a quantity: write a number that is not negative.",
            field=field,
            given=str(value)[:40],
        )
    return text


def _unreadable(text: str) -> InvalidInput:
    return InvalidInput(
        "{given} is not a quantity: write a number and a unit, like 12.5 kg, 1斤3两 or 20袋×50kg.",
        given=text[:40],
    )
