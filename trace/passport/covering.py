"""The papers and test reports that stand behind a batch and what it was made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from suyuan.trace.clock import day_of
from suyuan.trace.events.rules import evidence_grade, is_third_party
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.queries import state_between
from suyuan.trace.passport.facts import PaperLine
from suyuan.trace.passport.paper_rows import drawn_of
from suyuan.trace.passport.queries import (
    EventRows,
    ReportRows,
    Row,
    batch_rows,
    papers_of,
    reports_of,
)
from suyuan.trace.passport.sheets import LineVerdict, TestLine, TestSheet
from suyuan.trace.passport.steps import shown_name
from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.grounds import verdict_on
from suyuan.trace.quantities import Quantity


def papers_behind(
    session: Session,
    batch_id: int,
    chain: Collection[int],
    events: Sequence[EventRows],
    on: date,
    made_on: date,
) -> tuple[PaperLine, ...]:
    """The papers of a batch and of those in ``chain``, its own first, with their state on a day.

    ``events`` are what happened to them: what the papers were there for. ``made_on``: the day on
    which the batch was made, which says from the account of which year it draws.
    """
    batches = {row.id: row for row in batch_rows(session, chain)}
    papers = papers_of(session, batches.values())
    drawn = drawn_of(session, [paper.id for paper, _ in papers if paper.amount])
    lines = []
    for paper, scope in papers:
        covered = _covered(scope, batches)
        other = covered.name if covered is not None and covered.id != batch_id else None
        line = _paper(paper, other, _used_on(paper, scope, events), on)
        lines.append(_accounted(line, paper, drawn, made_on))
    return tuple(sorted(lines, key=lambda line: line.batch is not None))


def tests_behind(session: Session, chain: Collection[int]) -> tuple[TestSheet, ...]:
    """The test reports on the batches of a chain, the oldest first."""
    return tuple(_sheet(report, chain) for report in reports_of(session, chain))


def _covered(scope: Sequence[Row], chain: Mapping[int, Row]) -> Row | None:
    """The batch of the chain that a paper covers by name, if it covers one."""
    named = (one.target_id for one in scope if one.target == "batch")
    return next((chain[one] for one in named if one in chain), None)


def _used_on(paper: Row, scope: Sequence[Row], events: Sequence[EventRows]) -> date | None:
    """The last day on which something happened to what the paper covers, and it was valid."""
    covered = {(one.target, one.target_id) for one in scope}
    days = [
        day
        for told in events
        if _state(paper, day := day_of(told.event.happened_at)) == "valid"
        and not covered.isdisjoint(_concerned(told))
    ]
    return max(days, default=None)


def _concerned(told: EventRows) -> Iterator[tuple[str, int | None]]:
    """What had a part in an event, as papers name what they cover."""
    yield "party", told.event.party_id
    yield "site", told.event.site_id
    for part in told.batches:
        yield "batch", part.batch_id
        yield "product", part.product_id


def _state(paper: Row, day: date) -> str:
    return state_between(paper.state, paper.valid_from, paper.valid_to, day)


def _paper(paper: Row, other_batch: str | None, used_on: date | None, on: date) -> PaperLine:
    return PaperLine(
        uid=paper.uid,
        kind=paper.kind,
        names=PaperKinds.load().get(paper.kind).names,
        number=paper.number,
        holder=shown_name(paper.holder_name, paper.holder_kind, paper.holder_parent),
        issuer=paper.issuer,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        state=_state(paper, on),
        state_reason=paper.state_reason,
        used_on=used_on,
        amount=Quantity(paper.amount, paper.unit) if paper.amount and paper.unit else None,
        checked=paper.checked_at is not None,
        checked_at=paper.checked_at,
        checked_by=shown_name(paper.checker_name, paper.checker_kind, paper.checker_parent)
        if paper.checker_name
        else "",
        checked_where=paper.checked_where,
        evidence_uid=_public(paper),
        warnings=tuple(paper.warnings),
        batch=other_batch,
    )


def _accounted(
    line: PaperLine, paper: Row, drawn: Mapping[tuple[int, str], Decimal], made_on: date
) -> PaperLine:
    """The line with what is drawn of the amount and what is left, where that is an account."""
    rule = PaperKinds.load().get(paper.kind).quota
    if rule is None or line.amount is None:
        return line
    period = rule.period(made_on)
    so_far = Quantity(drawn.get((paper.id, period), Decimal(0)), line.amount.unit)
    return replace(line, drawn=so_far, left=line.amount - so_far, period=period)


def _sheet(told: ReportRows, chain: Collection[int]) -> TestSheet:
    report = told.report
    third_party = is_third_party(report.entered_by_kind, report.entered_by_state)
    has_file = report.evidence_id is not None
    return TestSheet(
        uid=report.uid,
        number=report.number,
        kind=report.kind,
        laboratory=report.laboratory,
        cma=report.cma,
        sampled_on=report.sampled_on,
        issued_on=report.issued_on,
        valid_to=report.valid_to,
        conclusion=report.conclusion,
        items=tuple(
            TestLine(
                item.parameter, item.result, item.unit, item.limit_text, item.standard,
                item.conclusion, _gravest(told.verdicts, item.position),
            )
            for item in told.items
        ),
        batches=tuple(one.trace_code for one in told.batches if one.id in chain),
        evidence_uid=_public(report),
        evidence_grade=evidence_grade(third_party, has_file, "self_declared"),
        warnings=tuple(report.warnings),
    )  # fmt: skip


_GRAVEST_FIRST = ("fail", "inconclusive", "not_regulated", "pass")


def _gravest(verdicts: Sequence[Row], position: int) -> LineVerdict | None:
    """The verdict on a line; where the report is on several batches of the chain, the gravest."""
    own = [one for one in verdicts if one.position == position]
    if not own:
        return None
    one = min(own, key=lambda row: _GRAVEST_FIRST.index(row.verdict))
    return LineVerdict(
        one.trace_code,
        one.verdict,
        one.unconfirmed,
        one.grounds,
        one.standards,
        explained(verdict_on(one.verdict, one.grounds)),
        one.overturned_by,
    )


def _public(stated: Row) -> str | None:
    """The uid of the scanned paper, where everybody may see it."""
    uid: str | None = stated.file_uid if stated.file_disclosure == "public" else None
    return uid
