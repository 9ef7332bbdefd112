"""A witness at work: a checkpoint comes in, and is cosigned once its tree is on our disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

from suyuan.trace.clock import Clock
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.keys.cosigning import Cosigner
from suyuan.trace.keys.notes import Ed25519Signer, Note, Signature, VerifierKey, require_key_name
from suyuan.trace.keys.sealing import Keyring, ScryptCost
from suyuan.trace.log.add_checkpoint import AddCheckpoint, parse_request
from suyuan.trace.log.checkpoint import Checkpoint
from suyuan.trace.witness.rules import (
    BadRequest,
    NoEmptyTree,
    OtherTree,
    Seen,
    UnknownLog,
    read_checkpoint,
    require_going_on,
    require_signed,
)
from suyuan.trace.witness.store import WitnessStore, followed_log, keep_fork, keep_seen


def create_witness(
    folder: Path, name: str, passphrase: str, cost: ScryptCost | None = None
) -> VerifierKey:
    """Make a witness with a fresh key, sealed under ``passphrase``; its verifier key (type 04).

    Raises Conflict where there is one in ``folder``, NoteError for a name that cannot be.
    """
    require_key_name(name)
    keyring = Keyring.create(passphrase, cost)
    signer = Ed25519Signer.generate(name)
    WitnessStore(folder).create(name, keyring.stored, keyring.seal(signer))
    return Cosigner(signer).verifier


class WitnessAtWork:
    """A witness whose key is unlocked. Raises WrongPassphrase, Misconfigured."""

    def __init__(self, folder: Path, passphrase: str, clock: Clock) -> None:
        self.store = WitnessStore(folder)
        name, keyring, sealed = self.store.own()
        self._cosigner = Cosigner(Keyring.unlock(keyring, passphrase).open(name, sealed))
        self._clock = clock

    @property
    def key(self) -> VerifierKey:
        """The verifier key, of type 04."""
        return self._cosigner.verifier

    def add_checkpoint(self, body: bytes) -> Signature:
        """The cosignature of the checkpoint in a request, made once its tree is remembered.

        Raises BadRequest (400), UnknownLog (404), Unsigned (403), OtherSize and OtherTree
        (409), Inconsistent (422).
        """
        try:
            request = parse_request(body)
        except InvalidInput as error:
            raise BadRequest("The request cannot be read: {why}", why=str(error)) from error
        new = read_checkpoint(request.checkpoint)
        try:
            return self._cosign(request, new)
        except NotFound as error:
            raise UnknownLog("This witness does not follow this log.") from error
        except (OtherTree, NoEmptyTree):  # the log's own signature convicts it
            self._keep_fork(request, new)
            raise

    def checkpoint(self, origin_hash: str) -> str:
        """The checkpoint cosigned last of the log whose origin has this SHA-256, in hex.

        Raises NotFound.
        """
        for log in self.store.logs():
            same = hashlib.sha256(log.origin.encode()).hexdigest() == origin_hash
            if same and log.checkpoint is not None:
                return log.checkpoint
        raise NotFound("No checkpoint of such a log was cosigned here.")

    def _cosign(self, request: AddCheckpoint, new: Checkpoint) -> Signature:
        # one transaction from the reading of the last size to the writing of the new one: of two
        # requests that come at once, the second finds what the first has left
        with self.store.writing() as connection:
            log = followed_log(connection, new.origin)
            signed_by = require_signed(request.checkpoint, log.keys)
            require_going_on(request, new, log.seen)
            now = int(self._clock.now().timestamp())
            line = self._cosigner.cosign(request.checkpoint.text, now)
            note = _kept(request.checkpoint, signed_by, line)
            keep_seen(connection, log.origin, Seen(new.size, new.root), str(note), now)
        return line

    def _keep_fork(self, request: AddCheckpoint, new: Checkpoint) -> None:
        with self.store.writing() as connection:
            now = int(self._clock.now().timestamp())
            keep_fork(
                connection, new.origin, Seen(new.size, new.root), str(request.checkpoint), now
            )


def _kept(note: Note, signed_by: tuple[VerifierKey, ...], line: Signature) -> Note:
    """The checkpoint with the signatures that were verified and ours, and no others."""
    known = {(key.name, key.key_id) for key in signed_by}
    verified = [one for one in note.signatures if (one.name, one.key_id) in known]
    return Note(note.text, (*verified, line))
