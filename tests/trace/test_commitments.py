"""Records bound to their leaves: worked cases, disclosure of single fields, erasure."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.canonical import Json, read_canonical, write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import commitments, merkle
from suyuan.trace.log.commitments import CommitmentError, Commitments, Disclosure

SALT = bytes(range(16))
RECORD: dict[str, Json] = {
    "id": "1",
    "quantity": "12.5",
    "note": "牦牛",
    "nested": {"z": [True, None]},
}
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.text(max_size=8), VALUES, min_size=1, max_size=5)


def test_the_worked_records_come_out_byte_for_byte(shared: Path) -> None:
    log = json.loads((shared / "vectors/suyuan/log.json").read_text("utf-8"))
    for case in log["records"]:
        salt = b64decode(case["record_salt"])
        committed = commitments.commit(case["record"], salt)
        salts = {item.field: item.salt for item in commitments.disclose_all(case["record"], salt)}
        assert {name: write_base64(value) for name, value in salts.items()} == case["field_salts"]
        encoded = {name: write_base64(value) for name, value in committed.by_field.items()}
        assert encoded == case["commitments"]
        at = datetime.fromisoformat(json.loads(case["leaf"])["at"])
        leaf = commitments.leaf_data(committed.digest, at)
        assert leaf.decode() == case["leaf"]
        assert write_base64(merkle.leaf_hash(leaf)) == case["leaf_hash"]


@given(RECORDS, st.data())
def test_a_shown_field_is_believed_and_an_altered_one_is_not(
    record: dict[str, Json], data: st.DataObject
) -> None:
    try:
        committed = commitments.commit(record, SALT)
    except InvalidInput:  # a lone surrogate in a text
        return
    field = data.draw(st.sampled_from(sorted(record)))
    shown = commitments.disclose(record, SALT, field)
    commitments.check_disclosure(shown, committed, committed.digest)
    other = data.draw(VALUES)
    if json.dumps(other, sort_keys=True) != json.dumps(record[field], sort_keys=True):
        with pytest.raises(InvalidInput):
            commitments.check_disclosure(
                Disclosure(field, other, shown.salt), committed, committed.digest
            )


def test_a_shown_field_opens_no_other() -> None:
    shown = commitments.disclose(RECORD, SALT, "note")
    committed = commitments.commit(RECORD, SALT)
    for field in set(RECORD) - {"note"}:
        with pytest.raises(CommitmentError):
            commitments.check_disclosure(
                Disclosure(field, RECORD[field], shown.salt), committed, committed.digest
            )


def test_what_remains_after_an_erasure_can_still_be_checked() -> None:
    committed = commitments.commit(RECORD, SALT)
    kept = [item for item in commitments.disclose_all(RECORD, SALT) if item.field != "note"]
    commitments.check_disclosures(kept, committed, committed.digest)


def test_commitments_of_another_record_are_refused() -> None:
    committed = commitments.commit(RECORD, SALT)
    shown = commitments.disclose(RECORD, SALT, "note")
    forged = Commitments({**committed.by_field, "id": bytes(32)})
    for other, digest in ((forged, committed.digest), (committed, forged.digest)):
        with pytest.raises(CommitmentError):
            commitments.check_disclosure(shown, other, digest)
    missing = Commitments({"id": committed.by_field["id"]})
    with pytest.raises(CommitmentError):
        commitments.check_disclosure(shown, missing, missing.digest)


@pytest.mark.parametrize(
    "value",
    [Decimal("12.5"), 2**53, float("nan"), float("inf"), {1: "a"}, b"bytes", "\ud800", object()],
)
def test_a_value_that_has_no_one_writing_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        commitments.commit({"quantity": value}, SALT)  # type: ignore[dict-item]


def test_a_value_that_is_nested_without_end_is_refused() -> None:
    value: Json = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InvalidInput):
        commitments.commit({"deep": value}, SALT)


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(CommitmentError):
        commitments.commit(RECORD, salt)
    with pytest.raises(CommitmentError):
        commitments.commitment(Disclosure("id", "1", salt))


def test_an_empty_record_and_a_missing_field_are_refused() -> None:
    with pytest.raises(CommitmentError):
        commitments.commit({}, SALT)
    with pytest.raises(CommitmentError):
        commitments.disclose(RECORD, SALT, "absent")
    with pytest.raises(CommitmentError):
        commitments.commit({"\ud800": 1}, SALT)


def test_a_leaf_tells_the_minute_in_utc_and_no_more() -> None:
    at = datetime(2026, 11, 1, 16, 0, 59, 999, tzinfo=timezone(timedelta(hours=8)))
    leaf = read_canonical(commitments.leaf_data(bytes(32), at))
    assert leaf == {"at": "2026-11-01T08:00Z", "digest": write_base64(bytes(32)), "v": 1}
    with pytest.raises(CommitmentError):
        commitments.leaf_data(bytes(31), at)
    with pytest.raises(CommitmentError):
        commitments.leaf_data(bytes(32), at.replace(tzinfo=None))


@given(st.text(max_size=40) | st.binary(max_size=40))
def test_whatever_is_read_is_canonical_or_refused(data: str | bytes) -> None:
    try:
        said = repr(read_canonical(data))
    except InvalidInput as error:
        said = str(error)
    assert said


@pytest.mark.parametrize(
    "text",
    ['{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', "1.0", "1e2", "NaN", "[" * 100_000, "9" * 5000],
)
def test_json_in_another_writing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_canonical(text)
