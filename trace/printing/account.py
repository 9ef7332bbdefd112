"""The account of a print run: what became of each of its labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.printing.tables import IssuedCode, PrintRun

Fate = Literal["spoiled", "returned", "lost"]
"""What became of labels that count no more: torn or misprinted; brought back unused; gone."""
FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True)
class RunAccount:
    """How many labels of a run are in each state; every label is in exactly one.

    ``voided`` are void for another reason than a fate. Labels that all carry the code of their
    batch have no state of their own: they are in force.
    """

    ordered: int
    in_force: int
    spoiled: int = 0
    returned: int = 0
    lost: int = 0
    voided: int = 0

    @property
    def issued(self) -> int:
        """All labels whose codes were issued; what was ordered, unless codes are missing."""
        return self.in_force + self.spoiled + self.returned + self.lost + self.voided

    @property
    def reconciles(self) -> bool:
        """Whether each label that was ordered is in one state."""
        return self.issued == self.ordered


@dataclass(frozen=True)
class Ended:
    """Labels one after the other in the order of printing, from 1, with one fate."""

    first: int
    last: int
    fate: str


def account_of(session: Session, run: PrintRun) -> RunAccount:
    """What became of the labels of a run."""
    is_void, is_serial = IssuedCode.voided_at.is_not(None), IssuedCode.serial.is_not(None)
    states = (
        sa.select(is_void, IssuedCode.ended_as, is_serial, sa.func.count())
        .where(IssuedCode.print_run_id == run.id)
        .group_by(is_void, IssuedCode.ended_as, is_serial)
    )
    counted: dict[str, int] = {"in_force": 0}
    for void, fate, single, count in session.execute(states):
        state = (fate or "voided") if void else "in_force"
        counted[state] = counted.get(state, 0) + (count if single else run.count)
    return RunAccount(ordered=run.count, **counted)


def ended_of(session: Session, run_id: int) -> list[Ended]:
    """The labels of a run that have a fate, in order; neighbours with one fate together."""
    rows = (
        sa.select(IssuedCode.position, IssuedCode.ended_as)
        .where(IssuedCode.print_run_id == run_id, IssuedCode.ended_as.is_not(None))
        .order_by(IssuedCode.position)
    )
    return merged(
        Ended(position + 1, position + 1, str(fate)) for position, fate in session.execute(rows)
    )


def merged(some: Iterable[Ended]) -> list[Ended]:
    """Ranges that do not overlap, in order, neighbours with one fate put together."""
    found: list[Ended] = []
    for one in sorted(some, key=lambda each: each.first):
        if found and found[-1].last + 1 == one.first and found[-1].fate == one.fate:
            found[-1] = Ended(found[-1].first, one.last, one.fate)
        else:
            found.append(one)
    return found
