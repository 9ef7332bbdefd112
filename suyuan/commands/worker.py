"""``suyuan worker``: what is due by the clock."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path
from types import FrameType

import click
import structlog

from suyuan.commands.opened import compare_with_witnesses, data_option, opened_ledger
from suyuan.labels.from_facts import draw_job, try_out
from suyuan.trace.acts.delivering import send_due
from suyuan.trace.acts.drawing_jobs import draw_next, sweep_drawn_files
from suyuan.trace.acts.erased_files import sweep_files
from suyuan.trace.acts.escalating import escalate_due
from suyuan.trace.acts.issue_jobs import issue_next
from suyuan.trace.acts.keeping import reckon_kept
from suyuan.trace.acts.statuses import renew_status
from suyuan.trace.acts.sweeping import sweep_due
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.witnessing import ask_witnesses, is_unheard
from suyuan.trace.errors import SuyuanError
from suyuan.trace.journal import set_up_journal
from suyuan.trace.parties.actor import SYSTEM

_EVERY = 60
"""Seconds between two looks at the clock."""
_LOOK = 1
"""Seconds between two looks for labels that are to be drawn. Whoever ordered them waits; asking
costs one row of an index, so nothing has to wake the worker."""


@click.command(epilog="Example: suyuan worker --data /srv/suyuan")
@data_option
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def worker(data: Path | None, once: bool) -> None:
    """Renew the status list before it runs out, have the log witnessed, look for what is to be
    warned of, and issue and draw long print runs, until told to stop (SIGTERM).

    Several may run side by side: each print job is drawn by one of them.
    """
    set_up_journal(json=True)
    stop = threading.Event()

    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    with opened_ledger(data) as ledger:
        ledger = _begin(ledger)
        if once:
            do_what_is_due(ledger)
            while _next(ledger, stop):
                pass
            return
        structlog.get_logger().info("worker.started")
        _work(ledger, stop)


def _work(ledger: Ledger, stop: threading.Event) -> None:
    """Draw what is ordered as it comes, and look at the clock between two jobs."""
    due = time.monotonic()
    while not stop.is_set():
        try:
            if time.monotonic() >= due:
                due = time.monotonic() + _EVERY
                do_what_is_due(ledger)
            if _next(ledger, stop):
                continue
        except SuyuanError as error:
            # a busy database is no reason to stop: the next look tries again
            structlog.get_logger().warning("worker.failed", why=str(error))
        stop.wait(_LOOK)


def _next(ledger: Ledger, stop: threading.Event) -> bool:
    """Issue the next run that is ordered, or draw the next one; whether there was any."""
    if not is_unheard(ledger) and issue_next(ledger, try_out):
        return True
    return draw_next(ledger, draw_job, stop.is_set)


def _begin(ledger: Ledger) -> Ledger:
    """Ask the witnesses before anything is signed: an old copy is to renew no list."""
    try:
        return compare_with_witnesses(ledger)
    except SuyuanError as error:
        # a policy that cannot be read must not let the status list run out
        structlog.get_logger().warning("worker.failed", why=str(error))
        return ledger


def do_what_is_due(ledger: Ledger) -> None:
    """One look at the clock."""
    if not is_unheard(ledger) and ledger.perform(SYSTEM, renew_status):
        structlog.get_logger().info("status.renewed")
    for heard in ask_witnesses(ledger):
        journal = structlog.get_logger().bind(witness=heard.witness.key.name)
        if heard.cosignature is not None:
            journal.info("witness.cosigned")
        else:
            journal.warning("witness.refused", why=heard.trouble)
    if not is_unheard(ledger):
        _warn(ledger)
        reckon_kept(ledger)
        if removed := sweep_files(ledger):
            structlog.get_logger().info("files.removed", count=removed)
    if dropped := sweep_drawn_files(ledger):
        structlog.get_logger().info("labels.dropped", count=dropped)


def _warn(ledger: Ledger) -> None:
    """Look for what is to be warned of, hand up what is late, send what is due."""
    journal = structlog.get_logger()
    for rule, opened in sweep_due(ledger).items():
        if opened:
            journal.info("warnings.opened", rule=rule, count=opened)
    if late := escalate_due(ledger):
        journal.info("warnings.escalated", count=late)
    if sent := send_due(ledger):
        journal.info("notices.sent", count=sent)
