"""The command ``suyuan`` as an operator types it, over one database and one data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from suyuan.cli import main
from suyuan.trace.acts.opening import open_instance
from suyuan.trace.clock import SystemClock
from suyuan.trace.database import open_database
from suyuan.trace.settings import Settings
from tests.databases import migrate
from tests.opened import CHEAP, OPENING


@dataclass(frozen=True)
class Typed:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Shell:
    """Types commands.

    ``run`` runs them in this process, which spares a second of loading each time; ``run_alone`` in
    one of their own, as people do: for what changes a process, such as its signals or its journal.
    """

    folder: Path
    database_url: str

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "SUYUAN_DATA": str(self.folder / "data"),
            "SUYUAN_DATABASE_URL": self.database_url,
            "SUYUAN_PASSPHRASE_FILE": str(self.folder / "secret" / "passphrase"),
            # where the tree that is tested is not the one that is installed
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
            **more,
        }

    def run(self, *words: str, **more: str) -> Typed:
        others = dict.fromkeys(name for name in os.environ if name not in self.environment(**more))
        done = CliRunner().invoke(main, words, env={**others, **self.environment(**more)})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Typed(done.exit_code, done.stdout, done.stderr)

    def run_alone(self, *words: str, **more: str) -> Typed:
        done = subprocess.run(
            [Path(sys.executable).with_name("suyuan"), *words],
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Typed(done.returncode, done.stdout, done.stderr)

    def done(self, *words: str) -> str:
        """What the command prints, which must succeed."""
        finished = self.run(*words)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def init(self, label_host: str = "t.example.cn") -> Typed:
        return self.run_alone(
            "init", "--origin", "trace.example.cn", "--label-host", label_host, "--issuer", "县局"
        )


def install(folder: Path) -> Shell:
    """A shell in whose folder there is an installation, as ``init`` leaves it but with cheap keys:
    deriving one costs half a second, and guards nothing here."""
    shell = Shell(folder, f"sqlite:///{folder}/data/suyuan.db")
    (folder / "data").mkdir()
    migrate(shell.database_url)
    database = open_database(shell.database_url)
    settings = Settings(folder / "data", shell.database_url, folder / "secret" / "passphrase")
    open_instance(database, settings, SystemClock(), OPENING, CHEAP)
    database.close()
    return shell
