"""``suyuan jobs`` as an operator types it, and the worker beside it."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from suyuan.commands.opened import acting_for, opened_ledger
from suyuan.labels.from_facts import draw_job, try_out
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.issue_jobs import issue_next, order_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import print_run
from tests.shell import Shell, install
from tests.trace.test_print_jobs import issue, order
from tests.world import make_batch, make_producer, make_product


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return install(tmp_path_factory.mktemp("jobs"))


@pytest.fixture
def run(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> str:
    """A print run of six labels."""
    for name, value in shell.environment().items():
        monkeypatch.setenv(name, value)
    with opened_ledger(None) as ledger:
        return issue(ledger, make_producer(ledger), 6)


def test_a_job_is_ordered_drawn_by_a_worker_watched_and_fetched(shell: Shell, run: str) -> None:
    job = shell.done("jobs", "order", run, "--sheet").strip()
    again = shell.done("jobs", "order", run, "--sheet").strip()
    assert again == job, "the same is not drawn twice"
    assert job in shell.done("jobs", "list")
    out = shell.folder / f"{run}.pdf"
    early = shell.run("jobs", "fetch", job, "--out", str(out))
    assert (early.returncode, out.exists()) == (1, False)
    with subprocess.Popen(
        [Path(sys.executable).with_name("suyuan"), "worker"],
        env=shell.environment(), stderr=subprocess.PIPE, text=True,
    ) as worker:  # fmt: skip
        assert "done" in shell.done("jobs", "watch", job)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    told = shell.done("jobs", "fetch", job, "--out", str(out))
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert told == f"{sha256}  {out}\n"
    listed = [json.loads(line) for line in shell.done("jobs", "list", "--json").splitlines()]
    (made,) = [one for one in listed if one["job"] == job]
    assert (made["state"], made["made"], made["labels"], made["sha256"]) == ("done", 6, 6, sha256)
    assert shell.run("jobs", "fetch", job, "--out", str(out)).returncode == 1, "is there already"


def test_a_job_is_called_off(shell: Shell, run: str) -> None:
    job = shell.done("jobs", "order", run, "--form", "zpl").strip()
    assert "cancelled" in shell.done("jobs", "cancel", job)
    ended = shell.run("jobs", "watch", job)
    assert (ended.returncode, "cancelled" in ended.stdout) == (1, True)
    refused = shell.run("jobs", "cancel", job, LANG="zh_CN.UTF-8")
    assert (refused.returncode, "已经结束" in refused.stderr) == (1, True)


def test_a_run_that_is_issued_in_the_background_is_listed_called_off_and_watched(
    shell: Shell, run: str
) -> None:
    with opened_ledger(None) as ledger:
        owner = make_producer(ledger)
        code = make_batch(ledger, owner, product=make_product(ledger, owner, items_on_pack=True))
        jobs = [
            ledger.perform(owner, order_print_run, code, 7, "trace-50x30", try_out=try_out)
            for _ in range(2)
        ]
    shell.done("jobs", "cancel", jobs[0])
    ended = shell.run("jobs", "watch", jobs[0])
    assert (ended.returncode, "cancelled" in ended.stdout) == (1, True)
    with opened_ledger(None) as ledger:
        assert issue_next(ledger, try_out)
    issued = shell.done("jobs", "watch", jobs[1])
    assert "7/7" in issued
    told = [json.loads(line) for line in shell.done("jobs", "list", "--json").splitlines()]
    called_off, done = (next(one for one in told if one["job"] == job) for job in jobs)
    assert (called_off["state"], called_off["made"]) == ("cancelled", 0)
    assert called_off["print_run"] is None
    assert (done["state"], done["made"], done["task"]) == ("done", 7, "issue")
    assert done["print_run"] in issued
    unknown = shell.run("jobs", "cancel", "01kd8z0000000000000000000a")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)


def test_the_doctor_asks_for_a_worker_where_jobs_wait(shell: Shell, run: str) -> None:
    job = shell.done("jobs", "order", run).strip()
    assert _labels(shell)["state"] == "ok"
    with opened_ledger(None) as ledger:
        slow = replace(ledger, clock=SetClock(ledger.clock.now() - timedelta(hours=1)))
        shell.done("jobs", "cancel", job)
        _order(slow, run)
        assert _labels(shell)["state"] == "warning"
        assert "worker" in _labels(shell)["says"]
        assert draw_next(ledger, draw_job)
    assert _labels(shell)["state"] == "ok"


def _order(ledger: Ledger, run: str) -> None:
    with ledger.database.read() as session:
        owner = acting_for(session.get_one(Party, print_run(session, run).party_id))
    order(ledger, owner, run)


def _labels(shell: Shell) -> dict[str, str]:
    checks = json.loads(shell.run("doctor", "--json").stdout)
    return next(check for check in checks if check["name"] == "labels")
