"""A worker is killed in the middle of a run: another one ends it, and no serial lacks or is twice.

The worker that is killed is a process of its own; its clock is some minutes slow, so that nobody
has to wait until its lease is over. The one that ends the job is ``suyuan worker``.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, BinaryIO

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp

from suyuan.labels.from_facts import draw_job, try_out
from suyuan.labels.output import Output
from suyuan.trace.acts import issue_jobs
from suyuan.trace.acts.drawing_jobs import draw_next, sweep_drawn_files
from suyuan.trace.acts.issue_jobs import order_print_run
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SetClock
from suyuan.trace.database import open_database
from suyuan.trace.jobs.facts import Trouble
from suyuan.trace.jobs.issuing import issue_job
from suyuan.trace.jobs.queries import file_to_print, print_job
from suyuan.trace.jobs.tables import IssueJob
from suyuan.trace.log.tables import Record
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.printing.tables import IssuedCode
from suyuan.trace.settings import Settings
from tests.shell import Shell
from tests.trace.test_print_jobs import issue, job_of, lying, order
from tests.world import make_batch, make_producer, make_product

LABELS = 60
KILLED_AT = 25


def _draw_until_killed(settings: Settings, told: Connection) -> None:
    """What a worker does, up to a label at which it waits for the end."""
    slow = SetClock(datetime.now(UTC) - timedelta(minutes=5))
    ledger = unlock(open_database(settings.database_url), settings, slow)

    def halting(labels: Iterable[IssuedLabel]) -> Iterator[IssuedLabel]:
        for number, label in enumerate(labels):
            if number == KILLED_AT:
                told.send(number)
                time.sleep(60)
            yield label

    def draw(
        template: str,
        facts: LabelFacts,
        labels: Iterable[IssuedLabel],
        output: Mapping[str, Any],
        out: BinaryIO,
    ) -> int:
        return draw_job(template, facts, halting(labels), output, out)

    draw_next(ledger, draw)


def _issue_until_killed(settings: Settings, told: Connection) -> None:
    """What a worker does, up to the moment before its commit, at which it waits for the end."""
    slow = SetClock(datetime.now(UTC) - timedelta(minutes=5))
    ledger = unlock(open_database(settings.database_url), settings, slow)

    def halting(w: Writing, job: IssueJob, state: str, trouble: Trouble | None) -> None:
        told.send(w.session.scalar(sa.select(sa.func.count()).select_from(IssuedCode)))
        time.sleep(60)

    issue_jobs._end = halting
    issue_jobs.issue_next(ledger, try_out)


def _kill_in_the_middle(
    settings: Settings, work: Callable[[Settings, Connection], None], at: int
) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    mine, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=work, args=(settings, theirs))
    process.start()
    assert mine.poll(30), "the worker never came so far"
    assert mine.recv() == at
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


@pytest.mark.parametrize("pins", [False, True], ids=["open", "sealed"])
def test_a_run_whose_worker_is_killed_is_ended_by_another(
    durable: Ledger, tmp_path: Path, pins: bool
) -> None:
    actor = make_producer(durable)
    run = issue(durable, actor, LABELS, pins=pins)
    job = order(durable, actor, run, Output(sheet=True))
    _kill_in_the_middle(durable.settings, _draw_until_killed, KILLED_AT)
    assert (job_of(durable, job).state, job_of(durable, job).tries) == ("running", 1)
    shell = Shell(tmp_path, durable.settings.database_url)
    done = shell.run_alone(
        "worker", "--once", SUYUAN_PASSPHRASE_FILE=str(durable.settings.passphrase_file)
    )
    assert done.returncode == 0, done.stderr
    made = job_of(durable, job)
    assert (made.state, made.tries, made.made) == ("done", 2, LABELS)
    sweep_drawn_files(durable)
    assert lying(durable) == [f"{job}.{made.holder}"], "what the dead one left is gone"
    with durable.database.read() as session:
        codes = [one.url for one in codes_of(session, run)]
        folder, secret = durable.settings.labels_folder, durable.keys.secret
        kept = file_to_print(session, print_job(session, job), folder, secret)
    file = b"".join(kept.portions())
    assert len(set(codes)) == LABELS
    assert sorted(_read(file)) == sorted(codes), "every serial once"
    assert made.sha256 == hashlib.sha256(file).hexdigest()


def test_a_run_that_is_issued_by_a_killed_worker_is_issued_once(
    durable: Ledger, tmp_path: Path
) -> None:
    actor = make_producer(durable)
    code = make_batch(durable, actor, product=make_product(durable, actor, items_on_pack=True))
    template = "trace-50x30"
    job = durable.perform(actor, order_print_run, code, LABELS, template, try_out=try_out)
    _kill_in_the_middle(durable.settings, _issue_until_killed, LABELS)
    with durable.database.read() as session:
        assert issue_job(session, job).state == "running"
        assert session.scalar(sa.select(sa.func.count()).select_from(IssuedCode)) == 0
    shell = Shell(tmp_path, durable.settings.database_url)
    done = shell.run_alone(
        "worker", "--once", SUYUAN_PASSPHRASE_FILE=str(durable.settings.passphrase_file)
    )
    assert done.returncode == 0, done.stderr
    with durable.database.read() as session:
        made = issue_job(session, job)
        assert (made.state, made.tries) == ("done", 2)
        assert made.run is not None
        found = sa.select(IssuedCode.position, IssuedCode.serial).order_by(IssuedCode.position)
        codes = session.execute(found).all()
        told = sa.select(sa.func.count()).where(Record.type == "print_run")
        assert session.scalar(told) == 1, "the run is on record once"
    assert [position for position, _ in codes] == list(range(LABELS)), "no gap"
    assert len({serial for _, serial in codes}) == LABELS, "no serial twice"


def _read(file: bytes) -> list[str]:
    """The texts of all symbols of a PDF."""
    document = pypdfium2.PdfDocument(file)
    pages = [page.render(scale=200 / 72).to_pil() for page in document]
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]
