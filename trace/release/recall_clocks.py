"""The clocks of a recall (召回): ``standards/recall_clocks.json``.

A recall is begun so many hours after somebody knew of its ground, by the clock and not by working
days, and finished so many working days after it was begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from suyuan.trace.clock import day_of, end_of_day
from suyuan.trace.errors import InvalidInput
from suyuan.trace.release.tables import Order
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.spans import span
from suyuan.trace.words import Names, read_names
from suyuan.trace.working_days import after_working_days, counted_surely

Step = Literal["start", "finish"]


@dataclass(frozen=True)
class RecallClass:
    """How grave what is called back is, and the times that this leaves."""

    key: str
    names: Names
    when: Names
    start: timedelta
    finish_days: int
    provenance: Provenance


@dataclass(frozen=True)
class RecallFacts:
    """What is stated of a recall beside its reason.

    ``recall_class``: its key, empty where nobody can say yet. ``known_at``: when its ground became
    known first (the laboratory's report, the complaint, the office's word); None: just now.
    """

    recall_class: str = ""
    known_at: datetime | None = None


UNSTATED = RecallFacts()
"""A recall of which only the reason is stated."""


@dataclass(frozen=True)
class Deadline:
    """One time of a recall's clock. ``done_at``: None while it is still to be done.

    ``unsure``: whether it was counted into a year whose days off are not published yet.
    """

    step: Step
    due_at: datetime
    done_at: datetime | None
    unsure: bool = False

    def late(self, now: datetime) -> bool:
        """Whether it was missed, or is being missed now."""
        return (self.done_at or now) > self.due_at

    def left(self, now: datetime) -> timedelta:
        """What remained when it was done, or remains now; below zero: by how much it is late."""
        return self.due_at - (self.done_at or now)


@dataclass(frozen=True)
class RecallClock:
    """The clock of one recall. ``assumed``: nobody has said of which class it is."""

    of: RecallClass
    assumed: bool
    known_at: datetime
    deadlines: tuple[Deadline, Deadline]

    @property
    def unconfirmed(self) -> bool:
        """Whether nobody has confirmed its times, or its class, yet."""
        return self.assumed or self.of.provenance.unconfirmed


def clock_of(order: Order) -> RecallClock | None:
    """The clock of an order to recall; None for a hold.

    Whoever gives the order begins the recall with that. It ends when its outcome is told, or when
    the order is lifted.
    """
    if order.kind != "recall":
        return None
    of = recall_classes()[order.recall_class or _unstated()]
    known_at = order.known_at or order.at
    begun = day_of(order.at)
    last = after_working_days(begun, of.finish_days)
    return RecallClock(
        of,
        not order.recall_class,
        known_at,
        (
            Deadline("start", known_at + of.start, order.at),
            Deadline(
                "finish",
                end_of_day(last),
                order.finished_at or order.lifted_at,
                not counted_surely(begun, last),
            ),
        ),
    )


def require_stated(facts: RecallFacts, now: datetime) -> None:
    """Raises InvalidInput for a class that there is not, and for what was known in the future."""
    if facts.recall_class and facts.recall_class not in recall_classes():
        raise InvalidInput(
            "There is no class of recall {is_}; classes are: {known}.",
            "recall_class",
            is_=facts.recall_class,
            known=", ".join(recall_classes()),
        )
    if facts.known_at is not None and facts.known_at > now + span("clocks_differ"):
        raise InvalidInput("What a recall is for was known before now.", "known_at")


@cache
def recall_classes() -> dict[str, RecallClass]:
    """The classes by key, the gravest first. Raises Misconfigured."""
    rows = read_standard("recall_clocks.json").get("classes").rows()
    return keyed(rows, _read, lambda one: one.key)


@cache
def _unstated() -> str:
    row = read_standard("recall_clocks.json").get("unstated")
    row.only("counts_as", *PROVENANCE)
    row.provenance()
    return row.get("counts_as").one_of(tuple(recall_classes()))


def _read(row: Row) -> RecallClass:
    row.only("key", "names", "when", "start_hours", "finish_working_days", *PROVENANCE)
    return RecallClass(
        row.get("key").text(),
        read_names(row),
        read_names(row, "when"),
        timedelta(hours=row.get("start_hours").integer()),
        row.get("finish_working_days").integer(),
        row.provenance(),
    )
