"""An auditor with the database: whatever was done to its rows is named, covered up or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.continuing import continue_log
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.canonical import write_base64, write_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.ids import new_uid
from suyuan.trace.log import commitments, queries
from suyuan.trace.log.audit import check_log, log_key
from suyuan.trace.log.checkpoint import Checkpoint, open_checkpoint
from suyuan.trace.log.erasures import ERASURE, TYPE
from suyuan.trace.log.findings import Kind
from suyuan.trace.log.frontier import Frontier
from suyuan.trace.log.merkle import leaf_hash
from suyuan.trace.log.outside_audit import Remembered
from suyuan.trace.log.positions import start_of
from suyuan.trace.log.row_audit import audit_rows
from suyuan.trace.log.tables import Leaf, Record
from suyuan.trace.parties.actor import SYSTEM
from tests.ledgers import REMARK


def signed(ledger: Ledger) -> tuple[Checkpoint, Remembered]:
    """The checkpoint as it is, and what an auditor remembers who has seen it."""
    with ledger.database.read() as session:
        head, key = queries.head(session), log_key(session)
        edge = Frontier.from_bytes(head.size, head.frontier)
        return open_checkpoint(head.checkpoint, key), Remembered(key, edge, head.checkpoint)


def tampered(ledger: Ledger, how: Callable[[Session], object]) -> set[tuple[Kind, str]]:
    """What is found after the rows were changed behind the log's back."""
    checkpoint, last = signed(ledger)
    with ledger.database.write() as session:
        how(session)
        session.commit()
    with ledger.database.read() as session:
        return {(one.kind, one.at) for one in audit_rows(session, checkpoint, last)}


def record(session: Session, index: int) -> Record:
    return session.scalars(sa.select(Record).where(Record.leaf_index == index)).one()


def test_untouched_rows_are_sound_and_progress_is_told(remarks: Ledger) -> None:
    checkpoint, last = signed(remarks)
    remarks.perform(SYSTEM, lambda w: w.record(REMARK, "remark", {"text": "later"}))
    told: list[tuple[int, int]] = []
    with remarks.database.read() as session:
        found = audit_rows(session, checkpoint, last, lambda done, of: told.append((done, of)))
    assert (found, told) == ((), [(301, 302), (302, 302)])


def test_a_changed_row_is_named(remarks: Ledger) -> None:
    def change(session: Session) -> None:
        row = record(session, 7)
        row.body = (row.body or b"").replace(b'"text":"6"', b'"text":"9"')

    assert tampered(remarks, change) == {(Kind.CHANGED_ROW, "leaf/7")}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("type", "erasure"),
        ("schema", "remark/2"),
        ("subject", "01kpm6dgm0a0y6sfstsv3pbqqa"),
        ("party", "01kpm6dgm0a0y6sfstsv3pbqqa"),
        ("classes", {"text": "public"}),
    ],
)
def test_a_column_that_says_something_else_than_its_record_is_named(
    remarks: Ledger, column: str, value: object
) -> None:
    """Corrections, erasures and pages go by the columns: a changed one hides or shows a record."""

    def refile(session: Session) -> None:
        setattr(record(session, 7), column, value)

    assert tampered(remarks, refile) == {(Kind.CHANGED_ROW, "leaf/7")}
    with remarks.database.read() as session:
        (fault,) = check_log(session).faults
    assert (fault.field, fault.params) == ("leaf/7", (("what", column),))


def test_a_row_that_says_another_second_than_its_record_is_named(remarks: Ledger) -> None:
    def later(session: Session) -> None:
        record(session, 7).at += timedelta(seconds=1)

    assert tampered(remarks, later) == {(Kind.CHANGED_ROW, "leaf/7")}


def test_a_deleted_row_is_named(remarks: Ledger) -> None:
    def delete(session: Session) -> None:
        session.execute(sa.delete(Record).where(Record.leaf_index == 100))

    assert tampered(remarks, delete) == {(Kind.DELETED_ROW, "leaf/100")}


def test_an_inserted_row_is_named(remarks: Ledger) -> None:
    def insert(session: Session) -> None:
        like = record(session, 7)
        session.expunge(like)
        session.execute(
            sa.insert(Record).values(
                id=new_uid(remarks.clock.now()), schema=like.schema, type=like.type,
                body=like.body, salt=like.salt, classes=like.classes, at=like.at, leaf_index=301,
            )
        )  # fmt: skip

    assert tampered(remarks, insert) == {(Kind.INSERTED_ROW, "leaf/301")}


def test_an_inserted_leaf_is_named(remarks: Ledger) -> None:
    def insert(session: Session) -> None:
        session.add(Leaf(index=301, hash=leaf_hash(b"x"), data=b"x"))

    assert tampered(remarks, insert) == {(Kind.INSERTED_ROW, "leaf/301")}


def test_a_changed_edge_of_the_tree_is_named(remarks: Ledger) -> None:
    """The next entry would be put beside it: no tree that anybody has seen would go on."""
    with remarks.database.read() as session:
        edge = queries.head(session).frontier
        checkpoint = open_checkpoint(queries.head(session).checkpoint, log_key(session))
    with remarks.database.write() as session:
        queries.head(session).frontier = bytes(len(edge))
        session.commit()
    with remarks.database.read() as session:
        assert [one.at for one in audit_rows(session, checkpoint)] == ["head"]


def test_reordered_rows_are_named(remarks: Ledger) -> None:
    def swap(session: Session) -> None:
        one, other = record(session, 7), record(session, 200)
        for row, index in ((one, -1), (other, 7), (one, 200)):
            row.leaf_index = index
            session.flush()

    assert tampered(remarks, swap) == {(Kind.REORDERED, "leaf/7"), (Kind.REORDERED, "leaf/200")}


def test_a_row_changed_with_its_leaf_is_another_tree(remarks: Ledger) -> None:
    """Whoever rewrites record and leaf alike is found by what the auditor remembers."""

    def rewrite(session: Session) -> None:
        row, leaf = record(session, 7), session.get_one(Leaf, 7)
        row.body = (row.body or b"").replace(b'"text":"6"', b'"text":"9"')
        made = commitments.commit(json.loads(row.body), row.salt or b"")
        leaf.data = commitments.leaf_data(made.digest, row.at)
        leaf.hash = leaf_hash(leaf.data)

    assert tampered(remarks, rewrite) == {(Kind.FORKED, "tree/301")}


def _drop(session: Session, index: int, *fields: str) -> str:
    row = record(session, index)
    body, salt = json.loads(row.body or b""), row.salt or b""
    every = commitments.commit(body, salt).by_field
    row.commitments = {name: write_base64(value) for name, value in every.items()}
    row.kept = {
        name: {"value": value, "salt": write_base64(commitments.field_salt(salt, name))}
        for name, value in body.items()
        if name not in fields
    }
    row.body = row.salt = None
    return row.id


def test_an_erasure_needs_its_record(remarks: Ledger) -> None:
    def erase(w: Writing, fields: list[str]) -> None:
        uid = _drop(w.session, 7, "phone") if fields == ["text"] else record(w.session, 7).id
        w.record(ERASURE, TYPE, {"record": uid, "fields": fields}, subject=uid)

    missing = {(Kind.UNEXPLAINED_ERASURE, "leaf/7")}
    remarks.perform(SYSTEM, erase, ["text"])
    assert tampered(remarks, lambda _session: None) == missing
    remarks.perform(SYSTEM, erase, ["phone"])
    assert tampered(remarks, lambda _session: None) == set()


@pytest.mark.parametrize("fields", [("text",), ("text", "schema"), ("schema",), ("at", "phone")])
def test_no_erasure_drops_what_is_not_personal(remarks: Ledger, fields: tuple[str, ...]) -> None:
    """Nor what says of which kind a record is, without which nobody knows what was personal."""

    def erase(w: Writing) -> None:
        uid = _drop(w.session, 7, *fields)
        w.record(ERASURE, TYPE, {"record": uid, "fields": list(fields)}, subject=uid)

    schemas = {str(REMARK): REMARK, str(ERASURE): ERASURE}
    remarks.perform(SYSTEM, erase)
    checkpoint, last = signed(remarks)
    with remarks.database.read() as session:
        found = audit_rows(session, checkpoint, last, schemas=schemas)
        assert (Kind.UNEXPLAINED_ERASURE, "leaf/7") in {(one.kind, one.at) for one in found}
        faults = check_log(session, schemas).faults
        assert any("are no personal ones" in fault.message for fault in faults)


def test_another_installations_database_is_refused(remarks: Ledger) -> None:
    checkpoint, _ = signed(remarks)
    other = Checkpoint("elsewhere.example/log", checkpoint.size, checkpoint.root)
    larger = Checkpoint(checkpoint.origin, checkpoint.size + 1, checkpoint.root)
    with remarks.database.read() as session:
        for unknown in (other, larger):
            with pytest.raises(InvalidInput):
                audit_rows(session, unknown)


@pytest.fixture
def followed(remarks: Ledger) -> Ledger:
    """A log that was closed after 301 entries, and the one that follows it."""
    halt(remarks)
    remarks.perform(SYSTEM, continue_log, "the disk died")
    remarks.perform(SYSTEM, lambda w: w.record(REMARK, "remark", {"text": "since"}))
    return remarks


def halt(ledger: Ledger) -> None:
    with ledger.database.write() as session:
        queries.head(session).halted = "a witness holds more"
        session.commit()


def test_logs_that_follow_each_other_are_sound(followed: Ledger) -> None:
    assert tampered(followed, lambda _session: None) == set()
    halt(followed)
    followed.perform(SYSTEM, continue_log, "and again")
    assert tampered(followed, lambda _session: None) == set()
    assert tampered(followed, lambda session: session.delete(record(session, 7))) == {
        (Kind.DELETED_ROW, "log/1/leaf/7")
    }


def test_a_row_of_a_closed_log_is_named(followed: Ledger) -> None:
    def drop_leaves(session: Session) -> None:
        session.execute(sa.delete(Leaf).where(Leaf.index.between(200, 298)))

    found = tampered(followed, drop_leaves)
    assert {(Kind.DELETED_ROW, "log/1/leaf/200"), (Kind.DELETED_ROW, "log/1/leaf/298")} < found


def test_a_row_of_a_closed_log_changed_with_its_leaf_is_another_tree(followed: Ledger) -> None:
    """Whoever holds the closed log's key may sign anew: its successor has committed to its tree."""

    def exchange(session: Session) -> None:
        one, other = record(session, 20), session.get_one(Leaf, 20)
        assert one.salt is not None
        body = {**json.loads(one.body or b""), "text": "never said"}
        one.body = write_canonical(body)
        digest = commitments.commit(body, one.salt).digest
        other.data = commitments.leaf_data(digest, one.at)
        other.hash = leaf_hash(other.data)

    assert tampered(followed, exchange) == {(Kind.FORKED, "log/1/tree/301")}


def test_a_closed_log_that_was_cut_short_or_taken_away_is_named(followed: Ledger) -> None:
    def cut(session: Session) -> None:
        queries.log_numbered(session, 1).size = 300

    assert (Kind.FORKED, "log/1") in tampered(followed, cut)

    def take_away(session: Session) -> None:
        session.delete(queries.log_numbered(session, 1))

    assert (Kind.DELETED_ROW, "log/1") in tampered(followed, take_away)


def test_a_log_whose_first_entry_was_exchanged_is_named(followed: Ledger) -> None:
    def exchange(session: Session) -> None:
        first, second = record(session, start_of(2)), record(session, start_of(2) + 1)
        first.leaf_index = -1
        session.flush()
        second.leaf_index = start_of(2)
        session.flush()
        first.leaf_index = start_of(2) + 1

    assert (Kind.CHANGED_ROW, "log/1") in tampered(followed, exchange)
