"""Print jobs: labels drawn in the background, by one worker at a time, into one whole file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta
from io import BytesIO
from typing import Any, BinaryIO

import pytest
import sqlalchemy as sa

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.from_facts import draw_job, try_out, try_output, write_labels
from suyuan.labels.output import Output
from suyuan.trace.acts.drawing_jobs import Draw, draw_next, sweep_drawn_files
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.print_jobs import cancel_print_job, order_print_job
from suyuan.trace.acts.print_work import take_job
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, NotFound
from suyuan.trace.jobs.facts import Trouble
from suyuan.trace.jobs.queries import file_to_print, jobs_of_run, print_job
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.queries import codes_of, facts_of, print_run
from tests.world import make_actor, make_batch, make_producer, make_product

ROLL = Output()


def issue(ledger: Ledger, actor: Actor, count: int = 12, **more: Any) -> str:
    """A print run; with ``pins`` of labels that have room for them."""
    product = make_product(ledger, actor, items_on_pack=True)
    code = make_batch(ledger, actor, product=product)
    template = "trace-70x40-pin" if more.get("pins") else "trace-50x30"
    return ledger.perform(actor, issue_print_run, code, count, template, try_out=try_out, **more)


def order(ledger: Ledger, actor: Actor, run: str, output: Output = ROLL) -> str:
    tried = try_output(output)
    return ledger.perform(actor, order_print_job, run, asdict(output), try_out=tried)


def job_of(ledger: Ledger, uid: str) -> PrintJob:
    with ledger.database.read() as session:
        return print_job(session, uid)


def file_of(ledger: Ledger, uid: str) -> bytes:
    with ledger.database.read() as session:
        job = print_job(session, uid)
        folder, secret = ledger.settings.labels_folder, ledger.keys.secret
        return b"".join(file_to_print(session, job, folder, secret).portions())


def trouble_of(ledger: Ledger, uid: str) -> Trouble:
    job = job_of(ledger, uid)
    assert job.state == "failed"
    assert job.trouble is not None
    return Trouble.from_json(job.trouble)


def lying(ledger: Ledger) -> list[str]:
    """The names of the files in the labels folder."""
    folder = ledger.settings.labels_folder
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def after(at: int, happens: Callable[[], object]) -> Draw:
    """Draws labels, and lets something happen once so many were asked for."""

    def watched(labels: Iterable[IssuedLabel]) -> Iterator[IssuedLabel]:
        for number, label in enumerate(labels):
            if number == at:
                happens()
            yield label

    def draw(
        template: str,
        facts: LabelFacts,
        labels: Iterable[IssuedLabel],
        output: Mapping[str, Any],
        out: BinaryIO,
    ) -> int:
        return draw_job(template, facts, watched(labels), output, out)

    return draw


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that tell their progress with every label."""
    each = replace(job_limits(), beat=timedelta(0))
    monkeypatch.setattr("suyuan.trace.acts.drawing_jobs.job_limits", lambda: each)


@pytest.mark.parametrize(
    "output", [ROLL, Output(sheet=True), Output("zpl", 203), Output("symbols")], ids=str
)
def test_the_file_is_what_is_drawn_at_once(ledger: Ledger, output: Output) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    uid = order(ledger, actor, run, output)
    assert (job_of(ledger, uid).state, job_of(ledger, uid).labels) == ("waiting", 12)
    assert draw_next(ledger, draw_job)
    at_once = BytesIO()
    with ledger.database.read() as session:
        facts, codes = facts_of(session, run), codes_of(session, run)
    write_labels("trace-50x30", facts, codes, at_once, output)
    job = job_of(ledger, uid)
    assert file_of(ledger, uid) == at_once.getvalue()
    assert job.sha256 == hashlib.sha256(at_once.getvalue()).hexdigest()
    assert (job.state, job.made, job.size) == ("done", 12, len(at_once.getvalue()))
    assert not draw_next(ledger, draw_job)


@pytest.mark.usefixtures("talkative")
def test_how_far_it_is_can_be_read_while_it_is_drawn(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    uid = order(ledger, actor, issue(ledger, actor))
    seen: list[tuple[str, int, int]] = []

    def look() -> None:
        job = job_of(ledger, uid)
        seen.append((job.state, job.made, job.tries))

    draw_next(ledger, after(7, look))
    assert seen == [("running", 7, 1)]


@pytest.mark.usefixtures("talkative")
def test_a_worker_that_was_believed_dead_changes_nothing(ledger: Ledger, clock: SetClock) -> None:
    actor = make_producer(ledger)
    uid = order(ledger, actor, issue(ledger, actor))
    whole: list[bytes] = []

    def sleep_too_long() -> None:
        assert not draw_next(ledger, draw_job), "the lease is not over yet"
        clock.move(clock.at + job_limits().lease)
        assert draw_next(ledger, draw_job)
        whole.append(file_of(ledger, uid))

    assert draw_next(ledger, after(5, sleep_too_long))
    job = job_of(ledger, uid)
    assert (job.state, job.tries, job.made) == ("done", 2, 12)
    assert [file_of(ledger, uid)] == whole
    assert lying(ledger) == [f"{uid}.{job.holder}"]


def test_two_workers_never_draw_the_same_job(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    jobs = [order(ledger, actor, run, Output(dpi=dpi)) for dpi in (200, 203, 300, 400, 600)]
    drawn: list[int] = []

    def note(
        template: str,
        facts: LabelFacts,
        labels: Iterable[IssuedLabel],
        output: Mapping[str, Any],
        out: BinaryIO,
    ) -> int:
        drawn.append(output["dpi"])
        return draw_job(template, facts, labels, output, out)

    def work(_worker: int) -> None:
        while draw_next(ledger, note):
            pass

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    assert sorted(drawn) == [200, 203, 300, 400, 600]
    assert [(job_of(ledger, one).state, job_of(ledger, one).tries) for one in jobs] == [
        ("done", 1)
    ] * 5


@pytest.mark.usefixtures("talkative")
def test_a_job_that_is_cancelled_stops_and_leaves_no_file(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    waiting = order(ledger, actor, run)
    ledger.perform(actor, cancel_print_job, waiting)
    assert not draw_next(ledger, draw_job)
    running = order(ledger, actor, run)
    assert running != waiting
    asked: list[int] = []

    def call_off() -> None:
        asked.append(1)
        ledger.perform(actor, cancel_print_job, running)

    draw_next(ledger, after(3, call_off))
    assert asked == [1]
    assert job_of(ledger, running).state == "cancelled"
    assert job_of(ledger, running).made < 12
    assert lying(ledger) == []
    done = order(ledger, actor, run)
    draw_next(ledger, draw_job)
    for ended in (running, done):
        with pytest.raises(Conflict, match="ended already"):
            ledger.perform(actor, cancel_print_job, ended)


def test_a_job_that_cannot_be_drawn_says_why(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    stopped = order(ledger, actor, run)
    with ledger.database.read() as session:
        batch = print_run(session, run).batch
        assert batch is not None
        ledger.perform(actor, hold, batch.trace_code, "霉变")
    draw_next(ledger, draw_job)
    trouble = trouble_of(ledger, stopped)
    assert batch.trace_code in str(trouble.as_error())
    assert job_of(ledger, stopped).tries == 1
    other = issue(ledger, actor)
    unlucky = order(ledger, actor, other)

    def slip() -> None:
        raise ZeroDivisionError("13800138000")

    draw_next(ledger, after(2, slip))
    assert "on our side" in str(trouble_of(ledger, unlucky).as_error())
    full = order(ledger, actor, other)

    def no_room() -> None:
        raise OSError(28, "No space left on device")

    draw_next(ledger, after(2, no_room))
    assert "set up" in str(trouble_of(ledger, full).as_error())
    assert lying(ledger) == []


def test_what_ended_its_workers_is_not_tried_for_ever(ledger: Ledger, clock: SetClock) -> None:
    actor = make_producer(ledger)
    uid = order(ledger, actor, issue(ledger, actor))
    for _ in range(job_limits().tries):
        assert ledger.perform(SYSTEM, take_job) is not None
        clock.move(clock.at + job_limits().lease)
    assert draw_next(ledger, draw_job) is False
    assert trouble_of(ledger, uid).params == {"tries": job_limits().tries}


def test_a_worker_that_is_told_to_stop_gives_its_job_back(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    uid = order(ledger, actor, issue(ledger, actor))
    draw_next(ledger, draw_job, lambda: True)
    job = job_of(ledger, uid)
    assert (job.state, job.tries, lying(ledger)) == ("waiting", 0, [])
    draw_next(ledger, draw_job)
    assert job_of(ledger, uid).state == "done"


def test_files_are_dropped_after_their_time_and_those_of_the_dead_at_once(
    ledger: Ledger, clock: SetClock
) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    uid = order(ledger, actor, run)
    draw_next(ledger, draw_job)
    left = ledger.settings.labels_folder / f"{uid}.{'0' * 26}"
    left.write_bytes(b"%PDF-1.4")
    assert sweep_drawn_files(ledger) == 1
    assert len(file_of(ledger, uid)) == job_of(ledger, uid).size
    clock.move(clock.at + job_limits().kept)
    assert sweep_drawn_files(ledger) == 1
    assert lying(ledger) == []
    with pytest.raises(NotFound, match="not kept any more"):
        file_of(ledger, uid)


def test_no_file_is_handed_out_that_would_be_wrong_to_stick_on(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    uid = order(ledger, actor, run)
    with pytest.raises(Conflict, match="not done"):
        file_of(ledger, uid)
    draw_next(ledger, draw_job)
    (name,) = lying(ledger)
    place = ledger.settings.labels_folder / name
    assert place.stat().st_mode & 0o077 == 0
    whole = place.read_bytes()
    place.write_bytes(whole[:-1])
    with pytest.raises(NotFound, match="changed on disk"):
        file_of(ledger, uid)
    place.write_bytes(whole)
    with ledger.database.read() as session:
        spoilt = codes_of(session, run)[4].path
    ledger.perform(actor, void_code, spoilt, "撕坏")
    with pytest.raises(Conflict, match="declared void since"):
        file_of(ledger, uid)
    again = order(ledger, actor, run)
    draw_next(ledger, draw_job)
    assert job_of(ledger, again).made == 11
    assert file_of(ledger, again) != whole


def test_the_drawing_of_pins_is_on_record_and_its_file_goes_sooner(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor, 2, pins=True)
    uid = order(ledger, actor, run)
    draw_next(ledger, draw_job)
    at_once = BytesIO()
    with ledger.database.read() as session:
        drawn = sa.select(sa.func.count()).where(Record.type == "pins_drawn", Record.subject == run)
        assert session.scalar(drawn) == 1
        facts, codes = facts_of(session, run), codes_of(session, run, ledger.keys.secret)
    write_labels("trace-70x40-pin", facts, codes, at_once)
    job = job_of(ledger, uid)
    assert file_of(ledger, uid) == at_once.getvalue()
    assert job.sha256 == hashlib.sha256(at_once.getvalue()).hexdigest()
    assert job.size == len(at_once.getvalue())
    assert job.kept_until == ledger.clock.now() + job_limits().kept_with_pins


def test_what_cannot_be_drawn_or_is_too_much_is_refused_at_once(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = issue(ledger, actor)
    with pytest.raises(DoesNotFit):
        order(ledger, actor, run, Output("png", 203, head_dots=100))
    most = job_limits().waiting_of_one
    first = order(ledger, actor, run, Output(dpi=200))
    assert order(ledger, actor, run, Output(dpi=200)) == first, "waited for already"
    for dpi in range(201, 200 + most):
        order(ledger, actor, run, Output(dpi=dpi))
    with pytest.raises(Conflict, match=f"{most} print jobs"):
        order(ledger, actor, run, Output(dpi=600))
    order(ledger, *_another(ledger))
    with ledger.database.read() as session:
        jobs = jobs_of_run(session, print_run(session, run).id)
    assert len(jobs) == most
    assert jobs[-1].uid == first


def _another(ledger: Ledger) -> tuple[Actor, str]:
    other = make_producer(ledger)
    return other, issue(ledger, other)


def test_only_who_may_print_orders_and_cancels(ledger: Ledger) -> None:
    actor, stranger = make_producer(ledger), make_producer(ledger)
    run = issue(ledger, actor)
    uid = order(ledger, actor, run)
    reader = make_actor(ledger, str(actor.party_uid), "viewer")
    for other in (stranger, reader):
        with pytest.raises(Forbidden):
            order(ledger, other, run)
        with pytest.raises(Forbidden):
            ledger.perform(other, cancel_print_job, uid)
    for missing in (order, lambda ledger, actor, _: ledger.perform(actor, cancel_print_job, "0")):
        with pytest.raises(NotFound):
            missing(ledger, actor, "0" * 26)
