"""Labels that are drawn in the background: ordered, watched, called off, downloaded."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, ledger, perform, reading
from suyuan.api.schemas.print_jobs import PrintJobAnswer, PrintJobsAnswer
from suyuan.api.schemas.printing import LabelsInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.api.words import told
from suyuan.labels.from_facts import try_output
from suyuan.labels.output import MEDIA_TYPES, Output
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.print_jobs import cancel_print_job as cancel
from suyuan.trace.acts.print_jobs import order_print_job as order
from suyuan.trace.canonical import write_base64
from suyuan.trace.errors import Conflict
from suyuan.trace.jobs import queries
from suyuan.trace.jobs.facts import ENDED, Trouble
from suyuan.trace.jobs.files import KeptFile
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import print_run
from suyuan.trace.printing.tables import PrintRun

print_jobs = ApiBlueprint("print-jobs", "Labels of long runs, drawn in the background.")

_FORMS = tuple(dict.fromkeys(MEDIA_TYPES.values()))
_RETRY = "2"
"""Seconds after which a job is worth another look."""


@print_jobs.post("/print-runs/<uid:uid>/jobs", body=LabelsInput, answer=PrintJobAnswer, status=202)
def order_print_job(body: Output, uid: str) -> Response:
    """Have the labels of a run drawn in the background. Read the job until it is done."""
    return ordered(uid, body)


@print_jobs.get("/print-runs/<uid:uid>/jobs", answer=PrintJobsAnswer)
def list_print_jobs(uid: str) -> Response:
    """Read the jobs of a run."""
    with reading() as session:
        run = print_run(session, uid)
        _require(session, run)
        found = [_seen(one) for one in queries.jobs_of_run(session, run.id)]
        return jsonify(PrintJobsAnswer.seen({"print_jobs": found}))


@print_jobs.get("/print-jobs/<uid:uid>", answer=PrintJobAnswer)
def read_print_job(uid: str) -> Response:
    """Read how far a job is."""
    with reading() as session:
        return _answer(_job(session, uid))


@print_jobs.post("/print-jobs/<uid:uid>/cancel", answer=Named)
def cancel_print_job(uid: str) -> Response:
    """Call off a job that waits or runs."""
    return made(perform(cancel, uid), f"/api/v1/print-jobs/{uid}")


@print_jobs.get("/print-jobs/<uid:uid>/file", answer=None, media=_FORMS)
def download_print_job(uid: str) -> Response:
    """Download the file of a job that is done. `Repr-Digest` has its SHA-256."""
    with reading() as session:
        job = _job(session, uid)
        if job.run.pins:
            raise Conflict(
                "These labels carry scratch PINs: send POST to …/file for them, which puts it on "
                "record.",
                field="print_job",
            )
        return _file(job, _kept(session, job))


@print_jobs.post("/print-jobs/<uid:uid>/file", answer=None, media=_FORMS)
def download_with_pins(uid: str) -> Response:
    """Download the file of a job that is done, with its scratch PINs where it has any.

    Each download of PINs is put on record.
    """
    with reading() as session:
        job = _job(session, uid)
        kept = _kept(session, job)
        if job.run.pins:
            ledger().perform(actor(), draw_pins, job.run.uid)
        response = _file(job, kept)
    response.status_code = 201
    return response


def ordered(run_uid: str, output: Output) -> Response:
    """Order a run drawn in the background: 202 and where the job is, whoever asks again."""
    uid = perform(order, run_uid, asdict(output), try_out=try_output(output))
    with reading() as session:
        response = _answer(_job(session, uid))
    response.status_code = 202
    response.headers["Location"] = f"/api/v1/print-jobs/{uid}"
    return response


def _job(session: Session, uid: str) -> PrintJob:
    job = queries.print_job(session, uid)
    _require(session, job.run)
    return job


def _require(session: Session, run: PrintRun) -> None:
    actor().require("print_labels", session.get_one(Party, run.party_id))


def _answer(job: PrintJob) -> Response:
    response = jsonify(PrintJobAnswer.seen(_seen(job)))
    response.headers["Cache-Control"] = "no-store"
    if job.state not in ENDED:
        response.headers["Retry-After"] = _RETRY
    return response


def _seen(job: PrintJob) -> dict[str, Any]:
    kept = job.state == "done" and job.dropped_at is None
    trouble = Trouble.from_json(job.trouble) if job.trouble else None
    return {
        **{name: getattr(job, name, None) for name in PrintJobAnswer().fields},
        "print_run": job.run.uid,
        "file": f"/api/v1/print-jobs/{job.uid}/file" if kept else None,
        "trouble": trouble
        and {"kind": trouble.kind, "text": told(trouble.message, trouble.params)},
    }


def _kept(session: Session, job: PrintJob) -> KeptFile:
    folder, secret = ledger().settings.labels_folder, ledger().keys.secret
    return queries.file_to_print(session, job, folder, secret)


def _file(job: PrintJob, kept: KeptFile) -> Response:
    output = Output(**job.output)
    response = Response(kept.portions(), content_type=output.media_type)
    response.content_length = job.size or 0
    name = f"labels-{job.run.uid}{output.suffix}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.set_etag(str(job.sha256))
    response.headers["Repr-Digest"] = f"sha-256=:{write_base64(bytes.fromhex(job.sha256 or ''))}:"
    response.headers["Cache-Control"] = "private, no-store"
    return response
