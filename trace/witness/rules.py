"""What a witness answers to a checkpoint (https://c2sp.org/tlog-witness): pure rules.

The order of the checks, and so the status of an answer, is the specification's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound, SuyuanError
from suyuan.trace.keys.notes import Note, NoteError, VerifierKey
from suyuan.trace.log.add_checkpoint import AddCheckpoint
from suyuan.trace.log.checkpoint import Checkpoint, CheckpointError, parse_checkpoint
from suyuan.trace.log.merkle import EMPTY_ROOT, ProofError, verify_consistency


class BadRequest(SuyuanError):
    """The request is not written as it should be, or asks to go back."""

    status = 400
    kind = "bad-request"


class UnknownLog(NotFound):
    """This witness does not follow the log."""

    kind = "unknown-log"


class Unsigned(Forbidden):
    """No key that is trusted for the log has signed the checkpoint, or its signature is wrong."""

    kind = "unsigned"


class OtherSize(Conflict):
    """The log's old size is not what this witness has cosigned last, which ``size`` is."""

    kind = "other-size"

    def __init__(self, size: int) -> None:
        super().__init__("The last size cosigned here is {size}.", size=size)
        self.size = size


class OtherTree(Conflict):
    """The log has signed another tree of a size that was cosigned here: it forked."""

    kind = "other-tree"


class Inconsistent(InvalidInput):
    """The new tree does not go on from the one that was cosigned last."""

    kind = "inconsistent"


class NoEmptyTree(Inconsistent):
    """A tree of no entries has a root that no empty tree has."""


@dataclass(frozen=True)
class Seen:
    """The tree of a log that was cosigned last; of size 0 where none ever was."""

    size: int = 0
    root: bytes = EMPTY_ROOT


def read_checkpoint(note: Note) -> Checkpoint:
    """A checkpoint's three lines; extension lines may follow and mean nothing to a witness.

    Raises BadRequest.
    """
    lines = note.text.split("\n")
    if not all(lines[:-1]):
        raise BadRequest("A checkpoint has no empty lines.")
    try:
        return parse_checkpoint("\n".join([*lines[:3], ""]))
    except CheckpointError as error:
        raise BadRequest("This is no checkpoint: {why}", why=str(error)) from error


def require_signed(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Those of the log's ``keys`` that signed. Raises UnknownLog where there are none, Unsigned."""
    if not keys:
        raise UnknownLog("This witness does not follow this log.")
    try:
        return note.signed_by(keys)
    except NoteError as error:
        raise Unsigned("No key of this log has signed: {why}", why=str(error)) from error


def require_going_on(request: AddCheckpoint, new: Checkpoint, seen: Seen) -> None:
    """Checks that the new tree begins with the one that was seen last.

    Raises BadRequest, OtherSize, OtherTree and Inconsistent.
    """
    if request.old_size > new.size:
        raise BadRequest("The old size is not larger than that of the checkpoint.")
    if request.old_size != seen.size:
        raise OtherSize(seen.size)
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise NoEmptyTree("The root of an empty tree is the hash of nothing.")
    if seen.size == 0:
        if request.proof:
            raise Inconsistent("From size 0 there is nothing to prove.")
        return
    if new.size == seen.size and new.root != seen.root:
        raise OtherTree("Another tree of this size was cosigned here.")
    try:
        verify_consistency(seen.size, new.size, seen.root, new.root, request.proof)
    except ProofError as error:
        raise Inconsistent("The consistency proof does not hold.") from error
