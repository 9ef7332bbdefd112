"""What is sent to a station's printers: sending it, what became of it, settling what broke off."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from suyuan.labels.fed import drawing_for, picture_of, write_job
from suyuan.trace.acts.printer_jobs import send_to_printer
from suyuan.trace.acts.printer_settling import settle_printer_job
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.printers.facts import FED, Settling
from suyuan.trace.printers.queries import jobs_of_run, printer_job, printers_of, to_draw
from suyuan.trace.printers.rules import may_become, sent, state_at, why_at
from suyuan.trace.printers.tables import PrinterJob
from suyuan.trace.printing.queries import number_of, numbers_in_force
from suyuan.web.desk.printers import STATE_WORDS
from suyuan.web.desk.printing import run_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, ledger, now
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("printer_jobs", __name__)

AT_ONCE = 10
"""Pictures that are shared at a time: the most that Chrome hands to an app (Web Share)."""
WHY_WORDS = {
    "unreachable": lazy_gettext("The printer could not be reached: is it on, and in the network?"),
    "broke_off": lazy_gettext("The printer took no more: paper, ribbon, cover?"),
    "not_drawn": lazy_gettext("The labels could not be drawn for this printer."),
    "agent_lost": lazy_gettext("The agent beside the printer is not heard of any more."),
}
OUTCOME_WORDS = {
    "printed": lazy_gettext("All labels came out whole"),
    "partly": lazy_gettext("Some came out whole, up to this one:"),
    "failed": lazy_gettext("None came out, or none can be used"),
    "dropped": lazy_gettext("Call it off"),
}
REST_WORDS = {
    "send": lazy_gettext("Send them to the printer again"),
    "spoiled": lazy_gettext("They are spoiled: declare them void"),
}


@views.route("/runs/<uid>/send", methods=["GET", "POST"])
def send(uid: str) -> Answer:
    """Send labels of a run to a printer."""
    run = run_seen(uid)
    printers = printers_of(db(), current_actor().party_id)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/printer_send.html",
            sheet=sheet,
            run=run,
            printers=printers,
            jobs=[(one, STATE_WORDS[state_at(one, now())]) for one in jobs_of_run(db(), run.id)],
        )

    def give() -> Done:
        given = typed()
        to = given.text("printer", required=True)
        first, last = given.text("first"), given.text("last")
        again = given.ticked("again")
        given.finish()
        part = {
            "first": number_of(db(), run, first, "first") if first else 1,
            "last": number_of(db(), run, last, "last") if last else run.count,
        }
        said = ("send", uid, to, again, *part.values())
        job = perform_once(
            once(said), send_to_printer, uid, to, again=again, draw=drawing_for, **part
        )
        return Done(url_for("desk.printer_jobs.page", uid=job), gettext("Sent to the printer."))

    first = next((one.uid for one in printers), "")
    part = {name: request.args.get(name, "")[:12] for name in ("first", "last")}
    return answered(draw, give, prefilled={"printer": first, **part})


@views.route("/printer-jobs/<uid>", methods=["GET", "POST"])
def page(uid: str) -> Answer:
    """What became of labels that were sent to a printer; what broke off is settled here."""
    current_actor().require("print_labels")
    job = printer_job(db(), uid, current_actor().party_id)
    state, why = state_at(job, now()), why_at(job, now())

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/printer_job.html",
            sheet=sheet,
            job=job,
            state=state,
            says=STATE_WORDS[state],
            why=WHY_WORDS[why] if why else "",
            outcomes=[(one, OUTCOME_WORDS[one]) for one in may_become(job, now())],
            rests=list(REST_WORDS.items()),
            handed=_handed(job) if state == "waiting" and _takes_pictures(job) else [],
        )

    def settle() -> Done:
        seen = _seen(job)
        done = perform_once(
            once(("settle", uid, seen)), settle_printer_job, uid, seen, draw=drawing_for
        )
        return Done(url_for("desk.printer_jobs.page", uid=done), gettext("It is settled so."))

    return answered(draw, settle, prefilled={"rest": "send"}, place=_placed)


@views.get("/printer-jobs/<uid>/labels")
def labels(uid: str) -> Response:
    """The pictures of a job for the printer's own app, in one archive."""
    job, out = _to_hand(uid), BytesIO()
    output = write_job(job, to_draw(db(), job, ledger().keys.secret), gettext, out)
    return _file(out.getvalue(), output.media_type, f"labels-{uid}{output.suffix}")


@views.get("/printer-jobs/<uid>/labels/<int:number>.png")
def picture(uid: str, number: int) -> Response:
    """One label of a job as a picture, as wide as the printer's head."""
    job = _to_hand(uid)
    drawn = to_draw(db(), job, ledger().keys.secret, min(number, job.last))
    return _file(picture_of(job, drawn, number, gettext), "image/png", f"{number:06d}.png")


def _to_hand(uid: str) -> PrinterJob:
    """A job whose labels may be handed to the printer's app now. Raises Conflict."""
    current_actor().require("print_labels")
    job = printer_job(db(), uid, current_actor().party_id)
    if state_at(job, now()) != "waiting" or not _takes_pictures(job):
        raise Conflict("There is nothing to hand to a printer about this job.", field="printer_job")
    return job


def _takes_pictures(job: PrinterJob) -> bool:
    return job.printer.language not in FED


def _handed(job: PrinterJob) -> list[list[int]]:
    """The numbers of the labels, as many together as an app takes."""
    if job.run is None:
        numbers = list(sent(job))
    else:
        numbers = numbers_in_force(db(), job.run, job.first, job.last)
    return [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _seen(job: PrinterJob) -> Settling:
    """What was typed of a job. Raises Doubtful, InvalidInput."""
    given = typed()
    outcome = given.one_of("outcome", OUTCOME_WORDS)
    partly = outcome == "partly"
    last_out = given.text("last_out", required=partly)
    rest = given.one_of("rest", REST_WORDS, required=False)
    note = given.text("note", most=500)
    given.finish()
    if not partly:
        return Settling(outcome, note)
    if job.run is None:
        raise InvalidInput("Choose one of those offered.", field="outcome")
    return Settling(outcome, note, number_of(db(), job.run, last_out, "last_out"), rest)


def _placed(faults: Mapping[str, str]) -> Mapping[str, str]:
    """Why labels are void stands in the note."""
    return {"note" if name == "reason" else name: text for name, text in faults.items()}
