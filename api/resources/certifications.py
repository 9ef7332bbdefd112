"""Certifications that an authority issues here: applied for, approved, refused."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.resources.describing import amount
from suyuan.api.schemas.certifications import (
    ApplicationAnswer,
    ApplicationInput,
    ApplicationQuery,
    ReviewInput,
)
from suyuan.api.schemas.parties import ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import certifying as acts
from suyuan.trace.oversight.sight import party_sight
from suyuan.trace.papers.applications import application, applications_for, applications_of
from suyuan.trace.papers.facts import ApplicationFacts, ReviewFacts
from suyuan.trace.papers.tables import PaperApplication
from suyuan.trace.parties.queries import party

certifications = ApiBlueprint(
    "certifications", "Certifications that an authority issues here, upon application."
)

_APPLICATION = {
    "kind": "origin_certification",
    "applicant": "01kd8z0000000000000000000a",
    "product": "01kd8z0000000000000000000b",
    "sites": ["01kd8z0000000000000000000c"],
    "area_m2": 6667,
    "amount": {"amount": "5000", "unit": "KGM"},
    "months": 12,
}
_REVIEW = {"against": "土地承包合同、现场核查"}


@certifications.get(
    "/paper-applications",
    query=ApplicationQuery,
    answer=page_of(ApplicationAnswer, "ApplicationPage"),
)
def list_applications(query: dict[str, Any]) -> Response:
    """List the applications of an organisation, or those that wait for one's review, all at once.

    An application that waits is one that this authority is competent for by place and family.
    """
    with reading() as session:
        if query["to_review"]:
            rows = applications_for(session, actor(), open_only=True, limit=500)
            return jsonify(items=[_application(row) for row in rows], next=None)
        asked = page(query)
        applicant = party(session, query["party"] or actor().party_uid or "")
        rows = applications_of(session, applicant.id, after=asked.after or 0, limit=asked.limit + 1)
        return listed(asked, rows, lambda row: row.id, _application)


@certifications.post(
    "/paper-applications", body=ApplicationInput, answer=Named, example=_APPLICATION
)
def apply_for_certification(body: ApplicationFacts) -> Response:
    """Ask the competent authority for a certification of a product."""
    uid = perform(acts.apply_for_certification, body)
    return made(uid, f"/api/v1/paper-applications/{uid}")


@certifications.get("/paper-applications/<uid:uid>", answer=ApplicationAnswer)
def read_application(uid: str) -> Response:
    """Read an application."""
    with reading() as session:
        return jsonify(_application(application(session, uid)))


@certifications.post(
    "/paper-applications/<uid:uid>/certify", body=ReviewInput, answer=Named, example=_REVIEW
)
def approve_certification(body: ReviewFacts, uid: str) -> Response:
    """Approve an application, whole or for less; the answer names the paper that was issued."""
    paper = perform(acts.approve_certification, uid, body)
    return made(paper, f"/api/v1/papers/{paper}")


@certifications.post("/paper-applications/<uid:uid>/refuse", body=ReasonInput, answer=Named)
def refuse_certification(body: dict[str, str], uid: str) -> Response:
    """Refuse an application; the applicant reads the reason."""
    perform(acts.refuse_certification, uid, body["reason"])
    return made(uid, f"/api/v1/paper-applications/{uid}")


def _application(one: PaperApplication) -> dict[str, Any]:
    whole = {name: getattr(one, name, None) for name in ApplicationAnswer().fields}
    whole["amount"] = amount(one.amount, one.unit)
    whole["sites"] = [site.uid for site in one.sites]
    whole["evidence"] = [file.uid for file in one.evidence]
    whole["renews"] = one.renews.uid if one.renews else None
    return ApplicationAnswer.seen(whole, party_sight(actor(), one.applicant))
