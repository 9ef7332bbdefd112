"""Signed notes: the form of C2SP, and all that is not quite that form."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.keys import notes
from suyuan.trace.keys.notes import Ed25519Signer, Note, NoteError, Signature, VerifierKey

# the example of https://c2sp.org/signed-note, with the key of Go's golang.org/x/mod/sumdb/note
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"  # noqa: E501 - a published text
)
SIGNER = Ed25519Signer("t.example.cn/log", bytes(range(32)))
OTHER = Ed25519Signer("t.example.cn/other", bytes(32))
TEXT = "one\n\ntwo 牦牛\n"


def test_a_note_that_others_publish_is_read_and_believed() -> None:
    key = notes.parse_verifier_key(GO_KEY)
    note = notes.parse_note(GO_NOTE)
    assert note.signed_by([SIGNER.verifier, key]) == (key,)
    assert str(key) == GO_KEY
    assert str(note) == GO_NOTE


def test_a_key_id_follows_the_recommended_rule() -> None:
    key = SIGNER.verifier
    expected = hashlib.sha256(key.name.encode() + b"\n\x01" + key.public_key).digest()[:4]
    assert key.key_id == SIGNER.key_id == expected
    cosigner = VerifierKey(key.name, key.public_key, notes.COSIGNATURE)
    assert cosigner.key_id != key.key_id
    assert notes.parse_verifier_key(str(cosigner)) == cosigner


@given(st.text(max_size=60).map(lambda text: text + "\n"))
def test_what_is_signed_is_believed_and_what_cannot_be_a_text_is_refused(text: str) -> None:
    try:
        written = str(notes.sign_note(text, [SIGNER, OTHER]))
    except NoteError:
        assert any(character < " " and character != "\n" for character in text)
        return
    note = notes.parse_note(written.encode())
    assert note.text == text
    assert note.signed_by([OTHER.verifier, SIGNER.verifier]) == (SIGNER.verifier, OTHER.verifier)


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    note = notes.sign_note(TEXT, [SIGNER])
    stranger = Ed25519Signer(SIGNER.name, bytes(32)).verifier
    for keys in ([], [OTHER.verifier], [stranger]):
        with pytest.raises(NoteError):
            note.signed_by(keys)


def test_a_wrong_signature_under_a_known_name_spoils_the_whole_note() -> None:
    good = notes.sign_note(TEXT, [SIGNER, OTHER])
    wrong = Signature(OTHER.name, OTHER.key_id, bytes(64))
    note = Note(TEXT, (good.signatures[0], wrong))
    with pytest.raises(NoteError):
        note.signed_by([SIGNER.verifier, OTHER.verifier])
    assert note.signed_by([SIGNER.verifier]) == (SIGNER.verifier,)


def test_where_name_and_id_are_those_of_several_keys_each_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    namesake = Ed25519Signer(SIGNER.name, bytes(32))
    monkeypatch.setattr(notes, "key_id", lambda *_: b"same")
    note = Note(TEXT, (Signature(SIGNER.name, b"same", SIGNER.sign(TEXT.encode())),))
    assert note.signed_by([namesake.verifier, SIGNER.verifier]) == (SIGNER.verifier,)


def test_a_witness_signs_its_time_too() -> None:
    key = VerifierKey("witness.example/w", SIGNER.verifier.public_key, notes.COSIGNATURE)
    stamp = (1_800_000_000).to_bytes(8, "big")
    signature = stamp + SIGNER.sign(b"cosignature/v1\ntime 1800000000\n" + TEXT.encode())
    note = notes.parse_note(str(Note(TEXT, (Signature(key.name, key.key_id, signature),))))
    assert note.signed_by([key]) == (key,)
    later = Note(TEXT, (Signature(key.name, key.key_id, bytes(8) + signature[8:]),))
    with pytest.raises(NoteError):
        later.signed_by([key])


LINE = str(notes.sign_note(TEXT, [SIGNER]).signatures[0])


@pytest.mark.parametrize(
    "note",
    [
        "", "\n", "\n\n", TEXT, TEXT + LINE,  # no blank line
        f"{TEXT}\n{LINE}"[:-1],  # no newline at the end
        f"{TEXT}\n{LINE}\n", f"{TEXT}\n{LINE}x\n",
        f"{TEXT}\n" + LINE.replace("\N{EM DASH}", "-"),
        f"{TEXT}\n" + LINE.replace(" ", "  "),
        f"{TEXT}\n" + LINE.replace("t.example", "t+example"),
        f"{TEXT}\n" + LINE.replace("t.example", "t\u3000example"),
        f"{TEXT}\n" + LINE.replace("=", ""),
        f"{TEXT}\n" + LINE.replace("=", "=="),
        f"{TEXT}\n" + LINE.replace("\n", "\r\n"),
        f"{TEXT}\n\N{EM DASH} name AAAA\n",  # an id and no signature
        f"{TEXT}\n\N{EM DASH} name AAAAAAAAAAB=\n",  # padding bits
        f"one\ttwo\n\n{LINE}", f"\x00\n\n{LINE}", f"\ud800\n\n{LINE}",
        f"{TEXT}\n" + LINE * 101,
        b"\xff\xfe\n\n" + LINE.encode(),
    ],
)  # fmt: skip
def test_what_is_not_quite_a_note_is_refused(note: str | bytes) -> None:
    with pytest.raises(NoteError):
        notes.parse_note(note)


def test_a_note_is_measured_in_bytes_as_text_too(monkeypatch: pytest.MonkeyPatch) -> None:
    yaks = "牦" * 100 + "\n\n" + LINE
    size = len(yaks.encode())
    for limit, is_read in ((size, True), (size - 1, False), (len(yaks), False)):
        monkeypatch.setattr(notes, "MAX_NOTE", limit)
        for note in (yaks, yaks.encode()):
            if is_read:
                assert notes.parse_note(note).text == yaks.split("\n", maxsplit=1)[0] + "\n"
            else:
                with pytest.raises(NoteError, match=f"at most {limit} bytes"):
                    notes.parse_note(note)


def test_a_text_that_is_no_utf8_is_no_note() -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        notes.parse_note("\ud800\n\n" + LINE)


def test_a_hundred_signatures_are_read() -> None:
    assert len(notes.parse_note(f"{TEXT}\n" + LINE * 100).signatures) == 100


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+12345678", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        GO_KEY.replace("c74f", "C74F"), GO_KEY.replace("c74f", "c740"), GO_KEY + "\n",
        GO_KEY.replace("Peter", "Peter "), GO_KEY[:-4], GO_KEY + "AAAA",
        GO_KEY.replace("+AR", "+AB"), "Ｐ" + GO_KEY, "\ud800" + GO_KEY,
    ],
)  # fmt: skip
def test_what_is_not_quite_a_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        notes.parse_verifier_key(text)


@given(st.data())
def test_a_note_with_a_character_changed_is_refused_or_the_same(data: st.DataObject) -> None:
    written = str(notes.sign_note(TEXT, [SIGNER]))
    place = data.draw(st.integers(0, len(written) - 1))
    put = data.draw(st.text(max_size=2))
    changed = written[:place] + put + written[place + 1 :]
    try:
        note = notes.parse_note(changed)
        note.signed_by([SIGNER.verifier])
    except NoteError:
        return
    assert note.text == TEXT


@given(st.binary(max_size=200) | st.text(max_size=100))
def test_whatever_comes_is_a_note_or_refused_in_words(data: bytes | str) -> None:
    for note in (data, f"{TEXT}\n".encode() + (data if isinstance(data, bytes) else b"")):
        try:
            said = notes.parse_note(note).text
        except NoteError as error:
            said = str(error)
        assert said


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2028b", "a\x00"])
def test_a_name_that_no_note_can_hold_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        Ed25519Signer.generate(name)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(64)])
def test_a_seed_of_another_length_is_refused(seed: bytes) -> None:
    with pytest.raises(NoteError):
        Ed25519Signer("name", seed)


def test_a_text_without_its_newline_and_a_note_without_a_signer_are_refused() -> None:
    with pytest.raises(NoteError):
        notes.sign_note("text", [SIGNER])
    with pytest.raises(NoteError):
        notes.sign_note("text\n", [])
