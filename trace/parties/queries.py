"""Reading parties, people and places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from suyuan.trace.errors import Forbidden, NotFound, Unauthenticated
from suyuan.trace.parties.actor import Actor, Competent, in_force
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import (
    ApiToken,
    Competence,
    Membership,
    OneTimeLink,
    Party,
    Person,
    Site,
)


def party(session: Session, uid: str, field: str | None = "party") -> Party:
    """The party with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Party).where(Party.uid == uid))
    if found is None:
        raise NotFound("There is no party {uid}.", field=field, uid=uid)
    return found


def laboratories(session: Session) -> list[Party]:
    """The laboratories that somebody has checked, by name."""
    query = sa.select(Party).where(Party.kind == "laboratory", Party.state == "active")
    return list(session.scalars(query.order_by(Party.name, Party.id).limit(500)))


def site(session: Session, uid: str, field: str | None = "site") -> Site:
    """The site with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Site).where(Site.uid == uid))
    if found is None:
        raise NotFound("There is no site {uid}.", field=field, uid=uid)
    return found


def person(session: Session, uid: str, field: str | None = "person") -> Person:
    """The person with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Person).where(Person.uid == uid))
    if found is None:
        raise NotFound("There is no person {uid}.", field=field, uid=uid)
    return found


def person_by_phone(session: Session, phone: str) -> Person | None:
    """The person who signs in by this number (E.164), if there is one."""
    return session.scalar(sa.select(Person).where(Person.phone == phone))


def person_by_id(session: Session, person_id: int | None) -> Person | None:
    """The person of this row; None for none."""
    return session.get(Person, person_id) if person_id is not None else None


def person_by_session(session: Session, name: str) -> Person | None:
    """The person whom a session names, if that session still counts."""
    return session.scalar(sa.select(Person).where(Person.session_name == name))


def memberships(session: Session, person_id: int) -> list[Membership]:
    """The roles a person has now, by organisation."""
    current = sa.select(Membership).where(
        Membership.person_id == person_id, Membership.until.is_(None)
    )
    return list(session.scalars(current.order_by(Membership.party_id, Membership.role)))


def members(session: Session, party_id: int) -> list[Membership]:
    """Who has a role in an organisation now."""
    current = sa.select(Membership).where(
        Membership.party_id == party_id, Membership.until.is_(None)
    )
    return list(session.scalars(current.order_by(Membership.id)))


def stated_competences(session: Session, party_id: int) -> list[Competence]:
    """All that was said of a regulator's competence, past and to come as well."""
    rows = sa.select(Competence).where(Competence.party_id == party_id).order_by(Competence.id)
    return list(session.scalars(rows))


def served_parties(session: Session, actor: Actor, limit: int = 200) -> list[Party]:
    """The organisations whose members the actor may manage beside its own, in order of coming."""
    if not actor.may("manage_members"):
        return []
    mine = sa.select(Party).where(Party.parent_id == actor.party_id)
    if actor.party_kind == "platform_operator":
        mine = sa.select(Party)
    elif Rights.load().organisation_kind(actor.party_kind).serves_division:
        mine = sa.select(Party).where(Party.division.startswith(_stem(actor.division)))
    found = session.scalars(mine.order_by(Party.id).limit(limit))
    return [
        one for one in found if one.id != actor.party_id and actor.may_for("manage_members", one)
    ]


def competences(session: Session, party_id: int, on: date) -> tuple[Competent, ...]:
    """What a regulator is competent for on a day."""
    rows = session.scalars(sa.select(Competence).where(Competence.party_id == party_id))
    return tuple(
        Competent(row.division, row.family, row.stage)
        for row in rows
        if in_force(row.valid_from, row.valid_to, on)
    )


def actor_of(
    session: Session, person_uid: str, party_uid: str | None, on: date, channel: str
) -> Actor:
    """The person as acting for one of its organisations; the first one where none is named.

    Raises NotFound, and Forbidden where the person is inactive or has no role there.
    """
    who = person(session, person_uid)
    roles = [
        one
        for one in memberships(session, who.id)
        if party_uid is None or one.party.uid == party_uid
    ]
    if not who.active or not roles:
        raise Forbidden("You have no role in this organisation.", field="party")
    acting_for = roles[0].party
    return Actor(
        person_id=who.id,
        person_uid=who.uid,
        party_id=acting_for.id,
        party_uid=acting_for.uid,
        party_kind=acting_for.kind,
        party_state=acting_for.state,
        division=acting_for.division,
        roles=frozenset(one.role for one in roles if one.party_id == acting_for.id),
        competences=competences(session, acting_for.id, on),
        channel=channel,
    )


def open_link(session: Session, secret: str, now: datetime) -> OneTimeLink | None:
    """The one-time link with this secret, if it can still be spent."""
    link = session.scalar(sa.select(OneTimeLink).where(OneTimeLink.hash == token_hash(secret)))
    return link if link and link.spent_at is None and link.expires_at > now else None


def tokens(session: Session, person_id: int) -> list[ApiToken]:
    """The tokens of a person that have not been revoked, the newest first."""
    own = sa.select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    return list(session.scalars(own.order_by(ApiToken.id.desc())))


def token_hash(secret: str) -> str:
    """How a token or one-time link is kept: SHA-256, which suffices for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_by_token(session: Session, secret: str, now: datetime) -> Actor:
    """Who a bearer token speaks for. Raises Unauthenticated for an unknown or spent one."""
    row = session.scalar(sa.select(ApiToken).where(ApiToken.hash == token_hash(secret)))
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        raise Unauthenticated("This token is not known, has expired or was revoked.")
    who = session.get_one(Person, row.person_id)
    acting_for = session.get_one(Party, row.party_id)
    actor = actor_of(session, who.uid, acting_for.uid, now.date(), "api")
    return replace(actor, feeds_only=row.feeds_only)


def sites_of(session: Session, party_id: int) -> list[Site]:
    """The places of a party."""
    return list(session.scalars(sa.select(Site).where(Site.party_id == party_id).order_by(Site.id)))


def parties(
    session: Session,
    *,
    after: int = 0,
    limit: int = 50,
    state: str | None = None,
    within: Iterable[str] | None = None,
) -> list[Party]:
    """Parties in order of coming, from the one after row ``after``.

    ``within``: only those whose seat is in one of these divisions.
    """
    query = sa.select(Party).where(Party.id > after)
    if state:
        query = query.where(Party.state == state)
    if within is not None:
        seats = [Party.division.startswith(_stem(code)) for code in within]
        query = query.where(sa.or_(sa.false(), *seats))
    return list(session.scalars(query.order_by(Party.id).limit(limit)))


_party = Party.__table__.c
_SUPERVISION: sa.Select[Any] = sa.select(_party.division, _party.supervision_phone).where(
    _party.kind == "regulator",
    _party.state == "active",
    _party.supervision_phone != "",
    _party.division.in_(sa.bindparam("above", expanding=True)),
)
"""Put together once: every scan page asks it."""


def supervision_phone(session: Session, division: str, otherwise: str) -> str:
    """The supervision line for a division: of the nearest regulator that has one."""
    above = [division, *(one.code for one in divisions().parents(division))]
    rows = session.execute(_SUPERVISION, {"above": above})
    nearest = sorted(rows, key=lambda row: above.index(row[0]))
    return str(nearest[0][1]) if nearest else otherwise


def counts_by_state(session: Session) -> dict[str, int]:
    """How many parties there are in each state."""
    rows = session.execute(
        sa.select(Party.state, sa.func.count().label("number")).group_by(Party.state)
    )
    return {row.state: row.number for row in rows}


def count_people(session: Session) -> int:
    """How many people may sign in."""
    return session.scalar(sa.select(sa.func.count()).where(Person.active)) or 0


def people(session: Session, *, after: int = 0, limit: int = 50) -> list[Person]:
    """People in order of coming, from the one after row ``after``, with their memberships."""
    query = sa.select(Person).where(Person.id > after).order_by(Person.id).limit(limit)
    return list(session.scalars(query.options(selectinload(Person.memberships))))


def inside(column: InstrumentedAttribute[str], division: str) -> sa.ColumnElement[bool]:
    """That a division is this one or lies in it."""
    return column.startswith(_stem(division), autoescape=True)


def _stem(code: str) -> str:
    """What the codes of all divisions inside ``code`` begin with (GB/T 2260: pairs of digits)."""
    if len(code) > 6 or not code.endswith("00"):
        return code
    return code[:2] if code.endswith("0000") else code[:4]
