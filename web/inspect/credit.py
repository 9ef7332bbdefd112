"""The yearly assessment of organisations: who is assessed, what it comes to, and the decision."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.credit import announce_assessment, decide_assessment, may_assess
from suyuan.trace.balance.scope import EARLIEST
from suyuan.trace.credit.assessing import assess
from suyuan.trace.credit.counted import year_facts
from suyuan.trace.credit.model import UNRATED, Year, credit_model
from suyuan.trace.credit.queries import assessments_of, standings
from suyuan.trace.errors import Forbidden, InvalidInput, SuyuanError
from suyuan.trace.oversight.sight import books_sight
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party
from suyuan.web import identity
from suyuan.web.credits import Links, grade_name, told
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db, now, today
from suyuan.web.identity import current_actor
from suyuan.web.showing import named

PAGE = 50
LINKS: Links = {
    "warnings": lambda uid: url_for("inspect.warning", uid=uid),
    "papers_revoked": lambda uid: url_for("inspect.paper", uid=uid),
    "failed_batches": lambda uid: url_for("inspect.report", uid=uid),
    "forbidden_found": lambda uid: url_for("inspect.report", uid=uid),
    "recalls": lambda uid: url_for("inspect.order", uid=uid),
    "recalls_not_done": lambda uid: url_for("inspect.order", uid=uid),
}


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/credit", "credit", listed)
    blueprint.add_url_rule("/credit/<uid>", "credit_of", one, methods=both)


def listed() -> str:
    """The organisations that one looks after, with how their year stands (``?year=``)."""
    year = _year()
    after = request.args.get("after", type=int) or 0
    over = {one.division for one in current_actor().competences}
    found = standings(db(), over, year, after=max(after, 0), limit=PAGE + 1)
    return render_template(
        "inspect/credit.html",
        year=year,
        last=_last(),
        due=credit_model().due(year),
        late=today() > credit_model().due(year),
        standings=found[:PAGE],
        more=found[PAGE - 1].party.id if len(found) > PAGE else None,
    )


def one(uid: str) -> ResponseReturnValue:
    """An organisation's year as the model reckons it today, its assessments, and the next step."""
    party = parties.party(db(), uid)
    if "trade" not in books_sight(current_actor(), party):
        raise Forbidden("You are not competent for this organisation.", "party")
    year = _year()
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            flash(_done(party, year), "done")
            return redirect(url_for("inspect.credit_of", uid=uid, year=year.number))
        except SuyuanError as error:
            faults = faults_to_mend(error)
    page = _page(party, year, faults)
    return (page, 422) if faults else page


def _done(party: Party, year: Year) -> str:
    """Do what was sent; what to say of it."""
    given = request.form
    if given.get("act") == "announce":
        identity.perform(announce_assessment, party.uid, year.number, given.get("again", ""))
        return str(gettext("The assessment is announced: the organisation may object to it now."))
    if given.get("act") == "decide":
        identity.perform(
            decide_assessment,
            given.get("assessment", ""),
            given.get("grade", ""),
            given.get("reason", ""),
            given.get("veto", ""),
        )
        return str(gettext("The assessment is decided."))
    raise InvalidInput("Choose whether to announce or to decide.", "act")


def _page(party: Party, year: Year, faults: dict[str, str]) -> str:
    model, actor = credit_model(), current_actor()
    history = [
        (each, told(each.assessment, LINKS))
        for each in assessments_of(db(), party.id)
        if each.year == year.number
    ]
    newest = history[0][0] if history else None
    is_open = newest is not None and newest.state != "decided"
    reckoned = assess(model, year_facts(db(), model, party.id, year, now()))
    return render_template(
        "inspect/credit_of.html",
        party=party,
        year=year,
        reckoned=told(reckoned, LINKS),
        history=history,
        open=newest if is_open else None,
        again=newest is not None and not is_open,
        may_assess=may_assess(actor, party) and party.kind in model.organisations,
        may_decide=newest is not None
        and (newest.state == "objected" or today() > newest.notice_until),
        grades=[(key, grade_name(key)) for key in (*model.grades, UNRATED)],
        vetoes=[(key, named(veto.names)) for key, veto in model.vetoes.items() if not veto.counts],
        model=model,
        given=request.form,
        faults=faults,
    )


def _last() -> int:
    """The newest year that is over."""
    return today().year - 1


def _year() -> Year:
    """The year of this request: the newest that is over, unless it names another."""
    asked = request.args.get("year", type=int)
    if asked is None:
        return Year(_last())
    if not EARLIEST <= asked <= _last():
        raise InvalidInput(
            "A year is assessed when it is over: {last} at the latest.", "year", last=_last()
        )
    return Year(asked)
