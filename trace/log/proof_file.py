"""One record's place in the log as a file of its own (https://c2sp.org/tlog-proof).

A ``.tlog-proof`` holds an audit path and a checkpoint with its cosignatures, so it can be checked
years later with no network. Ours carry the leaf's entry as extra data. Nothing vouches for the
extra line itself, and nothing needs to: its hash leads to the signed root, or the proof is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from suyuan.trace.canonical import NotCanonical, read_base64, write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.cosigning import Cosignature, cosignatures
from suyuan.trace.keys.notes import Note, VerifierKey, parse_note
from suyuan.trace.log.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from suyuan.trace.log.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from suyuan.trace.log.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_PROOF_FILE = 1 << 20
MAX_PATH = 63
"""Hashes of an audit path in a tree of fewer than 2^63 leaves."""
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class ProofFileError(InvalidInput):
    """A .tlog-proof is not written as it should be, or does not show what it should."""


@dataclass(frozen=True)
class ProofFile:
    """What a ``.tlog-proof`` says; nothing of it is believed before ``check``."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes | None = None

    def text(self) -> str:
        """The file."""
        extra = [] if self.extra is None else [f"extra {write_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(write_base64, self.path)]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"


@dataclass(frozen=True)
class Shown:
    """What a proof showed: the checkpoint that holds the entry, who signed and who cosigned it."""

    checkpoint: Checkpoint
    log: VerifierKey
    cosigned: tuple[Cosignature, ...]


def parse_proof_file(data: bytes | str) -> ProofFile:
    """Reads a ``.tlog-proof``. Raises ProofFileError, NoteError and NotCanonical."""
    if len(data) > MAX_PROOF_FILE:
        raise ProofFileError("A proof has at most {most} bytes.", most=MAX_PROOF_FILE)
    try:
        text = data.decode() if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        raise ProofFileError("A proof is written in UTF-8.") from error
    head, blank, note = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER or not blank:
        raise ProofFileError(
            "A proof begins with {should} and ends in a checkpoint.", should=HEADER
        )
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _bytes(lines.pop(0).removeprefix("extra "))
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if index is None or int(index[1]) > MAX_SIZE or len(lines) > 1 + MAX_PATH:
        raise ProofFileError("A proof has a line index NUMBER and at most {most} hashes.",
            most=MAX_PATH)  # fmt: skip
    path = tuple(_bytes(line, HASH_SIZE) for line in lines[1:])
    return ProofFile(int(index[1]), path, parse_note(note), extra)


def check_proof_file(proof: ProofFile, entry: bytes, policy: Policy) -> Shown:
    """Checks that ``entry`` is in a log of ``policy`` at the proof's index, and cosigned enough.

    Raises NoteError or CheckpointError for the checkpoint, ProofError for the path, and
    ProofFileError where the quorum is not met.
    """
    keys = [one.key for one in policy.logs]
    (log, *_) = proof.checkpoint.signed_by(keys)
    head = open_checkpoint(proof.checkpoint, log)
    cosigned = cosignatures(proof.checkpoint, policy.witness_keys)
    if not policy.met_by([one.key for one in cosigned]):
        raise ProofFileError("Too few of the witnesses that the policy asks for have cosigned.")
    verify_inclusion(leaf_hash(entry), proof.index, head.size, proof.path, head.root)
    return Shown(head, log, cosigned)


def _bytes(text: str, length: int | None = None) -> bytes:
    try:
        return read_base64(text, length)
    except NotCanonical as error:
        raise ProofFileError("A line of the proof is no base64 of the right length.") from error
