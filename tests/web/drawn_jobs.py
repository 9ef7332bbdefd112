"""Print jobs for pages to be about: one that waits, and one whose file is there."""

from __future__ import annotations

from dataclasses import asdict

from suyuan.labels.from_facts import draw_job, try_out, try_output
from suyuan.labels.output import Output
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.issue_jobs import order_print_run
from suyuan.trace.acts.print_jobs import order_print_job
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.queries import print_run


def make_jobs(ledger: Ledger, owner: Actor, run: str) -> dict[str, str]:
    """A job of the run for each view, by the last part of its name."""
    done = _ordered(ledger, owner, run, Output())
    draw_next(ledger, draw_job)
    waiting = _ordered(ledger, owner, run, Output(sheet=True))
    issuing = _long(ledger, owner, run)
    return {
        "page": waiting, "cancel": waiting, "file": done,
        "desk.issue_jobs.page": issuing, "desk.issue_jobs.cancel": issuing,
    }  # fmt: skip


def _long(ledger: Ledger, owner: Actor, run: str) -> str:
    """A run of the same batch that is to be issued in the background."""
    with ledger.database.read() as session:
        batch = print_run(session, run).batch
        assert batch is not None
        code = batch.trace_code
    return ledger.perform(owner, order_print_run, code, 2, "trace-50x30", try_out=try_out)


def _ordered(ledger: Ledger, owner: Actor, run: str, output: Output) -> str:
    tried = try_output(output)
    return ledger.perform(owner, order_print_job, run, asdict(output), try_out=tried)
