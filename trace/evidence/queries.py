"""Reading the register of evidence files."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.evidence.tables import EvidenceFile

_STORE = 0x65766964
"""The number of the lock on the store of files."""


def evidence(session: Session, uid: str, field: str | None = "evidence") -> EvidenceFile:
    """The file with this uid. Raises NotFound, also where its bytes were erased."""
    found = session.scalar(sa.select(EvidenceFile).where(EvidenceFile.uid == uid))
    if found is None or found.erased_at is not None:
        raise NotFound("There is no evidence file {uid}.", field=field, uid=uid)
    return found


def evidence_of(session: Session, uids: tuple[str, ...], party_id: int) -> list[EvidenceFile]:
    """The files with these uids, which must be the party's own. Raises NotFound."""
    found = [evidence(session, uid) for uid in uids]
    for file in found:
        if file.party_id != party_id:
            raise NotFound("There is no evidence file {uid}.", field="evidence", uid=file.uid)
    return found


def bytes_to_remove(session: Session) -> list[str]:
    """The hashes of which every file was erased: their bytes are to lie nowhere."""
    kept = sa.select(EvidenceFile.sha256).where(EvidenceFile.erased_at.is_(None))
    gone = sa.select(EvidenceFile.sha256).where(
        EvidenceFile.erased_at.is_not(None), EvidenceFile.sha256.not_in(kept)
    )
    return sorted(set(session.scalars(gone)))


def hold_store(session: Session, *, alone: bool) -> None:
    """Let nobody else remove bytes from the store before this transaction ends, nor, ``alone``,
    keep any. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        lock = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
        session.execute(sa.select(lock(_STORE)))
