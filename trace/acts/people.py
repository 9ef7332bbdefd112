"""People: who they are, their roles, and their ways in. Secrets are kept hashed only."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import get_args

import phonenumbers
import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.parties import passwords, queries
from suyuan.trace.parties.facts import PersonFacts
from suyuan.trace.parties.records import ACCESS, PERSON
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import ApiToken, Membership, OneTimeLink, Party, Person
from suyuan.trace.words import Language


def e164(phone: str, field: str = "phone") -> str:
    """A mobile number as it is kept, ``+8613…``; numbers without a country are Chinese."""
    try:
        number = phonenumbers.parse(phone, "CN")
    except phonenumbers.NumberParseException as error:
        raise InvalidInput("This is no telephone number.", field) from error
    if not phonenumbers.is_possible_number(number):
        raise InvalidInput("This telephone number is too short or too long.", field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def add_person(w: Writing, facts: PersonFacts, party_uid: str, role: str) -> str:
    """Add a person with a first role. Returns its uid.

    A person who is known already under that number gets the further role.
    """
    party = queries.party(w.session, party_uid)
    w.actor.require("manage_members", party)
    Rights.load().role_in(party.kind, role)
    phone = e164(facts.phone)
    known = queries.person_by_phone(w.session, phone)
    if known is not None:
        _add_role(w, known, party, role)
        return known.uid
    if not facts.name.strip():
        raise InvalidInput("A person has a name.", "name")
    person = Person(
        uid=w.new_uid(),
        name=facts.name.strip(),
        language=facts.language,
        phone=phone,
        password=passwords.hashed(facts.password) if facts.password else None,
        session_name=secrets.token_hex(32),
        made_at=w.now,
        changed_at=w.now,
    )
    w.session.add(person)
    w.session.flush()
    told = {"name": person.name, "phone": phone, "language": person.language}
    _add_role(w, person, party, role, told)
    return person.uid


def grant_role(w: Writing, person_uid: str, party_uid: str, role: str) -> str:
    """Give a person a further role in an organisation. Returns the person's uid."""
    party = queries.party(w.session, party_uid)
    w.actor.require("manage_members", party)
    Rights.load().role_in(party.kind, role)
    _add_role(w, queries.person(w.session, person_uid), party, role)
    return person_uid


def end_role(w: Writing, person_uid: str, party_uid: str, role: str) -> str:
    """End a role. Returns the person's uid. Raises NotFound where the person has it not."""
    party = queries.party(w.session, party_uid)
    w.actor.require("manage_members", party)
    person = queries.person(w.session, person_uid)
    for one in queries.memberships(w.session, person.id):
        if one.party_id == party.id and one.role == role:
            one.until = w.now
            said = {
                "person": person.uid,
                "party": party.uid,
                "role": role,
                "until": str(w.now.date()),
            }
            w.record(PERSON, "role.ended", said, subject=person.uid)
            return person.uid
    raise NotFound("This person has no such role here.", field="role")


def make_link(w: Writing, person_uid: str, purpose: str, minutes: int) -> str:
    """Make a one-time link for a first sign-in or a reset; returns its secret, shown once.

    The head of the cooperative may do so for its members, the county station for its division.
    Never run this under an idempotency key: the answer would be kept.
    """
    person = queries.person(w.session, person_uid)
    require_over(w, "reset_pin", person)
    secret = secrets.token_urlsafe(32)
    expires = w.now + timedelta(minutes=minutes)
    w.session.add(
        OneTimeLink(
            hash=queries.token_hash(secret),
            person_id=person.id,
            purpose=purpose,
            made_at=w.now,
            expires_at=expires,
        )
    )
    _record_access(w, person, "link." + purpose, expires=str(expires.date()))
    return secret


def spend_link(w: Writing, secret: str, new_password: str | None = None) -> str:
    """Use a one-time link up, setting a new PIN where one is given. Returns the person's uid.

    Raises NotFound for a link that is unknown, spent or expired.
    """
    link = w.session.scalar(
        sa.select(OneTimeLink)
        .where(OneTimeLink.hash == queries.token_hash(secret))
        .with_for_update()
    )
    if link is None or link.spent_at is not None or link.expires_at <= w.now:
        raise NotFound("This link was used or has expired. Ask for a new one.", field="link")
    link.spent_at = w.now
    person = w.session.get_one(Person, link.person_id)
    if new_password:
        _set_password(w, person, new_password)
    _record_access(w, person, "link.spent")
    return person.uid


def set_password(w: Writing, person_uid: str, password: str) -> str:
    """Set a person's own PIN or password; other sessions of the person end."""
    person = queries.person(w.session, person_uid)
    if w.actor.person_uid != person_uid:
        require_over(w, "reset_pin", person)
    _set_password(w, person, password)
    _record_access(w, person, "password.set")
    return person_uid


def choose_language(w: Writing, person_uid: str, language: str) -> str:
    """Keep in which language the person reads. Returns the person's uid."""
    if w.actor.person_uid != person_uid:
        raise Forbidden("Only the person itself may do this.", field="person")
    if language not in get_args(Language):
        raise InvalidInput("The languages are: {known}.", "language", known="zh, bo, en")
    person = queries.person(w.session, person_uid)
    if person.language != language:
        person.language, person.changed_at = language, w.now
        said = {"person": person.uid, "language": language}
        w.record(PERSON, "language.chosen", said, subject=person.uid)
    return person_uid


def make_token(
    w: Writing,
    person_uid: str,
    party_uid: str,
    label: str,
    days: int,
    *,
    feeds_only: bool = False,
) -> str:
    """Make a bearer token for a person acting for an organisation; returns it, shown once.

    ``feeds_only``: for an agent that feeds the organisation's printers, and for nothing else.

    Raises InvalidInput, and Forbidden where the person's roles do not include the API.
    Never run this under an idempotency key: the answer would be kept.
    """
    person, party = queries.person(w.session, person_uid), queries.party(w.session, party_uid)
    if w.actor.person_uid != person_uid:
        w.actor.require("administer")  # else a head could write as one of its people
    roles = [
        one.role for one in queries.memberships(w.session, person.id) if one.party_id == party.id
    ]
    if not roles:
        raise InvalidInput("The person has no role in this organisation.", "party")
    rights = Rights.load()
    if not any(rights.allows(party.kind, role, "use_api") for role in roles):
        raise Forbidden("No role of this person here may use the API.", "party")
    secret = "sy_" + secrets.token_urlsafe(32)
    expires = w.now + timedelta(days=days)
    w.session.add(
        ApiToken(
            uid=w.new_uid(),
            hash=queries.token_hash(secret),
            person_id=person.id,
            party_id=party.id,
            label=label,
            feeds_only=feeds_only,
            made_at=w.now,
            expires_at=expires,
        )
    )
    said = {"party": party.uid, "label": label, "expires": str(expires.date())}
    if feeds_only:
        said["only"] = "feeding"
    _record_access(w, person, "token.made", **said)
    return secret


def revoke_token(w: Writing, uid: str) -> str:
    """Make a token useless from now on. Returns its uid."""
    token = w.session.scalar(sa.select(ApiToken).where(ApiToken.uid == uid))
    if token is None:
        raise NotFound("There is no such token.", field="token")
    person = w.session.get_one(Person, token.person_id)
    if w.actor.person_uid != person.uid:
        require_over(w, "manage_members", person)
    token.revoked_at = w.now
    _record_access(w, person, "token.revoked", label=token.label)
    return uid


def _add_role(
    w: Writing, person: Person, party: Party, role: str, said: dict[str, str] | None = None
) -> None:
    for one in queries.memberships(w.session, person.id):
        if one.party_id == party.id and one.role == role:
            raise Conflict("This person has that role here already.", "role")
    w.session.add(Membership(person_id=person.id, party_id=party.id, role=role, since=w.now))
    fields = {"person": person.uid, "party": party.uid, "role": role, **(said or {})}
    w.record(PERSON, "role.granted", fields, subject=person.uid)


def require_over(w: Writing, permission: str, person: Person) -> None:
    """Raises Forbidden unless the actor may do this for every organisation of the person.

    One would not be enough: who can reset a PIN can act as that person everywhere.
    """
    w.actor.require(permission)
    for one in queries.memberships(w.session, person.id):
        w.actor.require(permission, one.party)


def _set_password(w: Writing, person: Person, password: str) -> None:
    person.password = passwords.hashed(password)
    person.changed_at = w.now
    # sessions name this value, so changing it signs the person out everywhere
    person.session_name = secrets.token_hex(32)


def _record_access(w: Writing, person: Person, what: str, **fields: str) -> None:
    w.record(ACCESS, what, {"person": person.uid, "what": what, **fields}, subject=person.uid)
