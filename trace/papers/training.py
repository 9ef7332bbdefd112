"""Stations need trained people before they record anything (``standards/station_training.json``).

Each training certificate in force that the register holds for a station stands for one person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Forbidden
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, read_standard
from suyuan.trace.words import Names, read_names

Mode = Literal["refuse", "warn"]
"""What becomes of what a station without trained people tells: refused, or only warned of."""


class Untrained(Forbidden):
    """A station has too few trained people to record this."""

    kind = "station-untrained"


@dataclass(frozen=True)
class ModeRow:
    """What holds in a division (None: everywhere) over these days, both included (None: open)."""

    division: str | None
    valid_from: date | None
    valid_to: date | None
    mode: Mode
    provenance: Provenance

    def applies(self, division: str, on: date) -> bool:
        """Whether it is about stations of this division on that day."""
        begun = self.valid_from is None or self.valid_from <= on
        holds = begun and (self.valid_to is None or on <= self.valid_to)
        return holds and (self.division is None or divisions().contains(self.division, division))

    @property
    def nearness(self) -> tuple[int, date]:
        """The nearest division decides, and of two rows of one the later."""
        depth = 0 if self.division is None else len(divisions().path(self.division))
        return depth, self.valid_from or date.min


@dataclass(frozen=True)
class StationTraining:
    """Which ``organisations`` need how many (``least``) of which ``paper``; events of the kinds
    ``taken_all_the_same`` are never refused; ``where`` says where the training is to be had."""

    organisations: tuple[str, ...]
    paper: str
    least: int
    taken_all_the_same: frozenset[str]
    where: Names
    modes: tuple[ModeRow, ...]
    provenance: Provenance

    def mode(self, division: str, on: date) -> Mode | None:
        """What holds for stations of a division on a day; None where nothing is asked."""
        rows = [row for row in self.modes if row.applies(division, on)]
        return max(rows, key=lambda row: row.nearness).mode if rows else None

    def refuses(self, party: Party, event_kind: str, on: date) -> bool:
        """Whether an event of a kind that an untrained station tells on that day is refused."""
        return (
            party.kind in self.organisations
            and event_kind not in self.taken_all_the_same
            and self.mode(party.division, on) == "refuse"
        )


def trained_people(on: date) -> sa.ScalarSelect[int]:
    """How many trained people a ``Party`` row of the query round it has on a day."""
    return (
        sa.select(sa.func.count())
        .where(
            Paper.holder_id == Party.id,
            Paper.kind == station_training().paper,
            Paper.state == "valid",
            sa.or_(Paper.valid_from.is_(None), Paper.valid_from <= on),
            sa.or_(Paper.valid_to.is_(None), Paper.valid_to >= on),
        )
        .correlate(Party)
        .scalar_subquery()
    )


def untrained(
    session: Session, parties: Iterable[Party], event_kind: str, on: date
) -> Untrained | None:
    """What to say to one of these that is a station and may not record such an event yet."""
    asked = station_training()
    for party in parties:
        if not asked.refuses(party, event_kind, on):
            continue
        held = session.scalar(sa.select(trained_people(on)).where(Party.id == party.id)) or 0
        if held < asked.least:
            return Untrained(
                "{station} has {held} of the {least} trained people that a station needs before "
                "it records anything: the register holds no other {paper} in force for it. Enter "
                "it under Papers, then send this again with the day on which it happened; {where}. "
                "What was handed over may be received meanwhile.",
                station=party.name,
                held=held,
                least=asked.least,
                paper=PaperKinds.load().get(asked.paper).names,
                where=asked.where,
            )
    return None


@cache
def station_training() -> StationTraining:
    """The rule as shipped, read once. Raises Misconfigured."""
    root = read_standard("station_training.json")
    root.only("training", "modes")
    row = root.get("training")
    row.only("organisations", "paper", "least", "taken_all_the_same", "where", "note", *PROVENANCE)
    organisations = tuple(Rights.load().organisation_kinds)
    events = EventKinds.load().keys()
    return StationTraining(
        organisations=row.list_of("organisations", lambda r: r.one_of(organisations)),
        paper=row.get("paper").one_of(PaperKinds.load().keys()),
        least=row.get("least").integer(),
        taken_all_the_same=frozenset(row.list_of("taken_all_the_same", lambda r: r.one_of(events))),
        where=read_names(row, "where"),
        modes=root.list_of("modes", _read_mode),
        provenance=row.provenance(),
    )


def _read_mode(row: Row) -> ModeRow:
    row.only("division", "valid_from", "valid_to", "mode", "note", *PROVENANCE)
    return ModeRow(
        division=row.maybe("division", lambda r: divisions().get(r.text()).code),
        valid_from=row.maybe("valid_from", Row.day),
        valid_to=row.maybe("valid_to", Row.day),
        mode=cast("Mode", row.get("mode").one_of(get_args(Mode))),
        provenance=row.provenance(),
    )
