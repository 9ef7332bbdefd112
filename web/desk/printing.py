"""Printing labels: choosing one, issuing its codes, the PDF, and codes that are void."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from itertools import islice

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from suyuan.labels.from_facts import try_out, write_labels
from suyuan.labels.output import DPI, MOST_HEAD_DOTS, USUAL_GAP_MM, Output
from suyuan.labels.sheets import papers
from suyuan.labels.templates import template
from suyuan.trace.acts.issue_jobs import order_print_run
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.voiding import void_code, void_run
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict
from suyuan.trace.jobs.issuing import issue_jobs_of
from suyuan.trace.jobs.queries import jobs_of_run
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.account import account_of, ended_of
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import codes_of, labels_of, print_run
from suyuan.trace.printing.reprints import reprints_of
from suyuan.trace.printing.rolls import bindings_of_run
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.release.queries import orders_of
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.desk.own_size import chosen_label, chosen_paper
from suyuan.web.desk.previews import previewed
from suyuan.web.desk.print_jobs import is_long, long_from, ordered
from suyuan.web.desk.printable import choices, is_per_package
from suyuan.web.desk.reading import batch_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, ledger, settings, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("printing", __name__)

RESOLUTIONS = (203, 300, 600)
LAYOUTS = {
    "roll": ("pdf", False),
    "sheet": ("pdf", True),
    "zpl": ("zpl", False),
    "tspl": ("tspl", False),
    "png": ("png", False),
    "symbols": ("symbols", False),
}
"""For each choice of the page the form of the file, and whether it is on sheets."""


@views.route("/batches/<code>/print", methods=["GET", "POST"])
def new(code: str) -> Answer:
    """Choose the label and how many."""
    batch = batch_seen(code)
    current_actor().require("print_labels", batch.party)
    offered = choices(batch)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/print.html",
            sheet=sheet,
            batch=batch,
            orders=orders_of(db(), batch.id),
            choices=offered,
            preview=previewed(batch, sheet),
            most=job_limits().most_issued,
            waiting=issue_jobs_of(db(), batch.id),
        )

    first = next((one.template.id for one in offered if not one.refused), "")
    return answered(draw, lambda: _issue(batch), prefilled={"template": first, "count": "10"})


@views.get("/runs/<uid>")
def run(uid: str) -> str:
    """A run that was issued: its PDF, and its codes."""
    issued = run_seen(uid)
    with closing(labels_of(db(), uid)) as every:
        codes = list(islice(every, 200))
    return render_template(
        "desk/run.html",
        run=issued,
        jobs=jobs_of_run(db(), issued.id),
        is_long=issued.count >= long_from(),
        template=template(issued.template),
        codes=codes,
        account=account_of(db(), issued),
        ended=ended_of(db(), issued.id),
        reprints=reprints_of(db(), issued.id),
        bound=bindings_of_run(db(), issued.id),
        resolutions=RESOLUTIONS,
        dpi=DPI,
        papers=papers(),
    )


@views.route("/runs/<uid>/labels", methods=["GET", "POST"])
def labels(uid: str) -> BaseResponse:
    """The labels of a run for the printer and the paper that were chosen.

    Those with scratch PINs are sent for, not read: each drawing is put on record. What takes long
    is drawn in the background.
    """
    issued = run_seen(uid)
    output = chosen_output()
    if is_long(issued, output):
        return ordered(issued, output)
    facts, secret = facts_to_draw(db(), uid), None
    if issued.pins:
        require_recorded_drawing(request.method)
        ledger().perform(current_actor(), draw_pins, uid)
        secret = ledger().keys.secret
    out = BytesIO()
    write_labels(
        issued.template,
        facts,
        codes_of(db(), uid, secret),
        out,
        output,
    )
    response = Response(out.getvalue(), mimetype=output.media_type)
    name = f"labels-{issued.uid}{output.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def chosen_output() -> Output:
    """The printer and the paper of the form. Raises InvalidInputs naming what is none."""
    given = Typed(MultiDict(request.values), today())
    paper, taken = chosen_paper(given)
    form, sheet = LAYOUTS[given.one_of("layout", LAYOUTS, required=False) or "roll"]
    dpi = given.one_of("dpi", map(str, RESOLUTIONS), required=False) or DPI
    head = given.whole_number("head", 1, MOST_HEAD_DOTS)
    gap = given.whole_number("gap", 0, 20)
    given.finish()
    gap_mm = USUAL_GAP_MM if gap is None else gap
    return Output(form, int(dpi), sheet, gap_mm, head, paper, taken)


def require_recorded_drawing(method: str) -> None:
    """Raises Conflict where labels with PINs are only read: no drawing may go unrecorded."""
    if method != "POST":
        raise Conflict(
            "These labels carry scratch PINs. Draw them from the page of the run, which puts it on "
            "record.",
            field="print_run",
        )


@views.route("/runs/<uid>/void", methods=["GET", "POST"])
def void(uid: str) -> Answer:
    """Declare the code of one package void: a label that was spoilt or lost."""
    issued = run_seen(uid)

    def draw(sheet: Sheet) -> str:
        return render_template("desk/void.html", sheet=sheet, run=issued)

    def send() -> Done:
        given = typed()
        serial = given.text("serial", required=True).replace(" ", "")
        reason = given.text("reason", most=500, required=True)
        given.finish()
        path = f"{_base(issued)}/{serial}"
        perform_once(once(("void", path, reason)), void_code, path, reason)
        return Done(url_for("desk.printing.run", uid=uid), gettext("The code is void."))

    return answered(draw, send, prefilled={"serial": request.args.get("serial", "")[:40]})


@views.route("/runs/<uid>/void-all", methods=["GET", "POST"])
def void_all(uid: str) -> Answer:
    """Declare every code of a run void: a roll that was lost, stolen or printed wrong."""
    issued = run_seen(uid)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=issued.batch,
            title=gettext("Declare the whole run void"),
            means=gettext(
                "Whoever scans any label of it reads at once that it does not count. This cannot "
                "be taken back."
            ),
            do=gettext("Declare void"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        perform_once(once(("void-all", uid, reason)), void_run, uid, reason)
        return Done(url_for("desk.printing.run", uid=uid), gettext("The run is void."))

    return answered(draw, send)


def _issue(batch: Batch) -> Done:
    given = typed()
    chosen = chosen_label(given, batch)
    count = given.whole_number("count", 1, job_limits().most_issued, required=True) or 1
    pins = given.ticked("pins")
    given.finish()
    said = ("print", batch.trace_code, chosen, count, pins)
    wanted = (batch.trace_code, count, chosen, is_per_package(chosen))
    if count > settings().print_run_codes:
        job = perform_once(once(said), order_print_run, *wanted, try_out=try_out, pins=pins)
        return Done(url_for("desk.issue_jobs.page", uid=job), gettext("The labels are ordered."))
    uid = perform_once(once(said), issue_print_run, *wanted, try_out=try_out, pins=pins)
    return Done(url_for("desk.printing.run", uid=uid), gettext("The labels are ready to print."))


def run_seen(uid: str) -> PrintRun:
    """The run with this uid. Raises NotFound, Forbidden where its labels are another's."""
    issued = print_run(db(), uid)
    current_actor().require("print_labels", db().get_one(Party, issued.party_id))
    return issued


def _base(issued: PrintRun) -> str:
    """What the paths of a run begin with, up to the serial."""
    if issued.batch is None:
        return f"/t/{issued.roll_code}"
    path = issued.batch.path
    return path + "/21" if path.startswith("/01/") else path
