"""A backup holds everything, and everything comes back, also into the other kind of database."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.migrations.run import newest
from suyuan.trace.acts.continuing import continue_log
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.backup.archive import LIST, BadBackup, reading_archive
from suyuan.trace.backup.making import make_backup
from suyuan.trace.backup.restoring import Restored, restore_backup
from suyuan.trace.clock import SetClock
from suyuan.trace.database import Database, open_database
from suyuan.trace.errors import Conflict, Misconfigured
from suyuan.trace.log.audit import check_log
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import Settings
from suyuan.trace.tables import metadata
from tests.databases import fresh
from tests.jerky import make_jerky
from tests.world import make_batch, make_party, make_producer


def quiet(_part: str) -> None:
    """Nobody watches."""


def backed_up(ledger: Ledger, out: Path) -> Path:
    make_backup(ledger.database, ledger.settings, ledger.clock, newest(), out, quiet)
    return out


def brought_back(file: Path, database: Database, settings: Settings) -> Restored:
    with reading_archive(file) as archive:
        archive.check()
        return restore_backup(database, settings, archive, newest(), quiet)


def contents(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """Another database, migrated and empty."""
    with fresh(request.param, run_folder, tmp_path_factory.mktemp("other")) as url:
        database = open_database(url)
        yield database
        database.close()


def test_everything_comes_back(
    ledger: Ledger, empty: Database, clock: SetClock, tmp_path: Path
) -> None:
    make_jerky(ledger)
    (ledger.settings.families_folder).mkdir(parents=True)
    (ledger.settings.families_folder / "own.json").write_text("{}")
    file = backed_up(ledger, tmp_path / "all.backup")
    assert file.stat().st_mode & 0o777 == 0o600

    elsewhere = replace(
        ledger.settings,
        data=tmp_path / "elsewhere",
        database_url=empty.engine.url.render_as_string(hide_password=False),
    )
    restored = brought_back(file, empty, elsewhere)

    assert restored.evidence == 2
    back, before = contents(empty), contents(ledger.database)
    # the log comes back halted, see test_continuing
    assert [row[:-1] for row in back.pop("head")] == [row[:-1] for row in before.pop("head")]
    assert back == before
    assert (elsewhere.families_folder / "own.json").read_text() == "{}"
    with empty.read() as session:
        assert check_log(session).sound


def test_what_was_brought_back_is_written_on(
    ledger: Ledger, empty: Database, clock: SetClock, tmp_path: Path
) -> None:
    make_batch(ledger, make_producer(ledger))
    file = backed_up(ledger, tmp_path / "all.backup")
    brought_back(file, empty, ledger.settings)
    again = unlock(empty, ledger.settings, clock)
    again.perform(SYSTEM, continue_log, "the disk died")
    make_batch(again, make_producer(again))
    with empty.read() as session:
        assert check_log(session).sound


def test_a_backup_is_of_one_moment_while_others_write(
    ledger: Ledger, empty: Database, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            make_party(ledger)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [backed_up(ledger, tmp_path / f"{number}.backup") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    brought_back(files[-1], empty, replace(ledger.settings, data=tmp_path / "elsewhere"))
    with empty.read() as session:
        assert check_log(session).sound


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_backup_that_was_changed_or_cut_off_brings_nothing_back(
    ledger: Ledger, empty: Database, tmp_path: Path, at: float
) -> None:
    file = backed_up(ledger, tmp_path / "all.backup")
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        member = max(archive.infolist(), key=lambda one: one.compress_size)
    # within what a member holds: of the bytes between members, such as its hour, nothing is read
    place = member.header_offset + 30 + len(member.filename) + int(member.compress_size * at)
    for broken in (whole[:place], whole[:place] + b"\x00\xff\x00\xff" + whole[place + 4 :]):
        if broken == whole:
            continue
        file.write_bytes(broken)
        with pytest.raises(BadBackup):
            brought_back(file, empty, ledger.settings)
    assert not any(contents(empty).values())


def test_a_member_that_was_put_in_another_s_place_is_found(ledger: Ledger, tmp_path: Path) -> None:
    file = backed_up(ledger, tmp_path / "all.backup")
    changed = tmp_path / "changed.backup"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, b"" if name == "tables/leaf.jsonl" else data)
        assert LIST in new.namelist()
    with reading_archive(changed) as archive, pytest.raises(BadBackup, match="leaf"):
        archive.check()


def test_a_backup_never_goes_over_an_installation(ledger: Ledger, tmp_path: Path) -> None:
    file = backed_up(ledger, tmp_path / "all.backup")
    before = contents(ledger.database)
    with pytest.raises(Conflict, match="empty"):
        brought_back(file, ledger.database, ledger.settings)
    assert contents(ledger.database) == before


def test_a_backup_of_other_tables_is_refused(
    ledger: Ledger, empty: Database, tmp_path: Path
) -> None:
    file = backed_up(ledger, tmp_path / "all.backup")
    with reading_archive(file) as archive, pytest.raises(Misconfigured, match="0000"):
        restore_backup(empty, ledger.settings, archive, "0000", quiet)


def test_evidence_that_is_gone_is_named_and_the_rest_kept(
    ledger: Ledger, empty: Database, tmp_path: Path
) -> None:
    make_jerky(ledger)
    lost = next(path for path in ledger.settings.evidence_folder.glob("*/*"))
    lost.unlink()
    made = make_backup(
        ledger.database, ledger.settings, ledger.clock, newest(), tmp_path / "all.backup", quiet
    )
    assert made.missing == (lost.name,)
    elsewhere = replace(ledger.settings, data=tmp_path / "elsewhere")
    assert brought_back(tmp_path / "all.backup", empty, elsewhere).evidence == 1
