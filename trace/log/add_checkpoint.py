"""The one request that a log makes of a witness (https://c2sp.org/tlog-witness, add-checkpoint).

The old size, a consistency proof from there, an empty line, and the checkpoint to be cosigned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.trace.canonical import NotCanonical, read_base64, write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import Note, parse_note
from suyuan.trace.log.checkpoint import MAX_SIZE
from suyuan.trace.log.merkle import HASH_SIZE

PATH = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
"""Media type of the body of a 409: the size that the witness has cosigned last."""
MAX_PROOF = 63
"""Lines of proof that a client may send."""
MAX_REQUEST = 64 * 1024
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


class RequestError(InvalidInput):
    """A request to add a checkpoint, or the answer to one, is not written as it should be."""


@dataclass(frozen=True)
class AddCheckpoint:
    """The size that the witness has seen last, the proof from there, and the checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    def body(self) -> bytes:
        """The request's body."""
        return write_request(self.old_size, self.proof, str(self.checkpoint))


def write_request(old_size: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """The body of a request."""
    lines = [f"old {old_size}", *map(write_base64, proof)]
    return ("\n".join(lines) + f"\n\n{checkpoint}").encode()


def parse_request(body: bytes) -> AddCheckpoint:
    """Reads the body of a request. Raises RequestError and NoteError."""
    if len(body) > MAX_REQUEST:
        raise RequestError("A request has at most {most} bytes.", most=MAX_REQUEST)
    try:
        head, blank, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise RequestError("A request is written in UTF-8.") from error
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or int(old[1]) > MAX_SIZE or not blank:
        raise RequestError("A request is a line old SIZE, a proof, an empty line, a checkpoint.")
    if len(lines) > MAX_PROOF:
        raise RequestError("A consistency proof has at most {most} lines.", most=MAX_PROOF)
    try:
        proof = tuple(read_base64(line, HASH_SIZE) for line in lines)
    except NotCanonical as error:
        raise RequestError("Each line of the proof is 32 bytes in base64.") from error
    return AddCheckpoint(int(old[1]), proof, parse_note(note))


def parse_size(body: bytes) -> int:
    """The size in the body of a 409. Raises RequestError."""
    found = _SIZE.fullmatch(body)
    if found is None or int(found[1]) > MAX_SIZE:
        raise RequestError("The witness did not say which size it has seen last.")
    return int(found[1])
