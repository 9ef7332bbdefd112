"""Issuing the codes of labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from suyuan.trace.acts.balancing import require_filled, require_weights_filled
from suyuan.trace.acts.claiming import require_claims_proved, require_marks_allowed
from suyuan.trace.acts.drawing import Cause, plan_draws
from suyuan.trace.acts.happenings import require_active
from suyuan.trace.acts.issuing import (
    Order,
    TryOut,
    blank_order,
    issue,
    lay_one_out,
    require_count,
)
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.weighing import NOT_WEIGHED, Weighed, held_by, read_weighed
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.trace_code import division_of, parse_trace_code
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.papers.draws import Draw
from suyuan.trace.papers.queries import covering
from suyuan.trace.printing.content import LabelFacts
from suyuan.trace.printing.gathering import (
    approved_for,
    label_facts,
    net_said,
)
from suyuan.trace.printing.paper_checks import require_papers_hold
from suyuan.trace.printing.weighing import with_net_content
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped

Completed: TypeAlias = Callable[[LabelFacts], LabelFacts]
"""Says more on the labels of a run than what is known of its batch."""


def _as_gathered(facts: LabelFacts) -> LabelFacts:
    return facts


def issue_print_run(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool = True,
    *,
    try_out: TryOut,
    unbound: bool = False,
    pins: bool = False,
    completed: Completed = _as_gathered,
    most: int | None = None,
    weighed: Weighed = NOT_WEIGHED,
) -> str:
    """Issue the codes of ``count`` labels for a batch; returns the uid of the run.

    With ``per_package`` each label has a serial of its own, else all carry the batch's code.
    ``unbound`` issues a blank roll in the division of the batch, which itself is not on it;
    ``pins`` has a scratch PIN on each label (``suyuan.trace.codes.pin``), ``completed`` adds to
    what they say. ``most``: so many labels at most, where it is not what a request may issue.
    Where packages were ``weighed``, each label says its own net content. The manifest is logged
    here, and nothing is drawn before this is committed; ``try_out`` lays a label out, so that no
    code is issued that cannot be printed.
    Raises Conflict for a batch that is stopped or gone or leans on a revoked paper, QuotaExceeded,
    TooLarge, Forbidden, and what ``try_out`` raises.
    """
    order = _checked(w, trace_code, count, template, per_package, unbound, pins, most, weighed)
    return issue(w, replace(order, facts=completed(order.facts)), try_out)


def require_issuable(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool = True,
    *,
    try_out: TryOut,
    unbound: bool = False,
    pins: bool = False,
    most: int,
) -> Batch:
    """The batch, where ``issue_print_run`` would issue this now; raises as that does."""
    order = _checked(w, trace_code, count, template, per_package, unbound, pins, most)
    lay_one_out(w, order, try_out)
    return batches.batch(w.session, parse_trace_code(trace_code))


def _checked(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool,
    unbound: bool,
    pins: bool,
    most: int | None,
    weighed: Weighed = NOT_WEIGHED,
) -> Order:
    code = parse_trace_code(trace_code)
    batch = batches.batch(w.session, code)
    # two runs of a batch wait for each other, so that their serials cannot be the same
    w.session.refresh(batch, with_for_update={"key_share": True, "of": Batch})
    w.actor.require("print_labels", batch.party)
    require_active(batch.party)
    nets = read_weighed(weighed, batch, count, per_package and not unbound)
    require_count(w, count, most)
    if pins and not (per_package or unbound):
        raise InvalidInput(
            "A scratch PIN is of a single package: print labels with serials.", field="pins"
        )
    if unbound:
        return blank_order(w, batch.party, division_of(code), template, count, pins)
    require_printable(w, batch)
    family = w.families.get(batch.family)
    facts = label_facts(
        batch,
        family,
        w.now.date(),
        per_package=per_package,
        default_phone=w.settings.supervision_phone,
        tibetan=approved_for(w.session, batch, family),
    )
    if nets:
        facts = with_net_content(facts, batch, family, w.now.date(), nets)
    require_papers_hold(w.session, batch, facts)
    if nets:
        require_weights_filled(w, batch, nets)
    elif per_package:
        require_filled(w, batch, net_said(facts), count)
    base = parse_path(batch.path)
    draws = draws_of_labels(w, batch, held_by(batch, nets, count) if per_package else None)
    return Order(
        batch.party, batch, base, code, facts, template, count, per_package, pins, draws, nets
    )


def draws_of_labels(w: Writing, batch: Batch, quantity: Quantity | None) -> tuple[Draw, ...]:
    """What labels draw from the papers that are drawn from by printing: what their packages hold,
    or the batch, once, where nobody says how much that is."""
    cause = Cause("printing", quantity, said=batch.attributes)
    return plan_draws(w, batch, covering(w.session, batch), cause).draws


def require_printable(w: Writing, batch: Batch) -> None:
    """Raises Conflict for a batch that no label may be put on: it is gone or stopped, or says of
    itself what no paper proves."""
    if batch.state != "registered":
        raise Conflict(
            "Nothing is left of batch {code}: no labels are printed for it."
            if batch.state == "closed"
            else "Batch {code} was withdrawn: no labels are printed for it.",
            field="trace_code",
            code=batch.trace_code,
        )
    if batch.best_before is not None and batch.best_before < w.today:
        raise Conflict(
            "The shelf life of batch {code} ended on {day}: no labels are printed for it.",
            field="trace_code",
            code=batch.trace_code,
            day=batch.best_before.isoformat(),
        )
    require_not_stopped(w.session, (batch.id,))
    require_claims_proved(w, batch, batch.product)
    require_marks_allowed(w, batch)
