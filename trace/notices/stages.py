"""Of which stage of the chain something is, so that the regulators of that stage hear of it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.events.tables import Event
from suyuan.trace.parties.chain_stages import (
    stage_of_event,
    stage_of_organisation,
    stage_of_site,
)
from suyuan.trace.parties.tables import Party


def stage_of(session: Session, batch: Batch | None, party: Party) -> str | None:
    """The stage at which an organisation has some goods, or that is its business.

    Of its own batch that of the step which made it, else of the place where it came to be. Goods
    of others are at the stage of whoever has them now, but for those whose business is no stage,
    such as a laboratory.
    """
    if batch is None:
        return stage_of_organisation(party.kind)
    if batch.party_id == party.id:
        return stage_of_goods(session, batch) or stage_of_organisation(party.kind)
    return stage_of_organisation(party.kind) or stage_of(session, batch, batch.party)


def stage_of_goods(session: Session, batch: Batch) -> str | None:
    """The stage of the step that made a batch, else of the place where it came to be."""
    made_by = sa.select(Event.kind).join(Link, Link.event_id == Event.id)
    for kind in session.scalars(made_by.where(Link.child_id == batch.id).distinct()):
        if stage_of_event(kind):
            return stage_of_event(kind)
    return stage_of_site(batch.site.kind) if batch.site is not None else None
