"""Reading the register of evidence files."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.evidence.tables import EvidenceFile


def evidence(session: Session, uid: str, field: str | None = "evidence") -> EvidenceFile:
    """The file with this uid. Raises NotFound."""
    found = session.scalar(sa.select(EvidenceFile).where(EvidenceFile.uid == uid))
    if found is None:
        raise NotFound("There is no evidence file {uid}.", field=field, uid=uid)
    return found


def evidence_of(session: Session, uids: tuple[str, ...], party_id: int) -> list[EvidenceFile]:
    """The files with these uids, which must be the party's own. Raises NotFound."""
    found = [evidence(session, uid) for uid in uids]
    for file in found:
        if file.party_id != party_id:
            raise NotFound("There is no evidence file {uid}.", field="evidence", uid=file.uid)
    return found
