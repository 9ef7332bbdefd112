"""Keeping a photo or document as evidence."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import InvalidInput
from suyuan.trace.evidence import files
from suyuan.trace.evidence.queries import hold_store
from suyuan.trace.evidence.records import EVIDENCE
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.schemas import CLASSES
from suyuan.trace.parties import queries


def keep_evidence(
    w: Writing,
    party_uid: str,
    data: bytes,
    name: str,
    disclosure: str = "trade",
    *,
    text: bool = False,
) -> str:
    """Keep a file of a party; returns its uid. Raises TooLarge, Unreadable, InvalidInput.

    The bytes are on disk before the transaction commits: a file without a row does no harm, a
    row without its file would.
    """
    party = queries.party(w.session, party_uid)
    w.actor.require("record_event", party)
    if disclosure not in CLASSES:
        raise InvalidInput(
            "Who may see a file is one of: {classes}.", "disclosure", classes=", ".join(CLASSES)
        )
    evidence = files.prepare(data, w.settings.upload_bytes, text)
    hold_store(w.session, alone=False)
    files.store(w.settings.evidence_folder, evidence)
    row = EvidenceFile(
        uid=w.new_uid(),
        party_id=party.id,
        sha256=evidence.sha256,
        media_type=evidence.media_type,
        size=len(evidence.data),
        name=files.safe_name(name),
        disclosure=disclosure,
        at=w.now,
        person_uid=w.actor.person_uid,
    )
    w.session.add(row)
    w.record(
        EVIDENCE,
        "evidence",
        {
            "evidence": row.uid,
            "sha256": row.sha256,
            "media_type": row.media_type,
            "size": row.size,
            "disclosure": disclosure,
            "party": party.uid,
            "name": row.name,
        },
        subject=row.uid,
    )
    w.session.flush()
    return row.uid
