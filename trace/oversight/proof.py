"""What shows that a record stands in the log: opened fields, all commitments, leaf, audit path.

A proof opens only the fields of the classes that the asker may see; the others stay closed behind
their commitments, and the digest is right all the same. With the log's key alone, and without
this installation, anybody can check it (``RecordProof.check`` names the steps).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.canonical import Members, read_base64, read_canonical, write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.queries import newest
from suyuan.trace.events.tables import Event
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.keys.queries import log_verifiers
from suyuan.trace.log import commitments, queries
from suyuan.trace.log.checkpoint import open_checkpoint
from suyuan.trace.log.commitments import Commitments, Disclosure
from suyuan.trace.log.contents import contents_of
from suyuan.trace.log.merkle import leaf_hash, verify_inclusion
from suyuan.trace.log.positions import index_at, number_at
from suyuan.trace.log.tables import Leaf

FORMAT = "suyuan.record-proof/1"


class UnprovenRecord(InvalidInput):
    """A proof does not hold together."""

    kind = "unproven-record"


@dataclass(frozen=True)
class RecordProof:
    """One record's proof. ``classes``: the disclosure class of each field, opened or not.

    ``leaf`` is the log's entry (its hash is RFC 6962's of these bytes) at ``index`` of the tree
    of ``checkpoint``. ``path``: the audit path, leaf side first. ``newest``: the record of what
    corrected this event last; a record in the log may have been corrected later. ``log_number``: of
    which of the installation's logs, see ``log.positions``.
    """

    record_id: str
    classes: dict[str, str]
    opened: tuple[Disclosure, ...]
    commitments: Commitments
    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    checkpoint: str
    log_key: str
    newest: str | None = None
    log_number: int = 1

    @property
    def closed(self) -> tuple[str, ...]:
        """The names of the fields that are not opened."""
        shown = {one.field for one in self.opened}
        return tuple(sorted(set(self.commitments.by_field) - shown))

    def check(self, log_key: VerifierKey) -> None:
        """Checks all of it: opened fields against commitments, their digest against the leaf, the
        leaf against the root, the root's signature against the log's key.

        Raises CommitmentError, UnprovenRecord, ProofError, NoteError or CheckpointError.
        """
        said = read_canonical(self.leaf)
        digest = read_base64(Members(said).text("digest"), 32)
        commitments.check_disclosures(self.opened, self.commitments, digest)
        head = open_checkpoint(self.checkpoint, log_key)
        if head.size != self.size:
            raise UnprovenRecord("The checkpoint is of another size than the proof.")
        verify_inclusion(leaf_hash(self.leaf), self.index, head.size, self.path, head.root)

    def to_json(self) -> dict[str, Any]:
        """The proof as it is handed out; bytes in base64."""
        return {
            "format": FORMAT,
            "record": self.record_id,
            "newest": self.newest,
            "opened": {
                one.field: {"value": one.value, "salt": write_base64(one.salt)}
                for one in self.opened
            },
            "closed": list(self.closed),
            "classes": self.classes,
            "commitments": {
                name: write_base64(value) for name, value in self.commitments.by_field.items()
            },
            "leaf": {"index": self.index, "data": write_base64(self.leaf)},
            "inclusion": [write_base64(one) for one in self.path],
            "checkpoint": self.checkpoint,
            "log_key": self.log_key,
        }


def record_proof(session: Session, record_id: str, classes: Collection[str]) -> RecordProof:
    """The proof of a record against its log's newest checkpoint, opening fields of ``classes``.

    Raises NotFound.
    """
    record = queries.record(session, record_id)
    head = queries.head_at(session, record.leaf_index)
    contents = contents_of(record)
    return RecordProof(
        record_id=record.id,
        classes=dict(record.classes),
        opened=tuple(
            one for one in contents.fields.values() if record.classes.get(one.field) in classes
        ),
        commitments=contents.commitments,
        leaf=session.get_one(Leaf, record.leaf_index).data,
        index=index_at(record.leaf_index),
        size=head.size,
        path=tuple(queries.inclusion_proof(session, record.leaf_index, head.size)),
        checkpoint=head.checkpoint,
        log_key=log_verifiers(session, head.origin)[0],
        newest=_newest(session, record.id),
        log_number=number_at(record.leaf_index),
    )


def checks(proof: RecordProof) -> InvalidInput | None:
    """What is wrong with a proof by the key that it names; None where all is right."""
    try:
        proof.check(parse_verifier_key(proof.log_key))
    except InvalidInput as error:
        return error
    return None


def _newest(session: Session, record_id: str) -> str | None:
    event = session.scalar(sa.select(Event).where(Event.record_id == record_id))
    last = newest(session, event) if event is not None else None
    return last.record_id if last is not None and last.record_id != record_id else None
