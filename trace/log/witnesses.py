"""What witnesses have said of this log, and the checkpoint that is served because of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.keys.notes import VerifierKey, parse_note
from suyuan.trace.log.policy import Policy, Witness
from suyuan.trace.log.positions import start_of
from suyuan.trace.log.proof_file import ProofFile
from suyuan.trace.log.queries import head, inclusion_proof, log_numbered
from suyuan.trace.log.tables import CosignatureLine, CosignedHead, Leaf, WitnessContact

NO_POLICY = Policy()


@dataclass(frozen=True)
class ServedHead:
    """A checkpoint with its cosignatures; ``cosigned`` are the witnesses that gave them."""

    size: int
    note: str
    cosigned: tuple[VerifierKey, ...]


@dataclass(frozen=True)
class Standing:
    """How it stands with one witness of the policy; ``size`` 0 where it has cosigned nothing.

    One for which the policy names no address is never asked.
    """

    witness: Witness
    size: int = 0
    cosigned_at: datetime | None = None
    failures: int = 0
    trouble: str | None = None
    wait_until: datetime | None = None


@dataclass(frozen=True)
class Witnessing:
    """How far the log is witnessed.

    ``witnessed`` is the newest head with the quorum of the policy, none where there is none yet.
    ``halted`` says why nothing may be appended, if so.
    """

    policy: Policy
    size: int
    standings: tuple[Standing, ...]
    witnessed: ServedHead | None
    witnessed_at: datetime | None
    halted: str | None


def served_head(session: Session, policy: Policy, least: int = 0) -> ServedHead:
    """The head that outsiders are shown: the newest with the quorum, at least of size ``least``.

    Where the policy asks for no witness, or none has the quorum yet, the newest head of all, with
    such cosignatures as it has.
    """
    newest = _newest_with_quorum(session, policy, least) if policy.needs_witnesses else None
    if newest is not None:
        return newest
    row = head(session)
    return _with_cosignatures(session, row.size, row.checkpoint, policy)


def proof_file_of(session: Session, index: int, policy: Policy, number: int = 0) -> ProofFile:
    """The proof that leaf ``index`` is in the head that outsiders are shown, or in the newest.

    Of the open log, or of log ``number``. Its extra data is the leaf's entry. Raises NotFound
    beyond the tree.
    """
    log = log_numbered(session, number) if number else head(session)
    position = start_of(log.id) + index
    leaf = session.get(Leaf, position)
    if leaf is None or index >= log.size:
        raise NotFound("The log has no entry {index}.", index=index)
    if log.id == head(session).id:
        served = served_head(session, policy, index + 1)
    else:
        served = ServedHead(log.size, log.checkpoint, ())
    path = inclusion_proof(session, position, served.size)
    return ProofFile(index, tuple(path), parse_note(served.note), leaf.data)


def witnessing(session: Session, policy: Policy) -> Witnessing:
    """How far the log is witnessed, witness by witness."""
    row = head(session)
    contacts = {one.witness: one for one in session.scalars(sa.select(WitnessContact))}
    standings = tuple(_standing(one, contacts.get(str(one.key))) for one in policy.witnesses)
    witnessed = _newest_with_quorum(session, policy, 0) if policy.needs_witnesses else None
    # as old as the oldest of the cosignatures that it needs could be: the newest says when asked
    at = [one.cosigned_at for one in standings if one.cosigned_at and witnessed
          and one.witness.key in witnessed.cosigned]  # fmt: skip
    return Witnessing(policy, row.size, standings, witnessed, min(at) if at else None, row.halted)


def answered_since(session: Session, policy: Policy, since: datetime) -> bool:
    """Whether enough witnesses have cosigned a head of the open log since then."""
    lately = sa.select(WitnessContact.witness).where(WitnessContact.cosigned_at >= since)
    names = set(session.scalars(lately))
    return policy.met_by([key for key in policy.witness_keys if str(key) in names])


def _newest_with_quorum(session: Session, policy: Policy, least: int) -> ServedHead | None:
    newest_first = sa.select(CosignedHead).order_by(CosignedHead.size.desc())
    for row in session.scalars(newest_first.where(CosignedHead.size >= least)):
        found = _with_cosignatures(session, row.size, row.checkpoint, policy)
        if policy.met_by(found.cosigned):
            return found
    return None


def _with_cosignatures(session: Session, size: int, checkpoint: str, policy: Policy) -> ServedHead:
    said = {one.witness: one.line for one in lines_of(session, size)}
    keys = tuple(key for key in policy.witness_keys if str(key) in said)
    note = checkpoint + "".join(said[str(key)] for key in keys)
    return ServedHead(size, note, keys)


def lines_of(session: Session, size: int) -> Sequence[CosignatureLine]:
    """The cosignatures of the head of this size."""
    return session.scalars(sa.select(CosignatureLine).where(CosignatureLine.size == size)).all()


def _standing(witness: Witness, contact: WitnessContact | None) -> Standing:
    if contact is None:
        return Standing(witness)
    return Standing(
        witness,
        contact.size,
        contact.cosigned_at,
        contact.failures,
        contact.trouble,
        contact.wait_until,
    )
