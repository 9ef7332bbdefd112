"""The log checks itself: whatever is changed behind its back is found."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.canonical import write_base64
from suyuan.trace.log import commitments
from suyuan.trace.log.audit import LogCheck, check_log, check_sample
from suyuan.trace.log.erasures import ERASURE, TYPE
from suyuan.trace.log.merkle import leaf_hash
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.parties.actor import SYSTEM


def _check(ledger: Ledger) -> LogCheck:
    with ledger.database.read() as session:
        return check_log(session)


def _record(session: Session, index: int) -> Record:
    return session.scalars(sa.select(Record).where(Record.leaf_index == index)).one()


def test_an_untouched_log_is_sound(remarks: Ledger) -> None:
    found = _check(remarks)
    assert (found.sound, found.size, found.checked) == (True, 301, 301)
    with remarks.database.read() as session:
        sample = check_sample(session, 20)
    assert (sample.sound, sample.size, sample.checked) == (True, 301, 20)


def test_a_changed_record_is_found(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        record = _record(session, 7)
        assert record.body is not None
        record.body = record.body.replace(b'"text":"6"', b'"text":"9"')
        session.commit()
    (fault,) = _check(remarks).faults
    assert fault.field == "leaf/7"


def test_a_record_that_was_moved_to_another_minute_is_found(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        record = _record(session, 7)
        record.at = record.at.replace(year=2025)
        session.commit()
    assert [fault.field for fault in _check(remarks).faults] == ["leaf/7"]


def test_a_changed_leaf_is_found_even_where_hash_and_data_agree(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        leaf = session.get_one(Leaf, 270)
        leaf.data = leaf.data.replace(b'"v":1', b'"v":2')
        leaf.hash = leaf_hash(leaf.data)
        session.commit()
    assert {fault.field for fault in _check(remarks).faults} == {"leaf/270", "head", "checkpoint"}


def test_a_deleted_record_is_found(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        session.execute(sa.delete(Record).where(Record.leaf_index == 100))
        session.commit()
    assert [fault.field for fault in _check(remarks).faults] == ["leaf/100"]


def test_a_changed_tile_is_found(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        tile = session.get_one(Tile, (0, 0))
        tile.hashes = bytes(32) + tile.hashes[32:]
        session.commit()
    assert [fault.field for fault in _check(remarks).faults] == ["tile/0/0"]


def test_a_log_that_was_cut_short_is_found_by_its_checkpoint(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        head = session.get_one(Head, 1)
        head.checkpoint = head.checkpoint.replace("\n301\n", "\n300\n")
        session.commit()
    assert [fault.field for fault in _check(remarks).faults] == ["checkpoint"]
    with remarks.database.read() as session:
        assert not check_sample(session, 0).sound


def _say_erased(w: Writing, record_id: str) -> str:
    return w.record(ERASURE, TYPE, {"record": record_id, "fields": ["phone"]}, subject=record_id)


def test_an_erased_field_leaves_the_log_sound_and_a_changed_one_does_not(remarks: Ledger) -> None:
    with remarks.database.write() as session:
        record = _record(session, 7)
        assert record.body is not None
        assert record.salt is not None
        body = json.loads(record.body)
        every = commitments.commit(body, record.salt).by_field
        record.commitments = {name: write_base64(value) for name, value in every.items()}
        record.kept = {
            name: {
                "value": value,
                "salt": write_base64(commitments.field_salt(record.salt, name)),
            }
            for name, value in body.items()
            if name != "phone"
        }
        record.body = record.salt = None
        erased = record.id
        session.commit()
    assert "no erasure says so" in str(_check(remarks).faults[0]), "lost, until somebody says why"
    remarks.perform(SYSTEM, _say_erased, erased)
    assert (_check(remarks).sound, _check(remarks).erased) == (True, 1)
    with remarks.database.write() as session:
        record = _record(session, 7)
        assert record.kept is not None
        record.kept = {**record.kept, "text": {**record.kept["text"], "value": "9"}}
        session.commit()
    assert [fault.field for fault in _check(remarks).faults] == ["leaf/7"]
