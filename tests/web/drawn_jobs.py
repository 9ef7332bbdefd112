"""Print jobs for pages to be about: one that waits, and one whose file is there."""

from __future__ import annotations

from dataclasses import asdict

from suyuan.labels.from_facts import draw_job, try_output
from suyuan.labels.output import Output
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.print_jobs import order_print_job
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor


def make_jobs(ledger: Ledger, owner: Actor, run: str) -> dict[str, str]:
    """A job of the run for each view, by the last part of its name."""
    done = _ordered(ledger, owner, run, Output())
    draw_next(ledger, draw_job)
    waiting = _ordered(ledger, owner, run, Output(sheet=True))
    return {"page": waiting, "cancel": waiting, "file": done}


def _ordered(ledger: Ledger, owner: Actor, run: str, output: Output) -> str:
    tried = try_output(output)
    return ledger.perform(owner, order_print_job, run, asdict(output), try_out=tried)
