"""What rows of events and shipments hold, by their records.

The event with which a batch's chain begins, or that shows a hold, has no record of its own: the
record of the batch or of the order tells of it (``release.projection``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.batches.projection import amount_said, facts_said
from suyuan.trace.batches.records import BATCH, BATCH_STATE
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.records import EVENT, EVENT_EVIDENCE, KDE
from suyuan.trace.events.tables import Event, EventBatch, Shipment, event_evidence
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import (
    Column,
    Projection,
    Word,
    by_owner,
    first,
    gathered,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.log.tellings import Fields, Telling
from suyuan.trace.parties.tables import Party, Site

Parts = list[tuple[str, str, Any]]


def _batches(session: Session, events: Sequence[int]) -> dict[int, Parts]:
    query = (
        sa.select(
            EventBatch.event_id,
            Batch.trace_code,
            EventBatch.role,
            EventBatch.quantity,
        )
        .join(Batch, Batch.id == EventBatch.batch_id)
        .where(EventBatch.event_id.in_(events))
    )
    return {
        owner: sorted(((row[0], row[1], row[2]) for row in several), key=lambda one: one[:2])
        for owner, several in by_owner(session, query).items()
    }


def _batches_said(tellings: Sequence[Telling]) -> Word:
    said = tellings[0].fields
    pairs = zip(said["batches"], said["quantities"], strict=True)
    parts = [(one["code"], one["role"], amount_said(amount)) for one, amount in pairs]
    return Word(sorted(parts, key=lambda one: one[:2]), tellings[0].id)


def _evidence(session: Session, events: Sequence[int]) -> dict[int, list[str]]:
    of = event_evidence.c
    query = sa.select(of.event_id, EvidenceFile.sha256).join(
        EvidenceFile, EvidenceFile.id == of.evidence_id
    )
    rows = by_owner(session, query.where(of.event_id.in_(events)))
    return {owner: sorted(hash_ for (hash_,) in several) for owner, several in rows.items()}


def _correction_reason(tellings: Sequence[Telling]) -> Word:
    said = tellings[0].fields
    return Word(said.get("reason", "") if "corrects" in said else "", tellings[0].id)


_mending = aliased(Event)
_mends = (
    sa.select(sa.func.min(_mending.id)).where(_mending.corrects_id == Event.id).scalar_subquery()
)


def _points_at_what_mends_it(tellings: Sequence[Telling]) -> Word:
    """That another event corrects this one is told by that one's record."""
    return Word(True, tellings[-1].id)


SHARED = (
    Column("kind", Event.kind, first("kind")),
    Column("recorded_at", Event.recorded_at, first("at")),
    Column("party_id", name_of(Party.uid, Event.party_id), first("party")),
    Column("person_uid", Event.person_uid, first("typed_by")),
    Column("payload", Event.payload, facts_said(KDE)),
    Column("note", Event.note, first("note", absent="")),
    Column("withdrawn", Event.withdrawn, first("withdrawn", absent=False)),
    Column("correction_reason", Event.correction_reason, _correction_reason),
    Column(
        "corrected_by_id",
        Event.corrected_by_id.is_not_distinct_from(_mends),
        _points_at_what_mends_it,
    ),
    Column("event_batch", _batches, _batches_said),
)
"""What stands in every row of an event, whichever record tells of it."""

GRADED = (
    *SHARED,
    Column("happened_at", Event.happened_at, first("happened_at")),
    Column("site_id", name_of(Site.uid, Event.site_id), first("site")),
    Column("evidence_grade", Event.evidence_grade, newest("evidence_grade")),
    Column("event_evidence", _evidence, gathered("evidence")),
)
"""The same with where it was, when, and how it is shown to be so."""

EVENTS = Projection(
    Event,
    Event.uid,
    EVENT,
    names=said_by("event"),
    references=(Event.record_id,),
    later=(EVENT_EVIDENCE,),
    columns=(
        *GRADED,
        Column("happened", Event.happened, first("happened")),
        Column("completeness", Event.completeness, first("completeness")),
        Column("missing", Event.missing, first("missing", absent=[])),
        Column("warnings", Event.warnings, first("warnings", absent=[])),
        Column("corrects_id", name_of(Event.uid, Event.corrects_id), first("corrects")),
    ),
)


def _registration(said: Fields, _key: str) -> Fields:
    """The record of a batch, read as the event with which its chain begins."""
    if said["schema"] != str(BATCH):
        return said
    own = ("at", "party", "site", "note", "typed_by", "evidence", "evidence_grade")
    return {
        **{name: said[name] for name in own if name in said},
        "kind": "register",
        "happened_at": said["at"],
        "batches": [{"code": said["trace_code"], "role": "subject"}],
        "quantities": [said["quantity"]],
    }


REGISTRATIONS = Projection(
    Event,
    Event.uid,
    BATCH,
    names=said_by("event"),
    called=False,
    when=lambda said: "parents" not in said,  # of those what made them tells
    about=_registration,
    references=(Event.record_id,),
    later=(EVENT_EVIDENCE,),
    columns=GRADED,
)


def _withdrawal(said: Fields, _key: str) -> Fields:
    """The record of a batch that was withdrawn, read as: its registration never happened."""
    return {
        **said,
        "kind": "register",
        "withdrawn": True,
        "corrects": "",
        "batches": [{"code": said["trace_code"], "role": "subject"}],
        "quantities": [None],
    }


WITHDRAWALS = Projection(
    Event,
    Event.uid,
    BATCH_STATE,
    names=lambda _said: None,
    called=False,
    about=_withdrawal,
    references=(Event.record_id,),
    columns=SHARED,
)


def _record_of(event: Any) -> sa.ScalarSelect[Any]:
    return sa.select(Event.record_id).where(Event.id == event).scalar_subquery()


def _of_one(said: Fields, key: str) -> Fields:
    """What a record of goods sent or received says of one shipment."""
    at = list(said["shipments"]).index(key)
    return {**said, "code": said["batches"][at]["code"], "quantity": said["quantities"][at]}


def _word_given(field: str, read: Any, absent: Any) -> Any:
    """What follows from the receiver's word, where it was given."""
    return newest(field, types=("event.receive",), read=read, absent=absent)


_STATES: Mapping[bool, str] = {True: "accepted", False: "disputed"}

SHIPMENTS = Projection(
    Shipment,
    Shipment.uid,
    EVENT,
    names=said_by("shipments"),
    about=_of_one,
    references=(_record_of(Shipment.ship_event_id), _record_of(Shipment.receipt_event_id)),
    types=frozenset({"event.ship", "event.return", "event.receive"}),
    columns=(
        Column("batch_id", name_of(Batch.trace_code, Shipment.batch_id), first("code")),
        Column("from_party_id", name_of(Party.uid, Shipment.from_party_id), first("party")),
        Column("to_party_id", name_of(Party.uid, Shipment.to_party_id), first("to_party")),
        Column("quantity", Shipment.quantity, first("quantity", read=amount_said)),
        Column("state", Shipment.state, _word_given("accepted", _STATES.__getitem__, "sent")),
        Column(
            "accepted_quantity",
            Shipment.accepted_quantity,
            _word_given("quantity", amount_said, None),
        ),
        Column("reason", Shipment.reason, _word_given("reason", str.strip, "")),
    ),
)

PROJECTIONS = (EVENTS, REGISTRATIONS, WITHDRAWALS, SHIPMENTS)
