"""What a witness keeps: its sealed key, the logs that it follows, and the last tree of each.

One SQLite file of its own, with ``synchronous=FULL``: what was committed is on the disk before
anything is answered. The file itself refuses to let a tree grow smaller or a log be forgotten.
It must never be restored from a copy: an older one has forgotten what the witness has signed.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from suyuan.trace.errors import Conflict, Misconfigured, NotFound, Unavailable
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.witness.rules import Seen

FILE = "witness.db"
_BUSY_SECONDS = 10
_TABLES = """
CREATE TABLE own (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL,
    keyring TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE log (origin TEXT PRIMARY KEY, size INTEGER NOT NULL DEFAULT 0 CHECK (size >= 0),
    root BLOB, checkpoint TEXT, at INTEGER);
CREATE TABLE log_key (origin TEXT NOT NULL REFERENCES log, key TEXT NOT NULL UNIQUE);
CREATE TABLE fork (origin TEXT NOT NULL REFERENCES log, size INTEGER NOT NULL, root BLOB NOT NULL,
    checkpoint TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (origin, size));
CREATE TRIGGER no_way_back BEFORE UPDATE ON log
    WHEN NEW.size < OLD.size OR (NEW.size = OLD.size AND OLD.root IS NOT NULL
        AND NEW.root IS NOT OLD.root) OR NEW.origin <> OLD.origin
    BEGIN SELECT RAISE(ABORT, 'a witness does not go back'); END;
CREATE TRIGGER nothing_forgotten BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'a witness does not forget'); END;
"""


@dataclass(frozen=True)
class FollowedLog:
    """A log as a witness knows it; ``checkpoint`` is what it served last, None before the first.

    ``forks``: checkpoints signed by the log that contradict what was cosigned.
    """

    origin: str
    keys: tuple[VerifierKey, ...]
    seen: Seen
    checkpoint: str | None
    at: int | None
    forks: tuple[str, ...]


class WitnessStore:
    """The file of one witness. Safe for any number of processes and threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def create(self, name: str, keyring: dict[str, Any], sealed: bytes) -> None:
        """Make the file. Raises Conflict where there is one."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError as error:
            raise Conflict(
                "There is a witness in {folder} already.", folder=self._path.parent
            ) from (error)
        with self._opened() as connection:
            connection.executescript("PRAGMA journal_mode=WAL; BEGIN IMMEDIATE;" + _TABLES)
            connection.execute(
                "INSERT INTO own VALUES (1, ?, ?, ?)", (name, json.dumps(keyring), sealed)
            )
            connection.execute("COMMIT")

    def own(self) -> tuple[str, dict[str, Any], bytes]:
        """Name, stored keyring and sealed key. Raises Misconfigured where there is no witness."""
        with self._opened() as connection:
            found = connection.execute("SELECT name, keyring, sealed FROM own").fetchone()
        if found is None:
            raise Misconfigured("The witness in {folder} is not whole.", folder=self._path.parent)
        return found[0], json.loads(found[1]), found[2]

    def add_key(self, origin: str, key: VerifierKey) -> None:
        """Follow a log under one of its keys. Raises Conflict for a key that is there already."""
        with self.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO log (origin) VALUES (?)", (origin,))
            try:
                connection.execute("INSERT INTO log_key VALUES (?, ?)", (origin, str(key)))
            except sqlite3.IntegrityError as error:
                raise Conflict("This key is followed already.") from error

    def logs(self) -> tuple[FollowedLog, ...]:
        """Every log, by origin."""
        with self._opened() as connection:
            origins = connection.execute("SELECT origin FROM log ORDER BY origin").fetchall()
            return tuple(followed_log(connection, origin) for (origin,) in origins)

    def log(self, origin: str) -> FollowedLog:
        """One log. Raises NotFound."""
        with self._opened() as connection:
            return followed_log(connection, origin)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its first reading, on the disk at its end.

        Raises Unavailable where others hold the lock for too long.
        """
        with self._opened() as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise Unavailable("The witness is busy. Send the same again.") from error
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        if not self._path.exists():
            raise Misconfigured(
                "There is no witness in {folder}: run suyuan witness init.",
                folder=self._path.parent,
            )
        with closing(
            sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        ) as it:
            it.execute("PRAGMA synchronous=FULL")
            it.execute("PRAGMA foreign_keys=ON")
            yield it


def followed_log(connection: sqlite3.Connection, origin: str) -> FollowedLog:
    """One log as it stands in this transaction. Raises NotFound."""
    row = connection.execute(
        "SELECT size, root, checkpoint, at FROM log WHERE origin = ?", (origin,)
    ).fetchone()
    if row is None:
        raise NotFound("This witness does not follow this log.")
    keys = connection.execute("SELECT key FROM log_key WHERE origin = ?", (origin,)).fetchall()
    forks = connection.execute("SELECT checkpoint FROM fork WHERE origin = ?", (origin,)).fetchall()
    size, root, checkpoint, at = row
    return FollowedLog(
        origin,
        tuple(parse_verifier_key(key) for (key,) in keys),
        Seen() if root is None else Seen(size, root),
        checkpoint,
        at,
        tuple(note for (note,) in forks),
    )


def keep_seen(
    connection: sqlite3.Connection, origin: str, seen: Seen, checkpoint: str, at: int
) -> None:
    """Remember the tree that is about to be cosigned."""
    connection.execute(
        "UPDATE log SET size = ?, root = ?, checkpoint = ?, at = ? WHERE origin = ?",
        (seen.size, seen.root, checkpoint, at, origin),
    )


def keep_fork(
    connection: sqlite3.Connection, origin: str, seen: Seen, checkpoint: str, at: int
) -> None:
    """Keep the first checkpoint of each size that contradicts: it is signed, and so it is proof."""
    connection.execute(
        "INSERT OR IGNORE INTO fork VALUES (?, ?, ?, ?, ?)",
        (origin, seen.size, seen.root, checkpoint, at),
    )
