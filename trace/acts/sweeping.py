"""Sweeping: looking by the clock for what is to be warned of, a page and a transaction at a time.

A sweep reads pages without writing, leaves out the causes that have their warning, and opens the
rest of a page in one transaction. So it may run as often as one likes, and twice at once: a cause
has one open warning, whoever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.tables import Batch
from suyuan.trace.credit.unassessed import unassessed
from suyuan.trace.errors import InvalidInput
from suyuan.trace.notices import (
    copies,
    goods_at_risk,
    imbalances,
    late_recalls,
    late_retests,
    overdue,
    papers_ending,
    queries,
    trends,
    unqualified,
)
from suyuan.trace.notices.looking import Found, Look, Looker
from suyuan.trace.notices.messages import sending
from suyuan.trace.notices.rules import WarningRule, warning_rule
from suyuan.trace.notices.tables import Sweep
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.tables import Party

LOOKERS: Mapping[str, Looker] = {
    "expiry_near": goods_at_risk.expiring,
    "paper_near_end": papers_ending.papers_near_end,
    "paper_ended": papers_ending.papers_ended,
    "delivery_overdue": goods_at_risk.late_deliveries,
    "temperature_excursion": goods_at_risk.too_warm,
    "balance_gap": imbalances.out_of_balance,
    "scan_anomaly": copies.opened_often,
    "chain_gap": goods_at_risk.from_nowhere,
    "recall_late": late_recalls.late_recalls,
    "retest_late": late_retests.late_retests,
    "trend_to_limit": trends.near_the_limit,
    "step_overdue": overdue.late_steps,
    "operator_unqualified": unqualified.untrained_stations,
    "credit_overdue": unassessed,
}
"""What finds the causes of each rule that is swept for."""


def sweep(ledger: Ledger, rules: Iterable[str] = ()) -> dict[str, int]:
    """Look for what these rules warn of, all that are swept for where none is named.

    Returns how many warnings each opened. Raises NotFound for a rule that there is not,
    InvalidInput for one that nothing sweeps for.
    """
    wanted = [_swept(key) for key in rules] or [warning_rule(key) for key in LOOKERS]
    return {rule.key: _sweep(ledger, rule) for rule in wanted}


def sweep_due(ledger: Ledger) -> dict[str, int]:
    """``sweep`` for the rules that have not looked for long enough."""
    before = ledger.clock.now() - sending().sweep_every
    with ledger.database.read() as session:
        query = sa.select(Sweep.rule).where(Sweep.swept_at > before)
        fresh = set(session.scalars(query))
    due = [key for key in LOOKERS if key not in fresh]
    return sweep(ledger, due) if due else {}


def open_found(w: Writing, rule: str, found: Sequence[Found]) -> int:
    """Open the warnings of one page of findings; returns how many there were not yet."""
    ids = {one.batch for one in found if one.batch is not None}
    query = sa.select(Batch).where(Batch.id.in_(sorted(ids)))
    batches = {one.id: one for one in w.session.scalars(query)}
    owners = sa.select(Party).where(Party.id.in_(sorted({one.party for one in found})))
    parties = {one.id: one for one in w.session.scalars(owners)}
    opened = 0
    for one in found:
        batch = batches[one.batch] if one.batch is not None else None
        uid = warn(
            w, rule, one.key, batch=batch, party=parties[one.party], evidence=one.evidence,
            stage=one.stage,
        )  # fmt: skip
        opened += uid is not None
    return opened


def note_sweep(w: Writing, rule: str, opened: int) -> None:
    """Keep when a rule looked last."""
    w.session.merge(Sweep(rule=rule, swept_at=w.now, opened=opened))
    w.session.flush()


def _swept(key: str) -> WarningRule:
    rule = warning_rule(key)
    if key not in LOOKERS:
        raise InvalidInput(
            "Nothing sweeps for {rule}; rules that do are: {known}.",
            "rule",
            rule=key,
            known=", ".join(LOOKERS),
        )
    return rule


def _sweep(ledger: Ledger, rule: WarningRule) -> int:
    look = Look(rule, ledger.clock.now(), ledger.families)
    opened = 0
    while True:
        with ledger.database.read() as session:
            page = LOOKERS[rule.key](session, look)
            told = queries.told_keys(session, rule, [one.key for one in page.found], look.now)
        fresh = _distinct(one for one in page.found if one.key not in told)
        if fresh:
            opened += ledger.perform(SYSTEM, open_found, rule.key, fresh)
        if page.after is None:
            break
        look = replace(look, after=page.after)
    ledger.perform(SYSTEM, note_sweep, rule.key, opened)
    return opened


def _distinct(found: Iterable[Found]) -> list[Found]:
    """Each cause once, in one order: two sweeps at once wait for each other and do not block."""
    return sorted({one.key: one for one in found}.values(), key=lambda one: one.key)
