"""A long print run from the order to the file: what issuing takes, and a worker's time and memory.

The worker is ``suyuan worker --once`` in a process of its own, on SQLite; its memory is what the
kernel says it had at most, with everything that Python has loaded. The label is that of
``bench/labels.py``, on a roll: of all forms of PDF the one with the most pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace

from _measure import Figure, keep, machine, opened

from suyuan.labels.from_facts import try_out, try_output
from suyuan.labels.output import Output
from suyuan.trace.acts.print_jobs import order_print_job
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.jobs.queries import print_job
from suyuan.trace.parties.actor import Actor
from tests.world import make_batch, make_producer, make_product

FEW = 1_000
MANY = 100_000
TEMPLATE = "trace-50x30"
ROLL = Output()
_SECONDS = "processor seconds"


@dataclass(frozen=True)
class Drawn:
    """What a run of so many labels took: processor seconds to issue and to draw it, the worker's
    memory, and the file."""

    labels: int
    issuing: float
    drawing: float
    memory_mb: float
    file_mb: float


def main() -> None:
    with opened("sqlite") as ledger:
        ledger = replace(ledger, settings=replace(ledger.settings, print_run_codes=MANY))
        actor = make_producer(ledger)
        few, many = (drawn(ledger, actor, count) for count in (FEW, MANY))
    keep(
        "print_jobs",
        [
            _figure("most memory of a worker", few.memory_mb, many.memory_mb, "MB"),
            _figure("issued and logged", few.issuing, many.issuing, _SECONDS),
            _figure("drawn by a worker, from its start", few.drawing, many.drawing, _SECONDS),
            _figure("file", few.file_mb, many.file_mb, "MB"),
        ],
    )  # fmt: skip


def drawn(ledger: Ledger, actor: Actor, count: int, output: Output = ROLL) -> Drawn:
    """What a run of so many labels takes, from issuing it to its file."""
    product = make_product(ledger, actor, items_on_pack=True)
    code = make_batch(ledger, actor, product=product)
    start = time.process_time()
    run = ledger.perform(actor, issue_print_run, code, count, TEMPLATE, try_out=try_out)
    issuing = time.process_time() - start
    tried = try_output(output)
    uid = ledger.perform(actor, order_print_job, run, asdict(output), try_out=tried)
    drawing, memory = _worker(ledger)
    with ledger.database.read() as session:
        job = print_job(session, uid)
    assert (job.state, job.made) == ("done", count), job.trouble
    return Drawn(count, issuing, drawing, memory, (job.size or 0) / 1e6)


_WATCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(used.ru_maxrss, used.ru_utime + used.ru_stime)
raise SystemExit(os.waitstatus_to_exitcode(status))
"""
"""A small process between: the kernel counts a child's memory from what its parent has."""


def _worker(ledger: Ledger) -> tuple[float, float]:
    """Processor seconds and megabytes of a worker that does what is due and ends."""
    settings = ledger.settings
    environment = {
        **os.environ,
        "SUYUAN_DATA": str(settings.data),
        "SUYUAN_DATABASE_URL": settings.database_url,
        "SUYUAN_PASSPHRASE_FILE": str(settings.passphrase_file),
    }
    command = [sys.executable, "-c", _WATCH, sys.executable, "-m", "suyuan", "worker", "--once"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    memory, seconds = done.stdout.split()
    return float(seconds), int(memory) / 1024


def _figure(what: str, few: float, many: float, unit: str) -> Figure:
    return Figure(
        f"{what}, {MANY} labels", round(many, 1), round(few, 1), f"{FEW} labels",
        round(many / few, 2), unit, 1, machine(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
