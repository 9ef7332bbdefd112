"""Long runs that are issued in the background: once and whole, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts import issue_jobs
from suyuan.trace.acts.issue_jobs import cancel_issue_job, issue_next, order_print_run
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.manifest import PrintedItem, manifest_root
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.errors import Conflict, Forbidden, TooLarge
from suyuan.trace.jobs.issuing import issue_job
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import IssueJob
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Membership
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from tests import world

MANY = 30_000
"""More than a request issues."""


@pytest.fixture
def clerk(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


def order(ledger: Ledger, actor: Actor, count: int = 5, code: str = "", **more: bool) -> str:
    product = world.make_product(ledger, actor, items_on_pack=True)
    code = code or world.make_batch(ledger, actor, product=product)
    template = "trace-70x40-pin" if more.get("pins") else "trace-50x30"
    return ledger.perform(actor, order_print_run, code, count, template, try_out=try_out, **more)


def job_of(ledger: Ledger, uid: str) -> IssueJob:
    with ledger.database.read() as session:
        return issue_job(session, uid)


def runs(ledger: Ledger) -> list[PrintRun]:
    with ledger.database.read() as session:
        return list(session.scalars(sa.select(PrintRun).order_by(PrintRun.id)))


def test_more_than_a_request_issues_is_issued_whole_and_on_record(
    ledger: Ledger, clerk: Actor
) -> None:
    job = order(ledger, clerk, MANY, unbound=True)
    assert job_of(ledger, job).state == "waiting"
    assert runs(ledger) == []
    assert issue_next(ledger, try_out)
    assert not issue_next(ledger, try_out)
    done, (run,) = job_of(ledger, job), runs(ledger)
    assert (done.state, done.print_run_id) == ("done", run.id)
    assert (run.count, run.person_uid) == (MANY, clerk.person_uid)
    with ledger.database.read() as session:
        codes = session.scalars(
            sa.select(IssuedCode)
            .where(IssuedCode.print_run_id == run.id)
            .order_by(IssuedCode.position)
        ).all()
        told = session.scalars(sa.select(Record).where(Record.type == "print_run")).all()
    assert [one.position for one in codes] == list(range(MANY)), "no gap"
    assert len({one.serial for one in codes}) == MANY, "no serial twice"
    items = [PrintedItem(parse_path(one.path), one.salt) for one in codes]
    assert manifest_root(items) == run.manifest_root
    assert [one.id for one in told] == [run.record_id]


def test_what_would_be_refused_is_refused_at_once(ledger: Ledger, clerk: Actor) -> None:
    product = world.make_product(ledger, clerk, items_on_pack=True)
    code = world.make_batch(ledger, clerk, product=product)
    with pytest.raises(TooLarge):
        order(ledger, clerk, job_limits().most_issued + 1, code, unbound=True)
    with pytest.raises(Forbidden):
        order(ledger, world.make_producer(ledger), 5, code)
    ledger.perform(clerk, hold, code, "抽检")
    with pytest.raises(Conflict):
        order(ledger, clerk, 5, code)
    assert not issue_next(ledger, try_out)


def test_what_is_refused_by_then_says_why_and_issues_nothing(ledger: Ledger, clerk: Actor) -> None:
    product = world.make_product(ledger, clerk, items_on_pack=True)
    code = world.make_batch(ledger, clerk, product=product)
    job = order(ledger, clerk, 5, code)
    ledger.perform(clerk, hold, code, "抽检")
    assert issue_next(ledger, try_out)
    ended = job_of(ledger, job)
    assert (ended.state, ended.print_run_id) == ("failed", None)
    assert ended.trouble is not None
    assert runs(ledger) == []


def test_who_may_not_print_any_more_issues_nothing(ledger: Ledger, clerk: Actor) -> None:
    job = order(ledger, clerk)
    with ledger.database.write() as session:
        session.execute(sa.update(Membership).values(role="viewer"))
        session.commit()
    assert issue_next(ledger, try_out)
    assert job_of(ledger, job).state == "failed"
    assert runs(ledger) == []


def test_it_is_called_off_until_it_is_issued(ledger: Ledger, clerk: Actor) -> None:
    job = order(ledger, clerk)
    with pytest.raises(Forbidden):
        ledger.perform(world.make_producer(ledger), cancel_issue_job, job)
    ledger.perform(clerk, cancel_issue_job, job)
    assert not issue_next(ledger, try_out)
    assert runs(ledger) == []
    other = order(ledger, clerk)
    issue_next(ledger, try_out)
    for ended in (job, other):
        with pytest.raises(Conflict, match="ended already"):
            ledger.perform(clerk, cancel_issue_job, ended)


class Killed(BaseException):
    """What no worker survives."""


def test_a_worker_that_dies_has_issued_nothing_and_another_issues_all(
    ledger: Ledger, clerk: Actor, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = order(ledger, clerk, 50, pins=True)
    end = issue_jobs._end

    def die(w: Writing, job: IssueJob, *rest: object) -> None:
        raise Killed

    monkeypatch.setattr(issue_jobs, "_end", die)
    with pytest.raises(Killed):  # with all codes in their table, before the commit
        issue_next(ledger, try_out)
    monkeypatch.setattr(issue_jobs, "_end", end)
    assert runs(ledger) == []
    assert not issue_next(ledger, try_out), "its lease is not over"
    clock.at += job_limits().lease
    assert issue_next(ledger, try_out)
    (run,) = runs(ledger)
    assert (job_of(ledger, job).state, job_of(ledger, job).tries) == ("done", 2)
    with ledger.database.read() as session:
        count = sa.select(sa.func.count()).select_from(IssuedCode)
        assert session.scalar(count.where(IssuedCode.print_run_id == run.id)) == 50


def test_what_ends_every_worker_is_given_up(ledger: Ledger, clerk: Actor, clock: SetClock) -> None:
    job = order(ledger, clerk)
    for _ in range(job_limits().tries):
        assert ledger.perform(clerk, issue_jobs._take) is not None
        clock.at += job_limits().lease + timedelta(seconds=1)
    assert not issue_next(ledger, try_out)
    assert job_of(ledger, job).state == "failed"


def test_several_workers_issue_each_run_once(ledger: Ledger, clerk: Actor) -> None:
    jobs = [order(ledger, clerk, 20) for _ in range(4)]

    def work(_: int) -> None:
        while issue_next(ledger, try_out):
            pass

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, range(3)))
    assert [job_of(ledger, job).state for job in jobs] == ["done"] * 4
    assert len({job_of(ledger, job).print_run_id for job in jobs}) == 4
    assert len(runs(ledger)) == 4
