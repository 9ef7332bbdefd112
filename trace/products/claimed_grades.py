"""Grades that somebody claims for goods, held against what the facts of the goods bear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from suyuan.trace.errors import Conflict
from suyuan.trace.products.family import Family
from suyuan.trace.products.grades import GradingScheme

CLAIMED: Final = "quality_grade"
"""The fact, and the item of a label, by which a grade is claimed."""

STATED: Final = "grade"
"""What an event says, by which it states a grade."""


class Unborne(Conflict):
    """A grade was claimed that the facts do not bear by any scheme."""

    kind = "unborne-grade"


def claimed_in(
    family: Family, variant: str, day: date, stated: Sequence[object], texts: Sequence[str]
) -> tuple[str, ...]:
    """The grades that are claimed: outright, and in names and on labels where a scheme knows its
    words."""
    outright = (one.strip() for one in stated if isinstance(one, str) and one.strip())
    found = (one for scheme in family.schemes(variant, day) for one in scheme.said_in(texts))
    return tuple(dict.fromkeys((*outright, *found)))


def require_borne(
    family: Family,
    variant: str,
    day: date,
    facts: Mapping[str, object],
    claimed: Sequence[str],
    field: str = f"attributes.{CLAIMED}",
) -> None:
    """Raises Unborne, at ``field``, for the first grade that no scheme in force grants to these
    facts.

    A grade is borne where a scheme gives that grade or a better one. A word that names no grade of
    any scheme is left alone: nothing kept here says what earns it.
    """
    for word in claimed:
        speaking = [one for one in family.schemes(variant, day) if one.place(word) is not None]
        if speaking and not any(_bears(one, facts, word) for one in speaking):
            raise _unborne(family, speaking[0], facts, word, field)


def _bears(scheme: GradingScheme, facts: Mapping[str, object], word: str) -> bool:
    earned, wanted = scheme.grade(facts), scheme.place(word)
    if earned is None or wanted is None:
        return False
    keys = [band.key for band in scheme.bands]
    return keys.index(earned.key) <= wanted


def _unborne(
    family: Family, scheme: GradingScheme, facts: Mapping[str, object], word: str, field: str
) -> Unborne:
    told = {"said": word, "scheme": scheme.names, "version": scheme.version}
    earned, value = scheme.grade(facts), scheme.value(facts)
    if earned is not None:
        return Unborne(
            "The grade {said} is not borne by the facts: by {scheme}, version {version}, they "
            "give {right}.",
            field,
            right=earned.names,
            **told,
        )
    missing = [
        family.attributes[key].names
        for key in scheme.needed()
        if (value is None if key == scheme.attribute else key not in facts)
    ]
    if missing:
        return Unborne(
            "The grade {said} is not borne by any fact: {scheme}, version {version}, grades by "
            "{facts}. State it, or leave the grade out.",
            field,
            facts=missing[0],
            **told,
        )
    return Unborne(
        "The grade {said} is not borne by the facts: by {scheme}, version {version}, {value} lies "
        "in no grade. Leave the grade out.",
        field,
        value=_shown(value),
        **told,
    )


def _shown(value: Decimal | str | None) -> str:
    return format(round(value, 1).normalize(), "f") if isinstance(value, Decimal) else str(value)
