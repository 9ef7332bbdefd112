"""What the agent beside a printer asks: take a job, hold it, draw it, tell how it went."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, now, perform, reading
from suyuan.api.schemas.printers import EndInput, HolderQuery, HoldInput, TakenAnswer
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.fed import output_of, write_job
from suyuan.labels.output import MEDIA_TYPES
from suyuan.trace.acts import printer_jobs as acts
from suyuan.trace.errors import Conflict
from suyuan.trace.jobs.queries import file_to_print
from suyuan.trace.printers.facts import FED, Ending
from suyuan.trace.printers.queries import printer_job, to_draw
from suyuan.trace.printers.rules import state_at
from suyuan.trace.printers.tables import PrinterJob

feeding = ApiBlueprint("feeding", "For agents beside printers: what to print now.", feeds=True)

_NOTHING: dict[str, Any] = {"job": None, "holder": None, "labels": None}


@feeding.post("/printers/<uid:uid>/take", answer=TakenAnswer, status=200)
def take_printer_job(uid: str) -> Response:
    """Take the oldest job of a printer that no other agent has; all null where there is none."""
    taken = perform(acts.take_printer_job, uid)
    return jsonify(TakenAnswer.seen(taken or _NOTHING))


@feeding.get(
    "/printer-jobs/<uid:uid>/labels",
    query=HolderQuery,
    answer=None,
    media=tuple({MEDIA_TYPES[one] for one in FED}),
)
def draw_printer_job(query: dict[str, str], uid: str) -> Response:
    """The labels of a job that you hold, in the language of its printer."""
    with reading() as session:
        actor().require("print_labels")
        job = printer_job(session, uid, actor().party_id)
        if job.holder != query["holder"] or state_at(job, now()) != "fetched":
            raise Conflict("Another agent has this job, or it has ended.", field="holder")
        response = _whole(session, job)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _whole(session: Session, job: PrinterJob) -> Response:
    """All labels of a job: from the file that was drawn of them, or drawn now."""
    media, secret = output_of(job.printer).media_type, ledger().keys.secret
    if job.print_job is None:
        out = BytesIO()
        write_job(job, to_draw(session, job, secret), gettext, out)
        return Response(out.getvalue(), content_type=media)
    kept = file_to_print(session, job.print_job, ledger().settings.labels_folder, secret)
    response = Response(kept.portions(), content_type=media)
    response.content_length = job.print_job.size or 0
    return response


@feeding.post("/printer-jobs/<uid:uid>/hold", body=HoldInput, answer=Named, status=200)
def hold_printer_job(body: dict[str, Any], uid: str) -> Response:
    """Say that you still have a job, or that its first byte goes out now."""
    perform(acts.hold_printer_job, uid, body["holder"], begins=body["begins"])
    return jsonify(Named.seen({"uid": uid}))


@feeding.post("/printer-jobs/<uid:uid>/end", body=EndInput, answer=Named)
def end_printer_job(body: dict[str, Any], uid: str) -> Response:
    """Tell how a job went."""
    ending = Ending(body["state"], body["why"], body["detail"], body["sent"])
    perform(acts.end_printer_job, uid, body["holder"], ending)
    return made(uid, f"/api/v1/printer-jobs/{uid}")
