"""A freshly opened installation for a test: real migrations, real keys, a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from suyuan.trace.acts.opening import open_instance, unlock
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SetClock, SystemClock
from suyuan.trace.database import Database, open_database
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import Settings
from tests import databases
from tests.opened import CHEAP, OPENING, copy_files

REMARK = RecordSchema("remark", 1, public=("text",), personal=("phone",))
"""A record for tests of the log, which no slice knows."""


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    """Settings whose data folder and passphrase belong to this test alone."""
    return Settings(
        data=tmp_path / "data",
        database_url=database.engine.url.render_as_string(hide_password=False),
        passphrase_file=tmp_path / "secret" / "passphrase",
    )


@pytest.fixture
def ledger(
    database: Database, database_kind: str, settings: Settings, clock: SetClock, run_folder: Path
) -> Ledger:
    """The unlocked ledger of an installation that has just been opened."""
    copy_files(databases.opened_files(database_kind, run_folder), settings)
    return unlock(database, settings, clock)


@pytest.fixture
def durable(durable_database_url: str, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with the time of day, on a database that waits for the disk."""
    settings = Settings(
        data=tmp_path / "data",
        database_url=durable_database_url,
        passphrase_file=tmp_path / "passphrase",
    )
    database = open_database(durable_database_url)
    yield open_instance(database, settings, SystemClock(), OPENING, CHEAP)
    database.close()


@pytest.fixture
def remarks(ledger: Ledger) -> Ledger:
    """A log of 301 records, so with a full tile."""

    def write(w: Writing) -> None:
        for number in range(300):
            w.record(REMARK, "remark", {"text": str(number), "phone": "+8613800000000"})

    ledger.perform(SYSTEM, write)
    return ledger
