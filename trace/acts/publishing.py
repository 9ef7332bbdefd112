"""Telling consumers of a risk: proposed by one who has the warning, published by another.

Only authorised bodies tell of food risks, and what they tell is right and in time (食品安全法
Art. 118): so the text is one person's, and the word that it goes out another's.
"""

from __future__ import annotations

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import locked, take_step
from suyuan.trace.clock import utc_text
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.notices import queries
from suyuan.trace.notices.rights import may_propose, may_publish


def propose_publication(w: Writing, uid: str, text: str) -> str:
    """Say what consumers should be told about a warning; returns its uid.

    Nobody is told yet. Raises NotFound, Forbidden, InvalidInput without a text.
    """
    found = locked(w, uid)
    w.actor.require("handle_warning")
    if not may_propose(w.actor, found):
        raise Forbidden("Only the regulator who has the warning proposes what is told.", "warning")
    if not text.strip():
        raise InvalidInput("Write what consumers are told.", "text")
    take_step(w, found, "proposed", text)
    return uid


def publish(w: Writing, uid: str) -> str:
    """Tell consumers what was proposed last; returns the warning's uid.

    Raises NotFound, Forbidden for who is not authorised or has proposed it, Conflict where
    nothing was proposed since it was told last.
    """
    found = locked(w, uid)
    w.actor.require("publish_warning")
    if not may_publish(w.actor, found):
        raise Forbidden("You are not authorised to tell consumers of this.", "warning")
    proposed = queries.proposed(w.session, found)
    if proposed is None:
        raise Conflict("Nothing is proposed to be told.", "warning")
    if w.actor.person_uid is None or proposed.person_uid in (None, w.actor.person_uid):
        raise Forbidden("What one person proposes another publishes.", "warning")
    found.public_text, found.published_at = proposed.note, w.now
    told = found.public_text
    take_step(w, found, "published", public_text=told, published_at=utc_text(w.now))
    return uid


def end_publication(w: Writing, uid: str, reason: str) -> str:
    """Tell consumers no longer; returns the warning's uid. Raises NotFound, Forbidden,
    InvalidInput without a reason, Conflict where they are told nothing."""
    found = locked(w, uid)
    w.actor.require("publish_warning")
    if not may_publish(w.actor, found):
        raise Forbidden("You are not authorised to tell consumers of this.", "warning")
    if not reason.strip():
        raise InvalidInput("Say why consumers are told no longer.", "reason")
    if found.published_at is None:
        raise Conflict("Consumers are told nothing of this.", "warning")
    found.public_text, found.published_at = "", None
    take_step(w, found, "ended", reason)
    return uid
