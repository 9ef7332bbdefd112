"""Objecting to a report within the statutory time, and what a re-test decides.

Whoever answers for the goods objects; another laboratory tests again, and not by a rapid test; its
result is final. Passed, it overturns the failed verdicts and ends the rule's hold, and the first
laboratory's own word counts no more; failed, they stand, and whether to recall is the regulator's
decision.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from suyuan.trace.acts.judging import overturn, release_decided
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import day_of, shown, utc_text
from suyuan.trace.errors import Conflict, Fault, Forbidden, InvalidInputs
from suyuan.trace.events.rules import is_third_party
from suyuan.trace.parties.tables import Party
from suyuan.trace.quality import queries
from suyuan.trace.quality.against import contested, words_of
from suyuan.trace.quality.clocks import TestClock, clock_for
from suyuan.trace.quality.facts import TestReportFacts
from suyuan.trace.quality.queries import failed_and_standing, judged_in
from suyuan.trace.quality.records import OBJECTION
from suyuan.trace.quality.tables import Objection, TestReport
from suyuan.trace.release.rules import require_reason
from suyuan.trace.written import compacted


def object_to_report(w: Writing, report_uid: str, reason: str) -> str:
    """Object to a report that went against one's goods; returns the objection's uid.

    Raises NotFound; Forbidden for all who do not answer for a tested batch; Conflict where the
    time is over, nothing failed, an objection is open already, or it was a re-test.
    """
    report = queries.report(w.session, report_uid, "report")
    own = [one for one in report.batches if w.actor.may_for("enter_test_report", one.party)]
    if not own:
        raise Forbidden("Only whoever answers for the tested goods objects.", "report")
    reason = require_reason(reason)
    # of two who object at once the second sees the first
    w.session.refresh(report, with_for_update=True)
    _require_open_to_objection(w, report)
    clock = clock_of(w, report, own[0])
    until = clock.objection_until(report.made_at)
    if w.now >= until:
        raise Conflict(
            "The time for objecting to this report ended at {until}.", "report", until=shown(until)
        )
    objection = Objection(
        uid=w.new_uid(),
        report_id=report.id,
        by_party_id=w.session.get_one(Party, w.actor.party_id).id,
        reason=reason,
        at=w.now,
        until=until,
        retest_due=clock.retest_until(w.now),
    )
    objection.record_id = w.record(
        OBJECTION,
        "objection.raised",
        {
            "objection": objection.uid,
            "report": report.uid,
            "reason": reason,
            "until": utc_text(until),
            "retest_due": objection.retest_due.isoformat() if objection.retest_due else None,
            "state": "open",
        },
        subject=objection.uid,
    )
    w.session.add(objection)
    w.session.flush()
    return objection.uid


def clock_of(w: Writing, report: TestReport, batch: Batch) -> TestClock:
    """The statutory clock for a report on these goods."""
    family = w.families.get(batch.family) if batch.family in w.families else None
    known = family is not None and batch.variant in family.variants
    label_class = family.variant(batch.variant).label_class if family and known else "farm_produce"
    return clock_for(report.kind, label_class)


def require_retest(
    w: Writing, facts: TestReportFacts, batches: Sequence[Batch], own: Party, lab: Party | None
) -> TestReport:
    """The report that a re-test is to decide. Raises what stands against it.

    ``own``: who enters it; ``lab``: the laboratory, where it is an organisation here.
    """
    disputed = queries.report(w.session, str(facts.retest_of), "retest_of")
    faults = []
    if facts.kind != "laboratory":
        faults.append(Fault("kind", "A re-test may not be a rapid test."))
    if not {one.id for one in batches} <= {one.id for one in disputed.batches}:
        faults.append(Fault("batches", "A re-test is of batches that the first report was on."))
    if _same_laboratory(disputed, facts, lab):
        faults.append(
            Fault("laboratory", "A re-test is made by another laboratory than the first test.")
        )
    objection = _open(w, disputed)
    if objection is not None and facts.issued_on < day_of(objection.at):
        faults.append(
            Fault(
                "issued_on",
                "A re-test follows the objection of {day}: this was issued before.",
                (("day", day_of(objection.at).isoformat()),),
            )
        )
    if faults:
        raise InvalidInputs(faults)
    if not is_third_party(own.kind, own.state):
        raise Forbidden(
            "A re-test is entered by the laboratory that made it, or by an authority.", "retest_of"
        )
    if objection is None:
        raise Conflict(
            "No objection to that report is open: a re-test follows an objection.", "retest_of"
        )
    return disputed


def decide_by_retest(w: Writing, retest: TestReport, disputed: TestReport) -> None:
    """Let the result of a re-test decide what was objected to."""
    objection = _open(w, disputed)
    found = judged_in(w.session, retest)
    for batch in retest.batches:
        passed = {one.parameter for one in found if _is(one.batch_id, batch, one.verdict, "pass")}
        failed = {one.parameter for one in found if _is(one.batch_id, batch, one.verdict, "fail")}
        cleared = [
            one
            for one in failed_and_standing(w.session, batch.id)
            if one.report_uid == disputed.uid and one.parameter in passed - failed
        ]
        overturn(w, cleared, batch, retest)
        release_decided(w, disputed.kind, batch, retest)
    still = {
        one.parameter
        for batch in disputed.batches
        for one in failed_and_standing(w.session, batch.id)
        if one.report_uid == disputed.uid
    }.union(*(one.parameters for one in words_of(w.session, disputed)))
    lost = {one.parameter for one in found if one.verdict == "fail"}.union(
        *(one.parameters for one in words_of(w.session, retest))
    )
    if objection is not None and not still:
        _close(w, objection, "upheld", retest)
    elif objection is not None and still & lost:
        _close(w, objection, "rejected", retest)


def _is(batch_id: int, batch: Batch, verdict: str, wanted: str) -> bool:
    return batch_id == batch.id and verdict == wanted


def _require_open_to_objection(w: Writing, report: TestReport) -> None:
    if report.retest_of_id is not None:
        raise Conflict("The result of a re-test is final.", "report")
    if not contested(w.session, report):
        raise Conflict("Nothing in this report stands against the goods.", "report")
    if _open(w, report) is not None:
        raise Conflict("An objection to this report is open already.", "report")


def _open(w: Writing, report: TestReport) -> Objection | None:
    query = sa.select(Objection).where(Objection.report_id == report.id, Objection.state == "open")
    return w.session.scalar(query.with_for_update())


def _same_laboratory(disputed: TestReport, facts: TestReportFacts, lab: Party | None) -> bool:
    same_party = lab is not None and lab.id == disputed.laboratory_id
    names = {compacted(one) for one in (facts.laboratory, lab.name if lab else "")} - {""}
    same_name = compacted(disputed.laboratory) in names
    numbers = ((facts.cma, disputed.cma), (facts.catl, disputed.catl))
    same_number = any(new and compacted(new) == compacted(old) for new, old in numbers)
    return same_party or same_name or same_number


def _close(w: Writing, objection: Objection, state: str, retest: TestReport) -> None:
    objection.state, objection.decided_by_id = state, retest.id
    w.record(
        OBJECTION,
        "objection.decided",
        {
            "objection": objection.uid,
            "report": objection.report.uid,
            "state": state,
            "decided_by": retest.uid,
        },
        subject=objection.uid,
    )
    w.session.flush()
