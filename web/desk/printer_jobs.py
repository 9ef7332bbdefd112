"""What is sent to a station's printers: sending it, what became of it, settling what broke off."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from suyuan.trace.acts.printer_jobs import send_to_printer
from suyuan.trace.acts.printer_settling import settle_printer_job
from suyuan.trace.errors import InvalidInput
from suyuan.trace.printers.facts import SETTLED, Settling
from suyuan.trace.printers.queries import jobs_of_run, printer_job, printers_of
from suyuan.trace.printers.rules import state_at, why_at
from suyuan.trace.printers.tables import PrinterJob
from suyuan.trace.printing.queries import number_of
from suyuan.web.desk.printers import STATE_WORDS
from suyuan.web.desk.printing import run_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, now
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("printer_jobs", __name__)

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
        job = perform_once(once(said), send_to_printer, uid, to, again=again, **part)
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
    outcomes = [one for one in SETTLED.get(state, ()) if job.run or one != "partly"]

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/printer_job.html",
            sheet=sheet,
            job=job,
            state=state,
            says=STATE_WORDS[state],
            why=WHY_WORDS[why] if why else "",
            outcomes=[(one, OUTCOME_WORDS[one]) for one in outcomes],
            rests=list(REST_WORDS.items()),
        )

    def settle() -> Done:
        seen = _seen(job)
        done = perform_once(once(("settle", uid, seen)), settle_printer_job, uid, seen)
        return Done(url_for("desk.printer_jobs.page", uid=done), gettext("It is settled so."))

    return answered(draw, settle, prefilled={"rest": "send"}, place=_placed)


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
