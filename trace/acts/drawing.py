"""Drawing from the amounts that papers state; part of the acts, never called by edges.

A paper is locked before it is drawn from, in ascending order, so that what is left of it is never
below nothing however many draw at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from suyuan.trace.acts.believing import Kept, kept
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.tables import Batch
from suyuan.trace.doubts import Doubt
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers import queries
from suyuan.trace.papers.draws import NOTHING, Draw, Source, after, drawn_from, is_counted
from suyuan.trace.papers.kind_rules import Moment
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.leaning import leans, made_on
from suyuan.trace.papers.records import PAPER_DRAW
from suyuan.trace.papers.tables import Paper, PaperDraw
from suyuan.trace.papers.undrawn import WHOLE, Portion, undrawn, undrawn_of
from suyuan.trace.parties.chain_stages import stage_of_paper
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity

Covering = Sequence[tuple[Paper, str]]
"""The papers that cover a batch, each with what it covers it by (``queries.covering``)."""


@dataclass(frozen=True)
class Cause:
    """What draws: ``quantity`` of the goods, all of them (once) where it is None.

    ``event`` and ``by`` are of an event, ``made_of`` of a new batch: what went into it. ``said``
    are facts in which the number of a paper may stand: that one is drawn from first. ``before`` is
    what was planned already and is not written yet.
    """

    moment: Moment
    quantity: Quantity | None
    event: str = ""
    by: Party | None = None
    made_of: Sequence[Portion] = ()
    said: Mapping[str, Any] | None = None
    before: Sequence[Draw] = ()


@dataclass(frozen=True)
class Plan:
    """What is to be drawn, from papers that are locked by now, and what is doubtful about it."""

    draws: tuple[Draw, ...] = ()
    doubts: tuple[Kept, ...] = ()


def plan_draws(w: Writing, batch: Batch, covering: Covering, cause: Cause) -> Plan:
    """What is drawn for a batch from the papers that cover it and hold.

    Of several of one kind that named first, then the one that ends first. Raises QuotaExceeded
    where less is left and the kind's rule refuses more.
    """
    draws: list[Draw] = []
    doubts: list[Kept] = []
    for kind, papers in _of_each_kind(w, batch, covering, cause).items():
        part = _undrawn(w, kind, batch, cause)
        if not part:
            continue
        quantity = cause.quantity or Quantity(batch.quantity, batch.unit)
        counted = [paper for paper in papers if is_counted(paper, quantity)]
        if not counted:
            doubts.append(_unit_doubt(papers[0], quantity))
            continue
        these = _from(w, batch, counted, quantity, part, cause)
        doubts += [_over_doubt(draw) for draw in these if draw.over]
        draws += these
    return Plan(tuple(draws), tuple(doubts))


def write_draws(
    w: Writing, batch: Batch, draws: Iterable[Draw], why: str, print_run: str | None = None
) -> None:
    """Keep what was planned for a batch that is there by now, each entry with its record."""
    for draw in draws:
        write_entry(
            w, draw.paper, batch, draw.account.period, draw.amount, draw.over, why, print_run
        )
        if draw.near_end:
            _tell_near_end(w, draw)
    w.session.flush()


def _of_each_kind(
    w: Writing, batch: Batch, covering: Covering, cause: Cause
) -> dict[str, list[Paper]]:
    """The papers that are drawn from here, by kind, as they are once they are locked."""
    some = [
        paper.id for paper, target in covering if _is_drawn_here(w, batch, paper, target, cause)
    ]
    found: dict[str, list[Paper]] = {}
    for paper in queries.locked(w.session, some) if some else ():
        if paper.state == "valid":
            found.setdefault(paper.kind, []).append(paper)
    return found


def _is_drawn_here(w: Writing, batch: Batch, paper: Paper, target: str, cause: Cause) -> bool:
    rule = PaperKinds.load().get(paper.kind).quota
    if rule is None or rule.drawn_at != cause.moment or paper.amount is None:
        return False
    if cause.moment == "event" and cause.event not in rule.events:
        return False
    if rule.by_holder_only and (cause.by is None or cause.by.id != paper.holder_id):
        return False
    return paper.state == "valid" and leans(paper, target, batch, w.families)


def _undrawn(w: Writing, kind: str, batch: Batch, cause: Cause) -> Fraction:
    """For which part of the goods nothing is drawn yet: of a new batch, and of one that is there
    already as a whole."""
    if cause.quantity is None:
        return undrawn(w.session, kind, batch.id)
    return undrawn_of(w.session, kind, cause.made_of) if cause.moment == "registration" else WHOLE


def _from(
    w: Writing,
    batch: Batch,
    papers: Collection[Paper],
    quantity: Quantity,
    part: Fraction,
    cause: Cause,
) -> list[Draw]:
    rule = PaperKinds.load().get(next(iter(papers)).kind).quota
    said = {str(value) for value in (cause.said or {}).values()}
    in_order = sorted(
        papers,
        key=lambda one: (one.number not in said, one.valid_to is None, one.valid_to, one.id),
    )
    day = made_on(batch)
    accounts = ((paper, queries.account_of(w.session, paper, day)) for paper in in_order)
    sources = [
        Source(paper, after(account, paper, cause.before))
        for paper, account in accounts
        if account is not None
    ]
    refuse = rule is not None and rule.beyond == "refuse"
    return drawn_from(sources, quantity, refuse=refuse, part=part)


def _over_doubt(draw: Draw) -> Kept:
    doubt = Doubt.of(
        "quota-exceeded",
        "The paper {paper} does not cover all of this: its amount is used up.",
        paper=draw.paper.number or draw.paper.uid,
    )
    return kept(doubt, "quantity")


def _unit_doubt(paper: Paper, quantity: Quantity) -> Kept:
    doubt = Doubt.of(
        "quota-unit",
        "The amount on the paper {paper} is not measured as these goods are: nothing was drawn.",
        paper=paper.number or paper.uid,
    )
    return kept(doubt, "quantity")


def write_entry(
    w: Writing,
    paper: Paper,
    batch: Batch,
    period: str,
    amount: Decimal,
    over: Decimal,
    why: str,
    print_run: str | None,
) -> None:
    """Write one entry of the account of a paper that is locked, with its record."""
    unit = paper.unit or ""
    uid = w.new_uid()
    record_id = w.record(
        PAPER_DRAW,
        "paper.drawn" if amount > NOTHING or over > NOTHING else "paper.given_back",
        {
            "draw": uid,
            "paper": paper.uid,
            "trace_code": batch.trace_code,
            "run": print_run,
            "quantity": Quantity(amount, unit).to_json(),
            "over": Quantity(over, unit).to_json() if over else None,
            "period": period or None,
            "why": why,
        },
        subject=paper.uid,
    )
    w.session.add(
        PaperDraw(
            uid=uid,
            paper_id=paper.id,
            batch_id=batch.id,
            print_run=print_run,
            period=period,
            amount=amount,
            over=over,
            why=why,
            at=w.now,
            record_id=record_id,
        )
    )


def _tell_near_end(w: Writing, draw: Draw) -> None:
    """Warn the holder of a paper of which, with this, little is left."""
    paper, account = draw.paper, draw.account
    evidence: Evidence = {
        "paper": paper.uid,
        "kind": PaperKinds.load().get(paper.kind).names,
        "number": paper.number,
        "amount": account.quantity(account.amount).names,
        "left": account.quantity(account.left - draw.amount).names,
    }
    key = f"{paper.uid}:{account.period}" if account.period else paper.uid
    stage = stage_of_paper(paper.kind)
    warn(w, "quota_near_end", key, party=paper.holder, evidence=evidence, stage=stage)
