"""The yearly assessment of organisations."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.schemas.credit import (
    CreditAnnounceInput,
    CreditAssessmentAnswer,
    CreditAssessmentsAnswer,
    CreditDecisionInput,
    CreditObjectionInput,
    CreditQuery,
    CreditStandingAnswer,
)
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import credit as acts
from suyuan.trace.clock import day_of
from suyuan.trace.credit.model import Year
from suyuan.trace.credit.queries import assessment, assessments_of, standings
from suyuan.trace.errors import Forbidden
from suyuan.trace.oversight.sight import books_sight
from suyuan.trace.parties.queries import party
from suyuan.trace.parties.tables import Party

credit = ApiBlueprint("credit", "The yearly assessment of organisations, with its evidence.")


@credit.get("/credit", query=CreditQuery, answer=page_of(CreditStandingAnswer, "CreditPage"))
def list_standings(query: dict[str, Any]) -> Response:
    """List the organisations that one looks after, with how a year of theirs stands."""
    asked = page(query)
    year = Year(query["year"] or day_of(now()).year - 1)
    over = {one.division for one in actor().competences}
    if not over:
        raise Forbidden("Only regulators list these; ask for your own organisation.")
    with reading() as session:
        rows = standings(session, over, year, after=asked.after or 0, limit=asked.limit + 1)
        return listed(asked, rows, lambda row: row.party.id, CreditStandingAnswer.seen)


@credit.post("/credit", body=CreditAnnounceInput, answer=Named)
def announce_assessment(body: dict[str, Any]) -> Response:
    """Assess an organisation's year and announce what it comes to.

    The organisation may object until the end of `notice_until`; after that, or once it has, the
    assessment is decided.
    """
    uid = perform(acts.announce_assessment, body["party"], body["year"], body["again"])
    return made(uid, f"/api/v1/credit/{uid}")


@credit.get("/parties/<uid:uid>/credit", answer=CreditAssessmentsAnswer)
def list_assessments(uid: str) -> Response:
    """List the assessments of an organisation, for itself and for whoever looks after it."""
    with reading() as session:
        whose = party(session, uid)
        _require_sight(whose)
        found = assessments_of(session, whose.id)
        return jsonify(items=[CreditAssessmentAnswer.seen(one) for one in found])


@credit.get("/credit/<uid:uid>", answer=CreditAssessmentAnswer)
def read_assessment(uid: str) -> Response:
    """Read an assessment."""
    with reading() as session:
        found = assessment(session, uid)
        _require_sight(found.party)
        return jsonify(CreditAssessmentAnswer.seen(found))


@credit.post("/credit/<uid:uid>/objection", body=CreditObjectionInput, answer=Named)
def object_to_assessment(body: dict[str, str], uid: str) -> Response:
    """Object to an assessment of one's own organisation."""
    return made(perform(acts.object_to_assessment, uid, body["objection"]), f"/api/v1/credit/{uid}")


@credit.post("/credit/<uid:uid>/decision", body=CreditDecisionInput, answer=Named)
def decide_assessment(body: dict[str, str], uid: str) -> Response:
    """Decide on an assessment."""
    done = perform(acts.decide_assessment, uid, body["grade"], body["reason"], body["veto"])
    return made(done, f"/api/v1/credit/{uid}")


def _require_sight(whose: Party) -> None:
    if "trade" not in books_sight(actor(), whose):
        raise Forbidden("An assessment is read by the organisation and by its regulators.", "party")
