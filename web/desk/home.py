"""The desk's first page, for whom one works there, and what the script of its forms asks for."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Redirection

from suyuan.trace.batches import queries as batches
from suyuan.trace.errors import NotFound
from suyuan.trace.events.queries import arriving, sent_off
from suyuan.trace.intake.tables import WorkItem
from suyuan.trace.notices.queries import open_count
from suyuan.trace.papers.training import station_training, untrained
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party
from suyuan.web.desk import cards, whom
from suyuan.web.desk.reading import in_hand, row_after
from suyuan.web.error_pages import say
from suyuan.web.ground import db, today
from suyuan.web.identity import acting_for, current_actor

views = Blueprint("home", __name__)

ON_FIRST_PAGE = 20
AT_ONCE = 50


@views.get("/")
def desk() -> str:
    """Big buttons, and what is in hand."""
    party = whom.whom()
    last = batches.batches_of(db(), party.id, limit=1)
    return render_template(
        "desk/home.html",
        held=in_hand(party, limit=ON_FIRST_PAGE),
        arriving=len(arriving(db(), party.id)),
        sent=sum(one.state == "sent" for one in sent_off(db(), party.id)),
        work_items=_open_work_items(party.id),
        open_warnings=open_count(db(), current_actor(), party.id),
        last=last[0] if last else None,
        serves_others=len(whom.choices()) > 1,
        untrained=_untrained(party),
        training=station_training().paper if party.id == acting_for().id else None,
    )


@views.get("/batches")
def listed() -> str:
    """What is in hand, page by page; one batch by its code."""
    held = in_hand(whom.whom(), after=row_after(), limit=AT_ONCE)
    return render_template(
        "desk/batches.html",
        held=held,
        purpose=request.args.get("purpose", ""),
        next_after=held[-1].batch.id if len(held) == AT_ONCE else None,
    )


@views.route("/for", methods=["GET", "POST"])
def choose() -> str | Redirection:
    """For whom one works at the desk: a station's parties, a co-operative's members.

    ``?uid=`` is the one whose collection card was scanned.
    """
    if request.method == "POST":
        whom.choose(request.form.get("for", ""))
        return redirect(url_for("desk.home.desk"))
    text, scanned = request.args.get("q", "")[:100], request.args.get("uid", "")
    found = _scanned(scanned) if scanned else whom.choices(text)
    groups = any(one.kind == cards.HOUSEHOLDS for one in found)
    return render_template("desk/whom.html", parties=found, q=text, scanned=scanned, groups=groups)


def _scanned(uid: str) -> list[Party]:
    """The party of a card, where the one signed in may work for it."""
    try:
        found = parties.party(db(), uid)
    except NotFound:
        return []
    return [found] if current_actor().may_for("record_event", found) else []


@views.get("/token")
def token() -> Response:
    """What a form that was kept on the telephone needs to be sent now, and who would send it."""
    actor = current_actor()
    return jsonify(csrf_token=generate_csrf(), who=f"{actor.person_uid}@{actor.party_uid}")


def _untrained(party: Party) -> str:
    """What a station must do before anything can be registered here; empty where nothing."""
    refused = untrained(db(), (party, acting_for()), "register", today())
    return say(refused) if refused is not None else ""


def _open_work_items(party_id: int) -> int:
    waiting = sa.select(sa.func.count()).select_from(WorkItem)
    query = waiting.where(WorkItem.party_id == party_id, WorkItem.state == "open")
    return db().scalar(query) or 0
