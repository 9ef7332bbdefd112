"""Entering a laboratory's test report."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from suyuan.trace.acts.believing import kept, report_doubts
from suyuan.trace.acts.judging import give_verdicts
from suyuan.trace.acts.objections import decide_by_retest, require_retest
from suyuan.trace.acts.sampling import warn_of_answer
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Conflict, InvalidInputs, NotFound
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.papers.numbers import laboratory_approval
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party
from suyuan.trace.quality.facts import TestReportFacts, report_faults
from suyuan.trace.quality.records import TEST_REPORT
from suyuan.trace.quality.tables import TestItem, TestReport


def enter_test_report(w: Writing, facts: TestReportFacts) -> str:
    """Enter a report on batches; returns its uid.

    A laboratory enters its own; a producer enters the reports on its own batches. Results are
    kept as written, and judged by the standards in force when each batch was made: a result that
    fails holds the batch in the same transaction. What was sampled before the goods were there is
    kept with a doubt. Raises InvalidInputs, NotFound, Forbidden, and Conflict for a report that was
    entered before.
    """
    batches = [_batch(w, code) for code in dict.fromkeys(facts.batches)]
    own = parties.party(w.session, w.actor.party_uid or "")
    if own.kind == "laboratory":
        w.actor.require("enter_test_report")
    else:
        for batch in batches:
            w.actor.require("enter_test_report", batch.party)
    if faults := report_faults(facts, w.today):
        raise InvalidInputs(faults)
    laboratory = _laboratory(w, facts, own)
    disputed = require_retest(w, facts, batches, own, laboratory) if facts.retest_of else None
    same = sa.select(TestReport.id).where(
        TestReport.number == facts.number.strip(), TestReport.laboratory == facts.laboratory.strip()
    )
    if w.session.scalar(same):
        raise Conflict("This report of this laboratory was entered already.", "number")
    evidence = evidence_of(w.session, (facts.evidence,), own.id) if facts.evidence else []
    doubts = report_doubts(w, facts.sampled_on, facts.issued_on, batches)
    cma = laboratory_approval(facts.cma, "cma") if facts.cma else None
    report = TestReport(
        uid=w.new_uid(),
        number=facts.number.strip(),
        kind=facts.kind,
        laboratory_id=laboratory.id if laboratory else None,
        laboratory=facts.laboratory.strip(),
        cma=cma.value if cma else "",
        catl=facts.catl,
        sample_number=facts.sample_number,
        sampled_on=facts.sampled_on,
        issued_on=facts.issued_on,
        valid_to=facts.valid_to,
        conclusion=facts.conclusion,
        retest_of_id=disputed.id if disputed else None,
        evidence_id=evidence[0].id if evidence else None,
        warnings=[
            *({"field": "cma", **one.to_json()} for one in (cma.warnings if cma else ())),
            *(kept(one, "sampled_on") for one in doubts),
        ],
        made_at=w.now,
        entered_by_id=own.id,
        batches=batches,
        items=[
            TestItem(position=position, **asdict(item))
            for position, item in enumerate(facts.items, start=1)
        ],
    )
    report.record_id = _record(w, report, facts, laboratory)
    w.session.add(report)
    w.session.flush()
    give_verdicts(w, report)
    warn_of_answer(w, report)
    if disputed is not None:
        decide_by_retest(w, report, disputed)
    return report.uid


def _batch(w: Writing, typed: str) -> Batch:
    code = parse_trace_code(typed)
    found = w.session.scalar(sa.select(Batch).where(Batch.trace_code == code))
    if found is None:
        raise NotFound("There is no batch {code}.", field="batches", code=code)
    return found


def _laboratory(w: Writing, facts: TestReportFacts, own: Party) -> Party | None:
    if own.kind == "laboratory":
        return own
    if facts.laboratory_party:
        return parties.party(w.session, facts.laboratory_party, "laboratory_party")
    return None


def _record(
    w: Writing, report: TestReport, facts: TestReportFacts, laboratory: Party | None
) -> str:
    dates = {
        name: value.isoformat()
        for name in ("sampled_on", "issued_on", "valid_to")
        if (value := getattr(facts, name)) is not None
    }
    return w.record(
        TEST_REPORT,
        "test-report",
        {
            "report": report.uid,
            "number": report.number,
            "kind": report.kind,
            "laboratory": report.laboratory,
            "laboratory_party": laboratory.uid if laboratory else None,
            "cma": report.cma or None,
            "catl": report.catl or None,
            **dates,
            "conclusion": report.conclusion or None,
            "batches": [batch.trace_code for batch in report.batches],
            "items": [
                {key: value for key, value in asdict(item).items() if value} for item in facts.items
            ],
            "sample_number": report.sample_number or None,
            "evidence": facts.evidence,
            "retest_of": facts.retest_of,
            "entered_by": w.actor.party_uid,
        },
        subject=report.uid,
    )
