"""Fresh databases for tests: migrated once by alembic for the whole run, then copied.

Where a test asks for a ledger, what is copied holds the installation of ``tests.opened``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Dialect

from suyuan.migrations.run import upgrade
from suyuan.trace.clock import SetClock
from suyuan.trace.database import Database, open_database
from tests import missing, postgres
from tests.locks import locked
from tests.opened import open_once

MOMENT = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
"""When the clocks of tests stand: 2026-06-01 08:00 in Shanghai."""

SQLITE = "suyuan.db"
OPENED = "suyuan_opened"

_COMPILED: dict[str, tuple[Dialect, Any]] = {}


def migrate(url: str) -> None:
    """Bring the database at ``url`` to head, the only way that tables come to be."""
    database = open_database(url)
    upgrade(database)
    database.close()


def compile_once(database: Database) -> None:
    """Let ``database`` use what this process has compiled for others of its kind.

    SQLAlchemy keeps compiled statements by engine and dialect. A server has one of each for life;
    here every test has its own, and would compile each of its statements anew.
    """
    dialect, compiled = _COMPILED.setdefault(
        database.engine.dialect.name, (database.engine.dialect, database.engine._compiled_cache)
    )
    bound = (database.read.kw["bind"], database.write.kw["bind"])
    for engine in (database.engine, database.glances, *bound):
        engine.dialect, engine._compiled_cache, engine.pool._dialect = dialect, compiled, dialect


@contextmanager
def fresh(
    kind: str,
    run_folder: Path,
    own_folder: Path,
    *,
    durable: bool = False,
    migrated: bool = True,
    opened: bool = False,
) -> Iterator[str]:
    """The address of a new database of ``kind`` that is gone at the end.

    A SQLite file lies in ``own_folder``; it always waits for the disk, as in production.
    ``opened``: it holds the run's installation.
    """
    if kind == "sqlite":
        file = own_folder / SQLITE
        if migrated:
            plain = _sqlite_template(run_folder)
            shutil.copyfile(opened_files(kind, run_folder) / SQLITE if opened else plain, file)
        yield f"sqlite:///{file}"
        return
    server = _server(run_folder, durable=durable)
    if opened:
        opened_files(kind, run_folder)
    template = OPENED if opened else postgres.TEMPLATE
    with server.clone(template) if migrated else server.empty() as url:
        yield url


def opened_files(kind: str, run_folder: Path) -> Path:
    """The folder with the files of the run's installation on a database of ``kind``."""
    clock = SetClock(MOMENT)
    if kind == "sqlite":
        template = _sqlite_template(run_folder)
        return open_once(kind, run_folder, clock, lambda folder: _copied(template, folder))
    server = _server(run_folder)
    return open_once(kind, run_folder, clock, lambda _: server.copy_template(OPENED))


def _copied(template: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copyfile(template, folder / SQLITE)}"


def _server(run_folder: Path, *, durable: bool = False) -> postgres.Server:
    try:
        return postgres.server(run_folder, migrate, durable=durable)
    except postgres.NoPostgres as error:
        missing.leave_out("PostgreSQL", str(error))


def _sqlite_template(run_folder: Path) -> Path:
    with locked(run_folder):
        template = run_folder / "template.db"
        if not template.exists():
            making = run_folder / "making.db"
            migrate(f"sqlite:///{making}")
            # its write-ahead log was folded in when the migration closed its last connection
            making.rename(template)
    return template
