"""The register of papers: certificates and permits, what they cover, and when they end."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.errors import Forbidden
from suyuan.trace.papers.applications import applications_of, issued_upon
from suyuan.trace.papers.kinds import PaperKind, PaperKinds
from suyuan.trace.papers.queries import (
    account_of,
    draws_of,
    papers_of_holder,
    renewed_by,
    state_on,
)
from suyuan.trace.papers.queries import paper as paper_with
from suyuan.trace.papers.tables import Paper
from suyuan.trace.products.queries import products_of
from suyuan.web.desk import whom
from suyuan.web.desk.forms.register import read_paper
from suyuan.web.desk.reading import sites
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once
from suyuan.web.showing import party_name

views = Blueprint("papers", __name__, url_prefix="/papers")


@views.get("/")
def listed() -> str:
    """The papers of the party chosen."""
    return render_template(
        "desk/papers.html",
        papers=papers_of_holder(db(), whom.whom().id),
        applications=applications_of(db(), whom.whom().id),
        state=_state,
    )


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose the kind, then say what stands on the paper."""
    whom.require("register_paper")
    key = request.values.get("kind", "")
    if not key:
        kinds = [kind for kind in PaperKinds.load() if kind.offered and not kind.historic]
        return render_template("desk/paper_kinds.html", kinds=kinds)
    kind = PaperKinds.load().get(key)
    may_check = current_actor().may("check_paper")
    scope = _scope(kind)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/paper_new.html", sheet=sheet, kind=kind, scope=scope, may_check=may_check
        )

    def send() -> Done:
        party = whom.whom()
        facts = read_paper(typed(), party.uid, kind, dict(scope), may_check=may_check)
        uid = send_once(register_paper, facts, party.uid, sent_files()[:1])
        return Done(url_for("desk.papers.page", uid=uid), gettext("The paper was registered."))

    return answered(draw, send, prefilled=_prefilled(kind))


@views.get("/<uid>")
def page(uid: str) -> str:
    """A paper and what it covers."""
    paper = _paper_seen(uid)
    return render_template(
        "desk/paper.html",
        paper=paper,
        state=_state(paper),
        account=account_of(db(), paper, today()),
        draws=draws_of(db(), paper.id),
        successor=renewed_by(db(), paper.id),
        issued_upon=issued_upon(db(), paper),
    )


@views.route("/<uid>/revoke", methods=["GET", "POST"])
def revoke(uid: str) -> Answer:
    """Say that a paper holds no longer."""
    paper, actor = _paper_seen(uid), current_actor()
    if not actor.may("check_paper"):
        actor.require("register_paper", paper.holder)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            title=gettext("This paper holds no longer"),
            means=gettext(
                "Every batch that leans on it, and all that was made of these, says so from now "
                "on, and no labels are printed for them. This is final."
            ),
            do=gettext("Revoke"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        perform_once(once(("revoke", uid, reason)), revoke_paper, uid, reason)
        return Done(url_for("desk.papers.page", uid=uid), gettext("The paper was revoked."))

    return answered(draw, send)


def _scope(kind: PaperKind) -> list[tuple[str, str]]:
    """What a paper of this kind can cover, apart from batches, which are named by their code."""
    party = whom.whom()
    found: list[tuple[str, str]] = []
    if "party" in kind.covers:
        found.append((f"party:{party.uid}", party_name(party)))
    if "site" in kind.covers:
        found += [(f"site:{site.uid}", site.name) for site in sites()]
    if "product" in kind.covers:
        found += [(f"product:{one.uid}", one.name) for one in products_of(db(), party.id)]
    return found


def _prefilled(kind: PaperKind) -> dict[str, str]:
    filled = {
        "batches": request.args.get("batch", "")[:40],
        "renews": request.args.get("renews", "")[:26],
    }
    if kind.covers == ("party",):
        filled["covers"] = f"party:{whom.whom().uid}"
    return filled


def _paper_seen(uid: str) -> Paper:
    paper = paper_with(db(), uid)
    if paper.holder_id != whom.whom().id and not current_actor().may_for(
        "read_trade", paper.holder
    ):
        raise Forbidden("This paper is another organisation's.", "paper")
    return paper


def _state(paper: Paper) -> str:
    return state_on(paper, today())
