"""Letting a batch go: its checklist, the release, and an override that two persons decide."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from suyuan.trace.acts import releasing as acts
from suyuan.trace.batches.tables import Batch
from suyuan.trace.products.attributes import Attribute
from suyuan.trace.release.conditions import conditions
from suyuan.trace.release.reading import Occasion
from suyuan.trace.release.releases import Standing, release, releases_of, standing
from suyuan.web.desk.reading import batch_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, facts_placed, typed
from suyuan.web.error_pages import say
from suyuan.web.ground import db, ledger, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("releasing", __name__)


def standing_now(batch: Batch) -> Standing:
    """Whether a batch may be sold today, and what is missing."""
    return standing(db(), ledger().families, batch, Occasion("sell", today()))


@views.route("/batches/<code>/release", methods=["GET", "POST"])
def give(code: str) -> Answer:
    """Let the batch go, with the facts that are known only now."""
    batch = batch_seen(code)
    current_actor().require("ship", batch.party)
    now = standing_now(batch)
    asked = _facts_missing(batch, now)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/release.html",
            sheet=sheet,
            batch=batch,
            now=now,
            asked=asked,
            conditions=conditions(),
            say_item=say,
        )

    def send() -> Done:
        given = typed()
        facts = dict(given.facts(asked, batch.variant))
        reason = given.text("reason", most=500)
        given.finish()
        said = ("release", batch.trace_code, reason, facts)
        perform_once(once(said), acts.release_batch, batch.trace_code, reason, facts)
        return _done(batch, gettext("The batch is released."))

    return answered(
        draw, send, place=lambda faults: facts_placed(faults, {one.key for one in asked})
    )


@views.route("/batches/<code>/override", methods=["GET", "POST"])
def ask(code: str) -> Answer:
    """Ask a second person to let the batch go without what is missing."""
    batch = batch_seen(code)
    current_actor().require("ship", batch.party)

    def draw(sheet: Sheet) -> str:
        means = gettext(
            "A second person decides: somebody else of your organisation who may, or, where a "
            "paper is missing that the law asks for, the regulator. Who asked, who decided and why "
            "stands in the log and on the page that customers read."
        )
        title = gettext("Ask for an override")
        return render_template(
            "desk/reason.html", sheet=sheet, batch=batch, title=title, means=means, do=title
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        said = ("override", batch.trace_code, reason)
        perform_once(once(said), acts.ask_override, batch.trace_code, reason)
        return _done(batch, gettext("Asked. A second person decides."))

    return answered(draw, send)


@views.route("/releases/<uid>/<any(approve, refuse):word>", methods=["GET", "POST"])
def answer(uid: str, word: str) -> Answer:
    """The second person's word."""
    asked = release(db(), uid)
    batch = batch_seen(asked.batch.trace_code)
    acts.require_second(current_actor(), asked, batch)

    def draw(sheet: Sheet) -> str:
        title = (
            gettext("Approve the override") if word == "approve" else gettext("Refuse the override")
        )
        means = gettext("Asked for because: %(reason)s", reason=asked.reason)
        return render_template(
            "desk/reason.html", sheet=sheet, batch=batch, title=title, means=means, do=title
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        approved = word == "approve"
        perform_once(once((word, uid, reason)), acts.answer_override, uid, approved, reason)
        done = gettext("The batch may go.") if approved else gettext("The override is refused.")
        return _done(batch, done)

    return answered(draw, send)


def shown(batch: Batch) -> dict[str, object]:
    """What the page of a batch shows of its release."""
    now = standing_now(batch)
    actor = current_actor()
    return {
        "release_now": now,
        "releases": releases_of(db(), batch.id),
        "may_release": actor.may_for("ship", batch.party),
        "may_answer": now.asked is not None and acts.may_answer(actor, now.asked, batch),
        "conditions": conditions(),
        "say_item": say,
    }


def _facts_missing(batch: Batch, now: Standing) -> list[Attribute]:
    """The facts that the checklist misses and that are stated with the release."""
    keys = [one.subject for one in now.missing.items if one.condition == "fact_missing"]
    family = ledger().families.get(batch.family)
    return [family.attributes[key] for key in keys]


def _done(batch: Batch, said: str) -> Done:
    return Done(url_for("desk.batches.page", code=batch.trace_code), said)
