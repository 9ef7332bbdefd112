"""Sending print runs to printers, and what the agents beside these make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from suyuan.trace.acts.issuing import TryOut
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.print_jobs import order_print_job
from suyuan.trace.acts.printers import own_printer
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.jobs.queries import print_job
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.parties.tables import Party
from suyuan.trace.printers.facts import ENDED, FED, OPEN, WHYS, Ending
from suyuan.trace.printers.queries import jobs_of_run, next_job, printer_job
from suyuan.trace.printers.records import PRINTER_JOB
from suyuan.trace.printers.rules import came_out, lease, meet, sent, state_at
from suyuan.trace.printers.tables import Printer, PrinterJob
from suyuan.trace.printing.label_range import require_labels
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import count_labels, print_run
from suyuan.trace.printing.tables import PrintRun

Drawing: TypeAlias = Callable[[Printer], tuple[Mapping[str, Any], TryOut]]
"""In which form of output a printer takes labels, and what tries one out in it: as
``order_print_job`` takes them."""


def send_to_printer(
    w: Writing,
    run_uid: str,
    printer_uid: str,
    *,
    again: bool = False,
    first: int = 1,
    last: int | None = None,
    draw: Drawing | None = None,
) -> str:
    """Have labels of a run printed by a printer of one's own; returns the job's uid.

    ``first`` and ``last``, both included, count from 1 in the order of printing; all where nothing
    is said. Raises NotFound, Forbidden, InvalidInput for labels that there are not, Conflict for
    such as are void or that a printer has or printed already: unless ``again`` says that this is
    known. Scratch PINs that are drawn so are put on record. What takes long is drawn in the
    background first, as ``draw`` says, and refused where nobody says it.
    """
    run = print_run(w.session, run_uid)
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    to = own_printer(w, printer_uid)
    w.session.refresh(run, with_for_update={"key_share": True, "of": PrintRun})
    last = run.count if last is None else last
    require_labels(run.count, first, last)
    count = count_labels(w.session, run, first, last)
    if not count:
        raise Conflict("These labels are void: there is nothing to print.", field="print_run")
    facts_to_draw(w.session, run_uid)
    before = _require_nothing_open(w, run, range(first, last + 1), again)
    drawn = None
    if job_limits().in_background(to.language, count):
        drawn = _ordered(w, run, to, first, last, draw)
    elif run.pins:
        draw_pins(w, run_uid)
    return _send(w, to, first=first, last=last, labels=count, run=run, again=before, drawn=drawn)


def send_test_labels(w: Writing, printer_uid: str, template: str, labels: int) -> str:
    """Have a printer of one's own print its test labels; returns the job's uid.

    ``template``: of their size; ``labels``: how many there are, which who draws them knows. Raises
    NotFound, Forbidden, Conflict for a printer that was removed.
    """
    to = own_printer(w, printer_uid)
    return _send(w, to, first=1, last=labels, labels=labels, template=template)


def _send(
    w: Writing,
    to: Printer,
    *,
    first: int,
    last: int,
    labels: int,
    run: PrintRun | None = None,
    template: str | None = None,
    again: bool = False,
    drawn: PrintJob | None = None,
) -> str:
    uid = w.new_uid()
    said = {
        "printer_job": uid,
        "run": run.uid if run else None,
        "printer": to.uid,
        "template": template,
        "first": first,
        "last": last,
        "labels": labels,
        "again": again,
        "channel": w.actor.channel,
    }
    job = PrinterJob(
        uid=uid,
        printer_id=to.id,
        print_run_id=run.id if run else None,
        template=template,
        first=first,
        last=last,
        print_job_id=drawn.id if drawn else None,
        labels=labels,
        again=again,
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
    ``holder``, which further acts ask for, and how many ``labels`` it has. Raises Conflict for a
    printer that no agent feeds.
    """
    printer = own_printer(w, printer_uid)
    if printer.language not in FED:
        raise Conflict(
            "This printer takes pictures from its own app on a phone: no agent feeds it.",
            field="printer",
        )
    while (job := next_job(w.session, printer.id, w.now)) and _lacks_its_file(w, job):
        _end(w, job, Ending("failed", "not_drawn"))
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
    _end(w, job, ending)
    return uid


def _end(w: Writing, job: PrinterJob, ending: Ending) -> None:
    job.state, job.why, job.detail, job.ended_at = ending.state, ending.why, ending.detail, w.now
    said = {
        "printer_job": job.uid,
        "run": job.run.uid if job.run else None,
        "outcome": ending.state,
        "why": ending.why,
        "detail": ending.detail or None,
        "sent": ending.sent,
        "channel": w.actor.channel,
    }
    w.record(PRINTER_JOB, "printer_job.ended", said, subject=job.uid)
    w.session.flush()


def _ordered(
    w: Writing, run: PrintRun, to: Printer, first: int, last: int, draw: Drawing | None
) -> PrintJob:
    """The job that draws so many labels in the background. Raises Conflict, and what
    ``order_print_job`` raises."""
    if draw is None or to.language not in FED:
        raise Conflict(
            "So many labels are not sent to this printer at once: send at most {most}, one part "
            "after the other.",
            field="last",
            most=job_limits().at_once[to.language],
        )
    output, try_out = draw(to)
    uid = order_print_job(w, run.uid, output, try_out=try_out, first=first, last=last)
    return print_job(w.session, uid)


def _lacks_its_file(w: Writing, job: PrinterJob) -> bool:
    """Whether the labels of a job were to be drawn in the background and are not there, or not
    as they should be: they are sent anew."""
    drawn = job.print_job
    if drawn is None:
        return False
    if drawn.state != "done" or drawn.dropped_at is not None:
        return True
    return count_labels(w.session, drawn.run, drawn.first, drawn.last) != drawn.made


def _require_nothing_open(w: Writing, run: PrintRun, asked: range, again: bool) -> bool:
    """Whether any of these labels were sent to a printer before. Raises Conflict."""
    before = [one for one in jobs_of_run(w.session, run.id) if meet(asked, sent(one))]
    if any(state_at(one, w.now) in OPEN for one in before):
        raise Conflict(
            "Some of these labels were sent to a printer already, and it is not through with them. "
            "Look at the paper, and settle that first.",
            field="print_run",
        )
    if not again and any(meet(asked, came_out(one, w.now)) for one in before):
        raise Conflict(
            "Some of these labels were printed already. The same serials twice are copies: say "
            "that you know, or issue a new run.",
            field="again",
        )
    return bool(before)


def _require_ending(ending: Ending) -> None:
    if ending.state not in ENDED:
        raise InvalidInput("A job ends as one of {known}.", "state", known=", ".join(ENDED))
    if ending.state != "printed" and ending.why not in WHYS:
        raise InvalidInput("Say why: one of {known}.", "why", known=", ".join(WHYS))


def _held(w: Writing, uid: str, holder: str) -> PrinterJob:
    w.actor.require("print_labels")
    job = locked_printer_job(w, uid)
    if job.holder != holder:
        raise _not_yours()
    return job


def locked_printer_job(w: Writing, uid: str) -> PrinterJob:
    """A job of a printer of the actor's organisation, which nobody else changes now.

    Raises NotFound.
    """
    job = printer_job(w.session, uid, w.actor.party_id)
    w.session.refresh(job, with_for_update={"of": PrinterJob})
    return job


def _not_yours() -> Conflict:
    return Conflict("Another agent has this job, or it has ended.", field="holder")
