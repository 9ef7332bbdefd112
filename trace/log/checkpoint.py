"""Checkpoints (https://c2sp.org/tlog-checkpoint): the signed head of the log at one size."""

from __future__ import annotations

import re
from dataclasses import dataclass

from suyuan.trace.canonical import NotCanonical, read_base64, write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import Note, Signer, VerifierKey, parse_note, sign_note
from suyuan.trace.log.merkle import HASH_SIZE

MAX_SIZE = (1 << 63) - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointError(InvalidInput):
    """A checkpoint is not the three lines it should be, or is of another log."""


@dataclass(frozen=True)
class Checkpoint:
    """Origin, number of leaves and 32-byte root. Raises CheckpointError for what cannot be."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise CheckpointError("The origin is one line that is not empty.", field="origin")
        if not 0 <= self.size <= MAX_SIZE:
            raise CheckpointError("The size of a tree is 0 to {most}.", field="size", most=MAX_SIZE)
        if len(self.root) != HASH_SIZE:
            raise CheckpointError("A root has {should} bytes.", field="root", should=HASH_SIZE)

    def text(self) -> str:
        """The three lines of the note's text."""
        return f"{self.origin}\n{self.size}\n{write_base64(self.root)}\n"


def sign_checkpoint(origin: str, size: int, root: bytes, *signers: Signer) -> str:
    """The checkpoint as a note, signed by the log's keys, whose name is the origin.

    They are several while one follows another: who knows either can read on.

    Raises CheckpointError for a key of another name, and for what cannot be a checkpoint.
    """
    for signer in signers:
        if signer.name != origin:
            raise CheckpointError(
                "The log {should} cannot be signed by the key {is_}: the names must be equal.",
                is_=signer.name,
                should=origin,
            )
    return str(sign_note(Checkpoint(origin, size, root).text(), signers))


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads a note's text of exactly three lines. Raises CheckpointError.

    C2SP allows further lines and advises against them; this log has none, and neither has what
    it believes.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not _SIZE.fullmatch(lines[1]):
        raise CheckpointError("A checkpoint has three lines: origin, tree size, root in base64.")
    try:
        return Checkpoint(lines[0], int(lines[1]), read_base64(lines[2], HASH_SIZE))
    except NotCanonical as error:
        raise CheckpointError("The root is 32 bytes in base64.", field="root") from error


def open_checkpoint(note: bytes | str | Note, key: VerifierKey) -> Checkpoint:
    """Reads a checkpoint signed by the log's ``key``. Raises NoteError and CheckpointError."""
    read = note if isinstance(note, Note) else parse_note(note)
    read.signed_by((key,))
    checkpoint = parse_checkpoint(read.text)
    if checkpoint.origin != key.name:
        raise CheckpointError(
            "This is the checkpoint of {is_}, it should be of {should}.",
            is_=checkpoint.origin,
            should=key.name,
        )
    return checkpoint
