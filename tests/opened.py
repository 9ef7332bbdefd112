"""An installation that is opened once for a run; each test that asks for a ledger gets a copy.

Opening one makes keys, signs a directory, publishes a status list and begins a log: a quarter of a
second that thousands of tests would each pay. So its keys are the same in all of them, and nothing
else has happened in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from suyuan.trace.acts.opening import Opening, open_instance
from suyuan.trace.clock import Clock
from suyuan.trace.database import open_database
from suyuan.trace.keys.sealing import ScryptCost
from suyuan.trace.settings import Settings
from tests.locks import locked

CHEAP = ScryptCost(n=2)
"""Deriving a key in tests guards nothing and need not cost half a second."""

OPENING = Opening(
    origin="trace.example.cn", label_host="t.example.cn", issuer="索县农业农村局", demo=False
)


def open_once(kind: str, run_folder: Path, clock: Clock, database: Callable[[Path], str]) -> Path:
    """The folder with the files of the run's installation on databases of ``kind``.

    ``database`` makes its migrated database, given that folder, and names its address.
    """
    folder = run_folder / f"opened-{kind}"
    with locked(run_folder, f"opening-{kind}"):
        if not folder.exists():
            making = run_folder / f"making-{kind}"
            making.mkdir()
            url = database(making)
            opened = open_database(url)
            open_instance(opened, _settings(making, url), clock, OPENING, CHEAP)
            opened.close()
            making.rename(folder)
    return folder


def copy_files(opened: Path, to: Settings) -> None:
    """Put the root key and the passphrase of the run's installation where ``to`` has them."""
    own = _settings(opened, to.database_url)
    shutil.copytree(own.data, to.data)
    to.passphrase_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(own.passphrase_file, to.passphrase_file)


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        data=folder / "data", database_url=url, passphrase_file=folder / "secret" / "passphrase"
    )
