"""Settling what an agent cannot know: somebody looks at the paper and says what came out."""

from __future__ import annotations

from suyuan.trace.acts.printer_jobs import Drawing, locked_printer_job, send_to_printer
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.printers.facts import RESTS, Settling
from suyuan.trace.printers.records import PRINTER_JOB
from suyuan.trace.printers.rules import may_become
from suyuan.trace.printers.tables import PrinterJob


def settle_printer_job(w: Writing, uid: str, seen: Settling, *, draw: Drawing | None = None) -> str:
    """Say what became of a job, or call off one that waits; returns the uid of the job in which
    the rest is printed where that is asked for, else the job's own.

    ``draw``: as of ``send_to_printer``, which the rest may be sent by.
    Raises NotFound, Forbidden, InvalidInput for a label that the job has not, Conflict where that
    is not open, and what ``send_to_printer`` and ``end_labels`` raise for the rest.
    """
    w.actor.require("print_labels")
    job = locked_printer_job(w, uid)
    if seen.outcome not in may_become(job, w.now):
        raise Conflict("There is nothing to settle so about this job.", field="outcome")
    last_out = _require_last_out(job, seen)
    job.state, job.ended_at, job.holder, job.held_until = seen.outcome, w.now, None, None
    job.last_out = last_out
    said = {
        "printer_job": uid,
        "run": job.run.uid if job.run else None,
        "outcome": seen.outcome,
        "last_out": last_out,
        "note": seen.note.strip() or None,
        "channel": w.actor.channel,
    }
    w.record(PRINTER_JOB, "printer_job.settled", said, subject=uid)
    w.session.flush()
    return uid if last_out is None else _rest(w, job, last_out, seen, draw)


def _require_last_out(job: PrinterJob, seen: Settling) -> int | None:
    """The number of the last label that came out, of a job that did so partly."""
    if seen.outcome != "partly":
        return None
    if seen.last_out is None or not job.first <= seen.last_out < job.last:
        raise InvalidInput(
            "Give the number of the last label that came out whole: {first} to {last}. Where none "
            "did, or all, say that instead.",
            field="last_out",
            first=job.first,
            last=job.last - 1,
        )
    if seen.rest and seen.rest not in RESTS:
        raise InvalidInput("Choose one of those offered.", field="rest")
    return seen.last_out


def _rest(w: Writing, job: PrinterJob, last_out: int, seen: Settling, draw: Drawing | None) -> str:
    """What becomes of the labels that did not come out."""
    assert job.run is not None  # of test labels nothing comes out partly
    if seen.rest == "send":
        return send_to_printer(
            w, job.run.uid, job.printer.uid, first=last_out + 1, last=job.last, draw=draw
        )
    if seen.rest == "spoiled":
        end_labels(w, job.run.uid, last_out + 1, job.last, "spoiled", seen.note)
    return job.uid
