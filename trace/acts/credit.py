"""The yearly assessment of organisations: announced by a regulator, objected to, decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.balance.scope import EARLIEST
from suyuan.trace.credit import queries
from suyuan.trace.credit.assessing import assess
from suyuan.trace.credit.counted import year_facts
from suyuan.trace.credit.model import UNRATED, Year, credit_model
from suyuan.trace.credit.records import CREDIT
from suyuan.trace.credit.tables import CreditAssessment
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.working_days import after_working_days

_LONGEST = 500


def announce_assessment(w: Writing, party_uid: str, year: int, again: str = "") -> str:
    """Assess an organisation's year and announce what it comes to; returns the uid.

    ``again``: why a year that is decided is assessed once more (credit repair, a correction).
    Raises NotFound, Forbidden for who is not competent, InvalidInput for a year that is not over,
    Conflict while an assessment of it is open, or where it is decided and no reason is given.
    """
    party = parties.party(w.session, party_uid)
    model = credit_model()
    _require_competent(w, party)
    if party.kind not in model.organisations:
        raise InvalidInput("Organisations of this kind are not assessed.", "party")
    of = Year(_over(w, year))
    before = queries.newest_of_year(w.session, party.id, of)
    if before is not None and before.state != "decided":
        raise Conflict("This year is being assessed already.", "year")
    if before is not None and not again.strip():
        raise InvalidInput("This year is decided: say why it is assessed again.", "again")
    facts = year_facts(w.session, model, party.id, of, w.now)
    until = after_working_days(w.today, model.notice_working_days)
    row = CreditAssessment(
        uid=w.new_uid(),
        party_id=party.id,
        year=of.number,
        division=party.division,
        version=model.version,
        state="announced",
        found=assess(model, facts).to_json(),
        again=_text(again, "again") if before is not None else "",
        by_party_id=w.actor.party_id,
        announced_at=w.now,
        notice_until=until,
    )
    row.record_id = _say(
        w,
        row,
        party,
        {
            "division": row.division,
            "model": row.version,
            "found": row.found,
            "again": row.again or None,
            "assessor": w.actor.party_uid,
            "notice_until": until.isoformat(),
        },
    )
    w.session.add(row)
    w.session.flush()
    return row.uid


def object_to_assessment(w: Writing, uid: str, objection: str) -> str:
    """Object to what was announced, within its time; returns the uid.

    Raises NotFound, Forbidden for all but the organisation itself and whoever speaks for it,
    InvalidInput without an objection, Conflict once the time is over or it was objected to.
    """
    row = queries.assessment(w.session, uid, for_update=True)
    w.actor.require("object_to_credit", row.party)
    if row.state != "announced" or w.today > row.notice_until:
        raise Conflict(
            "The time for objecting ended on {day}, or somebody has objected already.",
            "assessment",
            day=row.notice_until.isoformat(),
        )
    row.objection = _required(objection, "objection", "Say what is wrong in the assessment.")
    row.state, row.objected_at = "objected", w.now
    _say(w, row, row.party, {"objection": row.objection})
    w.session.flush()
    return uid


def decide_assessment(
    w: Writing, uid: str, grade: str = "", reason: str = "", veto: str = ""
) -> str:
    """Decide on the grade; returns the uid.

    ``grade``: another than the model's, or empty for that; ``veto``: what a person states that
    makes it the lowest. Either, and an objection, is answered with a reason. Raises NotFound,
    Forbidden, InvalidInput, Conflict before the time for objecting is over and where it is decided.
    """
    row = queries.assessment(w.session, uid, for_update=True)
    _require_competent(w, row.party)
    if row.state == "decided":
        raise Conflict("This assessment is decided already.", "assessment")
    if row.state == "announced" and w.today <= row.notice_until:
        raise Conflict(
            "The organisation may object until the end of {day}: decide after that.",
            "assessment",
            day=row.notice_until.isoformat(),
        )
    row.grade, row.veto = _graded(row, grade, veto)
    other = row.grade != row.assessment.grade or row.veto or row.state == "objected"
    row.reason = (
        _required(reason, "reason", "Give the reason: the organisation and others read it.")
        if other
        else _text(reason, "reason")
    )
    row.state, row.decided_at, row.decided_by_id = "decided", w.now, w.actor.party_id
    _say(
        w,
        row,
        row.party,
        {
            "grade": row.grade,
            "veto": row.veto or None,
            "reason": row.reason or None,
            "assessor": w.actor.party_uid,
        },
    )
    w.session.flush()
    return uid


def may_assess(actor: Actor, party: Party) -> bool:
    """Whether the actor is a regulator who is competent for an organisation."""
    return actor.may("assess_credit") and actor.competent(party.division)


def _require_competent(w: Writing, party: Party) -> None:
    w.actor.require("assess_credit")
    if not may_assess(w.actor, party):
        raise Forbidden("You are not competent for this organisation.", "party")


def _over(w: Writing, year: int) -> int:
    if not EARLIEST <= year < w.today.year:
        raise InvalidInput(
            "A year is assessed when it is over: {last} at the latest.",
            "year",
            last=w.today.year - 1,
        )
    return year


def _graded(row: CreditAssessment, grade: str, veto: str) -> tuple[str, str]:
    """The grade decided on, and what was stated for it."""
    model = credit_model()
    stated = [key for key, one in model.vetoes.items() if one.counts is None]
    if veto and veto not in stated:
        raise InvalidInput("Stated may be: {known}.", "veto", known=", ".join(stated))
    if grade and grade not in (*model.grades, UNRATED):
        raise InvalidInput("Grades are: {known}.", "grade", known=", ".join(model.grades))
    lowest = min(model.grades.values(), key=lambda one: one.least).key
    if veto and grade not in ("", lowest):
        raise InvalidInput("With what is stated the grade is {grade}.", "grade", grade=lowest)
    return (lowest if veto else grade or row.assessment.grade), veto


def _say(w: Writing, row: CreditAssessment, party: Party, told: Mapping[str, Any]) -> str:
    return w.record(
        CREDIT,
        f"credit.{row.state}",
        {
            "assessment": row.uid,
            "party": party.uid,
            "year": row.year,
            "state": row.state,
            "typed_by": w.actor.person_uid,
            **told,
        },
        subject=row.uid,
    )


def _required(text: str, field: str, ask: str) -> str:
    if not text.strip():
        raise InvalidInput(ask, field)
    return _text(text, field)


def _text(text: str, field: str) -> str:
    if len(text.strip()) > _LONGEST:
        raise InvalidInput("At most {limit} characters.", field, limit=_LONGEST)
    return text.strip()
