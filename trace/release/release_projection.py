"""What rows of releases hold, and the events that show them, by their records."""

from __future__ import annotations

from suyuan.trace.batches.projection import facts_said
from suyuan.trace.batches.records import FACT
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.projection import GRADED
from suyuan.trace.events.records import EVENT_EVIDENCE, KDE
from suyuan.trace.events.tables import Event
from suyuan.trace.log.projections import Column, Projection, first, name_of, newest, said_by
from suyuan.trace.log.tellings import Fields
from suyuan.trace.parties.tables import Party
from suyuan.trace.release.records import RELEASE
from suyuan.trace.release.tables import Release

ANSWERED = ("release.approved", "release.refused")
SHOWN = frozenset({"release.given", "release.approved"})
"""Types of records that let a batch go, and that an event in its chain shows."""

RELEASES = Projection(
    Release,
    Release.uid,
    RELEASE,
    names=said_by("release"),
    references=(Release.record_id,),
    types=frozenset({"release.given", "release.asked"}),
    later=(RELEASE,),
    subject=name_of(Batch.trace_code, Release.batch_id),
    columns=(
        Column("batch_id", name_of(Batch.trace_code, Release.batch_id), first("trace_code")),
        Column("how", Release.how, first("how")),
        Column("state", Release.state, newest("state")),
        Column("reason", Release.reason, first("reason", absent="")),
        Column("covers", Release.covers, first("covers", absent=[])),
        Column("facts", Release.facts, facts_said(FACT)),
        Column("by_party_id", name_of(Party.uid, Release.by_party_id), first("party")),
        Column("by_person_uid", Release.by_person_uid, first("typed_by")),
        Column("at", Release.at, first("at")),
        Column(
            "answered_party_id",
            name_of(Party.uid, Release.answered_party_id),
            newest("party", types=ANSWERED),
        ),
        Column("answered_by_uid", Release.answered_by_uid, newest("typed_by", types=ANSWERED)),
        Column("answered_at", Release.answered_at, newest("at", types=ANSWERED)),
        Column("answer", Release.answer, newest("reason", types=ANSWERED, absent="")),
    ),
)


def _shown(said: Fields, _key: str) -> Fields:
    """The record of a release, read as the event that shows it in the chain of its batch."""
    if said["schema"] != str(RELEASE):
        return said
    return {
        **{name: said[name] for name in ("at", "typed_by", "evidence_grade") if name in said},
        "kind": "clearance",
        "happened_at": said["at"],
        "party": said["party"],
        f"{KDE}how": said["how"],
        **({f"{KDE}reason": said["reason"][:200]} if said.get("reason") else {}),
        "batches": [{"code": said["trace_code"], "role": "subject"}],
        "quantities": [None],
    }


RELEASE_EVENTS = Projection(
    Event,
    Event.uid,
    RELEASE,
    names=said_by("event"),
    called=False,
    about=_shown,
    references=(Event.record_id,),
    types=SHOWN,
    later=(EVENT_EVIDENCE,),
    columns=GRADED,
)

PROJECTIONS = (RELEASES, RELEASE_EVENTS)
