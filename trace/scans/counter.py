"""Counting scans: how often a code was opened and since when; never who, where or with what.

Openings are tallied in the process and written together every few seconds, so that a scan costs
its reader no write. A process that is killed loses the tally of those seconds and nothing else:
scans are a hint about copies, no part of the record, and not logged.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from suyuan.trace.database import Database
from suyuan.trace.scans.tables import ScanTally

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3.0
"""How long a tally waits before it is written."""
MOST_PATHS = 50_000
"""How many paths one tally holds where the database cannot be written; beyond it none is added."""


@dataclass(frozen=True)
class Openings:
    """How often a path was opened, first and last when (UTC)."""

    count: int
    first_at: datetime
    last_at: datetime

    def __add__(self, other: Openings) -> Openings:
        return Openings(
            self.count + other.count,
            min(self.first_at, other.first_at),
            max(self.last_at, other.last_at),
        )


def write_openings(session: Session, tally: Mapping[str, Openings]) -> None:
    """Add the tally to the table; the caller commits."""
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    adding = insert(ScanTally)
    adding = adding.on_conflict_do_update(
        index_elements=[ScanTally.path],
        set_={
            "count": ScanTally.count + adding.excluded["count"],
            "last_at": adding.excluded.last_at,
        },
    )
    # in one order, so that two processes that write at once wait and do not block each other
    rows = [
        {"path": path, "count": seen.count, "first_at": seen.first_at, "last_at": seen.last_at}
        for path, seen in sorted(tally.items())
    ]
    session.execute(adding, rows)


class ScanCounter:
    """The tally of one process, with a thread that writes it; safe to use from many threads.

    The thread starts with the first opening, so in each worker process after it was forked.
    """

    def __init__(self, database: Database, every: float = EVERY_SECONDS) -> None:
        self._database = database
        self._every = every
        self._tally: dict[str, Openings] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._process: int | None = None

    def count(self, path: str, at: datetime) -> None:
        """Somebody opened the page of ``path``, the canonical path of a package."""
        opened = Openings(1, at, at)
        with self._lock:
            before = self._tally.get(path)
            if before is not None:
                self._tally[path] = before + opened
            elif len(self._tally) < MOST_PATHS:
                self._tally[path] = opened
            self._start()

    def flush(self) -> None:
        """Write what was tallied; where the database refuses, it is kept for the next time."""
        with self._lock:
            tally, self._tally = self._tally, {}
        if not tally:
            return
        try:
            with self._database.write() as session:
                write_openings(session, tally)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("scans not written", error=type(error).__name__, paths=len(tally))
            self._take_back(tally)

    def stop(self) -> None:
        """Stop the thread and write what is left."""
        self._stop.set()
        self.flush()

    def _take_back(self, tally: Mapping[str, Openings]) -> None:
        with self._lock:
            for path, seen in tally.items():
                since = self._tally.get(path)
                self._tally[path] = seen + since if since else seen

    def _start(self) -> None:
        if self._process == os.getpid() or self._stop.is_set():
            return
        self._process = os.getpid()
        threading.Thread(target=self._run, name="scan-counter", daemon=True).start()
        atexit.register(self.stop)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self.flush()
