"""Print runs: codes issued and logged, labels drawn from them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, perform, reading
from suyuan.api.media import PDF, PNG, wants
from suyuan.api.resources.issue_jobs import ordered as issued_later
from suyuan.api.resources.print_jobs import ordered
from suyuan.api.resources.rolls import binding_told
from suyuan.api.schemas.print_jobs import IssueJobAnswer, PrintJobAnswer
from suyuan.api.schemas.printing import (
    EndedInput,
    LabelsInput,
    PrintRunAnswer,
    PrintRunInput,
    PrintRunQuery,
    ReprintInput,
    VoidInput,
)
from suyuan.api.schemas.shapes import Named, made
from suyuan.labels.from_facts import draw_picture, try_out, write_labels
from suyuan.labels.output import MEDIA_TYPES, Output
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.printing import issue_print_run as issue
from suyuan.trace.acts.reprinting import reprint_labels
from suyuan.trace.acts.voiding import end_labels, void_code, void_run
from suyuan.trace.acts.weighing import Weighed
from suyuan.trace.canonical import write_base64
from suyuan.trace.errors import Conflict, InvalidInput, NotFound
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing import queries
from suyuan.trace.printing.account import account_of, ended_of
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.reprints import reprints_of
from suyuan.trace.printing.rolls import bindings_of_run
from suyuan.trace.printing.tables import PrintRun

print_runs = ApiBlueprint("print-runs", "Runs of labels: codes signed and logged, then drawn.")

_RUN = {"trace_code": "5406261234567895", "count": 200, "template": "trace-50x30"}


@print_runs.post(
    "/print-runs", body=PrintRunInput, answer=Named, example=_RUN, later=IssueJobAnswer
)
def issue_print_run(body: dict[str, Any]) -> Response:
    """Issue the codes of so many labels. Read the run to get their addresses, or the PDF.

    What takes long is answered with 202 and the address of the job that issues it. With
    `net_contents` each package has its own, and the account of the batch sums them.
    """
    nets = tuple(body["net_contents"])
    count = body["count"] or len(nets)
    if not count:
        raise InvalidInput("Say how many labels, or the net content of each.", "count")
    if not nets and count > ledger().settings.print_run_codes:
        return issued_later(body)
    uid = perform(
        issue,
        body["trace_code"],
        count,
        body["template"],
        body["per_package"],
        try_out=try_out,
        unbound=body["unbound"],
        pins=body["pins"],
        weighed=Weighed(nets, body["net_unit"]),
    )
    return made(uid, f"/api/v1/print-runs/{uid}")


@print_runs.get(
    "/print-runs/<uid:uid>", query=PrintRunQuery, answer=PrintRunAnswer, media=(PDF, PNG)
)
def read_print_run(query: dict[str, Any], uid: str) -> Response:
    """Read a run with the address of each label; with `Accept: application/pdf` its labels, with
    `image/png` one of them as a picture."""
    with reading() as session:
        run = queries.print_run(session, uid)
        actor().require("print_labels", session.get_one(Party, run.party_id))
        if wants(PNG):
            return _picture(session, run, query)
        if wants(PDF):
            _require_no_pins(run)
            if job_limits().in_background("pdf", run.count):
                raise Conflict(
                    "These labels take a while to draw: send POST to …/labels for them, which "
                    "answers where they will be.",
                    field="print_run",
                )
            return _labels(session, run, Output(sheet=query["sheet"]))
        labels = queries.codes_of(session, uid)
        whole = {
            "uid": run.uid,
            "trace_code": run.batch.trace_code if run.batch else None,
            "roll_code": run.roll_code,
            "template": run.template,
            "count": run.count,
            "key": run.key_name,
            "host": run.host,
            "manifest_root": write_base64(run.manifest_root),
            "pins": run.pins,
            "state": run.state,
            "at": run.at,
            "account": account_of(session, run),
            "ended": ended_of(session, run.id),
            "reprints": reprints_of(session, run.id),
            "bindings": [binding_told(one) for one in bindings_of_run(session, run.id)],
            "urls": [one.url for one in labels],
            "net_contents": [one.net_content for one in labels if one.net_content],
        }
        return jsonify(PrintRunAnswer.seen(whole))


@print_runs.post(
    "/print-runs/<uid:uid>/labels",
    body=LabelsInput,
    answer=None,
    media=tuple(dict.fromkeys(MEDIA_TYPES.values())),
    later=PrintJobAnswer,
)
def draw_labels(body: Output, uid: str) -> Response:
    """Have the labels of a run drawn for a printer, with their scratch PINs where it has any.

    Each drawing of PINs is put on record. What takes long to draw is answered with 202 and the
    address of the job that draws it in the background.
    """
    with reading() as session:
        run = queries.print_run(session, uid)
        actor().require("print_labels", session.get_one(Party, run.party_id))
        if job_limits().in_background(body.form, run.count):
            return ordered(uid, body)
        if run.pins:
            ledger().perform(actor(), draw_pins, uid)
        response = _labels(session, run, body, ledger().keys.secret)
    response.status_code = 201
    return response


@print_runs.post("/print-runs/<uid:uid>/void", body=VoidInput, answer=Named)
def void_labels(body: dict[str, Any], uid: str) -> Response:
    """Declare the code of one package of a run void, or those of the whole run."""
    if body["serial"] is None:
        return made(perform(void_run, uid, body["reason"]), f"/api/v1/print-runs/{uid}")
    with reading() as session:
        path = queries.path_of(session, uid, body["serial"])
    perform(void_code, path, body["reason"])
    return made(uid, f"/api/v1/print-runs/{uid}")


@print_runs.post("/print-runs/<uid:uid>/ended", body=EndedInput, answer=Named)
def tell_of_ended(body: dict[str, Any], uid: str) -> Response:
    """Say that labels of a run were spoiled, returned or lost: their codes are void."""
    perform(end_labels, uid, body["first"], body["last"], body["fate"], body["reason"])
    return made(uid, f"/api/v1/print-runs/{uid}")


def _require_no_pins(run: PrintRun) -> None:
    if run.pins:
        raise Conflict(
            "These labels carry scratch PINs: send POST to …/labels for them, which puts it on "
            "record.",
            field="print_run",
        )


def _picture(session: Session, run: PrintRun, query: dict[str, Any]) -> Response:
    _require_no_pins(run)
    number = query["number"]
    facts = facts_to_draw(session, run.uid).beginning_at(number)
    codes = queries.codes_of(session, run.uid, first=number, last=number)
    if number > run.count or not codes:
        raise NotFound("There is no such label.", field="number")
    output = Output("png", query["dpi"], head_dots=query["head_dots"])
    response = Response(draw_picture(run.template, facts, codes[0], output), content_type=PNG)
    name = f"label-{run.uid}-{number:06d}.png"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@print_runs.post("/print-runs/<uid:uid>/reprints", body=ReprintInput, answer=Named)
def tell_of_reprint(body: dict[str, Any], uid: str) -> Response:
    """Put on record that labels are printed once more, before they are; they keep their codes."""
    perform(reprint_labels, uid, body["first"], body["last"], body["reason"])
    return made(uid, f"/api/v1/print-runs/{uid}")


def _labels(
    session: Session, run: PrintRun, output: Output, secret: bytes | None = None
) -> Response:
    out = BytesIO()
    facts, codes = facts_to_draw(session, run.uid), queries.codes_of(session, run.uid, secret)
    write_labels(run.template, facts, codes, out, output)
    response = Response(out.getvalue(), content_type=output.media_type)
    name = f"labels-{run.uid}{output.suffix}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
