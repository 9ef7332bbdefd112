"""What is kept of the records and why: by which rule until when, and for which case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.batches.records import BATCH
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.records import CERTIFICATE, COLLECTED
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.clock import day_of
from suyuan.trace.errors import NotFound
from suyuan.trace.events.records import EVENT
from suyuan.trace.events.tables import Event, EventBatch, Shipment
from suyuan.trace.lineage.queries import closure_of
from suyuan.trace.log.tables import Record
from suyuan.trace.quality.records import OBJECTION, TEST_REPORT, VERDICT
from suyuan.trace.quality.tables import Objection, TestReport, test_report_batch
from suyuan.trace.release.queries import stops
from suyuan.trace.retention.rules import Keeping, Recorded, keeping
from suyuan.trace.retention.tables import LegalHold
from suyuan.trace.samples.records import SAMPLE, SAMPLE_STEP
from suyuan.trace.samples.tables import Sample

_tested = sa.select(test_report_batch.c.batch_id)


def legal_hold(session: Session, uid: str, field: str | None = "hold") -> LegalHold:
    """The hold with this uid. Raises NotFound."""
    found = session.scalar(sa.select(LegalHold).where(LegalHold.uid == uid))
    if found is None:
        raise NotFound("There is no legal hold {uid}.", field=field, uid=uid)
    return found


def legal_holds(session: Session, party_id: int | None = None, *, most: int) -> list[LegalHold]:
    """The holds, those in force first; of one organisation, where one is named."""
    query = sa.select(LegalHold).order_by(LegalHold.lifted_at.is_not(None), LegalHold.id.desc())
    if party_id is not None:
        query = query.where(LegalHold.by_party_id == party_id)
    return list(session.scalars(query.limit(most)))


def held_by(session: Session, record: Record, goods: Iterable[Batch]) -> LegalHold | None:
    """A legal hold in force that reaches the record: by its own id, by what it is about, by who
    answers for it, or by the ``goods`` that it speaks of (``batches_of``) and all that was made of
    them."""
    names = [one for one in (record.id, record.subject, record.party, record.person) if one]
    reached = sa.select(Batch.trace_code).where(Batch.id.in_(_made_of(goods)))
    query = sa.select(LegalHold).where(
        sa.or_(LegalHold.about.in_(names), LegalHold.about.in_(reached)),
        LegalHold.lifted_at.is_(None),
    )
    return session.scalars(query.order_by(LegalHold.id).limit(1)).first()


def open_case(session: Session, goods: Iterable[Batch]) -> str | None:
    """The trace code of goods, or of what was made of them, that an order stops, or about whose
    test an objection is open; None where there are none."""
    reached = list(session.scalars(_made_of(goods)))
    if stopped := stops(session, reached):
        return stopped[0].trace_code
    query = (
        sa.select(Batch.trace_code)
        .join(test_report_batch, test_report_batch.c.batch_id == Batch.id)
        .join(Objection, Objection.report_id == test_report_batch.c.report_id)
        .where(Objection.state == "open", Batch.id.in_(_made_of(goods)))
    )
    return session.scalar(query.limit(1))


def _made_of(goods: Iterable[Batch]) -> sa.Select[int]:
    """The ids of goods and of all that was made of them: what a case about the end of a chain
    needs stands at its beginning."""
    return closure_of(sa.select(Batch.id).where(Batch.id.in_([one.id for one in goods])))


def batches_of(session: Session, record: Record) -> list[Batch]:
    """The batches that a record speaks of."""
    query = sa.select(Batch)
    if record.schema == str(EVENT):
        said = sa.select(EventBatch.batch_id).join(Event).where(Event.record_id == record.id)
    elif record.schema == str(CERTIFICATE):
        said = sa.select(Certificate.batch_id).where(Certificate.number == record.subject)
    elif record.schema == str(COLLECTED):
        said = sa.select(CollectedCertificate.batch_id).where(
            CollectedCertificate.uid == record.subject
        )
    elif record.schema in (str(SAMPLE), str(SAMPLE_STEP)):
        said = sa.select(Sample.batch_id).where(Sample.uid == record.subject)
    elif record.schema in (str(TEST_REPORT), str(VERDICT)):
        tested = sa.select(TestReport.id).where(TestReport.uid == record.subject)
        said = _tested.where(test_report_batch.c.report_id.in_(tested))
    elif record.schema == str(OBJECTION):
        tested = sa.select(Objection.report_id).where(Objection.uid == record.subject)
        said = _tested.where(test_report_batch.c.report_id.in_(tested))
    else:
        return list(session.scalars(query.where(Batch.trace_code == (record.subject or ""))))
    return list(session.scalars(query.where(Batch.id.in_(said)).order_by(Batch.id)))


def recorded(session: Session, record: Record, goods: Sequence[Batch]) -> Recorded:
    """What the rules go by, of a record that speaks of these goods."""
    day = day_of(record.at)
    kind = party_kind = ""
    stated: date | None = None
    event = None
    if record.schema == str(EVENT):
        event = session.scalars(sa.select(Event).where(Event.record_id == record.id)).first()
    if event is not None:
        kind, party_kind = event.kind, event.party.kind
        day = day_of(_ended(session, event))
    elif record.schema == str(BATCH) and goods:
        party_kind = goods[0].party.kind
    elif record.schema == str(CERTIFICATE):
        stated = session.scalar(
            sa.select(Certificate.keep_until).where(Certificate.number == record.subject)
        )
    elif record.schema == str(COLLECTED):
        own = CollectedCertificate.uid == record.subject
        stated = session.scalar(sa.select(CollectedCertificate.keep_until).where(own))
    shelf = [one.best_before for one in goods if one.best_before is not None]
    return Recorded(
        schema=record.schema,
        day=day,
        kind=kind,
        party_kind=party_kind,
        families=frozenset(
            name for one in goods for name in (one.family, f"{one.family}/{one.variant}")
        ),
        best_before=max(shelf, default=None),
        stated=stated,
    )


def _ended(session: Session, event: Event) -> datetime:
    """When what an event tells of was over: goods that were sent, when they arrived."""
    receipt = aliased(Event)
    arrived = (
        sa.select(sa.func.max(receipt.happened_at))
        .join(Shipment, Shipment.receipt_event_id == receipt.id)
        .where(Shipment.ship_event_id == event.id)
    )
    return max(event.happened_at, session.scalar(arrived) or event.happened_at)


def kept_until(
    session: Session, record: Record, goods: Sequence[Batch], fields: Collection[str]
) -> Keeping | None:
    """Until when, and by which rule, these fields of a record about some goods are kept."""
    return keeping(recorded(session, record, goods), fields)
