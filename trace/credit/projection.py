"""What rows of the yearly assessments hold, by their records."""

from __future__ import annotations

from suyuan.trace.credit.records import CREDIT
from suyuan.trace.credit.tables import CreditAssessment
from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.parties.tables import Party

_OBJECTED = ("credit.objected",)
_DECIDED = ("credit.decided",)

ASSESSMENTS = Projection(
    CreditAssessment,
    CreditAssessment.uid,
    CREDIT,
    names=said_by("assessment"),
    references=(CreditAssessment.record_id,),
    types=frozenset({"credit.announced"}),
    later=(CREDIT,),
    columns=(
        Column("party_id", name_of(Party.uid, CreditAssessment.party_id), first("party")),
        Column("year", CreditAssessment.year, first("year")),
        Column("division", CreditAssessment.division, first("division")),
        Column("version", CreditAssessment.version, first("model")),
        Column("state", CreditAssessment.state, newest("state")),
        Column("found", CreditAssessment.found, first("found")),
        Column("again", CreditAssessment.again, first("again", absent="")),
        Column(
            "by_party_id", name_of(Party.uid, CreditAssessment.by_party_id), first("assessor")
        ),
        Column("announced_at", CreditAssessment.announced_at, first("at")),
        Column("notice_until", CreditAssessment.notice_until, first("notice_until")),
        Column(
            "objection", CreditAssessment.objection, newest("objection", types=_OBJECTED, absent="")
        ),
        Column("objected_at", CreditAssessment.objected_at, newest("at", types=_OBJECTED)),
        Column("grade", CreditAssessment.grade, newest("grade", types=_DECIDED, absent="")),
        Column("veto", CreditAssessment.veto, newest("veto", types=_DECIDED, absent="")),
        Column("reason", CreditAssessment.reason, newest("reason", types=_DECIDED, absent="")),
        Column("decided_at", CreditAssessment.decided_at, newest("at", types=_DECIDED)),
        Column(
            "decided_by_id",
            name_of(Party.uid, CreditAssessment.decided_by_id),
            newest("assessor", types=_DECIDED),
        ),
    ),
)  # fmt: skip
PROJECTIONS = (ASSESSMENTS,)
