"""Drawing for what was there before its paper was; part of the acts, never called by edges.

A paper that comes late is drawn from as if it had been there: for the goods, the labels or the
events, as the rule of its kind says, in the order in which they came. Nothing that has happened is
refused any more. Where the rule refuses what is beyond the amount, the paper covers none of what
does not fit, and whoever holds it is warned: another paper has to cover that. Else it is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sqlalchemy as sa

from suyuan.trace.acts.drawing import Cause, plan_draws, write_draws
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers import queries
from suyuan.trace.papers.draws import QuotaExceeded, rounded_up, wanted_in
from suyuan.trace.papers.kind_rules import QuotaRule
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.leaning import leaning_on
from suyuan.trace.papers.tables import Paper, PaperDraw
from suyuan.trace.parties.chain_stages import stage_of_paper
from suyuan.trace.printing.account import held_in_force
from suyuan.trace.printing.gathering import net_content
from suyuan.trace.printing.rolls import bindings_of_batch, in_force_of
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.quantities import Quantity
from suyuan.trace.words import Names


def draw_for_what_is_there(w: Writing, paper: Paper) -> None:
    """Draw from a paper that was just entered for all that leans on it and is there already."""
    if PaperKinds.load().get(paper.kind).quota is None or paper.amount is None:
        return
    rows = sa.select(Batch).where(Batch.id.in_(leaning_on(paper, w.families))).order_by(Batch.id)
    # whoever makes, moves or labels goods locks their batch first and papers then
    for batch in w.session.scalars(rows.with_for_update(key_share=True, of=Batch)).all():
        draw_later(w, paper, batch)


def draw_later(w: Writing, paper: Paper, batch: Batch) -> None:
    """Draw from a paper, and those of its kind beside it, for a batch that it came to cover after
    that was registered."""
    rule = PaperKinds.load().get(paper.kind).quota
    if rule is None or paper.amount is None or paper.state != "valid":
        return
    covering = [one for one in queries.covering(w.session, batch) if one[0].kind == paper.kind]
    for cause, run in _missed(w, paper, rule, batch):
        try:
            plan = plan_draws(w, batch, covering, cause)
        except QuotaExceeded as refused:
            _tell_beyond(w, paper, batch, refused)
        else:
            write_draws(w, batch, plan.draws, rule.drawn_at, run)


def _missed(
    w: Writing, paper: Paper, rule: QuotaRule, batch: Batch
) -> Iterator[tuple[Cause, str | None]]:
    """What would have drawn, with the uid of the print run whose labels would have."""
    if rule.drawn_at == "registration":
        yield Cause("registration", None, said=batch.attributes), None
    elif rule.drawn_at == "printing":
        yield from _runs(w, paper.kind, batch)
    else:
        for cause in _events(w, paper, rule, batch):
            yield cause, None


def _runs(w: Writing, kind: str, batch: Batch) -> Iterator[tuple[Cause, str]]:
    """The runs of a batch's labels that drew nothing and are not void, in their order, and then
    what binds labels of rolls to it."""
    drew = sa.select(PaperDraw.print_run).join(Paper).where(
        Paper.kind == kind, Paper.state == "valid", PaperDraw.batch_id == batch.id,
        PaperDraw.print_run.is_not(None),
    )  # fmt: skip
    rows = w.session.execute(
        sa.select(PrintRun, sa.func.count(IssuedCode.serial))
        .join(IssuedCode, IssuedCode.print_run_id == PrintRun.id)
        .where(
            PrintRun.batch_id == batch.id,
            IssuedCode.voided_at.is_(None),
            PrintRun.uid.not_in(drew),
        )
        .group_by(PrintRun.id)
        .order_by(PrintRun.id)
    )
    net = net_content(batch)
    for run, packages in rows.all():
        nominal = net * packages if net is not None and packages else None
        quantity = held_in_force(w.session, run) or nominal
        yield Cause("printing", quantity, said=batch.attributes), run.uid
    drawn = set(w.session.scalars(drew))
    for bound in reversed(bindings_of_batch(w.session, batch.id)):
        packages = in_force_of(w.session, bound)
        if packages and bound.uid not in drawn:
            quantity = net * packages if net is not None else None
            yield Cause("printing", quantity, said=batch.attributes), bound.uid


def _events(w: Writing, paper: Paper, rule: QuotaRule, batch: Batch) -> Iterator[Cause]:
    """The events of a batch so far as they drew nothing, the oldest first."""
    happened = (
        sa.select(Event, EventBatch.quantity)
        .join(EventBatch, EventBatch.event_id == Event.id)
        .where(
            EventBatch.batch_id == batch.id,
            EventBatch.role != "output",
            EventBatch.quantity.is_not(None),
            Event.kind.in_(rule.events),
            Event.corrects_id.is_(None),
        )
        .order_by(Event.id)
    )
    if rule.by_holder_only:
        happened = happened.where(Event.party_id == paper.holder_id)
    drawn = _drawn_by_events(w, paper, rule, batch)
    for event, amount in w.session.execute(happened).all():
        moved = Fraction(amount or 0)
        wanted, drawn = max(Fraction(0), moved - drawn), max(Fraction(0), drawn - moved)
        if wanted:
            quantity = Quantity(rounded_up(wanted), batch.unit)
            yield Cause("event", quantity, event.kind, event.party, said=event.payload)


def _drawn_by_events(w: Writing, paper: Paper, rule: QuotaRule, batch: Batch) -> Fraction:
    """How much events of a batch drew from papers of this kind, in the batch's unit."""
    rows = (
        sa.select(Paper.unit, sa.func.sum(PaperDraw.amount + PaperDraw.over))
        .join(Paper, Paper.id == PaperDraw.paper_id)
        .where(Paper.kind == paper.kind, Paper.state == "valid", PaperDraw.batch_id == batch.id)
        .group_by(Paper.unit)
    )
    if rule.by_holder_only:
        rows = rows.where(Paper.holder_id == paper.holder_id)
    sums = w.session.execute(rows).all()
    return sum(
        (Fraction(amount) * wanted_in(unit, batch.unit) for unit, amount in sums if unit),
        Fraction(0),
    )


def _tell_beyond(w: Writing, paper: Paper, batch: Batch, refused: QuotaExceeded) -> None:
    """Warn the holder of a paper of goods that it does not cover, though they lean on it."""
    said = {key: value for key, value in refused.params.items() if isinstance(value, Names)}
    evidence: Evidence = {
        "paper": paper.uid,
        "kind": PaperKinds.load().get(paper.kind).names,
        "number": paper.number,
        "trace_code": batch.trace_code,
        "quantity": said["wanted"],
        "left": said["left"],
    }
    key = f"{paper.uid}:{batch.trace_code}"
    stage = stage_of_paper(paper.kind)
    warn(w, "quota_beyond", key, party=paper.holder, evidence=evidence, stage=stage)
