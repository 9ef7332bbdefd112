"""The register of papers, and test reports."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_babel import gettext
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, perform, reading, today
from suyuan.api.paging import listed, page, page_of
from suyuan.api.resources.describing import amount, doubts_told
from suyuan.api.schemas.papers import (
    PaperAnswer,
    PaperCheckInput,
    PaperInput,
    TestReportAnswer,
    TestReportInput,
    TestReportQuery,
    TestVerdictAnswer,
)
from suyuan.api.schemas.parties import OwnPageQuery, ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.api.words import language
from suyuan.trace.acts import papers as acts
from suyuan.trace.acts.objections import object_to_report as objecting
from suyuan.trace.acts.reports import enter_test_report as enter
from suyuan.trace.batches.queries import batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.sight import party_sight, sight
from suyuan.trace.papers import queries
from suyuan.trace.papers.facts import CheckFacts, PaperFacts
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.queries import party
from suyuan.trace.quality import queries as quality
from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.facts import TestReportFacts
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.samples.queries import answered_by

papers = ApiBlueprint("papers", "Certificates, permits and licences, and what they cover.")
test_reports = ApiBlueprint("test-reports", "Laboratories' reports on batches, as written.")

_PAPER = {
    "kind": "quarantine_product_b",
    "number": "5400012345",
    "holder": "01kd8z0000000000000000000a",
    "issuer": "索县农业农村局",
    "valid_to": "2026-10-08",
    "covers": [{"target": "batch", "key": "5406261234567895"}],
}
_CHECK = {"where": "全国认证认可信息公共服务平台", "on": "2026-10-08"}
_REPORT = {
    "number": "JC-2026-0117",
    "laboratory": "那曲市农畜产品质量检测中心",
    "issued_on": "2026-10-05",
    "batches": ["5406261234567895"],
    "items": [{"parameter": "铅（以Pb计）", "result": "<0.05", "unit": "mg/kg"}],
}


@papers.get("/papers", query=OwnPageQuery, answer=page_of(PaperAnswer, "PaperPage"))
def list_papers(query: dict[str, Any]) -> Response:
    """List the papers of an organisation."""
    asked = page(query)
    with reading() as session:
        holder = party(session, query["party"] or actor().party_uid or "")
        rows = queries.papers_of_holder(
            session, holder.id, after=asked.after or 0, limit=asked.limit + 1
        )
        return listed(asked, rows, lambda row: row.id, lambda row: _paper(session, row))


@papers.post("/papers", body=PaperInput, answer=Named, example=_PAPER)
def register_paper(body: PaperFacts) -> Response:
    """Enter a paper. A number whose check digit is wrong is kept with a warning."""
    uid = perform(acts.register_paper, body)
    return made(uid, f"/api/v1/papers/{uid}")


@papers.get("/papers/<uid:uid>", answer=PaperAnswer)
def read_paper(uid: str) -> Response:
    """Read a paper."""
    with reading() as session:
        return jsonify(_paper(session, queries.paper(session, uid)))


@papers.post("/papers/<uid:uid>/checks", body=PaperCheckInput, answer=Named, example=_CHECK)
def check_paper(body: CheckFacts, uid: str) -> Response:
    """Say that a paper was compared with the original or the issuer's register."""
    return made(perform(acts.check_paper, uid, body), f"/api/v1/papers/{uid}")


@papers.post("/papers/<uid:uid>/revoke", body=ReasonInput, answer=Named)
def revoke_paper(body: dict[str, str], uid: str) -> Response:
    """Say that a paper holds no longer."""
    return made(perform(acts.revoke_paper, uid, body["reason"]), f"/api/v1/papers/{uid}")


@test_reports.get(
    "/test-reports", query=TestReportQuery, answer=page_of(TestReportAnswer, "TestReportPage")
)
def list_test_reports(query: dict[str, Any]) -> Response:
    """List the reports on a batch, or those that one's own organisation entered."""
    asked = page(query)
    with reading() as session:
        if query["trace_code"]:
            found = batch(session, parse_trace_code(query["trace_code"]))
            reports = quality.reports_of_batches(session, [found.id])
            return jsonify(items=[_report(session, one) for one in reports], next=None)
        rows = quality.reports_entered_by(
            session, actor().party_id or 0, after=asked.after or 0, limit=asked.limit + 1
        )
        return listed(asked, rows, lambda row: row.id, lambda row: _report(session, row))


@test_reports.post("/test-reports", body=TestReportInput, answer=Named, example=_REPORT)
def enter_test_report(body: TestReportFacts) -> Response:
    """Enter a test report, each result as the laboratory wrote it."""
    uid = perform(enter, body)
    return made(uid, f"/api/v1/test-reports/{uid}")


@test_reports.post("/test-reports/<uid:uid>/objections", body=ReasonInput, answer=Named)
def object_to_report(body: dict[str, str], uid: str) -> Response:
    """Object to a report that went against one's goods, within the statutory time.

    Another laboratory's report with `retest_of` then decides.
    """
    return made(perform(objecting, uid, body["reason"]), f"/api/v1/test-reports/{uid}")


@test_reports.get("/test-reports/<uid:uid>", answer=TestReportAnswer)
def read_test_report(uid: str) -> Response:
    """Read a test report."""
    with reading() as session:
        return jsonify(_report(session, quality.report(session, uid)))


def _paper(session: Session, paper: Paper) -> dict[str, Any]:
    account = queries.account_of(session, paper, today())
    successor = queries.renewed_by(session, paper.id)
    whole = {
        **{name: getattr(paper, name) for name in _WRITTEN},
        "holder": paper.holder.uid,
        "checked_by_party": paper.checked_by_party.uid if paper.checked_by_party else None,
        "amount": amount(paper.amount, paper.unit or ""),
        "drawn": amount(account.drawn, account.unit) if account else None,
        "left": amount(account.left, account.unit) if account else None,
        "over": amount(account.over, account.unit) if account else None,
        "period": account.period if account else "",
        "renews": paper.renews.uid if paper.renews else None,
        "renewed_by": successor.uid if successor else None,
        "state": queries.state_on(paper, today()),
        "evidence": paper.evidence.uid if paper.evidence else None,
    }
    return PaperAnswer.seen(whole, party_sight(actor(), paper.holder))


_WRITTEN = (
    "uid", "kind", "number", "issuer", "issued_on", "valid_from", "valid_to", "state_reason",
    "checked_at", "checked_where", "checked_by", "warnings", "note",
)  # fmt: skip
"""The columns of a paper that are answered as they are."""


def _verdicts(session: Session, report: TestReport) -> list[dict[str, Any]]:
    """The verdicts on a report's items, each told in the reader's language."""
    codes = {one.id: one.trace_code for one in report.batches}
    return [
        {
            **{name: getattr(one, name, None) for name in TestVerdictAnswer().fields},
            "trace_code": codes[one.batch_id],
            "row": one.grounds.get("limit", {}).get("id", ""),
            "explanation": explained(one.as_verdict(), language(), gettext),
        }
        for one in quality.judged_in(session, report)
    ]


def _report(session: Session, report: TestReport) -> dict[str, Any]:
    """A report; who entered it, or may see more of all its batches, sees more of it."""
    if report.entered_by_id == actor().party_id:
        seen: frozenset[Class] = frozenset({"public", "trade"})
    else:
        seen = frozenset.intersection(
            *(sight(session, actor(), one, now=now()) for one in report.batches)
        )
    whole = {name: getattr(report, name, None) for name in TestReportAnswer().fields}
    whole["batches"] = [one.trace_code for one in report.batches]
    whole["verdicts"] = _verdicts(session, report)
    whole["objections"] = quality.objections_to(session, report)
    whole["samples"] = [
        {"uid": one.sample.uid, "doubts": doubts_told(one.doubts)}
        for one in answered_by(session, report)
    ]
    return TestReportAnswer.seen({**whole, "evidence": report.evidence}, seen)
