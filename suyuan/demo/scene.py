"""The stage of the demonstration: whose turn it is, what day it is, and what things are called."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SHANGHAI, SetClock
from suyuan.trace.events.facts import Portion
from suyuan.trace.parties.queries import actor_of
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import read_date
from suyuan.trace.stated_dates import StatedDate

Story: TypeAlias = Generator[datetime, datetime, None]
"""A story gives the moment of what comes next, and goes on when the clock stands there."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Scene:
    """What the stories share. Names like ``coop`` and ``jerky`` stand for uids and codes.

    ``year`` is the season that is told; ``people`` holds, by name, a person and the organisation
    it acts for.
    """

    ledger: Ledger
    clock: SetClock
    year: int
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)

    def time(self, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """A moment of the season, in Shanghai's time."""
        return datetime(self.year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """Move the clock to a moment of the season, and return it."""
        self.clock.move(self.time(month, day, hour, minute))
        return self.clock.at

    def now(self) -> datetime:
        return self.clock.at

    def do(
        self, who: str, act: Callable[Concatenate[Writing, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Have the person called ``who`` do something, as at the desk."""
        person, party = self.people[who]
        with self.ledger.database.read() as session:
            actor = actor_of(session, person, party, self.clock.at.date(), "web")
        return self.ledger.perform(actor, act, *args, **kwargs)

    def day(self, month: int, day: int, year: int = 0) -> date:
        """A day of the season, or of another year."""
        return date(year or self.year, month, day)

    def stated(self, text: str) -> StatedDate:
        """A date as somebody would write it."""
        return read_date(text, year=self.year)

    def part(self, batch: str, amount: str | None = None, unit: str = "KGM") -> Portion:
        """A portion of the batch called ``batch``; all of it without an amount."""
        quantity = None if amount is None else Quantity.of(amount, unit)
        return Portion(self.batches[batch], quantity)
