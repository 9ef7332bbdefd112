"""Of which counties somebody may read how far stations cover them."""

from __future__ import annotations

from collections.abc import Iterator

from suyuan.trace.errors import Forbidden
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import Division, Level, divisions
from suyuan.trace.parties.roles import Rights

_ABOVE = (Level.PROVINCE, Level.PREFECTURE)


def counties_of(actor: Actor, division: str | None = None) -> list[Division]:
    """The counties (or townships, for who is competent for no more) that the actor looks after;
    of these those in ``division``, where one is named. By code.

    Raises Forbidden for one who looks after no division, or not after this; UnknownDivision.
    """
    known = divisions()
    mine = sorted({known.current(code).code for code in _looked_after(actor)})
    if not mine:
        raise Forbidden("How stations cover a division is for those who look after one.")
    if division is None:
        wanted = mine
    else:
        asked = known.current(division).code
        wanted = [asked] if any(known.contains(one, asked) for one in mine) else []
        wanted = wanted or [one for one in mine if known.contains(asked, one)]
    if not wanted:
        raise Forbidden("You do not look after this division.", field="division")
    found = {county.code: county for code in wanted for county in _counties(known.get(code))}
    return [found[code] for code in sorted(found)]


def _looked_after(actor: Actor) -> tuple[str, ...]:
    """The divisions of a regulator, whatever the family; that of a checked station."""
    if actor.competences:
        return tuple(one.division for one in actor.competences)
    kind = Rights.load().organisation_kinds.get(actor.party_kind)
    serves = kind is not None and kind.serves_division and actor.party_state == "active"
    return (actor.division,) if serves else ()


def _counties(division: Division) -> Iterator[Division]:
    if division.level not in _ABOVE:
        yield division
        return
    for below in divisions().children(division.code):
        yield from _counties(below)
