"""Administration: what the platform's operators see and decide.

Settings are shown without anything secret, and changed where the server is started.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import make_url

from suyuan.trace.acts.parties import set_competences
from suyuan.trace.acts.witnessing import is_late, policy_of
from suyuan.trace.codes import queries as codes
from suyuan.trace.errors import Misconfigured, SuyuanError
from suyuan.trace.log import queries as log
from suyuan.trace.log.witnesses import witnessing
from suyuan.trace.parties import queries
from suyuan.trace.parties.chain_stages import chain_stages
from suyuan.trace.parties.facts import CompetenceFacts
from suyuan.trace.parties.tables import Party
from suyuan.trace.settings import DOCUMENTED
from suyuan.web import keeping
from suyuan.web.admin import erasing, keys, limits
from suyuan.web.days import day_in
from suyuan.web.error_pages import faults_by_field, say
from suyuan.web.ground import db, ledger, settings, today
from suyuan.web.guard import guarded
from suyuan.web.identity import perform
from suyuan.web.places import division_of

blueprint = guarded(Blueprint("admin", __name__, url_prefix="/admin"), "administer")

keys.add_views(blueprint)
erasing.add_views(blueprint)
keeping.add_to(blueprint)
limits.add_views(blueprint)

PAGE = 50


@blueprint.get("/")
def overview() -> str:
    """The state of the installation at one look."""
    witnessed, fault = None, None
    try:
        witnessed = witnessing(db(), policy_of(settings()))
    except Misconfigured as error:  # the rest of the page is needed all the same
        fault = say(error)
    return render_template(
        "admin/overview.html",
        counts=queries.counts_by_state(db()),
        people=queries.count_people(db()),
        head=log.head(db()),
        status=codes.newest_status(db()),
        directory=codes.newest_directory(db()),
        now=ledger().clock.now(),
        witnessing=witnessed,
        late=witnessed is not None and is_late(witnessed, ledger().clock.now()),
        policy_fault=fault,
    )


@blueprint.get("/people")
def people() -> str:
    """Everybody who may sign in, with their roles."""
    after = request.args.get("after", 0, type=int)
    found = queries.people(db(), after=after, limit=PAGE + 1)
    return render_template(
        "admin/people.html",
        people=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@blueprint.get("/settings")
def settings_in_force() -> str:
    """Every setting with what it means and what holds; passwords in addresses are covered."""
    return render_template("admin/settings.html", documented=DOCUMENTED, values=_values())


@blueprint.route("/parties/<uid>/competences", methods=["GET", "POST"])
def competences(uid: str) -> ResponseReturnValue:
    """What a regulator is competent for: take some away, add one."""
    party = queries.party(db(), uid)
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            perform(set_competences, uid, _kept(party) + _added())
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            flash(gettext("Saved."), "done")
            return redirect(url_for("admin.competences", uid=uid))
    page = render_template(
        "admin/competences.html",
        party=party,
        competences=queries.stated_competences(db(), party.id),
        families=list(ledger().families),
        stages=chain_stages(),
        today=today(),
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page


def _kept(party: Party) -> tuple[CompetenceFacts, ...]:
    removed = set(request.form.getlist("remove"))
    return tuple(
        CompetenceFacts(
            one.agency, one.division, one.valid_from, one.family, one.stage, one.valid_to
        )
        for one in queries.stated_competences(db(), party.id)
        if str(one.id) not in removed
    )


def _added() -> tuple[CompetenceFacts, ...]:
    given = request.form
    if not given.get("division"):
        return ()
    return (
        CompetenceFacts(
            agency=given.get("agency", "").strip(),
            division=division_of(given["division"]),
            valid_from=day_in(request.form, "valid_from") or today(),
            family=given.get("family") or None,
            stage=given.get("stage") or None,
            valid_to=day_in(request.form, "valid_to"),
        ),
    )


def _values() -> dict[str, object]:
    """The value of each documented setting, by its name in the environment."""
    held = settings()
    values = {
        one.name: getattr(held, one.name.removeprefix("SUYUAN_").lower()) for one in DOCUMENTED
    }
    values["SUYUAN_DATABASE_URL"] = make_url(held.database_url).render_as_string()
    for name in ("SUYUAN_SMTP_URL", "SUYUAN_SMS_URL"):
        values[name] = _covered(str(values[name]))
    return values


def _covered(url: str) -> str:
    """An address without what may be secret in it: name, password, and what is asked for there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "***"
    account, at, host = parts.netloc.rpartition("@")
    shown = parts._replace(netloc=f"{'***' if account else ''}{at}{host}", query="", fragment="")
    return urlunsplit(shown)
