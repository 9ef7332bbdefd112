"""The account of a print run: what became of each of its labels, and how much their packages hold.

Where packages were weighed one by one, their real weights are summed; else it is the net content
of the label times the labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.printing.rolls import count_bound
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.printing.weighing import summed
from suyuan.trace.quantities import Quantity

Fate = Literal["spoiled", "returned", "lost"]
"""What became of labels that count no more: torn or misprinted; brought back unused; gone."""
FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True)
class RunAccount:
    """How many labels of a run are in each state; every label is in exactly one.

    ``voided`` are void for another reason than a fate. Labels that all carry the code of their
    batch have no state of their own: they are in force. ``weighed``: what the packages of each
    state hold together, where they were weighed one by one. ``bound``: of those of a
    blank roll that are in force, how many are bound to batches.
    """

    ordered: int
    in_force: int
    spoiled: int = 0
    returned: int = 0
    lost: int = 0
    voided: int = 0
    weighed: Mapping[str, Quantity] = field(default_factory=dict)
    bound: int = 0

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
    by = (is_void, IssuedCode.ended_as, is_serial, IssuedCode.net_content)
    states = sa.select(*by, sa.func.count()).where(IssuedCode.print_run_id == run.id).group_by(*by)
    counted: dict[str, int] = {"in_force": 0}
    weighed: dict[str, dict[str, int]] = {}
    for void, fate, single, net, count in session.execute(states):
        state = (fate or "voided") if void else "in_force"
        counted[state] = counted.get(state, 0) + (count if single else run.count)
        if net is not None:
            weighed.setdefault(state, {})[net] = count
    sums = {state: total for state, nets in weighed.items() if (total := summed(nets)) is not None}
    if run.roll_code is not None:
        counted["bound"] = count_bound(session, run.id)
    return RunAccount(ordered=run.count, weighed=sums, **counted)


def held_in_force(session: Session, run: PrintRun) -> Quantity | None:
    """What the packages of a run that were weighed hold, those whose labels are in force; None
    where they were not weighed or no label is in force."""
    return _summed(session, IssuedCode.print_run_id == run.id, IssuedCode.voided_at.is_(None))


def stays_of(session: Session, run: PrintRun, gone: Iterable[str | None]) -> Fraction:
    """The part of what a run held before these labels of it were gone that it holds still.

    ``gone``: the net content of each that was made void just now, None where it has none.
    """
    nets = list(gone)
    lost = summed(Counter(net for net in nets if net is not None))
    if lost is not None:
        left = held_in_force(session, run)
        return left.ratio(left + lost) if left is not None else Fraction(0)
    good = sa.and_(IssuedCode.print_run_id == run.id, IssuedCode.voided_at.is_(None))
    count = session.scalar(sa.select(sa.func.count()).select_from(IssuedCode).where(good)) or 0
    return Fraction(count, count + len(nets))


def _summed(session: Session, *which: sa.ColumnElement[bool]) -> Quantity | None:
    query = (
        sa.select(IssuedCode.net_content, sa.func.count())
        .where(*which, IssuedCode.net_content.is_not(None))
        .group_by(IssuedCode.net_content)
    )
    return summed({net: count for net, count in session.execute(query) if net is not None})


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
