"""What stands of a record's personal fields in the rows that pages and exports are made of.

Each kind of record with personal fields names here what becomes of its rows when some are erased;
a kind that is missing cannot be erased, and a test says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.records import BATCH, BATCH_STATE, FACT
from suyuan.trace.batches.tables import Batch, Share
from suyuan.trace.bilingual.records import TIBETAN_TEXT
from suyuan.trace.certificates.records import CERTIFICATE, COLLECTED
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.credit.records import CREDIT
from suyuan.trace.events.records import EVENT, EVENT_EVIDENCE, KDE
from suyuan.trace.events.tables import Event
from suyuan.trace.evidence.records import EVIDENCE
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.intake.records import SHEET, SHEET_WORK, WORK_ITEM
from suyuan.trace.intake.tables import Upload, WorkItem
from suyuan.trace.log.tables import Record
from suyuan.trace.notices.records import NOTICE_CONTACT, WARNING
from suyuan.trace.notices.tables import NoticeContact, WarningStep
from suyuan.trace.papers.records import PAPER
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.records import NO_NAME, PARTY, PERSON
from suyuan.trace.parties.tables import ApiToken, Membership, OneTimeLink, Party, Person
from suyuan.trace.quality.records import COUNTY_LIMIT
from suyuan.trace.quality.tables import CountyLimit
from suyuan.trace.release.records import ORDER, RELEASE
from suyuan.trace.release.tables import Order, Release
from suyuan.trace.retention.records import LEGAL_HOLD
from suyuan.trace.retention.tables import LegalHold
from suyuan.trace.samples.records import SAMPLE, SAMPLE_STEP
from suyuan.trace.samples.tables import Sample, SampleStep

Rows = Callable[[Writing, Record, Collection[str]], None]


def clear_rows(w: Writing, record: Record, fields: Collection[str]) -> None:
    """Take the erased fields of a record out of the rows that it made."""
    ROWS[record.schema](w, record, fields)
    if "typed_by" in fields:
        record.person = None


def _batch(w: Writing, record: Record, fields: Collection[str]) -> None:
    batch = w.session.scalars(sa.select(Batch).where(Batch.record_id == record.id)).one()
    batch.attributes = _less(batch.attributes, FACT, fields)
    if "shares" in fields:
        for share in w.session.scalars(sa.select(Share).where(Share.batch_id == batch.id)):
            share.household = share.note = ""
            share.party_id = share.quantity = None
    _events(w, record, fields)


def _event(w: Writing, record: Record, fields: Collection[str]) -> None:
    for event in w.session.scalars(sa.select(Event).where(Event.record_id == record.id)):
        event.payload = _less(event.payload, KDE, fields)
    _events(w, record, fields)


def _events(w: Writing, record: Record, fields: Collection[str]) -> None:
    """The person who typed, and the digest of all that was typed: values could be guessed by it."""
    for event in w.session.scalars(sa.select(Event).where(Event.record_id == record.id)):
        event.content_digest = secrets.token_hex(32)
        if "typed_by" in fields:
            event.person_uid = None


def _evidence(w: Writing, record: Record, fields: Collection[str]) -> None:
    said = EvidenceFile.uid == record.subject
    w.session.execute(sa.update(EvidenceFile).where(said).values(name="", person_uid=None))


def _sheet(w: Writing, record: Record, fields: Collection[str]) -> None:
    """All of its cells: which of them made a field is not kept."""
    for upload in w.session.scalars(sa.select(Upload).where(Upload.uid == record.subject)):
        upload.grid = {**upload.grid, "sheets": []}
        upload.decisions, upload.answer = [], None
        for item in w.session.scalars(sa.select(WorkItem).where(WorkItem.upload_id == upload.id)):
            item.content, item.doubts, item.reason = {}, [], ""


def _work_item(w: Writing, record: Record, fields: Collection[str]) -> None:
    cleared: dict[str, dict[str, Any]] = {
        "note": {"settled_note": ""},
        "settled_by": {"settled_by_uid": None},
    }
    _set(w, WorkItem, WorkItem.uid == record.subject, cleared, fields)


def _paper(w: Writing, record: Record, fields: Collection[str]) -> None:
    cleared: dict[str, dict[str, Any]] = {"checked_by": {"checked_by": "", "checked_by_uid": None}}
    _set(w, Paper, Paper.uid == record.subject, cleared, fields)


def _certificate(w: Writing, record: Record, fields: Collection[str]) -> None:
    _set(w, Certificate, Certificate.number == record.subject, _CONTACT, fields)


def _collected(w: Writing, record: Record, fields: Collection[str]) -> None:
    own = CollectedCertificate.uid == record.subject
    _set(w, CollectedCertificate, own, _CONTACT, fields)


_CONTACT: Mapping[str, Mapping[str, Any]] = {"contact": {"contact": ""}}


def _party(w: Writing, record: Record, fields: Collection[str]) -> None:
    cleared: dict[str, dict[str, Any]] = {
        "phone": {"phone": ""},
        "name": {"name": NO_NAME},
        "names": {"names": {}},
    }
    _set(w, Party, Party.uid == record.subject, cleared, fields)


def _person(w: Writing, record: Record, fields: Collection[str]) -> None:
    """Somebody without name and number can no longer sign in: every way in ends."""
    person = w.session.scalars(sa.select(Person).where(Person.uid == record.subject)).one()
    if "name" in fields:
        person.name = NO_NAME
    if "phone" not in fields:
        return
    person.phone = f"erased-{person.id}"
    person.active, person.password, person.second_factor = False, None, None
    person.session_name, person.changed_at = secrets.token_hex(32), w.now
    own = {"person_id": person.id}
    w.session.execute(sa.delete(OneTimeLink).filter_by(**own))
    w.session.execute(
        sa.update(ApiToken).filter_by(**own, revoked_at=None).values(revoked_at=w.now)
    )
    w.session.execute(sa.update(Membership).filter_by(**own, until=None).values(until=w.now))


def _order(w: Writing, record: Record, fields: Collection[str]) -> None:
    own = Order.record_id == record.id
    w.session.execute(sa.update(Order).where(own).values(by_person_uid=None))
    lifted = sa.and_(Order.lifted_at == record.at, Order.lifted_by_uid == record.person)
    w.session.execute(sa.update(Order).where(lifted).values(lifted_by_uid=None))
    _events(w, record, fields)


def _sample(w: Writing, record: Record, fields: Collection[str]) -> None:
    cleared: dict[str, dict[str, Any]] = {
        "samplers": {"samplers": []},
        "present": {"present": []},
    }
    _set(w, Sample, Sample.record_id == record.id, cleared, fields)


def _sample_step(w: Writing, record: Record, fields: Collection[str]) -> None:
    own = SampleStep.record_id == record.id
    w.session.execute(sa.update(SampleStep).where(own).values(person_uid=None))


def _warning(w: Writing, record: Record, fields: Collection[str]) -> None:
    own = WarningStep.record_id == record.id
    w.session.execute(sa.update(WarningStep).where(own).values(person_uid=None))


def _contact(w: Writing, record: Record, fields: Collection[str]) -> None:
    """Nothing is sent any more to an address that is gone."""
    own = sa.update(NoticeContact).where(NoticeContact.uid == record.subject)
    if "typed_by" in fields:
        w.session.execute(own.values(person_uid=None))
    if "address" in fields:
        w.session.execute(own.values(address=""))


def _release(w: Writing, record: Record, fields: Collection[str]) -> None:
    """Who asked or let go, who answered, and facts that were stated with it."""
    for one in w.session.scalars(sa.select(Release).where(Release.record_id == record.id)):
        one.facts = _less(one.facts, FACT, fields)
        if "typed_by" in fields:
            one.by_person_uid = None
    if "typed_by" in fields:
        own = sa.and_(Release.answered_at == record.at, Release.answered_by_uid == record.person)
        w.session.execute(sa.update(Release).where(own).values(answered_by_uid=None))
    _events(w, record, fields)


def _legal_hold(w: Writing, record: Record, fields: Collection[str]) -> None:
    own = sa.update(LegalHold).where(LegalHold.uid == record.subject)
    w.session.execute(own.where(LegalHold.record_id == record.id).values(by_person_uid=None))
    lifted = sa.and_(LegalHold.lifted_at == record.at, LegalHold.lifted_by_uid == record.person)
    w.session.execute(own.where(lifted).values(lifted_by_uid=None))


def _county_limit(w: Writing, record: Record, fields: Collection[str]) -> None:
    for row in w.session.scalars(sa.select(CountyLimit).where(CountyLimit.uid == record.subject)):
        if row.asked_by_uid == record.person:
            row.asked_by_uid = None
        if row.answered_by_uid == record.person:
            row.answered_by_uid = None


def _nobody(w: Writing, record: Record, fields: Collection[str]) -> None:
    """Its row names no person."""


ROWS: Mapping[str, Rows] = {
    str(BATCH): _batch,
    str(BATCH_STATE): _events,
    str(EVENT): _event,
    str(EVENT_EVIDENCE): _events,
    str(EVIDENCE): _evidence,
    str(SHEET): _sheet,
    str(SHEET_WORK): _sheet,
    str(WORK_ITEM): _work_item,
    str(PAPER): _paper,
    str(PARTY): _party,
    str(PERSON): _person,
    str(ORDER): _order,
    str(WARNING): _warning,
    str(SAMPLE): _sample,
    str(SAMPLE_STEP): _sample_step,
    str(NOTICE_CONTACT): _contact,
    str(RELEASE): _release,
    str(CERTIFICATE): _certificate,
    str(COLLECTED): _collected,
    str(LEGAL_HOLD): _legal_hold,
    str(COUNTY_LIMIT): _county_limit,
    str(CREDIT): _nobody,
    str(TIBETAN_TEXT): _nobody,
}
"""For each kind of record with personal fields, what becomes of its rows."""


def _set(
    w: Writing,
    table: type[WorkItem | Paper | Party | Certificate | CollectedCertificate | Sample],
    which: sa.ColumnElement[bool],
    cleared: Mapping[str, Mapping[str, Any]],
    fields: Collection[str],
) -> None:
    values = {name: value for field in fields for name, value in cleared.get(field, {}).items()}
    if values:
        w.session.execute(sa.update(table).where(which).values(values))


def _less(values: Mapping[str, Any], prefix: str, fields: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if f"{prefix}{key}" not in fields}
