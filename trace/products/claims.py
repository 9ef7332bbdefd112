"""What is claimed for goods beyond what they are: their age, their origin, their grade, a mark.

A claim says no more than what the goods were made of proves. Which facts are claims, and what
bounds them, stands in the family files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast, get_args

from suyuan.trace.folding import folded
from suyuan.trace.numerals import decimal
from suyuan.trace.sourced import PROVENANCE, Provenance, Row
from suyuan.trace.words import Names, read_names

ClaimKind = Literal["age", "vintage", "same", "rank"]
AgeUnit = Literal["year", "month", "day"]
_DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": "0", "两": "2"}
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_NUMBER = (
    r"(?<![0-9零〇一二两三四五六七八九十百千])(?<![0-9][.·])"
    rf"([0-9]{{1,6}}(?:\.[0-9])?|[零〇一二两三四五六七八九十百]+|\b(?:{'|'.join(_ENGLISH)}))"
)
"""What ``{number}`` stands for in the words of a claim: a number, never the end of one."""
_PLAIN = str.maketrans(_DIGITS)


@dataclass(frozen=True)
class Claim:
    """A fact by which goods are sold dearer.

    ``age``: at most the time since the day that ``since`` names, in ``unit``, of the youngest part;
    ``vintage``: no year before the one in which that day lies; ``same``: what every part says too;
    ``rank``: no better than the worst part, by ``order`` with the best first. ``words`` find an
    age, in ``unit``, or a year, in the folded text of a name or label: patterns with ``{number}``
    where it stands.
    """

    attribute: str
    kind: ClaimKind
    names: Names
    since: str | None
    unit: AgeUnit | None
    order: tuple[str, ...]
    words: tuple[str, ...]
    provenance: Provenance

    def said(self, facts: Mapping[str, Any], texts: Sequence[str]) -> Any:
        """What is claimed for goods of which this is stated and written, or None."""
        stated = facts.get(self.attribute) if self.kind != "vintage" else None
        if self.kind in ("same", "rank"):
            return stated
        return self._furthest([one for one in (stated, self.said_in(texts)) if one is not None])

    def said_in(self, texts: Sequence[str]) -> int | None:
        """The highest age, or the earliest year, that stands in some texts, or None."""
        found = (
            _number(one[1])
            for text in texts
            for words in self.words
            for one in re.finditer(words.replace("{number}", _NUMBER), folded(text))
            if self.unit in ("month", "day")
            or _is_calendar_year(one[1]) == (self.kind == "vintage")
        )
        return self._furthest([one for one in found if one is not None])

    def _furthest(self, said: Sequence[int]) -> int | None:
        return (min if self.kind == "vintage" else max)(said, default=None)


def age(since: date, made: date, unit: AgeUnit) -> int:
    """The whole years, months or days from one day to another; nothing where it lies behind."""
    if unit == "day":
        return max((made - since).days, 0)
    months = 12 * (made.year - since.year) + made.month - since.month - (made.day < since.day)
    return max(months if unit == "month" else months // 12, 0)


def read_claim(row: Row, attributes: Sequence[str]) -> Claim:
    """One claim of a family file. Raises Misconfigured."""
    row.only("attribute", "kind", "names", "since", "unit", "order", "words", *PROVENANCE)
    kind = cast("ClaimKind", row.get("kind").one_of(get_args(ClaimKind)))
    if kind == "age" and not (row.has("since") and row.has("unit")):
        row.wrong('a claim of age names "since" and "unit".')
    if kind == "vintage" and not row.has("since"):
        row.wrong('a claim of vintage names "since".')
    unit = row.maybe("unit", lambda r: r.one_of(get_args(AgeUnit)))
    return Claim(
        attribute=row.get("attribute").one_of(attributes),
        kind=kind,
        names=read_names(row),
        since=row.maybe("since", lambda r: r.one_of(attributes)),
        unit=cast("AgeUnit | None", unit),
        order=row.list_of("order", Row.text),
        words=row.list_of("words", _read_words),
        provenance=row.provenance(),
    )


def _read_words(row: Row) -> str:
    if row.text().count("{number}") != 1:
        row.wrong('the words of a claim hold "{{number}}" once.')
    return row.text()


def _is_calendar_year(written: str) -> bool:
    """Four digits, as in 2026年: a date, and no age."""
    return len(written) == 4 and written.translate(_PLAIN).isdecimal()


def _number(written: str) -> int | None:
    """A number, in digits of either kind, with powers of ten or an English word, a broken one as
    the next whole; None where it is none."""
    if written in _ENGLISH:
        return _ENGLISH[written]
    plain = written.translate(_PLAIN)
    if plain.isdecimal():
        return int(plain)
    try:
        return math.ceil(decimal(written))
    except ValueError:
        return None
