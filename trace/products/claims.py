"""What is claimed for goods beyond what they are: their age, their origin, their grade, a mark.

A claim says no more than what the goods were made of proves. Which facts are claims, and what
bounds them, stands in the family files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from suyuan.trace.sourced import PROVENANCE, Provenance, Row
from suyuan.trace.words import Names, read_names

ClaimKind = Literal["age", "same", "rank"]
AgeUnit = Literal["year", "day"]
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True)
class Claim:
    """A fact by which goods are sold dearer.

    ``age``: at most the time since the day that ``since`` names, in ``unit``, of the youngest part;
    ``same``: what every part says too; ``rank``: no better than the worst part, by ``order`` with
    the best first. ``words`` finds an age in a name or on a label; its first group is the number.
    """

    attribute: str
    kind: ClaimKind
    names: Names
    since: str | None
    unit: AgeUnit | None
    order: tuple[str, ...]
    words: str | None
    provenance: Provenance

    def said_in(self, texts: Sequence[str]) -> int | None:
        """The highest age that stands in some texts, or None."""
        if self.words is None:
            return None
        found = [_number(one) for text in texts for one in re.findall(self.words, text)]
        return max(found, default=None)


def age(since: date, made: date, unit: AgeUnit) -> int:
    """The whole years or days from one day to another; nothing where it lies behind."""
    if unit == "day":
        return max((made - since).days, 0)
    early = (made.month, made.day) < (since.month, since.day)
    return max(made.year - since.year - early, 0)


def read_claim(row: Row, attributes: Sequence[str]) -> Claim:
    """One claim of a family file. Raises Misconfigured."""
    row.only("attribute", "kind", "names", "since", "unit", "order", "words", *PROVENANCE)
    kind = cast("ClaimKind", row.get("kind").one_of(get_args(ClaimKind)))
    if kind == "age" and not (row.has("since") and row.has("unit")):
        row.wrong('a claim of age names "since" and "unit".')
    unit = row.maybe("unit", lambda r: r.one_of(get_args(AgeUnit)))
    return Claim(
        attribute=row.get("attribute").one_of(attributes),
        kind=kind,
        names=read_names(row),
        since=row.maybe("since", lambda r: r.one_of(attributes)),
        unit=cast("AgeUnit | None", unit),
        order=row.list_of("order", Row.text),
        words=row.maybe("words", Row.text),
        provenance=row.provenance(),
    )


def _number(text: str) -> int:
    """A number of one or two digits, in digits or in Chinese: ``三``, ``十五``, ``二十``."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + _DIGITS.get(ones, 0)
