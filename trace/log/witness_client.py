"""Asking a witness to cosign (https://c2sp.org/tlog-witness), and what it shows of this log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from suyuan.trace.errors import SuyuanError
from suyuan.trace.keys.cosigning import Cosignature, cosignatures_of_answer
from suyuan.trace.keys.notes import Note, VerifierKey, parse_note
from suyuan.trace.log.add_checkpoint import PATH, SIZE_TYPE, parse_size, write_request
from suyuan.trace.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from suyuan.trace.log.merkle import EMPTY_ROOT, ProofError, verify_consistency
from suyuan.trace.log.policy import Witness
from suyuan.trace.transport import Answer, Transport

_SAID = 200
"""Characters of a refusal that are kept."""

Prove = Callable[[int, int], Sequence[bytes]]
"""``(old, new)`` to the consistency proof between these sizes of this log, 0 < old < new."""


@dataclass(frozen=True)
class Heard:
    """What came of asking one witness.

    ``cosignature`` where it cosigned. ``holds``: the size that it says it has cosigned last, where
    that is not ours to go on from. ``evidence``: a checkpoint with this log's own signature that
    cannot come before or after ours. ``trouble``: why there is no cosignature.
    """

    witness: Witness
    cosignature: Cosignature | None = None
    holds: int | None = None
    evidence: str | None = None
    trouble: str | None = None


def ask(
    transport: Transport,
    witness: Witness,
    checkpoint: Note,
    old: int,
    prove: Prove,
    log_keys: Sequence[VerifierKey],
) -> Heard:
    """Ask ``witness``, which is believed to have cosigned size ``old`` last, to cosign.

    ``log_keys``: this log's own, by any of which what the witness shows may be signed.
    """
    ours = parse_checkpoint(checkpoint.text)
    try:
        answer = _post(transport, witness, checkpoint, min(old, ours.size), ours, prove)
        holds = _size_held(answer)
        if holds is not None and holds <= ours.size:
            answer = _post(transport, witness, checkpoint, holds, ours, prove)
            holds = _size_held(answer)
        if answer.status == 200:
            found = cosignatures_of_answer(checkpoint.text, answer.body, [witness.key])
            if found:
                return Heard(witness, found[0])
            return Heard(witness, trouble="It answered without a signature of its key.")
    except SuyuanError as error:
        return Heard(witness, trouble=str(error))
    shown = _contradiction(transport, witness, ours, prove, log_keys)
    return Heard(witness, holds=holds, evidence=shown, trouble=_said(answer))


def _post(
    transport: Transport,
    witness: Witness,
    checkpoint: Note,
    old: int,
    ours: Checkpoint,
    prove: Prove,
) -> Answer:
    proof = prove(old, ours.size) if 0 < old < ours.size else ()
    body = write_request(old, proof, str(checkpoint))
    return transport.post(f"{str(witness.url).rstrip('/')}/{PATH}", body)


def _size_held(answer: Answer) -> int | None:
    if answer.status == 409 and answer.media_type == SIZE_TYPE:
        return parse_size(answer.body)
    return None


def _contradiction(
    transport: Transport,
    witness: Witness,
    ours: Checkpoint,
    prove: Prove,
    keys: Sequence[VerifierKey],
) -> str | None:
    """What the witness shows of this log, where a key of ours has signed it and it is not ours."""
    hashed = hashlib.sha256(ours.origin.encode()).hexdigest()
    try:
        answer = transport.get(f"{str(witness.url).rstrip('/')}/{hashed}/checkpoint")
        if answer.status != 200:
            return None
        note = parse_note(answer.body)
        theirs = open_checkpoint(note, note.signed_by(keys)[0])
    except SuyuanError:
        return None
    contradicts = theirs.size > ours.size or not _is_before(theirs, ours, prove)
    return str(note) if contradicts else None


def _is_before(theirs: Checkpoint, ours: Checkpoint, prove: Prove) -> bool:
    """Whether their tree is the beginning of ours."""
    if theirs.size == 0:
        return theirs.root == EMPTY_ROOT
    proof = prove(theirs.size, ours.size) if theirs.size < ours.size else ()
    try:
        verify_consistency(theirs.size, ours.size, theirs.root, ours.root, proof)
    except ProofError:
        return False
    return True


def _said(answer: Answer) -> str:
    said = " ".join(answer.body.decode("utf-8", "replace").split())
    if answer.location:  # not followed: an operator writes the right address into the policy
        said = f"Location: {answer.location}"
    return f"{answer.status} {said}"[:_SAID]
