"""What follows from a paper of a kind: how far its end reaches, what it is a quota of, and when
whoever holds it should be told that it runs out. Rows of ``standards/paper_kinds.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, cast, get_args

from suyuan.trace.sourced import PROVENANCE, Provenance, Row

Reaches = Literal["covered", "needing", "named"]
Moment = Literal["registration", "printing", "event"]
Beyond = Literal["refuse", "flag"]
CountedBy = Literal["paper", "year"]


@dataclass(frozen=True)
class Leaning:
    """Which batches lean on a paper, and fall with it.

    Those that it names always do. ``covered``: so do those of the product, site or party that it
    covers; ``needing``: of these only those whose class of products needs such a paper.
    ``named``: no others.
    """

    reaches: Reaches
    provenance: Provenance


@dataclass(frozen=True)
class QuotaRule:
    """How the amount that a paper states is drawn.

    ``drawn_at``: when a batch comes to be that is not made of what was drawn already, when labels
    of single packages are printed, or when one of ``events`` happens (``by_holder_only``: told by
    the holder of the paper). ``beyond``: what becomes of more than is left. ``counted_by``: the
    amount is for the paper as a whole, or for each year in which goods are made. ``near_end``:
    from which part of the amount on the holder is told; None for a paper that is made out for
    just so much. ``measures``: of what dimensions its amount can be (``mass``, ``piece``); any
    where it is empty.
    """

    drawn_at: Moment
    events: frozenset[str]
    by_holder_only: bool
    beyond: Beyond
    counted_by: CountedBy
    near_end: Fraction | None
    measures: frozenset[str]
    provenance: Provenance

    def period(self, day: date) -> str:
        """Which of the paper's accounts goods of this day are drawn from: the year, or the one."""
        return str(day.year) if self.counted_by == "year" else ""


@dataclass(frozen=True)
class Ending:
    """How many days before its last one a paper should be renewed, or done without."""

    warn_days_before: int
    provenance: Provenance

    def due(self, valid_to: date) -> date:
        """The day from which on the holder is told."""
        return valid_to - timedelta(days=self.warn_days_before)


def read_leaning(row: Row) -> Leaning:
    """The row ``leaning`` of a kind. Raises Misconfigured."""
    row.only("reaches", *PROVENANCE)
    reaches = row.get("reaches").one_of(get_args(Reaches))
    return Leaning(cast("Reaches", reaches), row.provenance())


def read_quota(row: Row) -> QuotaRule:
    """The row ``quota`` of a kind. Raises Misconfigured."""
    row.only(
        "drawn_at", "events", "by_holder_only", "beyond", "counted_by", "near_end_percent",
        "measures", *PROVENANCE,
    )  # fmt: skip
    percent = row.maybe("near_end_percent", Row.integer)
    return QuotaRule(
        drawn_at=cast("Moment", row.get("drawn_at").one_of(get_args(Moment))),
        events=frozenset(row.list_of("events", Row.text)),
        by_holder_only=row.maybe("by_holder_only", Row.flag) is True,
        beyond=cast("Beyond", row.get("beyond").one_of(get_args(Beyond))),
        counted_by=cast("CountedBy", row.get("counted_by").one_of(get_args(CountedBy))),
        near_end=None if percent is None else Fraction(percent, 100),
        measures=frozenset(row.list_of("measures", Row.text)),
        provenance=row.provenance(),
    )


def read_ending(row: Row) -> Ending:
    """The row ``ending`` of a kind. Raises Misconfigured."""
    row.only("warn_days_before", *PROVENANCE)
    return Ending(row.get("warn_days_before").integer(), row.provenance())
