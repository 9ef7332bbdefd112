"""Whose turn a warning is: its organisation's, then the regulators' by division, upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from suyuan.trace.notices.rules import LEVELS, WarningRule
from suyuan.trace.parties.divisions import divisions

OWNER = LEVELS[0]


@dataclass(frozen=True)
class Turn:
    """A level, and the division whose regulators have it in hand (the place, for the owner's)."""

    level: str
    division: str


def first_turn(rule: WarningRule, division: str) -> Turn:
    """Where a warning about something in ``division`` begins: the first level that is there."""
    return _turns(rule, division)[0]


def next_turn(rule: WarningRule, division: str, level: str) -> Turn | None:
    """The turn after ``level``; None above the highest.

    A level that a place does not have is passed over: a county directly under its province has
    no prefecture.
    """
    later = LEVELS[LEVELS.index(level) + 1 :]
    return next((one for one in _turns(rule, division) if one.level in later), None)


def codes_above(division: str) -> Sequence[str]:
    """The codes of a division and of those above it, the nearest first, former codes too."""
    path = divisions().path(divisions().current(division).code)
    return [code for one in reversed(path) for code in (one.code, *_former().get(one.code, ()))]


def _turns(rule: WarningRule, division: str) -> list[Turn]:
    path = divisions().path(divisions().current(division).code)
    by_level = {str(one.level): one.code for one in path}
    turns = [Turn(level, by_level[level]) for level in rule.hours if level in by_level]
    return [Turn(OWNER, division), *turns] if OWNER in rule.hours else turns


@cache
def _former() -> Mapping[str, tuple[str, ...]]:
    """The replaced codes of each division."""
    found: dict[str, tuple[str, ...]] = {}
    for one in divisions():
        if one.replaced_by is not None:
            heir = divisions().current(one.code).code
            found[heir] = (*found.get(heir, ()), one.code)
    return found
