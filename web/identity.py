"""Who is signed in, and for which organisation they act.

The session is a signed cookie that names the person by ``Person.session_name``, which changes
with the PIN: a new PIN ends every other session. It also names the organisation the person has
chosen, and whether a second proof was given (a code of an authenticator, or a one-time link).
A session that never gave one ends when the person sets an authenticator up elsewhere: whoever has
only the PIN could otherwise go on in it, and remove the authenticator again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec, TypeVar, cast

from flask import g, session

from suyuan.trace.acts.transaction import Once, Repeated, Writing
from suyuan.trace.errors import Forbidden, Unauthenticated
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import STRANGER, Actor
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party, Person
from suyuan.web.ground import db, forget_what_was_read, ledger, today
from suyuan.web.once import SentBefore, ShownOnce, once_as_sent

P = ParamSpec("P")
T = TypeVar("T")


class SecondFactorNeeded(Forbidden):
    """The organisation's kind demands a second proof that this session has not given."""


class NoOrganisation(Forbidden):
    """The one signed in has no role in any organisation (any more)."""


@dataclass(frozen=True)
class SignedIn:
    """The person of this session, as read when the request began."""

    person_id: int
    uid: str
    name: str
    language: str
    has_second_factor: bool
    gave_second_factor: bool


def sign_in(person: Person, *, second_factor: bool) -> None:
    """Begin a session; whatever the browser held before is dropped."""
    session.clear()
    session.permanent = True
    session["person"] = person.session_name
    session["second_factor"] = second_factor
    g.pop("signed_in", None)
    g.pop("actor", None)


def sign_out() -> None:
    """End this browser's session."""
    session.clear()
    g.pop("signed_in", None)
    g.pop("actor", None)


def signed_in() -> SignedIn | None:
    """The person of this session; None for a stranger and for a session that has ended."""
    if "signed_in" not in g:
        g.signed_in = _read_signed_in()
    return cast(SignedIn | None, g.signed_in)


def require_signed_in() -> SignedIn:
    """The person of this session. Raises Unauthenticated."""
    who = signed_in()
    if who is None:
        raise Unauthenticated("Sign in first.")
    return who


def current_actor() -> Actor:
    """The person of this session, acting for the organisation chosen.

    Raises Unauthenticated; NoOrganisation; SecondFactorNeeded where the organisation demands a
    second proof and this session has given none.
    """
    if "actor" not in g:
        g.actor = _read_actor()
    return cast(Actor, g.actor)


def oneself() -> Actor:
    """The person of this session without any organisation: for what concerns only itself."""
    who = require_signed_in()
    return replace(STRANGER, person_id=who.person_id, person_uid=who.uid)


def acting_for() -> Party:
    """The organisation of ``current_actor``."""
    return db().get_one(Party, current_actor().party_id)


def organisations() -> list[Party]:
    """The organisations in which the one signed in has a role, in order of their coming."""
    found = {
        one.party_id: one.party for one in queries.memberships(db(), require_signed_in().person_id)
    }
    return list(found.values())


def choose_organisation(uid: str) -> None:
    """Act for the organisation ``uid`` from now on. Raises Forbidden without a role there."""
    if uid not in {party.uid for party in organisations()}:
        raise Forbidden("You have no role in this organisation.", field="party")
    session["party"] = uid
    g.pop("actor", None)


def perform(
    act: Callable[Concatenate[Writing, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run ``act`` as the one signed in, for the form of this request; see ``Ledger.perform``.

    The same form sent again is answered as the first time; the answer is a JSON value. Raises
    SentBefore where it comes with other contents. One form asks for one act.
    """
    return perform_once(once_as_sent(), act, *args, **kwargs)


def perform_as(
    actor: Actor,
    act: Callable[Concatenate[Writing, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """As ``perform``, for who acts without an organisation: a stranger, or ``oneself``."""
    return _perform_once(actor, once_as_sent(), act, *args, **kwargs)


def perform_secretly(
    act: Callable[Concatenate[Writing, P], str],
    *args: P.args,
    **kwargs: P.kwargs,
) -> str:
    """As ``perform``, for an act whose answer is a secret, which is kept nowhere.

    Raises ShownOnce where the same form comes again.
    """
    made: dict[str, str] = {}

    def act_quietly(w: Writing) -> str:
        secret = act(w, *args, **kwargs)
        # a try that came to nothing left another name here, and a secret that opens nothing
        name = w.new_uid()
        made[name] = secret
        return name

    name = perform_once(once_as_sent(), act_quietly)
    if name not in made:
        raise ShownOnce()
    return made[name]


def perform_once(
    once: Once,
    act: Callable[Concatenate[Writing, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """As ``perform``, where the facts read from a form say best whether it is the same."""
    return _perform_once(current_actor(), once, act, *args, **kwargs)


def _perform_once(
    actor: Actor,
    once: Once,
    act: Callable[Concatenate[Writing, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    try:
        answer = ledger().perform_once(actor, once, act, *args, **kwargs)
    except Repeated as error:
        raise SentBefore() from error
    finally:
        forget_what_was_read()
    return answer


def _read_signed_in() -> SignedIn | None:
    name = session.get("person")
    person = queries.person_by_session(db(), name) if isinstance(name, str) else None
    if person is None or not person.active:
        return None
    if person.second_factor is not None and not session.get("second_factor"):
        return None
    return SignedIn(
        person_id=person.id,
        uid=person.uid,
        name=person.name,
        language=person.language,
        has_second_factor=person.second_factor is not None,
        gave_second_factor=bool(session.get("second_factor")),
    )


def _read_actor() -> Actor:
    who = require_signed_in()
    mine = organisations()
    if not mine:
        raise NoOrganisation("You have no role in any organisation. Ask its head to add you.")
    chosen = session.get("party")
    party = next((one for one in mine if one.uid == chosen), mine[0])
    kind = Rights.load().organisation_kind(party.kind)
    if kind.second_factor and not who.gave_second_factor:
        raise SecondFactorNeeded("This organisation asks for a second proof when signing in.")
    return queries.actor_of(db(), who.uid, party.uid, today(), "web")
