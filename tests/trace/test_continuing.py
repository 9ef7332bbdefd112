"""A restored backup never signs a second history: its log is closed and the next one opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from suyuan.migrations.run import newest
from suyuan.trace.acts.continuing import Continued, continue_log
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.backup.archive import reading_archive
from suyuan.trace.backup.making import make_backup
from suyuan.trace.backup.restoring import restore_backup
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.queries import newest_status
from suyuan.trace.database import Database, open_database
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.keys.notes import Ed25519Signer
from suyuan.trace.keys.tables import DirectoryDraft
from suyuan.trace.log import queries, tiles
from suyuan.trace.log.append import LogHalted
from suyuan.trace.log.audit import check_log, log_key
from suyuan.trace.log.checkpoint import open_checkpoint, sign_checkpoint
from suyuan.trace.log.merkle import verify_inclusion
from suyuan.trace.log.positions import number_in
from suyuan.trace.log.tables import Leaf, Record
from suyuan.trace.oversight.proof import checks, record_proof
from suyuan.trace.parties.actor import SYSTEM
from tests.databases import fresh
from tests.world import make_batch, make_party, make_producer


def quiet(_part: str) -> None:
    """Nobody watches."""


Bring = Callable[[], AbstractContextManager[Ledger]]


@pytest.fixture
def bring_back(
    ledger: Ledger,
    database_kind: str,
    run_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    clock: SetClock,
) -> Bring:
    """Brings a backup of ``ledger`` back, as often as asked; its log is not continued yet.

    ``ledger`` goes on meanwhile, as a server does before its disk dies.
    """
    make_batch(ledger, make_producer(ledger))
    file = tmp_path_factory.mktemp("kept") / "all.backup"
    make_backup(ledger.database, ledger.settings, ledger.clock, newest(), file, quiet)
    for _ in range(3):
        make_party(ledger)

    @contextmanager
    def bring() -> Iterator[Ledger]:
        folder = tmp_path_factory.mktemp("other")
        with fresh(database_kind, run_folder, folder) as url:
            database = open_database(url)
            elsewhere = replace(ledger.settings, data=folder / "data", database_url=url)
            with reading_archive(file) as archive:
                restore_backup(database, elsewhere, archive, newest(), quiet)
            yield unlock(database, elsewhere, clock)
            database.close()

    return bring


@pytest.fixture
def restored(bring_back: Bring) -> Iterator[Ledger]:
    """What a backup of ``ledger`` was brought back to, its log not continued yet."""
    with bring_back() as ledger:
        yield ledger


def size_of(database: Database) -> int:
    with database.read() as session:
        return queries.head(session).size


def size_of_closed(database: Database) -> int:
    with database.read() as session:
        return queries.log_numbered(session, 1).size


def checkpoint_of(database: Database) -> str:
    with database.read() as session:
        return queries.head(session).checkpoint


def go_on(ledger: Ledger, last_known: str | None = None) -> Continued:
    return ledger.perform(SYSTEM, continue_log, "the disk died", last_known)


def test_nothing_is_appended_before_the_log_is_continued(ledger: Ledger, restored: Ledger) -> None:
    before = checkpoint_of(restored.database)
    with pytest.raises(LogHalted, match="backup"):
        make_party(restored)
    assert checkpoint_of(restored.database) == before


def test_the_next_log_begins_with_the_last_checkpoint_of_the_old_one(
    ledger: Ledger, restored: Ledger
) -> None:
    last = checkpoint_of(ledger.database)
    told = go_on(restored, last)
    assert told.closed == "trace.example.cn/log"
    assert number_in(told.opened, "trace.example.cn") == 2
    assert told.lost == size_of(ledger.database) - size_of_closed(restored.database) > 0
    with restored.database.read() as session:
        head = queries.head(session)
        signed = open_checkpoint(head.checkpoint, log_key(session))
        assert (signed.origin, signed.size) == (told.opened, 1)
        first = session.query(Record).filter(Record.type == "log-continued").one()
        assert first.body is not None
        assert json.loads(first.body)["checkpoint"] == last
        assert tiles.tree_root(queries.hash_reader(session), 1) == signed.root


def test_the_closed_log_is_never_signed_again(ledger: Ledger, restored: Ledger) -> None:
    closed = checkpoint_of(restored.database)
    go_on(restored)
    for _ in range(3):
        make_party(restored)
    with restored.database.read() as session:
        assert queries.log_numbered(session, 1).checkpoint == closed
        assert queries.head(session).size > 3


def test_two_histories_of_one_log_are_never_signed(ledger: Ledger, restored: Ledger) -> None:
    """The old server and what was restored both go on, and nothing contradicts the other."""
    go_on(restored)
    make_party(restored)
    make_party(ledger)
    with ledger.database.read() as one, restored.database.read() as other:
        ours = open_checkpoint(queries.head(one).checkpoint, log_key(one))
        closed = open_checkpoint(
            queries.log_numbered(other, 1).checkpoint, log_key(other, ours.origin)
        )
        assert closed.root == tiles.tree_root(queries.hash_reader(one), closed.size)
        assert queries.head(other).origin != ours.origin


def test_a_backup_that_is_brought_back_twice_makes_two_logs(
    restored: Ledger, bring_back: Bring, clock: SetClock
) -> None:
    first = go_on(restored)
    clock.move(clock.now() + timedelta(minutes=10))
    with bring_back() as again:
        second = go_on(again)
        assert first.opened != second.opened
        with restored.database.read() as one, again.database.read() as other:
            earlier, later = one.query(DirectoryDraft).one(), other.query(DirectoryDraft).one()
            assert later.seq > earlier.seq, "who saw the earlier directory takes the later one"


def test_both_logs_are_checked_and_their_entries_proved(ledger: Ledger, restored: Ledger) -> None:
    go_on(restored)
    for _ in range(260):  # past a full tile
        make_party(restored)
    with restored.database.read() as session:
        assert check_log(session).sound
        for leaf in session.query(Leaf).order_by(Leaf.index):
            head = queries.head_at(session, leaf.index)
            root = tiles.tree_root(queries.hash_reader(session, head.id), head.size)
            proof = queries.inclusion_proof(session, leaf.index, head.size)
            index = leaf.index % (1 << 40)
            verify_inclusion(leaf.hash, index, head.size, proof, root)


def test_a_record_is_proved_by_the_log_in_which_it_stands(ledger: Ledger, restored: Ledger) -> None:
    go_on(restored)
    make_party(restored)
    with restored.database.read() as session:
        for record in session.query(Record):
            proof = record_proof(session, record.id, {"public"})
            assert checks(proof) is None
            assert proof.log_key.startswith(queries.head_at(session, record.leaf_index).origin)


def test_a_row_of_the_closed_log_that_was_changed_is_found(
    ledger: Ledger, restored: Ledger
) -> None:
    go_on(restored)
    with restored.database.write() as session:
        record = session.query(Record).order_by(Record.leaf_index).first()
        assert record is not None
        assert record.body is not None
        record.body = record.body.replace(b"directory", b"directorz", 1)
        session.commit()
    with restored.database.read() as session:
        assert not check_log(session).sound


def test_status_lists_get_numbers_that_the_lost_ones_cannot_have(
    ledger: Ledger, restored: Ledger, clock: SetClock
) -> None:
    for _ in range(5):
        ledger.perform(SYSTEM, publish_status)
    go_on(restored)
    with ledger.database.read() as one, restored.database.read() as other:
        assert newest_status(other).seq > newest_status(one).seq


def test_a_checkpoint_of_another_tree_is_refused(ledger: Ledger, restored: Ledger) -> None:
    size = size_of(restored.database)
    forged = sign_checkpoint("trace.example.cn/log", size, b"\1" * 32, ledger.keys.log)
    with pytest.raises(InvalidInput, match="fork"):
        go_on(restored, forged)
    older = sign_checkpoint("trace.example.cn/log", size - 1, b"\1" * 32, ledger.keys.log)
    with pytest.raises(InvalidInput, match="newer"):
        go_on(restored, older)
    stranger = Ed25519Signer.generate("trace.example.cn/log")
    with pytest.raises(InvalidInput):
        go_on(restored, sign_checkpoint(stranger.name, size + 1, b"\1" * 32, stranger))


def test_a_log_in_order_is_not_continued(ledger: Ledger) -> None:
    with pytest.raises(Conflict, match="not halted"):
        go_on(ledger)


def test_a_log_can_be_continued_more_than_once(ledger: Ledger, restored: Ledger) -> None:
    go_on(restored)
    with restored.database.write() as session:
        queries.head(session).halted = "again"
        session.commit()
    assert number_in(go_on(restored).opened, "trace.example.cn") == 3
    make_party(restored)
    with restored.database.read() as session:
        assert check_log(session).sound
