"""The papers and test reports that stand behind a batch and what it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.events.rules import evidence_grade, is_third_party
from suyuan.trace.events.tables import Event
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.queries import papers_of_batches, state_on
from suyuan.trace.papers.tables import Paper
from suyuan.trace.passport.facts import PaperLine, TestLine, TestSheet
from suyuan.trace.passport.steps import shown_name
from suyuan.trace.quality.queries import reports_of_batches
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.quantities import Quantity


def papers_behind(
    session: Session, batch: Batch, chain: Sequence[Batch], events: Sequence[Event], on: date
) -> tuple[PaperLine, ...]:
    """The papers of a batch and of those in ``chain``, its own first, with their state on a day.

    ``events`` are what happened to them: what the papers were there for.
    """
    by_id = {one.id: one for one in chain}
    lines = [
        replace(_paper(paper, _covered(paper, by_id), batch, on), used_on=_used_on(paper, events))
        for paper in papers_of_batches(session, chain)
    ]
    return tuple(sorted(lines, key=lambda line: line.batch is not None))


def tests_behind(session: Session, chain: Sequence[Batch]) -> tuple[TestSheet, ...]:
    """The test reports on the batches of a chain, the oldest first."""
    own = {one.id for one in chain}
    return tuple(_sheet(report, own) for report in reports_of_batches(session, own))


def _covered(paper: Paper, chain: Mapping[int, Batch]) -> Batch | None:
    """The batch of the chain that a paper covers by name, if it covers one."""
    named = [
        chain[one.target_id]
        for one in paper.scope
        if one.target == "batch" and one.target_id in chain
    ]
    return named[0] if named else None


def _used_on(paper: Paper, events: Sequence[Event]) -> date | None:
    """The last day on which something happened to what the paper covers, and it was valid."""
    covered = {(one.target, one.target_id) for one in paper.scope}
    days = [
        day
        for event in events
        if state_on(paper, day := event.happened_at.astimezone(SHANGHAI).date()) == "valid"
        and not covered.isdisjoint(_concerned(event))
    ]
    return max(days, default=None)


def _concerned(event: Event) -> Iterator[tuple[str, int | None]]:
    """What had a part in an event, as papers name what they cover."""
    yield "party", event.party_id
    yield "site", event.site_id
    for part in event.batches:
        yield "batch", part.batch_id
        yield "product", part.batch.product_id


def _paper(paper: Paper, covered: Batch | None, batch: Batch, on: date) -> PaperLine:
    other = covered is not None and covered.id != batch.id
    return PaperLine(
        uid=paper.uid,
        kind=paper.kind,
        names=PaperKinds.load().get(paper.kind).names,
        number=paper.number,
        holder=shown_name(paper.holder),
        issuer=paper.issuer,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        state=state_on(paper, on),
        state_reason=paper.state_reason,
        used_on=None,
        amount=Quantity(paper.amount, paper.unit) if paper.amount and paper.unit else None,
        checked=paper.checked_at is not None,
        checked_at=paper.checked_at,
        checked_by=shown_name(paper.checked_by_party) if paper.checked_by_party else "",
        checked_where=paper.checked_where,
        evidence_uid=_public(paper),
        warnings=tuple(paper.warnings),
        batch=covered.name if other and covered else None,
    )


def _sheet(report: TestReport, chain: set[int]) -> TestSheet:
    third_party = is_third_party(report.entered_by.kind, report.entered_by.state)
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
                item.parameter, item.result, item.unit, item.limit, item.standard, item.conclusion
            )
            for item in report.items
        ),
        batches=tuple(one.trace_code for one in report.batches if one.id in chain),
        evidence_uid=_public(report),
        evidence_grade=evidence_grade(third_party, has_file, "self_declared"),
        warnings=tuple(report.warnings),
    )


def _public(stated: Paper | TestReport) -> str | None:
    """The uid of the scanned paper, where everybody may see it."""
    file = stated.evidence
    return file.uid if file is not None and file.disclosure == "public" else None
