"""Which batches a report reckons: those of a regulator's competence, or of one organisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.balance.queries import AT_ONCE
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.queries import inside
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party

EARLIEST: Final = 1950
LATEST: Final = 9998


@dataclass(frozen=True)
class Scope:
    """Batches of these places and families (``within``: pairs, None for any family).

    ``within`` None is everywhere. ``party_id``: only what this organisation registered.
    ``season``: the calendar year in China in which something happened to them.
    """

    within: tuple[tuple[str, str | None], ...] | None = None
    party_id: int | None = None
    family: str | None = None
    division: str | None = None
    season: int | None = None

    @property
    def since(self) -> datetime | None:
        """When the season begins."""
        return None if self.season is None else datetime(self.season, 1, 1, tzinfo=SHANGHAI)

    @property
    def until(self) -> datetime | None:
        """When the season is over."""
        return None if self.season is None else datetime(self.season + 1, 1, 1, tzinfo=SHANGHAI)

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies in the season."""
        since, until = self.since, self.until
        return since is None or until is None or since <= at < until


def scope_of(
    actor: Actor,
    *,
    family: str | None = None,
    division: str | None = None,
    season: int | None = None,
    party: Party | None = None,
) -> Scope:
    """What the actor may have reckoned: all of its competence, or else its own batches; of one
    ``party`` where it is named.

    Raises Forbidden for one who may read no trade fields, or not those of ``party``; InvalidInput
    for a season that is none, UnknownDivision.
    """
    if season is not None and not EARLIEST <= season <= LATEST:
        raise InvalidInput("A season is a year such as 2026.", "season")
    if division is not None:
        divisions().current(division)
    if not actor.may("read_trade") or actor.party_id is None:
        raise Forbidden("Balances are for those who may read the trade fields of batches.")
    if actor.competences:
        within = tuple((one.division, one.family) for one in actor.competences)
        return Scope(within, party.id if party else None, family, division, season)
    kinds = Rights.load()
    if actor.party_state == "active" and kinds.organisation_kind(actor.party_kind).serves_division:
        here = ((actor.division, None),)
        return Scope(here, party.id if party else None, family, division, season)
    if party is not None and not actor.may_for("read_trade", party):
        raise Forbidden("The balances of another's batches are not open to you.", field="party")
    return Scope(None, party.id if party else actor.party_id, family, division, season)


def batch_ids(session: Session, scope: Scope) -> Iterator[list[int]]:
    """The batches of a scope, newest first, some hundred at a time."""
    query = sa.select(Batch.id).where(*_conditions(scope)).order_by(Batch.id.desc())
    last: int | None = None
    while True:
        page = query if last is None else query.where(Batch.id < last)
        ids = list(session.scalars(page.limit(AT_ONCE)))
        if ids:
            yield ids
        if len(ids) < AT_ONCE:
            return
        last = ids[-1]


def _conditions(scope: Scope) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [Batch.state != "withdrawn"]
    if scope.within is not None:
        places = [
            sa.and_(inside(Batch.division, division), Batch.family == family)
            if family is not None
            else inside(Batch.division, division)
            for division, family in scope.within
        ]
        wanted.append(sa.or_(sa.false(), *places))
    if scope.party_id is not None:
        wanted.append(Batch.party_id == scope.party_id)
    if scope.family is not None:
        wanted.append(Batch.family == scope.family)
    if scope.division is not None:
        wanted.append(inside(Batch.division, scope.division))
    since, until = scope.since, scope.until
    if since is not None and until is not None:
        told = (
            sa.select(EventBatch.batch_id)
            .join(Event, Event.id == EventBatch.event_id)
            .where(EventBatch.batch_id == Batch.id, Event.recorded_at >= since)
        )
        alive = sa.or_(Batch.state != "closed", Batch.registered_at >= since, sa.exists(told))
        wanted += [Batch.registered_at < until, alive]
    return wanted
