"""Locks among the test processes of one run."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path, what: str = "lock") -> Iterator[None]:
    """Hold one thing of a run's folder against the other test processes of this run."""
    with (folder / what).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
