"""Giving back what was drawn from papers for goods or labels that are no more; part of the acts,
never called by edges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from suyuan.trace.acts.drawing import write_entry
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.papers import queries
from suyuan.trace.papers.draws import wanted_in
from suyuan.trace.papers.tables import Paper
from suyuan.trace.quantities import DECIMALS


def give_back(
    w: Writing,
    batch: Batch,
    why: str,
    *,
    print_run: str | None = None,
    stays: Fraction = Fraction(0),
) -> None:
    """Give back what was drawn for a batch, or for a run of its labels, but for the part that
    ``stays``: first what was beyond the amount, then of the paper that was drawn from last."""
    papers = {one[0].id for one in queries.drawn_for(w.session, batch.id, print_run)}
    if not papers:
        return
    queries.locked(w.session, papers)
    by_kind: defaultdict[str, list[_Drawn]] = defaultdict(list)
    for row in queries.drawn_for(w.session, batch.id, print_run):
        by_kind[row[0].kind].append(_Drawn(*row))
    for drawn in by_kind.values():
        for one, amount, over in _returned(drawn, stays):
            if amount or over:
                write_entry(w, one.paper, batch, one.period, -amount, -over, why, print_run)
    w.session.flush()


@dataclass(frozen=True)
class _Drawn:
    """What is drawn now, and over, from one account."""

    paper: Paper
    period: str
    amount: Decimal
    over: Decimal


def _returned(drawn: Sequence[_Drawn], stays: Fraction) -> list[tuple[_Drawn, Decimal, Decimal]]:
    """Of each account what is given back of its amount and of what was over; rounded down, so
    that a paper never covers more than it says."""
    unit = drawn[0].paper.unit or ""
    each = [wanted_in(one.paper.unit or "", unit) for one in drawn]
    whole = sum((Fraction(one.amount + one.over) * by for one, by in zip(drawn, each, strict=True)))
    rest = whole * (1 - stays)
    found = []
    for one, by in zip(reversed(drawn), reversed(each), strict=True):
        over = min(one.over, _rounded_down(rest / by))
        amount = min(one.amount, _rounded_down(rest / by - Fraction(over)))
        rest -= Fraction(over + amount) * by
        found.append((one, amount, over))
    return found


def _rounded_down(amount: Fraction) -> Decimal:
    return Decimal(int(amount * 10**DECIMALS)).scaleb(-DECIMALS)
