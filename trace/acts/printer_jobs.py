"""Sending print runs to printers, and what the agents beside these make of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.printers import own_printer
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.parties.tables import Party
from suyuan.trace.printers.facts import ENDED, OPEN, SETTLED, WHYS, Ending
from suyuan.trace.printers.queries import jobs_of_run, next_job, printer_job
from suyuan.trace.printers.records import PRINTER_JOB
from suyuan.trace.printers.rules import lease, state_at
from suyuan.trace.printers.tables import PrinterJob
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import print_run
from suyuan.trace.printing.tables import PrintRun


def send_to_printer(w: Writing, run_uid: str, printer_uid: str, *, again: bool = False) -> str:
    """Have the labels of a run printed by a printer of one's own; returns the job's uid.

    Raises NotFound, Forbidden, Conflict for a run that is void or that a printer has or may have
    printed already: unless ``again`` says that this is known. Scratch PINs that are drawn so are
    put on record.
    """
    run = print_run(w.session, run_uid)
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    to = own_printer(w, printer_uid)
    w.session.refresh(run, with_for_update={"key_share": True, "of": PrintRun})
    if run.state == "voided":
        raise Conflict("This run is void: there is nothing to print of it.", field="print_run")
    facts_to_draw(w.session, run_uid)
    if job_limits().in_background(to.language, run.count):
        raise Conflict(
            "So long a run is not sent to a printer at once: have its file drawn, or issue shorter "
            "runs.",
            field="print_run",
        )
    before = _require_nothing_open(w, run, again)
    if run.pins:
        draw_pins(w, run_uid)
    uid = w.new_uid()
    said = {
        "printer_job": uid,
        "run": run.uid,
        "printer": to.uid,
        "labels": run.count,
        "again": before,
        "channel": w.actor.channel,
    }
    job = PrinterJob(
        uid=uid,
        printer_id=to.id,
        print_run_id=run.id,
        labels=run.count,
        again=before,
        sent_at=w.now,
        person_uid=w.actor.person_uid,
        record_id=w.record(PRINTER_JOB, "printer_job.sent", said, subject=uid),
    )
    w.session.add(job)
    w.session.flush()
    return uid


def take_printer_job(w: Writing, printer_uid: str) -> Mapping[str, Any] | None:
    """Give an agent the oldest job of a printer that no other has; None where there is none.

    Nobody else gets it for the length of ``rules.lease``. The answer names the ``job``, its
    ``holder``, which further acts ask for, and how many ``labels`` it has.
    """
    printer = own_printer(w, printer_uid)
    job = next_job(w.session, printer.id, w.now)
    if job is None:
        return None
    job.state, job.holder, job.held_until = "fetched", w.new_uid(), w.now + lease()
    return {"job": job.uid, "holder": job.holder, "labels": job.labels}


def hold_printer_job(w: Writing, uid: str, holder: str, *, begins: bool) -> str:
    """An agent says that it still has a job, or that the first byte goes out now (``begins``).

    Raises Conflict where the job is another's by now, or nobody's: then nothing may be printed.
    """
    job = _held(w, uid, holder)
    if state_at(job, w.now) != job.state or job.state not in ("fetched", "printing"):
        raise _not_yours()
    if begins and job.state == "printing":
        raise Conflict("This job has begun already.", field="printer_job")
    job.state = "printing" if begins else job.state
    job.held_until = w.now + lease()
    return uid


def end_printer_job(w: Writing, uid: str, holder: str, ending: Ending) -> str:
    """An agent tells how a job went; the same told again changes nothing.

    Raises InvalidInput for an end that there is not, Conflict where the job is another's.
    """
    job = _held(w, uid, holder)
    _require_ending(ending)
    if job.state not in ("fetched", "printing"):
        if job.state == ending.state:
            return uid
        raise _not_yours()
    if job.state == "fetched" and (ending.state != "failed" or state_at(job, w.now) == "waiting"):
        raise _not_yours()  # no byte may have gone out yet
    job.state, job.why, job.detail, job.ended_at = ending.state, ending.why, ending.detail, w.now
    said = {
        "printer_job": uid,
        "run": job.run.uid,
        "outcome": ending.state,
        "why": ending.why,
        "detail": ending.detail or None,
        "sent": ending.sent,
        "channel": w.actor.channel,
    }
    w.record(PRINTER_JOB, "printer_job.ended", said, subject=uid)
    return uid


def settle_printer_job(w: Writing, uid: str, outcome: str, note: str = "") -> str:
    """A person who looked at the paper says what became of a job, or calls off one that waits.

    ``outcome``: ``printed`` where all labels came out, ``failed`` where not, ``dropped``. Raises
    NotFound, Forbidden, Conflict where that is not open.
    """
    w.actor.require("print_labels")
    job = _locked(w, uid)
    if outcome not in SETTLED.get(state_at(job, w.now), ()):
        raise Conflict("There is nothing to settle so about this job.", field="outcome")
    job.state, job.ended_at, job.holder, job.held_until = outcome, w.now, None, None
    said = {
        "printer_job": uid,
        "run": job.run.uid,
        "outcome": outcome,
        "note": note.strip() or None,
        "channel": w.actor.channel,
    }
    w.record(PRINTER_JOB, "printer_job.settled", said, subject=uid)
    return uid


def _require_nothing_open(w: Writing, run: PrintRun, again: bool) -> bool:
    """Whether the run was sent to a printer before. Raises Conflict."""
    states = [state_at(one, w.now) for one in jobs_of_run(w.session, run.id)]
    if any(one in OPEN for one in states):
        raise Conflict(
            "This run was sent to a printer already, and is not through with it. Look at the "
            "paper, and settle that first.",
            field="print_run",
        )
    printed = "printed" in states
    if printed and not again:
        raise Conflict(
            "This run was printed already. The same serials twice are copies: say that you know, "
            "or issue a new run.",
            field="again",
        )
    return bool(states)


def _require_ending(ending: Ending) -> None:
    if ending.state not in ENDED:
        raise InvalidInput("A job ends as one of {known}.", "state", known=", ".join(ENDED))
    if ending.state != "printed" and ending.why not in WHYS:
        raise InvalidInput("Say why: one of {known}.", "why", known=", ".join(WHYS))


def _held(w: Writing, uid: str, holder: str) -> PrinterJob:
    w.actor.require("print_labels")
    job = _locked(w, uid)
    if job.holder != holder:
        raise _not_yours()
    return job


def _locked(w: Writing, uid: str) -> PrinterJob:
    job = printer_job(w.session, uid, w.actor.party_id)
    w.session.refresh(job, with_for_update={"of": PrinterJob})
    return job


def _not_yours() -> Conflict:
    return Conflict("Another agent has this job, or it has ended.", field="holder")
