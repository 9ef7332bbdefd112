"""Faults at chosen moments of a transaction: before or after any statement, or the commit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from suyuan.trace.database import Database

COMMIT: Final = "commit"


class Fault(Exception):
    """Something failed that has nothing to do with what was asked."""


@dataclass(frozen=True)
class Step:
    """A moment: before or after the statement of this number, or the commit."""

    when: Literal["before", "after"]
    what: int | Literal["commit"]


def fail() -> None:
    """Fail as a full disk or a lost connection would."""
    raise Fault


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def watched(database: Database, happens: Callable[[Step], None]) -> Iterator[None]:
    """Calls ``happens`` at each step of the transactions of ``database``, in order."""
    count = 0

    def before(*_args: Any) -> None:
        nonlocal count
        count += 1
        happens(Step("before", count))

    def after(*_args: Any) -> None:
        happens(Step("after", count))

    dialect: Any = database.engine.dialect
    committing = dialect.do_commit

    def commit(connection: object) -> None:
        happens(Step("before", COMMIT))
        committing(connection)
        happens(Step("after", COMMIT))

    sa.event.listen(database.engine, "before_cursor_execute", before)
    sa.event.listen(database.engine, "after_cursor_execute", after)
    dialect.do_commit = commit
    try:
        yield
    finally:
        dialect.do_commit = committing
        sa.event.remove(database.engine, "before_cursor_execute", before)
        sa.event.remove(database.engine, "after_cursor_execute", after)


@contextmanager
def fault_at(database: Database, step: Step, fault: Callable[[], None]) -> Iterator[None]:
    """Has ``fault`` happen once, at ``step``."""

    def happens(now: Step) -> None:
        if now == step:
            fault()

    with watched(database, happens):
        yield


def steps_of(database: Database, work: Callable[[], object]) -> list[Step]:
    """The steps that ``work`` takes, which is done."""
    seen: list[Step] = []
    with watched(database, seen.append):
        work()
    return seen
