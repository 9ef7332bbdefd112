"""Printers of stations: trying one out, registering it, and sending runs to it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, perform, reading
from suyuan.api.schemas.printers import (
    TRIED,
    PrinterAnswer,
    PrinterInput,
    PrinterJobAnswer,
    PrinterJobsAnswer,
    PrintersAnswer,
    SendInput,
    SettleInput,
    TestInput,
    TrialQuery,
)
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.fed import drawing_for, output_of
from suyuan.labels.output import MEDIA_TYPES, Output
from suyuan.labels.trial.writing import write_trial
from suyuan.trace.acts import printer_jobs as jobs
from suyuan.trace.acts import printer_settling as settling
from suyuan.trace.acts import printers as acts
from suyuan.trace.printers import queries
from suyuan.trace.printers.facts import PrinterFacts, Settling
from suyuan.trace.printers.rules import state_at, why_at
from suyuan.trace.printers.tables import Printer, PrinterJob

printers = ApiBlueprint("printers", "Label printers of stations.")

_PRINTER = {
    "site": "01jx0000000000000000000000", "name": "包装间", "language": "tspl", "dpi": 203,
    "head_dots": 832,
}  # fmt: skip


@printers.get(
    "/printer-test",
    query=TrialQuery,
    answer=None,
    media=tuple(dict.fromkeys(MEDIA_TYPES[one] for one in TRIED)),
)
def draw_printer_test(query: dict[str, Any]) -> Response:
    """Labels that tell whether a printer is set right, in the reader's language."""
    output = Output(
        query["form"], query["dpi"], gap_mm=query["gap_mm"], head_dots=query["head_dots"]
    )
    out = BytesIO()
    write_trial(query["template"], output, gettext, out)
    response = Response(out.getvalue(), content_type=output.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename=test{output.suffix}"
    return response


@printers.get("/printers", answer=PrintersAnswer)
def list_printers() -> Response:
    """List the printers of your organisation."""
    with reading() as session:
        found = queries.printers_of(session, _own())
        return jsonify(PrintersAnswer.seen({"printers": [_printer(one) for one in found]}))


@printers.post("/printers", body=PrinterInput, answer=Named, example=_PRINTER)
def register_printer(body: PrinterFacts) -> Response:
    """Register a printer at a place of your organisation."""
    return made(perform(acts.register_printer, body), "/api/v1/printers")


@printers.post("/printers/<uid:uid>/change", body=PrinterInput, answer=Named)
def change_printer(body: PrinterFacts, uid: str) -> Response:
    """Set a printer otherwise."""
    return made(perform(acts.change_printer, uid, body), "/api/v1/printers")


@printers.post("/printers/<uid:uid>/remove", answer=Named)
def remove_printer(uid: str) -> Response:
    """Say that a printer is there no more."""
    return made(perform(acts.remove_printer, uid), "/api/v1/printers")


@printers.get("/printers/<uid:uid>/jobs", answer=PrinterJobsAnswer)
def list_printer_jobs(uid: str) -> Response:
    """Read what was sent to a printer."""
    with reading() as session:
        found = queries.jobs_of_printer(session, queries.printer(session, uid, _own()).id)
        return jsonify(PrinterJobsAnswer.seen({"printer_jobs": [_job(one) for one in found]}))


@printers.post("/printers/<uid:uid>/jobs", body=SendInput, answer=Named)
def send_to_printer(body: dict[str, Any], uid: str) -> Response:
    """Have labels of a run printed by a printer, whose agent fetches them."""
    asked = {name: body[name] for name in ("again", "first", "last")}
    job = perform(jobs.send_to_printer, body["print_run"], uid, draw=drawing_for, **asked)
    return made(job, f"/api/v1/printer-jobs/{job}")


@printers.post("/printers/<uid:uid>/test", body=TestInput, answer=Named)
def send_test_labels(body: dict[str, str], uid: str) -> Response:
    """Have a printer print its test labels."""
    with reading() as session:
        output = output_of(queries.printer(session, uid, _own()))
    labels = write_trial(body["template"], output, gettext, BytesIO())
    job = perform(jobs.send_test_labels, uid, body["template"], labels)
    return made(job, f"/api/v1/printer-jobs/{job}")


@printers.get("/printer-jobs/<uid:uid>", answer=PrinterJobAnswer)
def read_printer_job(uid: str) -> Response:
    """Read what became of a run that was sent to a printer."""
    with reading() as session:
        return jsonify(PrinterJobAnswer.seen(_job(queries.printer_job(session, uid, _own()))))


@printers.post("/printer-jobs/<uid:uid>/settle", body=SettleInput, answer=Named)
def settle_printer_job(body: Settling, uid: str) -> Response:
    """Say what came out of a job that broke off, or call off one that waits. Where the rest is
    sent again, the answer names that job."""
    job = perform(settling.settle_printer_job, uid, body, draw=drawing_for)
    return made(job, f"/api/v1/printer-jobs/{job}")


def _own() -> int | None:
    actor().require("print_labels")
    return actor().party_id


def _printer(one: Printer) -> dict[str, Any]:
    names = (name for name in PrinterAnswer().fields if name != "site")
    return {**{name: getattr(one, name) for name in names}, "site": one.site.uid}


def _job(one: PrinterJob) -> dict[str, Any]:
    names = (
        "uid", "template", "first", "last", "last_out", "labels", "again", "detail", "sent_at",
        "ended_at",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "printer": one.printer.uid,
        "print_run": one.run.uid if one.run else None,
        "print_job": one.print_job.uid if one.print_job else None,
        "state": state_at(one, now()),
        "why": why_at(one, now()),
    }
