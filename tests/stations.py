"""A station with a printer, and runs to print on it."""

from __future__ import annotations

from typing import Any

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.printer_jobs import (
    end_printer_job,
    hold_printer_job,
    send_to_printer,
    take_printer_job,
)
from suyuan.trace.acts.printers import register_printer
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printers.facts import Ending, PrinterFacts
from suyuan.trace.printers.queries import printer_job
from suyuan.trace.printers.rules import state_at, why_at
from tests import world


def make_printer(ledger: Ledger, actor: Actor, name: str = "包装间", **more: Any) -> str:
    """A printer at a place of the actor's organisation; returns its uid."""
    site = more.pop("site", None) or world.make_site(ledger, actor, kind="store", name="库")
    facts = {"language": "tspl", "dpi": 203, "head_dots": 832, **more}
    return ledger.perform(actor, register_printer, PrinterFacts(site, name, **facts))


def make_run(ledger: Ledger, actor: Actor, count: int = 3, **more: Any) -> str:
    """A print run of 50 × 30 mm labels; of a size that has room for ``pins``, or of a batch."""
    product = world.make_product(ledger, actor, items_on_pack=True)
    code = world.make_batch(ledger, actor, product=product)
    template = "trace-70x40-pin" if more.get("pins") else "trace-50x30"
    if not more.get("per_package", True):
        template = "batch-100x70"
    return ledger.perform(actor, issue_print_run, code, count, template, try_out=try_out, **more)


def send(ledger: Ledger, actor: Actor, printer: str, **more: Any) -> str:
    """A run on its way to a printer; returns the job's uid."""
    run = more.pop("run", None) or make_run(ledger, actor)
    return ledger.perform(actor, send_to_printer, run, printer, **more)


def became(ledger: Ledger, actor: Actor, job: str) -> tuple[str, str | None]:
    """The state of a job now, and why where it was not printed."""
    with ledger.database.read() as session:
        found, now = printer_job(session, job, actor.party_id), ledger.clock.now()
        return state_at(found, now), why_at(found, now)


def break_off(ledger: Ledger, actor: Actor, job: str, printer: str) -> str:
    """A job that its printer broke off in the middle; returns its uid."""
    taken = ledger.perform(actor, take_printer_job, printer)
    assert taken is not None
    assert taken["job"] == job
    ledger.perform(actor, hold_printer_job, job, taken["holder"], begins=True)
    ending = Ending("unsure", "broke_off", "Connection reset by peer", 9)
    return ledger.perform(actor, end_printer_job, job, taken["holder"], ending)
