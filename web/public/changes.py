"""What was written since this process began to look, so far as it concerns batches."""

from __future__ import annotations

import threading
from collections.abc import Collection

from suyuan.trace.database import Database
from suyuan.trace.passport.concern import concerned

MOST_AT_ONCE = 500
"""How many new records are looked at one by one; more of them count as concerning everybody."""
MOST_BATCHES = 20_000
"""How many batches are kept apart; beyond it what came before counts as concerning everybody."""


class Changes:
    """How far the log had come when something last concerned a batch, or everybody.

    Sizes count through all logs (``log.positions``): a new log begins far beyond the last, so what
    was told before it holds no longer.
    """

    def __init__(self) -> None:
        self._known: int | None = None
        self._everybody = 0
        self._of_batch: dict[int, int] = {}
        self._lock = threading.Lock()

    def catch_up(self, database: Database, size: int) -> None:
        """Look at all that the log holds before ``size``."""
        with self._lock:
            if self._known is None:
                self._known = self._everybody = size
            if size <= self._known:
                return
            if size - self._known > MOST_AT_ONCE:
                self._forget(size)
            else:
                self._look(database, self._known, size)
            self._known = size

    def holds(self, told_at: int, batch_ids: Collection[int]) -> bool:
        """Whether what was told of these batches at a size is what would be told of them now."""
        with self._lock:
            return told_at >= self._everybody and all(
                self._of_batch.get(one, 0) <= told_at for one in batch_ids
            )

    def _look(self, database: Database, first: int, end: int) -> None:
        with database.read() as session:
            found = concerned(session, first, end)
        for position in range(first, end):
            batch_ids = found.get(position)
            if batch_ids is None:
                self._everybody = position + 1
            else:
                self._of_batch |= dict.fromkeys(batch_ids, position + 1)
        if len(self._of_batch) > MOST_BATCHES:
            self._forget(end)

    def _forget(self, size: int) -> None:
        self._everybody = size
        self._of_batch.clear()
