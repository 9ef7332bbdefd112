"""Giving the verdicts on a test report, and what follows from them; part of the acts.

A failed result holds the batch at once, by rule: whoever enters the report need not decide it, and
cannot leave it undone. A rapid test holds until a laboratory has tested the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from suyuan.trace.acts.orders import hold_by_rule, lift_by_rule
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.tables import Batch
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.quality.against import words_of
from suyuan.trace.quality.county_limits import CountyStandard, county_standards, holding_for
from suyuan.trace.quality.grounds import grounds_of
from suyuan.trace.quality.judging import binds, in_brief, judge
from suyuan.trace.quality.limits import standards_state
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.queries import (
    Judged,
    failed_and_standing,
    is_believed,
    is_independent,
)
from suyuan.trace.quality.records import VERDICT
from suyuan.trace.quality.tables import KeptVerdict, TestItem, TestReport
from suyuan.trace.quality.unjudged import unjudged
from suyuan.trace.quality.verdicts import Verdict
from suyuan.trace.words import Language, Names

RULES: Final[Mapping[str, str]] = {"laboratory": "over_limit", "rapid": "rapid_over_limit"}
"""The rule by which a failed result of each kind of report holds the batch."""
WARNING: Final = "over_limit"
"""The rule of early warning by which a regulator hears of it."""
WARNING_OF_WORD: Final = "laboratory_against"
"""The same where only the laboratory's own word is against the goods."""
WARNING_OF_SILENCE: Final = "result_not_judged"
"""The same where neither the standards nor the laboratory say what a result means."""
_LONGEST_REASON = 200
"""As much as the step of a chain shows of a reason."""


@dataclass(frozen=True)
class Given:
    """A verdict that is about to be kept: of which line, and what the records say of it."""

    position: int
    verdict: Verdict
    unconfirmed: bool
    grounds: dict[str, Any]

    def entry(self, uid: str) -> dict[str, Any]:
        """The verdict among the ``items`` of a record."""
        return {
            "uid": uid,
            "verdict": self.verdict.verdict,
            "unconfirmed": self.unconfirmed,
            "grounds": self.grounds,
        }

    def write_to(self, row: KeptVerdict) -> None:
        """Let the row hold it."""
        limit = self.verdict.limit
        row.parameter, row.verdict = self.verdict.parameter.key, self.verdict.verdict
        row.unconfirmed, row.grounds = self.unconfirmed, self.grounds
        row.row = limit.id if limit is not None else ""


def give_verdicts(w: Writing, report: TestReport) -> None:
    """Judge every line of a new report for each of its batches, and hold those that failed."""
    county = county_standards(w.session)
    for batch in sorted(report.batches, key=lambda one: one.id):
        given = judged_now(report.items, batch, county)
        keep_new(w, report, batch, given)
        if any(one.verdict.verdict == "fail" for one in given):
            hold_failed(w, report, batch)
        if report.kind == "laboratory" and is_independent(report):
            _decide_rapid_tests(w, report, batch, given)
    _warn_of_word(w, report)
    _ask_about_unjudged(w, report)


def judged_now(
    items: Sequence[TestItem], batch: Batch, county: Sequence[CountyStandard]
) -> list[Given]:
    """The verdicts on the lines of a report for a batch, by the standards as they are now, those
    of the county it is from among them."""
    product = product_classes().of_variant(batch.family, batch.variant)
    if product is None:
        return []
    # where nobody stated a day, that of registration chooses the edition: it was made by then
    day, stated = made_on(batch), batch.produced_on is not None
    named = str(batch.product.label.get("product_standard", "")) if batch.product else ""
    given = []
    local = holding_for(county, batch.division, day)
    for at, verdict in sorted(judge(items, product.key, day, local).items()):
        grounds = grounds_of(verdict)
        if not stated:
            grounds["day_is"] = "registered"
        if not binds(verdict, named):
            grounds["binds"] = False
        unconfirmed = verdict.unconfirmed or not stated
        given.append(Given(items[at].position, verdict, unconfirmed, grounds))
    return given


def keep_new(w: Writing, report: TestReport, batch: Batch, given: Sequence[Given]) -> None:
    """Keep verdicts on lines that have none yet, with their record."""
    if not given:
        return
    rows = [_row(w, report, batch, one) for one in given]
    pairs = zip(given, rows, strict=True)
    record = say_verdicts(w, "verdicts.given", report, batch, [(one, r.uid) for one, r in pairs])
    for row in rows:
        row.record_id = record
    w.session.add_all(rows)
    w.session.flush()


def say_verdicts(
    w: Writing, type_: str, report: TestReport, batch: Batch, said: Sequence[tuple[Given, str]]
) -> str:
    """Record verdicts, each with its uid, at the places of the report's items."""
    items: list[dict[str, Any] | None] = [None] * len(report.items)
    for one, uid in said:
        items[one.position - 1] = one.entry(uid)
    fields = {
        "report": report.uid,
        "trace_code": batch.trace_code,
        "items": items,
        "standards": standards_state(),
    }
    return w.record(VERDICT, type_, fields, subject=report.uid)


def hold_failed(w: Writing, report: TestReport, batch: Batch) -> None:
    """Hold a batch because verdicts on it failed and stand; the reason names what they are."""
    if not is_believed(report, batch.party_id):
        return
    rapid = report.kind == "rapid"
    failed = [one for one in failed_and_standing(w.session, batch.id) if one.rapid == rapid]
    if not failed:
        return
    reason = Names(_reason(failed, "zh"), _reason(failed, "en"))
    order = hold_by_rule(w, batch, RULES[report.kind], reason.zh, report.entered_by)
    if order is not None:
        evidence: Evidence = {"report": report.uid, "number": report.number, "reason": reason}
        warn(w, WARNING, f"{report.uid}/{batch.trace_code}", batch=batch, evidence=evidence)


def release_decided(w: Writing, kind: str, batch: Batch, report: TestReport) -> None:
    """End the rule's hold where no failed verdict of this kind of report stands any more."""
    rapid = kind == "rapid"
    if any(one.rapid == rapid for one in failed_and_standing(w.session, batch.id)):
        return
    reason = f"{report.laboratory} {report.number}"
    lift_by_rule(w, batch, RULES[kind], _shortened(reason), report.entered_by)


def overturn(w: Writing, failed: Sequence[Judged], batch: Batch, by: TestReport) -> None:
    """Say that a later report decided what these verdicts of one report said."""
    if not failed:
        return
    (first, *_) = failed
    w.record(
        VERDICT,
        "verdicts.overturned",
        {
            "report": first.report_uid,
            "trace_code": batch.trace_code,
            "overturned": [one.uid for one in failed],
            "overturned_by": by.uid,
        },
        subject=first.report_uid,
    )
    uids = [one.uid for one in failed]
    for row in w.session.query(KeptVerdict).where(KeptVerdict.uid.in_(uids)):
        row.overturned_by_id = by.id
    w.session.flush()


def _decide_rapid_tests(
    w: Writing, report: TestReport, batch: Batch, given: Sequence[Given]
) -> None:
    """A laboratory's result decides what rapid tests of the same found before, either way."""
    decided = {
        one.verdict.parameter.key for one in given if one.verdict.verdict in ("pass", "fail")
    }
    open_ = [
        one
        for one in failed_and_standing(w.session, batch.id)
        if one.rapid and one.parameter in decided
    ]
    for uid in dict.fromkeys(one.report_uid for one in open_):
        overturn(w, [one for one in open_ if one.report_uid == uid], batch, report)
    if open_:
        release_decided(w, "rapid", batch, report)


def _warn_of_word(w: Writing, report: TestReport) -> None:
    """Warn of a report whose laboratory itself concludes against the goods, where no failed
    verdict was warned of."""
    batches = {one.trace_code: one for one in report.batches}
    for one in words_of(w.session, report):
        evidence: Evidence = {
            "report": report.uid,
            "number": one.number,
            "laboratory": one.laboratory,
            "conclusion": one.word,
            "parameter": "、".join(one.tested),
        }
        key = f"{report.uid}/{one.trace_code}"
        warn(w, WARNING_OF_WORD, key, batch=batches[one.trace_code], evidence=evidence)


def _ask_about_unjudged(w: Writing, report: TestReport) -> None:
    """Let the regulator look at amounts found of which nobody says whether they are right."""
    for batch in report.batches:
        lines = unjudged(report.items, report.conclusion)
        if not lines or not is_believed(report, batch.party_id):
            continue
        evidence: Evidence = {
            "report": report.uid,
            "number": report.number,
            "laboratory": report.laboratory,
            "parameter": "、".join(dict.fromkeys(one.parameter for one in lines)),
            "result": "、".join(f"{one.result} {one.unit}".strip() for one in lines),
        }
        warn(
            w,
            WARNING_OF_SILENCE,
            f"{report.uid}/{batch.trace_code}",
            batch=batch,
            evidence=evidence,
        )


def _row(w: Writing, report: TestReport, batch: Batch, given: Given) -> KeptVerdict:
    row = KeptVerdict(
        uid=w.new_uid(),
        report_id=report.id,
        position=given.position,
        batch_id=batch.id,
        standards=standards_state(),
        judged_at=w.now,
    )
    given.write_to(row)
    return row


def _reason(failed: Sequence[Judged], language: Language) -> str:
    """What failed, each once, as much as the step of a chain shows."""
    said = dict.fromkeys(in_brief(one.as_verdict(), language) for one in failed)
    return _shortened("; ".join(said))


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
