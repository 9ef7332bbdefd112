"""Opening an installation, once, and unlocking it after each restart."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from suyuan.trace.acts.opening import SEALED_ROOT, open_instance, unlock
from suyuan.trace.acts.statuses import renew_status
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.queries import newest_directory, newest_status
from suyuan.trace.database import Database, open_database
from suyuan.trace.errors import Conflict, Misconfigured
from suyuan.trace.keys.directory import KeyUse, open_directory
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.sealing import WrongPassphrase
from suyuan.trace.log.audit import check_log
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import Settings
from tests.opened import CHEAP, OPENING
from tests.world import make_party


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_installation_is_opened_once(
    ledger: Ledger, database: Database, settings: Settings, clock: SetClock
) -> None:
    root = settings.root_key_file.read_text()
    with pytest.raises(Conflict):
        open_instance(database, settings, clock, OPENING, CHEAP)
    assert settings.root_key_file.read_text() == root
    with database.read() as session:
        assert check_log(session).size == 1


def test_secrets_can_be_read_by_their_owner_alone(
    database: Database, settings: Settings, clock: SetClock
) -> None:
    open_instance(database, settings, clock, OPENING, CHEAP)
    assert _mode(settings.passphrase_file) == 0o600
    assert _mode(settings.passphrase_file.parent) == 0o700
    assert _mode(settings.data / SEALED_ROOT) == 0o600
    assert not settings.passphrase_file.is_relative_to(settings.data)


def test_no_private_key_lies_open_in_the_database(ledger: Ledger, database_url: str) -> None:
    signer = ledger.keys.codes[0][1]
    seed = signer.seed()  # type: ignore[attr-defined]  # the keys of a test are in memory
    database = open_database(database_url)
    with database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT sealed FROM signing_key").all()
    database.close()
    assert len(rows) == 4
    assert all(seed not in bytes(row[0]) for row in rows)


def test_after_a_restart_the_same_keys_go_on(
    ledger: Ledger, database_url: str, settings: Settings, clock: SetClock
) -> None:
    make_party(ledger)
    again = unlock(open_database(database_url), settings, clock)
    make_party(again)
    assert again.keys.log.key_id == ledger.keys.log.key_id
    assert again.keys.codes[0][0] == ledger.keys.codes[0][0]
    assert again.keys.secret == ledger.keys.secret
    with again.database.read() as session:
        assert check_log(session).sound
    again.database.close()


def test_another_passphrase_opens_nothing(
    ledger: Ledger, database: Database, settings: Settings, clock: SetClock
) -> None:
    settings.passphrase_file.write_text("another one\n")
    with pytest.raises(WrongPassphrase):
        unlock(database, settings, clock)


def test_a_passphrase_that_cannot_be_read_is_told_by_its_path(
    ledger: Ledger, database: Database, settings: Settings, clock: SetClock
) -> None:
    nowhere = replace(settings, passphrase_file=settings.data / "nowhere")
    with pytest.raises(Misconfigured, match="nowhere"):
        unlock(database, nowhere, clock)


def test_what_was_never_opened_cannot_be_unlocked(
    database: Database, settings: Settings, clock: SetClock
) -> None:
    with pytest.raises(Misconfigured, match="suyuan init"):
        unlock(database, settings, clock)


def test_the_first_directory_is_signed_by_the_root_and_names_one_key_for_each_use(
    ledger: Ledger, settings: Settings
) -> None:
    root = parse_verifier_key(settings.root_key_file.read_text().strip())
    with ledger.database.read() as session:
        directory = open_directory(newest_directory(session).note, (root,))
    assert {key.use for key in directory.keys} == {KeyUse.LOG, KeyUse.CODE, KeyUse.STATUS}
    assert root.public_key not in {key.key.public_key for key in directory.keys}
    assert directory.host("t.example.cn") is not None


def test_the_status_list_is_renewed_before_it_runs_out(ledger: Ledger, clock: SetClock) -> None:
    assert not ledger.perform(SYSTEM, renew_status)
    with ledger.database.read() as session:
        first = newest_status(session)
    clock.move(first.as_of + (first.next_by - first.as_of) / 2)
    assert ledger.perform(SYSTEM, renew_status)
    assert not ledger.perform(SYSTEM, renew_status)
    with ledger.database.read() as session:
        assert newest_status(session).seq == first.seq + 1
