"""The key directory: who signed it, what it says, and what each key may sign."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys import directory, notes
from suyuan.trace.keys.directory import (
    Directory,
    HostEntry,
    KeyDirectoryError,
    KeyEntry,
    KeyUse,
)
from suyuan.trace.keys.notes import Ed25519Signer, NoteError, VerifierKey

ROOT = Ed25519Signer("trace.example.cn/root", bytes(range(32)))
NEW_ROOT = Ed25519Signer("trace.example.cn/root-2", bytes(32))
SINCE = date(2026, 1, 1)
CODES = Ed25519Signer("trace.example.cn/codes-1", b"\x01" * 32)
CODE_KEY = KeyEntry(CODES.verifier, KeyUse.CODE, "索县", SINCE, date(2028, 12, 31))
LOG_KEY = KeyEntry(
    Ed25519Signer("trace.example.cn/log", b"\x02" * 32).verifier, KeyUse.LOG, "Sog county", SINCE
)
WITNESS = VerifierKey("w.example/1", LOG_KEY.key.public_key[::-1], notes.COSIGNATURE)
EDITION = Directory(
    origin="trace.example.cn",
    seq=4,
    issued=datetime(2026, 11, 1, tzinfo=UTC),
    expires=datetime(2036, 11, 1, tzinfo=UTC),
    hosts=(HostEntry("t.example.cn", SINCE), HostEntry("192.0.2.7:8771", SINCE, SINCE, http=True)),
    keys=(
        replace(CODE_KEY, gtin=("6909999",), division=("2113", "54")),
        LOG_KEY,
        KeyEntry(WITNESS, KeyUse.WITNESS, "a witness", SINCE, revoked_at_size=0),
    ),
)
SIGNED = str(notes.sign_note(EDITION.text(), [ROOT]))


def signed(text: str) -> str:
    return str(notes.sign_note(text, [ROOT]))


def test_the_published_directory_is_read_and_written_back_byte_for_byte(shared: Path) -> None:
    case = json.loads((shared / "vectors/suyuan/codes.json").read_text("utf-8"))
    read = directory.open_directory(case["directory"], [notes.parse_verifier_key(case["root"])])
    assert read.text() == notes.parse_note(case["directory"]).text
    assert (read.seq, len(read.hosts), len(read.keys)) == (4, 2, 4)
    assert [entry.revoked_at_size for entry in read.keys] == [None, 17, None, None]


def test_a_directory_is_read_as_it_was_written() -> None:
    assert directory.open_directory(SIGNED, [ROOT.verifier]) == EDITION


def test_a_directory_is_believed_from_a_root_alone() -> None:
    by_another = str(notes.sign_note(EDITION.text(), [CODES]))
    for roots in ([], [NEW_ROOT.verifier], [CODES.verifier]):
        with pytest.raises(NoteError):
            directory.open_directory(SIGNED, roots)
    with pytest.raises(NoteError):
        directory.open_directory(by_another, [ROOT.verifier])


def test_an_older_edition_is_refused_and_the_same_is_not() -> None:
    directory.open_directory(SIGNED, [ROOT.verifier], least_seq=4)
    with pytest.raises(KeyDirectoryError, match="number 4"):
        directory.open_directory(SIGNED, [ROOT.verifier], least_seq=5)


def test_a_new_root_is_believed_where_the_old_one_signs_beside_it() -> None:
    old, new = ROOT.verifier, NEW_ROOT.verifier
    both = notes.sign_note(EDITION.text(), [ROOT, NEW_ROOT])
    assert directory.introduce_root(both, old, new) == EDITION
    for signers in ([ROOT], [NEW_ROOT]):
        with pytest.raises((NoteError, KeyDirectoryError)):
            directory.introduce_root(notes.sign_note(EDITION.text(), signers), old, new)


@pytest.mark.parametrize(
    ("prefixes", "gtin", "covered"),
    [
        ((), "06901872446702", True),
        (("690",), "06901872446702", True),
        (("6901872", "1"), "06901872446702", True),
        (("0690",), "06901872446702", False),  # counted from the second digit
        (("6909999",), "06901872446702", False),
    ],
)
def test_a_gtin_is_covered_by_prefix(prefixes: tuple[str, ...], gtin: str, covered: bool) -> None:
    assert replace(CODE_KEY, gtin=prefixes).covers_gtin(gtin) is covered


@pytest.mark.parametrize(
    ("prefixes", "covered"),
    [
        ((), True),
        (("54",), True),
        (("5406",), True),
        (("540626",), True),
        (("2113", "5407"), False),
    ],
)
def test_a_division_is_covered_by_prefix(prefixes: tuple[str, ...], covered: bool) -> None:
    assert replace(CODE_KEY, division=prefixes).covers_division("5406260847047297") is covered


def test_a_key_signs_within_its_dates_both_included() -> None:
    day = {True: [SINCE, date(2028, 12, 31)], False: [date(2025, 12, 31), date(2029, 1, 1)]}
    for allowed, days in day.items():
        assert [CODE_KEY.may_sign_on(each) for each in days] == [allowed, allowed]
    assert replace(CODE_KEY, until=None).may_sign_on(date(2999, 1, 1))
    assert not replace(CODE_KEY, revoked_at_size=9).may_sign_on(SINCE)


def test_a_key_signs_for_its_one_use_only() -> None:
    CODE_KEY.require_signing(KeyUse.CODE, SINCE)
    with pytest.raises(KeyDirectoryError, match="may not sign for log"):
        CODE_KEY.require_signing(KeyUse.LOG, SINCE)
    with pytest.raises(KeyDirectoryError, match="may not sign on"):
        CODE_KEY.require_signing(KeyUse.CODE, date(2030, 1, 1))


def test_a_revoked_key_is_no_longer_among_those_of_its_use() -> None:
    assert EDITION.keys_for(KeyUse.LOG) == (LOG_KEY.key,)
    assert EDITION.keys_for(KeyUse.WITNESS) == ()


def test_one_key_has_one_use_and_a_host_one_entry() -> None:
    again = replace(LOG_KEY, key=replace(CODE_KEY.key, name="other"))
    for change in ({"keys": (CODE_KEY, again)}, {"hosts": EDITION.hosts[:1] * 2}):
        with pytest.raises(KeyDirectoryError, match="twice"):
            replace(EDITION, **change)
    with pytest.raises(KeyDirectoryError):
        replace(LOG_KEY, use=KeyUse.WITNESS)
    with pytest.raises(KeyDirectoryError):
        KeyEntry(WITNESS, KeyUse.CODE, "issuer", SINCE)


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("suyuan.keys/1", "suyuan.keys/2"), ('"seq":4', '"seq":-4'), ('"seq":4', '"seq":"4"'),
        ('"seq":4', '"seq":true'), ('"seq":4', '"seq":4.5'), ('"seq":4', '"seq": 4'),
        ('"2026-11-01T00:00:00Z"', '"2026-11-01"'), ('"2026-01-01"', '"2026-1-1"'),
        ('"2026-01-01"', '"2026-02-30"'), ('"2026-01-01"', "20260101"), ('"code"', '"root"'),
        ('"6909999"', '"69O"'), ('"6909999"', '""'), ('"6909999"', "6909999"),
        ('"54"', '"5406260"'),
        ('"active"', '"retired"'), ('"active"', '"revoked"'), ('"revoked"', '"active"'),
        ('"revoked_at_size":0', '"revoked_at_size":null'), ('"http":true', '"http":1'),
        ('"t.example.cn"', '"T.example.cn"'), ('"t.example.cn"', '"t.example.cn/"'),
        ('"host"', '"key"'), ("trace.example.cn\n", "\n"), ("}\n{", "}\n\n{"), ("+", "-"),
        ("\n{", "\n[]\n{"), ("\n{", "\nnull\n{"), ('"Sog county"', "[]"),
    ],
)  # fmt: skip
def test_a_directory_that_says_something_else_is_refused(what: str, instead: str) -> None:
    changed = EDITION.text().replace(what, instead, 1)
    assert changed != EDITION.text()
    with pytest.raises(InvalidInput):
        directory.open_directory(signed(changed), [ROOT.verifier])


def test_members_that_a_later_version_adds_are_passed_over() -> None:
    more = EDITION.text().replace('"use":"log"}', '"use":"log","zone":"x"}')
    assert more != EDITION.text()
    assert directory.open_directory(signed(more), [ROOT.verifier]) == EDITION


@given(st.data())
def test_a_directory_with_a_character_changed_is_refused_in_words(data: st.DataObject) -> None:
    text = EDITION.text()
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.text(max_size=2)) + text[place + 1 :]
    try:
        directory.parse_directory(changed)
    except InvalidInput as error:
        assert_says(error)


@given(st.text(max_size=200))
def test_whatever_comes_is_a_directory_or_refused_in_words(text: str) -> None:
    for candidate in (text, f"suyuan.keys/1\na\n{text}\n", f"suyuan.keys/1\na\n{{}}\n{text}\n"):
        with pytest.raises(InvalidInput) as refusal:
            directory.parse_directory(candidate)
        assert_says(refusal.value)


def assert_says(error: InvalidInput) -> None:
    """The message has words for what is wrong, with its gaps filled."""
    assert str(error)
