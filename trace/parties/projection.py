"""What rows of organisations, places and people hold, by their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.log.projections import (
    Column,
    Projection,
    Word,
    by_owner,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.log.tellings import Telling
from suyuan.trace.parties.records import COMPETENCE, NO_NAME, PARTY, PERSON, SITE
from suyuan.trace.parties.tables import Competence, Membership, Party, Person, Site

_JUDGED = ("party.checked", "party.suspended", "party.reinstated")
_SIGNED = ("party.applied", "party.undertaking")


def _undertaking(tellings: Sequence[Telling]) -> Word:
    """When the head signed, the last time that it did."""
    signed = [one for one in tellings if one.type in _SIGNED and one.fields.get("undertaking")]
    return Word(signed[-1].fields["at"] if signed else None, (signed or tellings)[-1].id)


def _competences(session: Session, parties: Sequence[int]) -> dict[int, list[Any]]:
    query = sa.select(
        Competence.party_id, Competence.agency, Competence.division, Competence.family,
        Competence.stage, Competence.valid_from, Competence.valid_to,
    )  # fmt: skip
    rows = by_owner(session, query.where(Competence.party_id.in_(parties)))
    return {owner: sorted(map(_shown, several)) for owner, several in rows.items()}


_COMPETENCE = ("agency", "division", "family", "stage", "valid_from", "valid_to")


def _shown(row: Sequence[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in row]


def _competences_said(said: list[dict[str, str]]) -> list[list[str]]:
    return sorted([one.get(name, "") for name in _COMPETENCE] for one in said)


PARTIES = Projection(
    Party,
    Party.uid,
    PARTY,
    names=said_by("party"),
    references=(Party.record_id,),
    types=frozenset({"party.applied"}),
    later=(PARTY, COMPETENCE),
    columns=(
        Column("kind", Party.kind, newest("kind")),
        Column("parent_id", name_of(Party.uid, Party.parent_id), newest("parent")),
        Column("name", Party.name, newest("name", erased=NO_NAME)),
        Column("names", Party.names, newest("names", absent={}, erased={})),
        Column("uscc", Party.uscc, newest("uscc")),
        Column("division", Party.division, newest("division")),
        Column("address", Party.address, newest("address", absent="")),
        Column("phone", Party.phone, newest("phone", absent="", erased="")),
        Column(
            "supervision_phone", Party.supervision_phone, newest("supervision_phone", absent="")
        ),
        Column("state", Party.state, newest("state")),
        Column(
            "state_reason",
            Party.state_reason,
            newest("reason", types=_JUDGED, read=str.strip, absent=""),
        ),
        Column("undertaking_at", Party.undertaking_at, _undertaking),
        Column("checked_at", Party.checked_at, newest("at", types=("party.checked",))),
        Column("checked_against", Party.checked_against, newest("checked_against", absent="")),
        Column("applied_at", Party.applied_at, newest("at", types=("party.applied",))),
        Column(
            "competence", _competences, newest("competences", read=_competences_said, absent=[])
        ),
    ),
)

SITES = Projection(
    Site,
    Site.uid,
    SITE,
    names=said_by("site"),
    references=(Site.record_id,),
    columns=(
        Column("party_id", name_of(Party.uid, Site.party_id), newest("party")),
        Column("kind", Site.kind, newest("kind")),
        Column("name", Site.name, newest("name", read=str.strip)),
        Column("names", Site.names, newest("names", absent={})),
        Column("division", Site.division, newest("division")),
        Column("address", Site.address, newest("address", absent="")),
        Column("latitude", Site.latitude, newest("latitude")),
        Column("longitude", Site.longitude, newest("longitude")),
        Column("altitude_m", Site.altitude_m, newest("altitude_m")),
        Column("area_m2", Site.area_m2, newest("area_m2")),
        Column("capacity", Site.capacity, newest("capacity", absent="")),
        Column("made_at", Site.made_at, newest("at")),
    ),
)


def _roles(session: Session, people: Sequence[int]) -> dict[int, list[Any]]:
    query = (
        sa.select(Membership.person_id, Party.uid, Membership.role)
        .join(Party, Party.id == Membership.party_id)
        .where(Membership.person_id.in_(people), Membership.until.is_(None))
    )
    return {owner: sorted(map(list, rows)) for owner, rows in by_owner(session, query).items()}


def _roles_said(tellings: Sequence[Telling]) -> Word | None:
    """The roles that were given and not ended. Whoever was erased has none any more."""
    if any("phone" in one.gone for one in tellings):
        return Word([], tellings[-1].id)
    held: dict[tuple[str, str], str] = {}
    last = tellings[-1].id
    for one in tellings:
        if one.type == "role.granted":
            held[one.fields["party"], one.fields["role"]] = last = one.id
        elif one.type == "role.ended":
            held.pop((one.fields["party"], one.fields["role"]), None)
            last = one.id
    return Word(sorted(map(list, held)), last)


_NO_PHONE = "erased"
# numbers are unique, so what an erasure leaves has the row's own number in it
_PHONE = sa.case(
    (Person.phone == sa.literal("erased-").concat(sa.cast(Person.id, sa.String)), _NO_PHONE),
    else_=Person.phone,
)

PEOPLE = Projection(
    Person,
    Person.uid,
    PERSON,
    names=said_by("person"),
    later=(PERSON,),
    columns=(
        Column("name", Person.name, newest("name", erased=NO_NAME)),
        Column("phone", _PHONE, newest("phone", erased=_NO_PHONE)),
        Column("language", Person.language, newest("language", absent="zh")),
        Column("membership", _roles, _roles_said),
    ),
)

PROJECTIONS = (PARTIES, SITES, PEOPLE)
