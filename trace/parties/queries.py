"""Reading parties, people and places."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Forbidden, NotFound, Unauthenticated
from suyuan.trace.parties.actor import Actor, Competent, in_force
from suyuan.trace.parties.divisions import divisions
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
    return actor_of(session, who.uid, acting_for.uid, now.date(), "api")


def sites_of(session: Session, party_id: int) -> list[Site]:
    """The places of a party."""
    return list(session.scalars(sa.select(Site).where(Site.party_id == party_id).order_by(Site.id)))


def parties(
    session: Session, *, after: int = 0, limit: int = 50, state: str | None = None
) -> list[Party]:
    """Parties in order of coming, from the one after row ``after``."""
    query = sa.select(Party).where(Party.id > after)
    if state:
        query = query.where(Party.state == state)
    return list(session.scalars(query.order_by(Party.id).limit(limit)))


def supervision_phone(session: Session, division: str, otherwise: str) -> str:
    """The supervision line for a division: of the nearest regulator that has one."""
    above = [division, *(one.code for one in divisions().parents(division))]
    rows = session.execute(
        sa.select(Party.division, Party.supervision_phone).where(
            Party.kind == "regulator",
            Party.state == "active",
            Party.supervision_phone != "",
            Party.division.in_(above),
        )
    )
    nearest = sorted(rows, key=lambda row: above.index(row[0]))
    return str(nearest[0][1]) if nearest else otherwise
