"""Proving who one is: PIN, second factor, one-time link. Sessions themselves are the edge's."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.people import e164, require_over, set_password
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Forbidden, InvalidInput, SuyuanError
from suyuan.trace.parties import passwords, queries, second_factor
from suyuan.trace.parties.records import ACCESS
from suyuan.trace.parties.tables import Person


class NotProved(InvalidInput):
    """The number and the PIN, or the code, do not belong together."""

    status = 401
    kind = "not-proved"


def prove_password(w: Writing, phone: str, password: str) -> str:
    """The uid of the active person with this number and PIN.

    Raises NotProved, the same for a number nobody has, an inactive person and a wrong PIN.
    """
    try:
        person = queries.person_by_phone(w.session, e164(phone))
    except SuyuanError:
        person = None
    fits = passwords.matches(person.password if person else None, password)
    if person is None or not fits or not person.active:
        raise NotProved("This number and this PIN do not belong together.", "password")
    return person.uid


def prove_second_factor(w: Writing, person_uid: str, code: str) -> str:
    """Take a code of the person's authenticator; each serves once. Returns the person's uid.

    Raises NotProved for any other code.
    """
    person = _locked(w, person_uid)
    secret = (
        second_factor.unseal(person.second_factor, w.keys.secret, person.uid)
        if person.second_factor is not None
        else None
    )
    step = secret and second_factor.step_of(secret, code, w.now, person.second_factor_step)
    if not step:
        raise NotProved(
            "This code does not fit, or was used before. Wait for the next one.", "code"
        )
    person.second_factor_step = step
    return person.uid


def set_second_factor(w: Writing, person_uid: str, secret: bytes, code: str) -> str:
    """Keep an authenticator's secret once a code proves that the app has it.

    Only the person does this for itself. Raises NotProved.
    """
    person = _locked(w, person_uid)
    if w.actor.person_uid != person.uid:
        raise Forbidden("Only the person itself may do this.", field="person")
    step = second_factor.step_of(secret, code, w.now, None)
    if step is None:
        raise NotProved(
            "This code does not fit. Is the clock of the phone right? Wait for the next one.",
            "code",
        )
    person.second_factor = second_factor.seal(secret, w.keys.secret, person.uid)
    person.second_factor_step = step
    person.changed_at = w.now
    said = {"person": person.uid, "what": "second_factor.set"}
    w.record(ACCESS, "second_factor.set", said, subject=person.uid)
    return person.uid


def remove_second_factor(w: Writing, person_uid: str) -> str:
    """Forget an authenticator, lost or replaced: by the person itself, or who may reset its PIN."""
    person = _locked(w, person_uid)
    if w.actor.person_uid != person.uid:
        require_over(w, "reset_pin", person)
    person.second_factor = person.second_factor_step = None
    person.changed_at = w.now
    said = {"person": person.uid, "what": "second_factor.removed"}
    w.record(ACCESS, "second_factor.removed", said, subject=person.uid)
    return person.uid


def _locked(w: Writing, person_uid: str) -> Person:
    """The person's row, held to the end: of two who send one code at once, one is refused."""
    person = queries.person(w.session, person_uid)
    w.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
    w.session.refresh(person)
    return person


def change_own_password(w: Writing, person_uid: str, old: str, new: str) -> str:
    """Set a new PIN in place of the old one, which must be given. Returns the person's uid.

    Who has none yet, having come by a one-time link, gives none. Raises NotProved.
    """
    person = queries.person(w.session, person_uid)
    if person.password is not None and not passwords.matches(person.password, old):
        raise NotProved("This is not your PIN until now.", "old")
    return set_password(w, person_uid, new)
