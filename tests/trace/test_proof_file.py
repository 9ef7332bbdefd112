"""The .tlog-proof of c2sp.org/tlog-proof: written, read, believed only where all of it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.cosigning import Cosigner, cosignatures
from suyuan.trace.keys.notes import Ed25519Signer, Note, NoteError, Signature, parse_note
from suyuan.trace.log.checkpoint import sign_checkpoint
from suyuan.trace.log.merkle import ProofError, inclusion_proof, leaf_hash, root
from suyuan.trace.log.policy import LogLine, Policy, Witness
from suyuan.trace.log.proof_file import (
    ProofFile,
    ProofFileError,
    check_proof_file,
    parse_proof_file,
)

LOG = Ed25519Signer("trace.example.cn/log", bytes(range(32)))
COSIGNER = Cosigner(Ed25519Signer("w.example/w", bytes(32)))
POLICY = Policy(
    logs=(LogLine(LOG.verifier),), witnesses=(Witness("w", COSIGNER.verifier),), quorum="w"
)
ENTRIES = [f"entry {number}".encode() for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def cosigned(size: int, leaves: list[bytes] = LEAVES) -> Note:
    note = parse_note(sign_checkpoint(LOG.name, size, root(leaves[:size]), LOG))
    return Note(note.text, (*note.signatures, COSIGNER.cosign(note.text, 1_780_000_000)))


def made(index: int, size: int = 11) -> ProofFile:
    path = tuple(inclusion_proof(LEAVES[:size], index))
    return ProofFile(index, path, cosigned(size), ENTRIES[index])


@given(st.integers(1, 11).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_a_proof_is_read_back_and_holds(place: tuple[int, int]) -> None:
    proof = made(*place)
    read = parse_proof_file(proof.text().encode())
    assert read == proof
    shown = check_proof_file(read, ENTRIES[place[0]], POLICY)
    assert (shown.checkpoint.size, shown.log) == (place[1], LOG.verifier)
    assert [one.timestamp for one in shown.cosigned] == [1_780_000_000]


def test_it_is_written_as_the_specification_shows() -> None:
    lines = made(3, 4).text().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra ZW50cnkgMw=="
    assert lines[2] == "index 3"
    assert lines[5:8] == ["", "trace.example.cn/log", "4"]
    assert "extra" not in replace(made(3), extra=None).text()


def test_a_proof_of_something_else_is_refused() -> None:
    proof = made(3)
    with pytest.raises(ProofError):
        check_proof_file(proof, ENTRIES[4], POLICY)
    with pytest.raises(ProofError):
        check_proof_file(replace(proof, index=4), ENTRIES[3], POLICY)
    with pytest.raises(ProofError):
        check_proof_file(replace(proof, path=proof.path[:-1]), ENTRIES[3], POLICY)
    other = [*LEAVES[:-1], leaf_hash(b"other")]
    with pytest.raises(ProofError):
        check_proof_file(replace(proof, checkpoint=cosigned(11, other)), ENTRIES[3], POLICY)


def test_too_few_witnesses_and_unknown_logs_are_refused() -> None:
    proof = made(3)
    bare = Note(proof.checkpoint.text, proof.checkpoint.signatures[:1])
    with pytest.raises(ProofFileError, match="witnesses"):
        check_proof_file(replace(proof, checkpoint=bare), ENTRIES[3], POLICY)
    with pytest.raises(NoteError):
        check_proof_file(proof, ENTRIES[3], replace(POLICY, logs=()))
    assert check_proof_file(
        replace(proof, checkpoint=bare), ENTRIES[3], replace(POLICY, quorum="none")
    )


def test_a_witness_whose_signature_was_spoilt_spoils_the_note() -> None:
    note = cosigned(11)
    line = note.signatures[1]
    for spoilt in (line.signature[:7] + b"\x07" + line.signature[8:], line.signature[:-1], b"x"):
        wrong = Note(note.text, (note.signatures[0], Signature(line.name, line.key_id, spoilt)))
        with pytest.raises(NoteError):
            cosignatures(wrong, [COSIGNER.verifier])


@pytest.mark.parametrize("timestamp", [0, -1, 1 << 63])
def test_a_cosignature_has_a_time(timestamp: int) -> None:
    with pytest.raises(NoteError):
        COSIGNER.cosign("a\n", timestamp)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("proof@v1", "proof@v2"), ("index 3", "index 03"), ("index 3", "index -3"),
        ("index 3\n", ""), ("extra ", "more "), ("extra ZW50cnkgMw==", "extra ZW50cnkgMw="),
        ("\n\n", "\n"), ("index 3\n", "index 3\nindex 3\n"), ("index 3\n", "index 3\nAAAA\n"),
        ("index 3", "index 9999999999999999999"),
    ],
)  # fmt: skip
def test_what_is_no_proof_is_refused(old: str, new: str) -> None:
    text = made(3).text()
    assert old in text
    with pytest.raises(InvalidInput):
        parse_proof_file(text.replace(old, new, 1))


@given(st.binary(max_size=200), st.integers(0, 600))
def test_whatever_comes_is_a_proof_or_refused_in_words(junk: bytes, at: int) -> None:
    whole = made(3).text().encode()
    for data in (junk, whole[:at] + junk + whole[at + 1 :]):
        try:
            said = parse_proof_file(data).text()
        except InvalidInput as error:
            said = str(error)
        assert said
