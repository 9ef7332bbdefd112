"""For whom the desk is used: one's own organisation, a member of it, or one that it serves.

The choice is kept in the session. Each form names its party too, so that a form that was opened
before the choice changed still speaks for the party it was opened for.
"""

from __future__ import annotations

from flask import g, request, session

from suyuan.trace.errors import Forbidden, NotFound
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.search import parties_served
from suyuan.trace.parties.tables import Party
from suyuan.web.ground import db
from suyuan.web.identity import acting_for, current_actor

_CHOSEN = "desk_for"


def whom() -> Party:
    """The party that answers for what is done on this page."""
    if "whom" not in g:
        g.whom = _read()
    party: Party = g.whom
    return party


def choose(uid: str) -> Party:
    """Act for this party from now on. Raises NotFound, Forbidden."""
    party = queries.party(db(), uid)
    if not _serves(current_actor(), party):
        raise Forbidden("You may not act for this organisation.", "party")
    session[_CHOSEN] = uid
    g.pop("whom", None)
    return party


def may(permission: str) -> bool:
    """Whether the one signed in may do this for the party chosen."""
    return current_actor().may_for(permission, whom())


def require(permission: str) -> None:
    """Raises Forbidden unless the one signed in may do this for the party chosen."""
    current_actor().require(permission, whom())


def choices(text: str = "") -> list[Party]:
    """The parties that may be chosen, one's own first."""
    return parties_served(db(), current_actor(), "record_event", text)


def _read() -> Party:
    actor = current_actor()
    named = request.form.get("party")
    uid = named or session.get(_CHOSEN)
    if not uid or uid == actor.party_uid:
        return acting_for()
    try:
        party = queries.party(db(), uid)
    except NotFound:
        party = None
    if party is not None and _serves(actor, party):
        return party
    if named:
        raise Forbidden("You may not act for this organisation.", "party")
    session.pop(_CHOSEN, None)
    return acting_for()


def _serves(actor: Actor, party: Party) -> bool:
    return party.id == actor.party_id or actor.may_for("record_event", party)
