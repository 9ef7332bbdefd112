"""What rows of evidence files hold, by their records."""

from __future__ import annotations

from suyuan.trace.evidence.records import EVIDENCE
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import Column, Projection, first, newest, said_by

EVIDENCE_FILES = Projection(
    EvidenceFile,
    EvidenceFile.uid,
    EVIDENCE,
    names=said_by("evidence"),
    types=frozenset({"evidence"}),
    later=(EVIDENCE,),
    columns=(
        Column("sha256", EvidenceFile.sha256, newest("sha256")),
        Column("media_type", EvidenceFile.media_type, newest("media_type")),
        Column("size", EvidenceFile.size, newest("size")),
        Column("name", EvidenceFile.name, newest("name")),
        Column("disclosure", EvidenceFile.disclosure, newest("disclosure")),
        Column("at", EvidenceFile.at, first("at")),
        Column("erased_at", EvidenceFile.erased_at, newest("at", types=("evidence.erased",))),
    ),
)
PROJECTIONS = (EVIDENCE_FILES,)
