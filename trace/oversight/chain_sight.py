"""Sight over a whole chain at once: what a regulator may see of each batch of one chain.

Whoever is competent for one batch of a chain sees the trade fields of the whole chain, also of
batches beside its own that only a common origin joins to it; personal fields batch by batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.tables import Event
from suyuan.trace.lineage import queries as lineage
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.sight import (
    PUBLIC,
    TRADE,
    competent_at,
    event_sight,
    open_disclosure,
    party_sight,
    sight,
)
from suyuan.trace.parties.actor import Actor


def chain_sight(
    session: Session, actor: Actor, root: Batch, batches: Iterable[Batch], *, now: datetime
) -> Mapping[int, frozenset[Class]]:
    """The classes open to the actor of each of ``batches``, which are of the chain of ``root``."""
    whole = sight(session, actor, root, now=now) & TRADE
    if "trade" not in whole or not actor.competences:
        return {one.id: sight(session, actor, one, now=now) for one in batches}
    return {one.id: whole | _personal(session, actor, one, now) for one in batches}


def event_sight_in_chain(
    session: Session, actor: Actor, event: Event, root: Batch | None, *, now: datetime
) -> frozenset[Class]:
    """What the actor may see of an event that it came upon in the chain of ``root``.

    A root to whose chain the event does not belong opens nothing more.
    """
    alone = event_sight(session, actor, event, now=now)
    if root is None or event.party_id == actor.party_id or not event.batches:
        return alone
    inside = {*lineage.ancestors(session, root.id), *lineage.closure(session, root.id)}
    concerned = [part.batch for part in event.batches]
    ours = [one for one in concerned if one.id in inside]
    if not ours:
        return alone
    seen = dict(chain_sight(session, actor, root, ours, now=now))
    seen |= {one.id: sight(session, actor, one, now=now) for one in concerned if one not in ours}
    return alone | frozenset.intersection(*seen.values())


def events_sight(
    actor: Actor, event: Event, seen: Mapping[int, frozenset[Class]]
) -> frozenset[Class]:
    """What the actor may see of an event, from what it may see of the batches in it.

    Batches that are not in ``seen`` are of other chains; whoever shows the event leaves out what
    it says of them.
    """
    if event.party_id == actor.party_id:
        return party_sight(actor, event.party)
    known = [seen[part.batch_id] for part in event.batches if part.batch_id in seen]
    return frozenset.intersection(*known) if known else PUBLIC


def _personal(session: Session, actor: Actor, batch: Batch, now: datetime) -> frozenset[Class]:
    own = actor.may_for("read_personal", batch.party) or (
        actor.may("read_personal") and competent_at(actor, batch.division, batch.family)
    )
    asked = actor.may("read_personal") and (
        own or open_disclosure(session, actor, batch.trace_code, now) is not None
    )
    return frozenset({"personal"}) if own or asked else frozenset()
