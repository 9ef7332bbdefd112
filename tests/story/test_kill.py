"""What was acknowledged is there: writers are killed again and again, in the middle of writing."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import sqlalchemy as sa

from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SystemClock
from suyuan.trace.codes.tables import PathState
from suyuan.trace.database import open_database
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import Settings

REMARK = RecordSchema("remark", 1, public=("text",))
KILLS = 50
WRITERS = 2
LONGEST = 0.25
"""Seconds that a writer lives after its first answer, at the most."""


def _remark(w: Writing, records: int) -> list[str]:
    """Several records and a row for each: all of them are to be there, or none."""
    said = [w.record(REMARK, "remark", {"text": "x" * 200}) for _ in range(records)]
    w.session.add_all(
        PathState(path="/t/1", letter="H", because=record_id, since=w.now) for record_id in said
    )
    return said


def _write_until_killed(settings: Settings, answers: Connection, seed: int) -> None:
    """What a server's process does, without the server: acts, each answered when committed."""
    ledger = unlock(open_database(settings.database_url), settings, SystemClock())
    sizes = random.Random(seed)
    while True:
        answers.send(ledger.perform(SYSTEM, _remark, sizes.choice((1, 2, 40))))


def test_what_was_acknowledged_survives_any_kill(durable: Ledger) -> None:
    acknowledged = _kill_writers(durable.settings)
    _nothing_is_missing(durable, acknowledged)
    # and the log goes on from where it stands
    acknowledged |= set(replace(durable, clock=_Later()).perform(SYSTEM, _remark, 3))
    _nothing_is_missing(durable, acknowledged)


def _kill_writers(settings: Settings) -> set[str]:
    """Start writers and kill each at a moment nobody chose; what they were answered."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__, "suyuan.trace.acts.opening"])
    chance = random.Random(20261122)
    acknowledged: set[str] = set()
    for kill in range(0, KILLS, WRITERS):
        living = []
        for writer in range(WRITERS):
            mine, theirs = processes.Pipe(duplex=False)
            process = processes.Process(
                target=_write_until_killed, args=(settings, theirs, kill + writer)
            )
            process.start()
            theirs.close()
            living.append((process, mine))
        for process, answers in living:
            assert answers.poll(30), "the writer never wrote"
            time.sleep(chance.random() * LONGEST)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            acknowledged |= _drained(answers)
    return acknowledged


def _drained(answers: Connection) -> set[str]:
    """All that came whole through the pipe; the last answer may have been cut off."""
    found: set[str] = set()
    try:
        while answers.poll():
            found.update(answers.recv())
    except (EOFError, OSError):
        pass
    return found


def _nothing_is_missing(ledger: Ledger, acknowledged: set[str]) -> None:
    with ledger.database.read() as session:
        if not ledger.database.is_sqlite:
            # one moment for all three: the server may still be committing what a writer sent
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        check = check_log(session)
        assert check.sound, [str(fault) for fault in check.faults]
        said = set(session.scalars(sa.select(Record.id).where(Record.type == "remark")))
        rows = set(session.scalars(sa.select(PathState.because)))
    assert len(acknowledged) >= KILLS
    assert acknowledged <= said
    assert rows == said, "records and what follows from them were not written as one"
    assert check.size == len(said) + 1  # the key directory was the first record


class _Later:
    def now(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC)
