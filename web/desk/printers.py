"""The printers of a station: registering them, the token of their agent, trying one out."""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from suyuan.labels.fed import output_of
from suyuan.labels.output import DPI, MOST_HEAD_DOTS
from suyuan.labels.templates import template, template_ids
from suyuan.labels.trial.writing import write_trial
from suyuan.trace.acts.people import make_token
from suyuan.trace.acts.printer_jobs import send_test_labels
from suyuan.trace.acts.printers import change_printer, register_printer, remove_printer
from suyuan.trace.errors import InvalidInput, NotFound, SuyuanError
from suyuan.trace.parties.queries import sites_of
from suyuan.trace.parties.tables import Site
from suyuan.trace.printers.facts import LANGUAGES, MOST_SHIFT, PrinterFacts
from suyuan.trace.printers.queries import jobs_of_printer, printer, printers_of
from suyuan.trace.printers.rules import state_at
from suyuan.trace.printers.tables import Printer
from suyuan.trace.spans import day_choices
from suyuan.web.desk import whom
from suyuan.web.desk.printing import LAYOUTS, RESOLUTIONS, chosen_output
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, sheet, typed
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db, now
from suyuan.web.identity import acting_for, current_actor, perform_once, perform_secretly
from suyuan.web.once import new_form_id, once

views = Blueprint("printers", __name__, url_prefix="/printers")

TRIED = [one for one in LAYOUTS if one not in ("sheet", "symbols")]
_MOST_GAP = 20
LANGUAGE_WORDS = {
    "zpl": lazy_gettext("ZPL (Zebra and many others)"),
    "tspl": lazy_gettext("TSPL (TSC, Gprinter, Deli and many others)"),
    "png": lazy_gettext("Pictures (PNG), for the printer's own app on a phone"),
}
STATE_WORDS = {
    "waiting": lazy_gettext("waits to be printed"),
    "fetched": lazy_gettext("is with the printer's agent"),
    "printing": lazy_gettext("is being printed"),
    "printed": lazy_gettext("printed"),
    "partly": lazy_gettext("came out in part"),
    "failed": lazy_gettext("did not come out"),
    "unsure": lazy_gettext("broke off: look at the paper"),
    "dropped": lazy_gettext("called off"),
}


@views.get("/")
def listed() -> str:
    """The printers of one's own organisation."""
    current_actor().require("print_labels")
    return render_template(
        "desk/printers.html",
        printers=printers_of(db(), current_actor().party_id),
        spoken=LANGUAGE_WORDS,
    )


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Register a printer."""
    current_actor().require("print_labels")

    def send() -> Done:
        facts = _facts()
        uid = perform_once(once(facts), register_printer, facts)
        return Done(url_for("desk.printers.page", uid=uid), gettext("The printer is registered."))

    usual = {"language": "tspl", "dpi": "203", "head_dots": "832", "gap_mm": "2"}
    return answered(lambda sheet: _form(sheet, None), send, prefilled=usual)


@views.get("/<uid>")
def page(uid: str) -> str:
    """A printer: how it is set, and what was sent to it."""
    found = _own(uid)
    jobs = [(one, STATE_WORDS[state_at(one, now())]) for one in jobs_of_printer(db(), found.id)]
    return render_template(
        "desk/printer.html",
        printer=found,
        jobs=jobs,
        spoken=LANGUAGE_WORDS,
        templates=[template(one) for one in template_ids()],
        chosen="trace-50x30",
    )


@views.route("/<uid>/change", methods=["GET", "POST"])
def change(uid: str) -> Answer:
    """Set a printer otherwise."""
    found = _own(uid)

    def send() -> Done:
        facts = _facts()
        perform_once(once(("change", uid, asdict(facts))), change_printer, uid, facts)
        return Done(url_for("desk.printers.page", uid=uid), gettext("The printer is set so."))

    names = ("name", "language", "dpi", "head_dots", "gap_mm", "shift_right", "shift_down")
    stands = {name: str(getattr(found, name)) for name in names} | {"site": found.site.uid}
    return answered(lambda sheet: _form(sheet, found), send, prefilled=stands)


@views.post("/<uid>/remove")
def remove(uid: str) -> BaseResponse:
    """Say that a printer is there no more."""
    _own(uid)
    perform_once(once(("remove", uid)), remove_printer, uid)
    return redirect(url_for("desk.printers.listed"))


@views.post("/<uid>/test")
def test(uid: str) -> BaseResponse:
    """Have a printer print its test labels."""
    output = output_of(_own(uid))
    size = request.form.get("template", "")
    if size not in template_ids():
        raise InvalidInput("Choose one of those offered.", field="template")
    labels = write_trial(size, output, gettext, BytesIO())
    job = perform_once(once(("test", uid, size)), send_test_labels, uid, size, labels)
    return redirect(url_for("desk.printer_jobs.page", uid=job))


@views.route("/agent", methods=["GET", "POST"])
def agent() -> Answer:
    """The token of the agent beside the printers: shown once, good for feeding them alone."""
    current_actor().require("print_labels")
    current_actor().require("use_api")
    lives = day_choices("token_lives")
    usual = {"label": gettext("Print agent"), "days": str(lives[-1])}
    drawn, made, status = sheet(usual), "", 200
    if request.method == "POST":
        try:
            made = _make_token([str(one) for one in lives])
            drawn = Sheet(new_form_id(), MultiDict(usual))
        except SuyuanError as error:
            drawn, status = Sheet(drawn.id, drawn.typed, faults_by_field(error)), error.status
    page = render_template(
        "desk/printer_agent.html",
        sheet=drawn,
        printers=printers_of(db(), current_actor().party_id),
        made=made,
        lives=lives,
        server=request.url_root.rstrip("/"),
    )
    return page, status


def _make_token(lives: list[str]) -> str:
    given = typed()
    label = given.text("label", most=100, required=True)
    days = given.one_of("days", lives)
    given.finish()
    who = current_actor()
    person, party = who.person_uid or "", who.party_uid or ""
    return perform_secretly(make_token, person, party, label, int(days), feeds_only=True)


@views.get("/test")
def trial() -> str:
    """Choose the paper and the printer for test labels."""
    whom.require("print_labels")
    return render_template(
        "desk/printer_test.html",
        templates=[template(one) for one in template_ids()],
        chosen=request.args.get("template", "trace-50x30"),
        layouts=TRIED,
        resolutions=RESOLUTIONS,
        dpi=DPI,
    )


@views.get("/test/labels")
def trial_labels() -> Response:
    """The test labels."""
    whom.require("print_labels")
    output, out = chosen_output(), BytesIO()
    write_trial(request.args.get("template", "trace-50x30"), output, gettext, out)
    response = Response(out.getvalue(), mimetype=output.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="test{output.suffix}"'
    return response


def _own(uid: str) -> Printer:
    """A printer of one's own organisation. Raises Forbidden, NotFound."""
    current_actor().require("print_labels")
    return printer(db(), uid, current_actor().party_id)


def _places() -> list[Site]:
    return sites_of(db(), acting_for().id)


def _form(sheet: Sheet, found: Printer | None) -> str:
    return render_template(
        "desk/printer_form.html",
        sheet=sheet,
        printer=found,
        places=_places(),
        spoken=[(one, LANGUAGE_WORDS[one]) for one in LANGUAGES],
        resolutions=RESOLUTIONS,
    )


def _facts() -> PrinterFacts:
    """What was typed of a printer. Raises Doubtful, NotFound for a place of somebody else."""
    given = typed()
    facts = PrinterFacts(
        site=given.text("site", required=True),
        name=given.text("name", most=60, required=True),
        language=given.one_of("language", LANGUAGES),
        dpi=int(given.one_of("dpi", map(str, RESOLUTIONS)) or DPI),
        head_dots=given.whole_number("head_dots", 1, MOST_HEAD_DOTS, required=True) or 1,
        gap_mm=given.whole_number("gap_mm", 0, _MOST_GAP) or 0,
        shift_right=given.whole_number("shift_right", -MOST_SHIFT, MOST_SHIFT) or 0,
        shift_down=given.whole_number("shift_down", -MOST_SHIFT, MOST_SHIFT) or 0,
    )
    given.finish()
    if facts.site not in {one.uid for one in _places()}:
        raise NotFound("Your organisation has no such place.", field="site")
    return facts
