"""What a product's name as a producer writes it has in it, as far as the standards know it.

伊维菌素注射液 has ivermectin in it. That nothing is known in a name does not mean that nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from suyuan.trace.certificates.texts import certificate_texts
from suyuan.trace.events.intervals import InputUsed
from suyuan.trace.quality.governing import governing
from suyuan.trace.quality.parameters import Parameter, parameters
from suyuan.trace.written import folded

_LEAST_WIDE: Final = 2
_LEAST_LATIN: Final = 5
"""Characters of a word that is looked for inside a name: 砷 or Pb alone would be found anywhere."""


@dataclass(frozen=True)
class ForbiddenUse:
    """A substance that was used and must not be, and the rule that forbids it."""

    used: InputUsed
    substance: Parameter
    standard: str


def substances(name: str) -> tuple[Parameter, ...]:
    """What the standards know that stands in the name of an input."""
    text = folded(name).lower()
    return tuple(one for one, words in _words() if any(word in text for word in words))


def is_tested_for(name: str) -> bool:
    """Whether a laboratory would look for what an input leaves; it does not for a vaccine."""
    text = folded(name).lower()
    return not any(word.lower() in text for word in certificate_texts().rules.untested)


def forbidden(inputs: Iterable[InputUsed], limits_of: str, on: date) -> tuple[ForbiddenUse, ...]:
    """What was used of substances that are forbidden for a class of products on a day."""
    return tuple(
        ForbiddenUse(used, one, rule.edition.title)
        for used in inputs
        for one in substances(used.name)
        for rule in governing(limits_of, one.key, on)
        if rule.limit is not None and rule.limit.forbidden and rule.edition is not None
    )


def covered(name: str, tested: Iterable[str]) -> bool:
    """Whether lines of reports, as laboratories wrote them, are about all that an input of this
    name has in it."""
    lines = tuple(tested)
    known = {one.key for one in substances(name)}
    if known:
        return known <= {one.key for line in lines for one in substances(line)}
    ours = _without_form(name)
    return bool(ours) and any(ours in _without_form(line) for line in lines)


def _without_form(name: str) -> str:
    text = folded(name).lower()
    for word in sorted(certificate_texts().rules.forms, key=len, reverse=True):
        text = text.replace(word, "")
    return text.strip()


@cache
def _words() -> tuple[tuple[Parameter, tuple[str, ...]], ...]:
    rows = []
    for one in parameters().by_key.values():
        words = {folded(word).lower() for word in (one.names.zh, one.names.en, *one.words)}
        rows.append((one, tuple(sorted(word for word in words if _is_telling(word)))))
    return tuple(rows)


def _is_telling(word: str) -> bool:
    return len(word) >= (_LEAST_LATIN if word.isascii() else _LEAST_WIDE)
