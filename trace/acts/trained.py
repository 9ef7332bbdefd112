"""That stations whose people were not trained record nothing; part of the acts, never called by
edges."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.papers.training import untrained
from suyuan.trace.parties.tables import Party


def require_trained_station(w: Writing, party: Party, event_kind: str) -> None:
    """Raises Untrained where a station without trained people tells this: in its own name, or
    through its people in the name of a ``party`` that it serves."""
    concerned = [party]
    if w.actor.party_id not in (None, party.id):
        concerned.append(w.session.get_one(Party, w.actor.party_id))
    refused = untrained(w.session, concerned, event_kind, w.today)
    if refused is not None:
        raise refused
