"""Samples at the desk: the sheet, and handing the sample over until the laboratory opens it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.api.words import remark_told
from suyuan.trace.acts.sampling import hand_over, take_sample
from suyuan.trace.errors import Conflict, Forbidden
from suyuan.trace.parties.queries import laboratories
from suyuan.trace.samples import queries
from suyuan.trace.samples.chain import PORTIONS, SAMPLE
from suyuan.trace.samples.kinds import called, sampling_kinds
from suyuan.trace.samples.tables import Sample
from suyuan.web import samples
from suyuan.web.desk import whom
from suyuan.web.desk.forms.sample import read_sample, read_step
from suyuan.web.desk.reading import sites
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once
from suyuan.web.showing import named

views = Blueprint("samples", __name__, url_prefix="/samples")
AT_ONCE = 100


@views.get("/")
def listed() -> str:
    """The samples that the party chosen took, was sent, or whose goods they are of."""
    found = queries.samples_with(db(), whom.whom().id, limit=AT_ONCE)
    return render_template(
        "desk/samples.html", samples=[(samples.shown(one), _steps_due(one)) for one in found]
    )


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter a sampling sheet."""
    whom.require("record_event")

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/sample_new.html",
            sheet=sheet,
            sites=sites(),
            kinds=[(one.key, named(one.names)) for one in sampling_kinds().values()],
            least={one.key: one.samplers for one in sampling_kinds().values()},
        )

    def send() -> Done:
        facts = read_sample(typed())
        uid = send_once(take_sample, facts, whom.whom().uid, sent_files()[:1])
        return Done(url_for("desk.samples.page", uid=uid), gettext("The sample is on record."))

    prefilled = {"batch": request.args.get("batch", "")[:40], "taken_on": today().isoformat()}
    return answered(draw, send, prefilled=prefilled)


@views.get("/<uid>")
def page(uid: str) -> str:
    """A sample with its chain, the reports on it, and what comes next."""
    found = _seen(uid)
    return render_template(
        "desk/sample.html",
        one=samples.shown(found),
        due=_steps_due(found),
        reports=[
            (one.report, [remark_told(doubt) for doubt in one.doubts])
            for one in queries.reports_on(db(), [found])[found.id]
        ],
    )


@views.route("/<uid>/step", methods=["GET", "POST"])
def step(uid: str) -> Answer:
    """Tell of the next step of a sample, or of its reserve."""
    found = _seen(uid)
    portion = request.args.get("portion", SAMPLE)
    if request.method != "POST" and portion not in _steps_due(found):
        raise Forbidden("Only whoever has the sample in hand tells what happened to it.", "sample")
    following = queries.chain_of(found).following(portion) if portion in PORTIONS else None
    kind = request.form.get("kind") or following or ""
    if kind not in called("steps"):
        raise Conflict("Nothing more happens to this part of the sample.", "kind")

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/sample_step.html",
            sheet=sheet,
            one=samples.shown(found),
            kind=kind,
            portion=portion,
            laboratories=[(one.uid, one.name) for one in laboratories(db())],
        )

    def send() -> Done:
        facts = read_step(typed(), kind, portion)
        perform_once(once(("hand over", uid, facts)), hand_over, uid, facts)
        return Done(url_for("desk.samples.page", uid=uid), gettext("The step is on record."))

    return answered(draw, send, prefilled={"on": today().isoformat()})


def _seen(uid: str) -> Sample:
    """The sample with this uid. Raises Forbidden where it is no business of the one signed in."""
    found = queries.sample(db(), uid)
    if not samples.shown(found).trade:
        raise Forbidden("This sample is no business of your organisation.", "sample")
    return found


def _steps_due(one: Sample) -> dict[str, str]:
    """The steps that the one signed in may tell of next, by part of the sample."""
    chain, actor = queries.chain_of(one), current_actor()
    return {
        portion: following
        for portion in PORTIONS
        if (following := chain.following(portion))
        and queries.teller(db(), actor, chain, portion) is not None
    }
