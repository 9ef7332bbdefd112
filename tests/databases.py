"""Fresh databases for tests: migrated once by alembic for the whole run, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suyuan.migrations.run import upgrade
from suyuan.trace.database import open_database
from tests import missing, postgres


def migrate(url: str) -> None:
    """Bring the database at ``url`` to head, the only way that tables come to be."""
    database = open_database(url)
    upgrade(database)
    database.close()


@contextmanager
def fresh(
    kind: str, run_folder: Path, own_folder: Path, *, durable: bool = False, migrated: bool = True
) -> Iterator[str]:
    """The address of a new database of ``kind`` that is gone at the end.

    A SQLite file lies in ``own_folder``; it always waits for the disk, as in production.
    """
    if kind == "sqlite":
        file = own_folder / "suyuan.db"
        if migrated:
            shutil.copyfile(_sqlite_template(run_folder), file)
        yield f"sqlite:///{file}"
        return
    try:
        server = postgres.server(run_folder, migrate, durable=durable)
    except postgres.NoPostgres as error:
        missing.leave_out("PostgreSQL", str(error))
    with server.clone() if migrated else server.empty() as url:
        yield url


def _sqlite_template(run_folder: Path) -> Path:
    with postgres.locked(run_folder):
        template = run_folder / "template.db"
        if not template.exists():
            making = run_folder / "making.db"
            migrate(f"sqlite:///{making}")
            # its write-ahead log was folded in when the migration closed its last connection
            making.rename(template)
    return template
