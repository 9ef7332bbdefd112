"""Having labels drawn in the background: ordering it, and calling it off.

The job is a row of this transaction, and what it draws is all there by then: codes, signatures
and the manifest were kept and logged when the run was issued. So whoever draws it, and however
often it is begun anew, draws the same labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from suyuan.trace.acts.issuing import TryOut
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict
from suyuan.trace.jobs.facts import ENDED
from suyuan.trace.jobs.queries import print_job, unended_of
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import count_labels, labels_of, print_run


def order_print_job(
    w: Writing,
    run_uid: str,
    output: Mapping[str, Any],
    *,
    try_out: TryOut,
    first: int = 1,
    last: int | None = None,
) -> str:
    """Order labels of a run drawn in the background; returns the uid of the job.

    ``first`` and ``last``: those of a part of it, which the caller knows that there are.
    ``output``: the form of the file, JSON values; ``try_out`` draws one label in it, so that what
    cannot be drawn is refused at once. The same file that is waited for already is not drawn twice.
    The drawing of PINs is put on record here. Raises NotFound, Forbidden, Conflict where nothing is
    left to print or too many jobs wait, and what ``facts_to_draw`` and ``try_out`` raise.
    """
    run = print_run(w.session, run_uid)
    party = w.session.get_one(Party, run.party_id)
    w.actor.require("print_labels", party)
    # two orders of one organisation wait for each other
    w.session.refresh(party, with_for_update={"key_share": True})
    last = run.count if last is None else last
    facts = facts_to_draw(w.session, run_uid).beginning_at(first)
    count = count_labels(w.session, run, first, last)
    if not count:
        raise Conflict("Every label of this run was declared void.", field="print_run")
    secret = w.keys.secret if run.pins else None
    with closing(labels_of(w.session, run_uid, secret, first=first, last=last)) as labels:
        try_out(run.template, facts, next(labels))
    if run.pins:
        draw_pins(w, run_uid)
    going_on = unended_of(w.session, party.id)
    for one in going_on:
        if (one.print_run_id, one.output, one.first, one.last) == (run.id, output, first, last):
            return one.uid
    if len(going_on) >= job_limits().waiting_of_one:
        raise Conflict(
            "{count} print jobs of this organisation wait or run already: cancel one, or wait "
            "until one is done.",
            field="print_run",
            count=len(going_on),
        )
    job = PrintJob(
        uid=w.new_uid(),
        print_run_id=run.id,
        output=dict(output),
        first=first,
        last=last,
        labels=count,
        ordered_at=w.now,
        person_uid=w.actor.person_uid,
    )
    w.session.add(job)
    w.session.flush()
    return job.uid


def cancel_print_job(w: Writing, uid: str) -> str:
    """Call off a job that waits or runs; returns its uid. Its worker stops with the next label
    that it tells of. Raises NotFound, Forbidden, Conflict where the job has ended."""
    job = print_job(w.session, uid)
    w.actor.require("print_labels", w.session.get_one(Party, job.run.party_id))
    w.session.refresh(job, with_for_update={"of": PrintJob})
    if job.state in ENDED:
        raise Conflict("This print job has ended already.", field="print_job")
    job.state, job.ended_at, job.held_until = "cancelled", w.now, None
    w.session.flush()
    return job.uid
