"""Times that cannot be: before the goods were made, inside an interval, sampled before there was
anything to sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from suyuan.trace.clock import day_of


@dataclass(frozen=True)
class Happened:
    """An event on a batch: what kind, when; ``comes_before``: it may lie before the making."""

    kind: str
    at: datetime
    event: str
    comes_before: bool = False


@dataclass(frozen=True)
class Made:
    """When a batch was made: a moment where an event made it, else the first day it can have been.

    Both None where nothing is stated.
    """

    at: datetime | None = None
    on: date | None = None

    @property
    def day(self) -> date | None:
        """The day it was made, as people there count days."""
        return day_of(self.at) if self.at is not None else self.on


@dataclass(frozen=True)
class Ending:
    """An interval that ends on a day; ``event``: where that was said, empty for a fact."""

    ends: date
    event: str = ""


def before_made(made: Made, events: Iterable[Happened]) -> list[Happened]:
    """The events that lie before the batch was made and cannot."""
    return [one for one in events if not one.comes_before and _is_before(one.at, made)]


def _is_before(at: datetime, made: Made) -> bool:
    if made.at is not None:
        return at < made.at
    return made.on is not None and day_of(at) < made.on


def sampled_early(made: Made, sampled_on: date | None) -> bool:
    """Whether a sample was taken before there was anything of the batch.

    Only of goods that an event made: crops are sampled in the field, before the harvest.
    """
    return made.at is not None and sampled_on is not None and sampled_on < day_of(made.at)


def inside(done: Iterable[date], endings: Iterable[Ending]) -> list[tuple[date, Ending]]:
    """The days of harvest or slaughter on which an interval runs; its last day is one of them."""
    ends = list(endings)
    return [(day, ending) for day in done for ending in ends if day <= ending.ends]
