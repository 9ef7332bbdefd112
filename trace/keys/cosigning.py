"""Cosignatures (https://c2sp.org/tlog-cosignature): what a witness says of a checkpoint.

A cosignature of type 0x04 says: as of this time, the largest consistent tree that I have seen of
this log has this root. It is eight bytes of POSIX time, big-endian, and 64 of Ed25519 over
``cosignature/v1``, the time and the checkpoint's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.trace.keys.notes import (
    COSIGNATURE,
    Ed25519Signer,
    Note,
    NoteError,
    Signature,
    VerifierKey,
    cosigned_message,
    parse_note,
)

MAX_TIMESTAMP = (1 << 63) - 1
_TIME = 8


@dataclass(frozen=True)
class Cosignature:
    """A witness's signature that was verified, and its time in POSIX seconds."""

    key: VerifierKey
    timestamp: int
    line: Signature


class Cosigner:
    """A witness's key: an Ed25519 key that signs nothing but cosignatures.

    The message does not name the witness, so a key must not be used under two names.
    """

    def __init__(self, signer: Ed25519Signer) -> None:
        self._signer = signer
        self.verifier = VerifierKey(signer.name, signer.verifier.public_key, COSIGNATURE)

    def cosign(self, text: str, timestamp: int) -> Signature:
        """The signature line over a checkpoint's text. Raises NoteError for an impossible time."""
        if not 0 < timestamp <= MAX_TIMESTAMP:
            raise NoteError("A cosignature says when it was made, in POSIX seconds.")
        signed = self._signer.sign(cosigned_message(timestamp, text))
        time = timestamp.to_bytes(_TIME, "big")
        return Signature(self.verifier.name, self.verifier.key_id, time + signed)


def cosignatures(note: Note, keys: Sequence[VerifierKey]) -> tuple[Cosignature, ...]:
    """The cosignatures of those of ``keys`` that cosigned ``note``, one a key; may be none.

    Raises NoteError where a line names one of the keys and its signature is wrong.
    """
    named = {(line.name, line.key_id) for line in note.signatures}
    present = [key for key in keys if (key.name, key.key_id) in named]
    signed = note.signed_by(present) if present else ()
    return tuple(_newest(note, key) for key in signed)


def cosignatures_of_answer(
    text: str, lines: bytes, keys: Sequence[VerifierKey]
) -> tuple[Cosignature, ...]:
    """Reads what a witness answered: signature lines over a checkpoint's ``text``.

    Raises NoteError for what are no signature lines, or not over this text.
    """
    return cosignatures(parse_note(text.encode() + b"\n" + lines), keys)


def _newest(note: Note, key: VerifierKey) -> Cosignature:
    found = [
        Cosignature(key, int.from_bytes(line.signature[:_TIME], "big"), line)
        for line in note.signatures
        if (line.name, line.key_id) == (key.name, key.key_id)
        and key.verifies_note(line.signature, note.text)
    ]
    return max(found, key=lambda one: one.timestamp)
