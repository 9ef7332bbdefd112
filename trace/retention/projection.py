"""What rows of legal holds hold, by their records."""

from __future__ import annotations

from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.parties.tables import Party
from suyuan.trace.retention.records import LEGAL_HOLD
from suyuan.trace.retention.tables import LegalHold

_LIFTED = ("legal_hold.lifted",)

LEGAL_HOLDS = Projection(
    LegalHold,
    LegalHold.uid,
    LEGAL_HOLD,
    names=said_by("hold"),
    references=(LegalHold.record_id,),
    types=frozenset({"legal_hold.placed"}),
    later=(LEGAL_HOLD,),
    columns=(
        Column("about", LegalHold.about, first("about")),
        Column("reason", LegalHold.reason, first("reason")),
        Column("by_party_id", name_of(Party.uid, LegalHold.by_party_id), first("by")),
        Column("by_person_uid", LegalHold.by_person_uid, first("typed_by")),
        Column("at", LegalHold.at, first("at")),
        Column("lifted_at", LegalHold.lifted_at, newest("at", types=_LIFTED)),
        Column("lifted_by_uid", LegalHold.lifted_by_uid, newest("typed_by", types=_LIFTED)),
        Column("lift_reason", LegalHold.lift_reason, newest("reason", types=_LIFTED, absent="")),
    ),
)
PROJECTIONS = (LEGAL_HOLDS,)
