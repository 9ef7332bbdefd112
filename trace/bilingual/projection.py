"""What rows of Tibetan texts hold, by their records."""

from __future__ import annotations

from suyuan.trace.bilingual.records import TIBETAN_TEXT
from suyuan.trace.bilingual.tables import TibetanText
from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.parties.tables import Party

_TYPES = ("tibetan.approved", "tibetan.refused")

TEXTS = Projection(
    TibetanText,
    TibetanText.uid,
    TIBETAN_TEXT,
    names=said_by("text"),
    references=(TibetanText.record_id,),
    types=frozenset(_TYPES),
    later=(TIBETAN_TEXT,),
    columns=(
        Column("division", TibetanText.division, first("division")),
        Column("zh", TibetanText.zh, first("zh")),
        Column("bo", TibetanText.bo, first("bo")),
        Column("state", TibetanText.state, newest("state")),
        Column("reason", TibetanText.reason, newest("reason", types=_TYPES, absent="")),
        Column(
            "by_party_id",
            name_of(Party.uid, TibetanText.by_party_id),
            newest("office", types=_TYPES),
        ),
        Column("at", TibetanText.at, newest("at", types=_TYPES)),
    ),
)
PROJECTIONS = (TEXTS,)
