"""Judging all reports anew after the standards have changed; each change of a verdict is recorded.

A page of reports at a time, each in a transaction of its own: memory does not grow with the
number of batches, and a run that was broken off is taken up by running it again, because what
was changed does not differ any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from suyuan.trace.acts.judging import (
    Given,
    hold_failed,
    judged_now,
    keep_new,
    release_decided,
    say_verdicts,
)
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.quality.county_limits import CountyStandard, county_standards
from suyuan.trace.quality.grounds import decided_alike
from suyuan.trace.quality.limits import standards_state
from suyuan.trace.quality.tables import FormerVerdict, KeptVerdict, TestReport, test_report_batch

AT_ONCE = 200
"""Reports on batches in one transaction: few enough that writers beside it hardly wait."""

Pair = tuple[int, int]
"""The row ids of a report and of a batch that it is about."""
_of, _on = test_report_batch.c.report_id, test_report_batch.c.batch_id


@dataclass(frozen=True)
class Reevaluated:
    """How many reports on batches were judged anew, and how many verdicts changed."""

    seen: int
    changed: int


def reevaluate(
    ledger: Ledger, told: Callable[[int, int], None] = lambda _done, _of: None
) -> Reevaluated:
    """Judge every report by the standards as they are now; ``told`` hears how far it is."""
    with ledger.database.read() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(test_report_batch)) or 0
    seen = changed = 0
    last: Pair = (0, 0)
    while True:
        with ledger.database.read() as session:
            pairs = _page(session, last)
            differing = _differing(session, pairs)
        if not pairs:
            return Reevaluated(seen, changed)
        if differing:
            changed += ledger.perform(SYSTEM, change_verdicts, differing)
        seen, last = seen + len(pairs), pairs[-1]
        told(seen, total)


def change_verdicts(w: Writing, pairs: Sequence[Pair]) -> int:
    """Keep what the standards say now of these reports on batches; returns how many changed.

    A verdict that fails now holds its batch, and where none fails any more the rule's hold ends.
    """
    w.actor.require("administer")
    changed = 0
    county = county_standards(w.session)
    for report_id, batch_id in pairs:
        # of two runs at once the second sees what the first has kept
        report = w.session.get_one(TestReport, report_id, with_for_update=True)
        changed += _change(w, report, w.session.get_one(Batch, batch_id), county)
    return changed


def _change(w: Writing, report: TestReport, batch: Batch, county: Sequence[CountyStandard]) -> int:
    kept = _kept(w.session, report.id, batch.id)
    now = judged_now(report.items, batch, county)
    new = [one for one in now if one.position not in kept]
    differing = [
        (one, kept[one.position])
        for one in now
        if one.position in kept and _differs(one, kept[one.position])
    ]
    if differing:
        said = [(one, row.uid) for one, row in differing]
        say_verdicts(w, "verdicts.changed", report, batch, said)
    for one, row in differing:
        _keep_former(w, row)
        one.write_to(row)
        row.standards, row.judged_at = standards_state(), w.now
    w.session.flush()
    keep_new(w, report, batch, new)
    if differing or new:
        hold_failed(w, report, batch)
        release_decided(w, report.kind, batch, report)
    return len(differing) + len(new)


def _keep_former(w: Writing, row: KeptVerdict) -> None:
    """Keep what a verdict said until now: reports of the time before go on saying so."""
    row.changes += 1
    w.session.add(
        FormerVerdict(
            verdict_id=row.id,
            number=row.changes,
            verdict=row.verdict,
            judged_at=row.judged_at,
            until=w.now,
        )
    )


def _page(session: Session, after: Pair) -> list[Pair]:
    query = (
        sa.select(_of, _on)
        .where(sa.or_(_of > after[0], sa.and_(_of == after[0], _on > after[1])))
        .order_by(_of, _on)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _differing(session: Session, pairs: Sequence[Pair]) -> list[Pair]:
    """Those of which the standards say something else now than what is kept."""
    named, tested = {one for one, _ in pairs}, {one for _, one in pairs}
    some = sa.select(TestReport).where(TestReport.id.in_(named))
    whole = some.options(selectinload(TestReport.items))
    reports = {one.id: one for one in session.scalars(whole)}
    wanted = sa.select(Batch).where(Batch.id.in_(tested))
    batches = {one.id: one for one in session.scalars(wanted)}
    by_pair: defaultdict[Pair, dict[int, KeptVerdict]] = defaultdict(dict)
    verdicts = sa.select(KeptVerdict).where(
        KeptVerdict.report_id.in_(named), KeptVerdict.batch_id.in_(tested)
    )
    for row in session.scalars(verdicts):
        by_pair[row.report_id, row.batch_id][row.position] = row
    found = []
    county = county_standards(session)
    for report_id, batch_id in pairs:
        kept = by_pair[report_id, batch_id]
        now = judged_now(reports[report_id].items, batches[batch_id], county)
        if any(one.position not in kept or _differs(one, kept[one.position]) for one in now):
            found.append((report_id, batch_id))
    return found


def _kept(session: Session, report_id: int, batch_id: int) -> dict[int, KeptVerdict]:
    """What is kept of a report on a batch, by line; nobody else changes it meanwhile."""
    query = sa.select(KeptVerdict).where(
        KeptVerdict.report_id == report_id, KeptVerdict.batch_id == batch_id
    )
    return {row.position: row for row in session.scalars(query.with_for_update())}


def _differs(now: Given, kept: KeptVerdict) -> bool:
    return (
        now.verdict.verdict != kept.verdict
        or now.unconfirmed != kept.unconfirmed
        or not decided_alike(now.grounds, kept.grounds)
    )
