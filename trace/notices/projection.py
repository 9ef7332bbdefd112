"""What rows of warnings, of steps about them and of contacts hold, by their records."""

from __future__ import annotations

from suyuan.trace.batches.tables import Batch
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.notices.records import NOTICE_CONTACT, WARNING
from suyuan.trace.notices.tables import EarlyWarning, NoticeContact, WarningStep
from suyuan.trace.parties.tables import Party

_PUBLIC = ("warning.published", "warning.ended")

WARNINGS = Projection(
    EarlyWarning,
    EarlyWarning.uid,
    WARNING,
    names=said_by("warning"),
    references=(EarlyWarning.record_id,),
    types=frozenset({"warning.opened"}),
    later=(WARNING,),
    columns=(
        Column("rule", EarlyWarning.rule, first("rule")),
        Column("key", EarlyWarning.key, first("key")),
        Column("severity", EarlyWarning.severity, first("severity")),
        Column("batch_id", name_of(Batch.trace_code, EarlyWarning.batch_id), first("trace_code")),
        Column("party_id", name_of(Party.uid, EarlyWarning.party_id), first("party")),
        Column("division", EarlyWarning.division, first("division")),
        Column("family", EarlyWarning.family, first("family")),
        Column("stage", EarlyWarning.stage, first("stage")),
        Column("level", EarlyWarning.level, newest("level")),
        Column("level_division", EarlyWarning.level_division, newest("level_division")),
        Column("state", EarlyWarning.state, newest("state")),
        Column("evidence", EarlyWarning.evidence, first("evidence")),
        Column("opened_at", EarlyWarning.opened_at, first("at")),
        Column("deadline", EarlyWarning.deadline, newest("deadline")),
        Column("closed_at", EarlyWarning.closed_at, newest("at", types=("warning.closed",))),
        Column(
            "public_text",
            EarlyWarning.public_text,
            newest("public_text", types=_PUBLIC, absent=""),
        ),
        Column("published_at", EarlyWarning.published_at, newest("published_at", types=_PUBLIC)),
    ),
)

STEPS = Projection(
    WarningStep,
    WarningStep.uid,
    WARNING,
    names=said_by("step"),
    references=(WarningStep.record_id,),
    types=frozenset(
        f"warning.{kind}"
        for kind in (
            "acknowledged", "acted_on", "escalated", "overdue", "closed", "proposed", "published",
            "ended",
        )
    ),
    columns=(
        Column("warning_id", name_of(EarlyWarning.uid, WarningStep.warning_id), first("warning")),
        Column("kind", WarningStep.kind, first("step_kind")),
        Column("level", WarningStep.level, first("level")),
        Column("party_id", name_of(Party.uid, WarningStep.party_id), first("step_party")),
        Column("person_uid", WarningStep.person_uid, first("typed_by")),
        Column("note", WarningStep.note, first("note", absent="")),
        Column("evidence_id", name_of(EvidenceFile.uid, WarningStep.evidence_id), first("proof")),
        Column("proof_kind", WarningStep.proof_kind, first("proof_kind")),
        Column("proof_record", WarningStep.proof_record, first("proof_record")),
        Column("at", WarningStep.at, first("at")),
    ),
)  # fmt: skip

CONTACTS = Projection(
    NoticeContact,
    NoticeContact.uid,
    NOTICE_CONTACT,
    names=said_by("contact"),
    references=(NoticeContact.record_id,),
    types=frozenset({"contact.added"}),
    later=(NOTICE_CONTACT,),
    columns=(
        Column("party_id", name_of(Party.uid, NoticeContact.party_id), first("party")),
        Column("channel", NoticeContact.channel, first("channel")),
        Column("address", NoticeContact.address, first("address")),
        Column("least", NoticeContact.least, first("least")),
        Column("made_at", NoticeContact.made_at, first("at")),
        Column("ended_at", NoticeContact.ended_at, newest("at", types=("contact.ended",))),
        Column("person_uid", NoticeContact.person_uid, first("typed_by")),
    ),
)
PROJECTIONS = (WARNINGS, STEPS, CONTACTS)
