"""Whatever fails at any step of an act: the log is whole and nothing acknowledged is missing."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SystemClock
from suyuan.trace.codes.tables import PathState
from suyuan.trace.database import open_database
from suyuan.trace.log import queries, tiles
from suyuan.trace.log.audit import check_log, log_key
from suyuan.trace.log.checkpoint import open_checkpoint
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Record, Tile
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import Settings
from tests.faults import COMMIT, Fault, Step, die, fail, fault_at, steps_of

REMARK = RecordSchema("remark", 1, public=("text",))
BEFORE = 254
"""Entries before the act that is disturbed: it fills the first tile."""
ACTS = 40


def _remarks(w: Writing, records: int) -> list[str]:
    """Records and a row for each: all of them are to be there, or none."""
    said = [w.record(REMARK, "remark", {"text": "x"}) for _ in range(records)]
    w.session.add_all(
        PathState(path="/t/1", letter="H", token="", because=uid, since=w.now) for uid in said
    )
    return said


@pytest.fixture
def nearly_full(durable: Ledger) -> Ledger:
    """A ledger with so many entries."""
    with durable.database.read() as session:
        opened = queries.head(session).size
    durable.perform(SYSTEM, _remarks, BEFORE - opened)
    return durable


def _is_whole(ledger: Ledger) -> set[str]:
    """Checks that the log is sound and that records and rows agree; the remarks there are."""
    with ledger.database.read() as session:
        if not ledger.database.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        check = check_log(session)
        assert check.sound, [str(fault) for fault in check.faults]
        said = set(session.scalars(sa.select(Record.id).where(Record.type == "remark")))
        assert said == set(session.scalars(sa.select(PathState.because)))
        full = session.scalar(sa.select(sa.func.count()).select_from(Tile)) or 0
        assert full == check.size // 256
    return said


def _steps(ledger: Ledger) -> list[Step]:
    """The steps of the act that fills a tile: tried once, and undone before its commit."""

    def tried() -> None:
        with (
            pytest.raises(Fault),
            fault_at(ledger.database, Step("before", COMMIT), fail),
        ):
            ledger.perform(SYSTEM, _remarks, 3)

    steps = [step for step in steps_of(ledger.database, tried) if step.what != COMMIT]
    assert len(steps) >= 12, steps
    return [*steps, Step("before", COMMIT), Step("after", COMMIT)]


def test_a_failure_at_any_step_leaves_all_or_nothing(nearly_full: Ledger) -> None:
    acknowledged = _is_whole(nearly_full)
    for step in _steps(nearly_full):
        with pytest.raises(Fault), fault_at(nearly_full.database, step, fail):
            nearly_full.perform(SYSTEM, _remarks, 3)
        there = _is_whole(nearly_full)
        committed = step == Step("after", COMMIT)
        assert acknowledged <= there, step
        assert len(there - acknowledged) == (3 if committed else 0), step
    more = nearly_full.perform(SYSTEM, _remarks, 3)
    assert set(more) <= _is_whole(nearly_full)


def _act_and_die(settings: Settings, step: Step) -> None:
    ledger = unlock(open_database(settings.database_url), settings, SystemClock())
    with fault_at(ledger.database, step, die):
        ledger.perform(SYSTEM, _remarks, 3)


def test_a_kill_at_any_step_leaves_all_or_nothing(nearly_full: Ledger) -> None:
    acknowledged = _is_whole(nearly_full)
    processes = _processes()
    # nothing lies between the end of one statement and the beginning of the next
    moments = [step for step in _steps(nearly_full) if step.when == "after" or step.what == COMMIT]
    for step in moments:
        process = processes.Process(target=_act_and_die, args=(nearly_full.settings, step))
        process.start()
        process.join(60)
        assert process.exitcode == -9, (step, process.exitcode)
        there = _is_whole(nearly_full)
        assert acknowledged <= there, step
        assert len(there - acknowledged) == (3 if step == Step("after", COMMIT) else 0), step
    more = nearly_full.perform(SYSTEM, _remarks, 3)
    assert set(more) <= _is_whole(nearly_full)


def _act_and_tell(settings: Settings, answers: Connection) -> None:
    ledger = unlock(open_database(settings.database_url), settings, SystemClock())
    answers.send([])
    for number in range(ACTS):
        said = ledger.perform(SYSTEM, _remarks, 1 + number % 3)
        with ledger.database.read() as session:
            answers.send((said, queries.head(session).checkpoint))


def test_two_server_processes_cannot_fork_the_log(nearly_full: Ledger) -> None:
    """Every checkpoint that either of them ever showed is of one and the same history."""
    processes, running = _processes(), []
    for _ in range(2):
        mine, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=_act_and_tell, args=(nearly_full.settings, theirs))
        process.start()
        theirs.close()
        running.append((process, mine))
    for _, answers in running:
        assert answers.poll(60), "a process never began"
        answers.recv()
    acknowledged: set[str] = set()
    notes: list[str] = []
    for process, answers in running:
        for _ in range(ACTS):
            said, note = answers.recv()
            acknowledged.update(said)
            notes.append(note)
        process.join(60)
        assert process.exitcode == 0
    assert acknowledged <= _is_whole(nearly_full)
    with nearly_full.database.read() as session:
        shown = {open_checkpoint(note, log_key(session)) for note in notes}
        read = queries.hash_reader(session)
        trees = {one: tiles.tree_root(read, one.size) for one in shown}
    assert len(shown) > ACTS
    assert {one: one.root for one in shown} == trees
    assert len({one.size for one in shown}) == len(shown), "two trees of one size"


def _processes() -> ForkServerContext:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__, "suyuan.trace.acts.opening"])
    return processes
