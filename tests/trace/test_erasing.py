"""A personal value that was erased is gone from rows, files and exports; the log is still whole."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan import trace
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.erased_files import sweep_files
from suyuan.trace.acts.erased_rows import ROWS
from suyuan.trace.acts.erasing import erase, erase_party, erase_person
from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.intake import accept_upload, map_upload, take_upload
from suyuan.trace.acts.parties import apply_for_party
from suyuan.trace.acts.people import add_person
from suyuan.trace.acts.transaction import Ledger, Once
from suyuan.trace.batches.facts import ShareFacts
from suyuan.trace.batches.records import BATCH
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.database import Base
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.events.tables import Event
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.intake.decisions import SetAside
from suyuan.trace.intake.facts import read_sheet_file
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.queries import review, upload
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.dropping import drop_fields
from suyuan.trace.log.erasures import ERASURE
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Record
from suyuan.trace.oversight.package import package_of
from suyuan.trace.oversight.proof import record_proof
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.facts import PartyFacts, PersonFacts
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from suyuan.trace.scouring import scour
from tests import world
from tests.trace.sheets import xlsx

NAME = "扎西平措多吉"
PHONE = "+8613898765432"
BECAUSE = "asked_for"
ALL = ("public", "trade", "personal")


def record_of(ledger: Ledger, schema: str, field: str = "id") -> str:
    """The newest record of a kind that has a field."""
    with ledger.database.read() as session:
        query = sa.select(Record).where(Record.schema == schema).order_by(Record.leaf_index.desc())
        return next(one.id for one in session.scalars(query) if field in one.classes)


def traces(ledger: Ledger, *texts: str) -> list[str]:
    """Where any of these texts still stands: tables, and on SQLite every file of the database."""
    found = []
    with ledger.database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)):
                whole = " ".join(_shown(one) for one in row)
                found += [f"{table.name}: {one}" for one in texts if one in whole]
    if ledger.database.is_sqlite:
        path = Path(str(ledger.database.engine.url.database))
        for file in sorted(path.parent.glob(path.name + "*")):
            data = file.read_bytes()
            for one in texts:
                forms = (one.encode(), one.encode("unicode_escape"))
                found += [f"{file.name}: {one}" for form in forms if form in data]
    return found


def _shown(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def sound(ledger: Ledger) -> int:
    """How many records were erased, in a log that is whole."""
    with ledger.database.read() as session:
        check = check_log(session, SCHEMAS)
    assert check.sound, check.faults
    return check.erased


@pytest.fixture
def head(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


def told(ledger: Ledger, head: Actor) -> tuple[str, str, str]:
    """A batch of a named household, and what a named person did with it, once corrected."""
    facts = world.batch_facts(head, shares=(ShareFacts(NAME, quantity=world.kg(100), note=NAME),))
    code = ledger.perform_once(head, Once("register-1", "0" * 64), register_batch, facts)
    event = world.event_facts(
        ledger, head, "purchase", code, payload={"seller": NAME, "moisture": "12.5"}
    )
    first = ledger.perform_once(head, Once("purchase-1", "1" * 64), record_event, event)
    second = ledger.perform(
        head, correct_event, CorrectionFacts(first, "水分写错", payload={"moisture": "13"})
    )
    return code, first, second


def test_nothing_of_an_erased_value_is_left_anywhere(ledger: Ledger, head: Actor) -> None:
    code, first, second = told(ledger, head)
    assert len(traces(ledger, NAME)) > 3
    shares = record_of(ledger, "batch/1", "shares")
    ledger.perform(SYSTEM, erase, shares, ("shares",), BECAUSE)
    purchase = record_of(ledger, "event/1", "kde.seller")
    ledger.perform(SYSTEM, erase, purchase, ("kde.seller",), BECAUSE)
    assert scour(ledger.database)
    assert traces(ledger, NAME) == []
    assert sound(ledger) == 3, "the batch, and both tellings of the purchase"
    with ledger.database.read() as session:
        regulator = world.make_regulator(ledger)
        batch = session.scalars(sa.select(Batch).where(Batch.trace_code == code)).one()
        package = package_of(session, ledger.families, regulator, batch, now=ledger.clock.now())
        assert NAME not in repr(package)
        query = sa.select(Event).where(Event.uid.in_([first, second])).order_by(Event.id)
        assert [one.payload for one in session.scalars(query)] == [
            {"moisture": "12.5"},
            {"moisture": "13"},
        ]


def from_sheet(ledger: Ledger, head: Actor) -> str:
    """The trace code of a batch that a sheet with two households became; one row was set aside."""
    rows: list[list[Any]] = [
        ["单位：公斤"],
        ["批号", "农户", "数量", "日期", "备注"],
        ["A-01", NAME, "120.5公斤", "2026.5.3", ""],
        ["A-02", "李四", "300公斤", "2026-05-04", ""],
        ["A-03", NAME, 88, "2026年5月5日", "等复称"],
    ]
    file = read_sheet_file(
        str(head.party_uid), "grain", "millet", "登记表.xlsx", xlsx(rows), ledger.settings
    )
    uid = ledger.perform(head, take_upload, file)
    today = ledger.clock.now().astimezone(SHANGHAI).date()
    with ledger.database.read() as session:
        # asked for while the session is open: it reads then, and would keep SQLite's moment open
        known = review(session, upload(session, uid), ledger.families, today).mapping
    assert known is not None
    mapping = ColumnMapping(**{**known.__dict__, "row_is": "share"})
    ledger.perform(head, map_upload, uid, mapping)
    [code] = ledger.perform(head, accept_upload, uid, (SetAside(5, "等复称"),))["batches"]
    return str(code)


def test_a_household_of_a_sheet_is_gone_with_the_sheet(ledger: Ledger, head: Actor) -> None:
    """The batch, the sheet's own record, its work items and its cells all named the household."""
    code = from_sheet(ledger, head)
    assert len(traces(ledger, NAME)) > 3
    with ledger.database.read() as session:
        batch = session.scalars(sa.select(Batch).where(Batch.trace_code == code)).one()
        record = batch.record_id
    ledger.perform(SYSTEM, erase, record, ("shares",), BECAUSE)
    assert scour(ledger.database)
    assert traces(ledger, NAME) == []
    assert sound(ledger) >= 2, "the batch's record and the sheet's"
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()
        batch = session.scalars(sa.select(Batch).where(Batch.trace_code == code)).one()
        assert batch.quantity == Decimal("420.5")
        file = session.scalars(sa.select(EvidenceFile)).one()
    assert file.erased_at is not None
    assert sweep_files(ledger) == 1, "nothing but this sheet leant on the file"


def test_what_is_left_of_a_record_can_still_be_proven(ledger: Ledger, head: Actor) -> None:
    told(ledger, head)
    record = record_of(ledger, "event/1", "kde.seller")
    ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    with ledger.database.read() as session:
        proof = record_proof(session, record, ALL)
        kept = session.get_one(Record, record)
        assert (kept.body, kept.salt) == (None, None)
    proof.check(parse_verifier_key(proof.log_key))
    assert proof.closed == ("kde.seller",)
    assert "13" in [one.value for one in proof.opened]


def test_an_erasure_names_records_and_fields_and_no_value(ledger: Ledger, head: Actor) -> None:
    told(ledger, head)
    record = record_of(ledger, "batch/1", "shares")
    (erasure,) = ledger.perform(SYSTEM, erase, record, ("shares",), BECAUSE)
    with ledger.database.read() as session:
        said = {one.field: one.value for one in record_proof(session, erasure, ALL).opened}
    assert (said["record"], said["fields"]) == (record, ["shares"])
    assert said["reason"] == BECAUSE
    assert said["schema"] == str(ERASURE)


def test_a_person_is_forgotten_and_cannot_come_in(ledger: Ledger, head: Actor) -> None:
    facts = PersonFacts(NAME, PHONE, password="270914")
    uid = ledger.perform(SYSTEM, add_person, facts, str(head.party_uid), "clerk")
    ledger.perform(SYSTEM, erase_person, uid, BECAUSE)
    assert scour(ledger.database)
    assert traces(ledger, NAME, PHONE) == []
    sound(ledger)
    again = ledger.perform(SYSTEM, add_person, facts, str(head.party_uid), "clerk")
    assert again != uid, "somebody who comes back is somebody new"


def test_a_household_is_forgotten(ledger: Ledger, head: Actor) -> None:
    facts = PartyFacts("household_group", NAME, "540626", parent=str(head.party_uid), phone=PHONE)
    uid = ledger.perform(head, apply_for_party, facts)
    ledger.perform(SYSTEM, erase_party, uid, BECAUSE)
    assert scour(ledger.database)
    assert traces(ledger, NAME, PHONE) == []
    sound(ledger)
    with pytest.raises(InvalidInput, match="nothing personal left"):
        ledger.perform(SYSTEM, erase_party, uid, BECAUSE)


def test_an_organisation_keeps_its_name(ledger: Ledger) -> None:
    facts = PartyFacts("cooperative", NAME, "540626", phone=PHONE, undertaking=True)
    uid = ledger.perform(SYSTEM, apply_for_party, facts)
    ledger.perform(SYSTEM, erase_party, uid, BECAUSE)
    assert traces(ledger, PHONE) == [] or scour(ledger.database)
    assert traces(ledger, PHONE) == []
    assert traces(ledger, NAME)


@pytest.mark.parametrize(
    ("fields", "reason", "says"),
    [
        (("quantity",), BECAUSE, "no personal one"),
        (("note",), BECAUSE, "no field note"),
        (("shares", "price"), BECAUSE, "no field price"),
        (("shares",), "扎西要求的", "A reason is one of"),
        ((), BECAUSE, "Name the fields"),
    ],
)
def test_what_cannot_be_erased_stays(
    ledger: Ledger, head: Actor, fields: tuple[str, ...], reason: str, says: str
) -> None:
    told(ledger, head)
    record = record_of(ledger, "batch/1", "shares")
    with pytest.raises(InvalidInput, match=says):
        ledger.perform(SYSTEM, erase, record, fields, reason)
    assert sound(ledger) == 0


def test_only_an_operator_erases(ledger: Ledger, head: Actor) -> None:
    told(ledger, head)
    record = record_of(ledger, "batch/1", "shares")
    for who in (head, world.make_regulator(ledger)):
        with pytest.raises(Forbidden):
            ledger.perform(who, erase, record, ("shares",), BECAUSE)
    ledger.perform(world.make_operator(ledger), erase, record, ("shares",), BECAUSE)
    assert sound(ledger) == 1


def _lose(session: Session, record: Record) -> None:
    """What an erasure would leave, without one in the log."""
    drop_fields(record, ("shares",), SCHEMAS)


def _lose_all(session: Session, record: Record) -> None:
    record.body = record.salt = None


def _lose_a_public_one(session: Session, record: Record) -> None:
    record.classes = {**record.classes, "quantity": "personal"}
    wrong = replace(BATCH, personal=(*BATCH.personal, "quantity"))
    drop_fields(record, ("quantity",), {str(BATCH): wrong})


@pytest.mark.parametrize("lose", [_lose, _lose_all, _lose_a_public_one])
def test_the_audit_tells_what_was_erased_from_what_was_lost(
    ledger: Ledger, head: Actor, lose: Any
) -> None:
    told(ledger, head)
    lost = record_of(ledger, "batch/1", "shares")
    erased = record_of(ledger, "event/1", "kde.seller")
    ledger.perform(SYSTEM, erase, erased, ("kde.seller",), BECAUSE)
    with ledger.database.write() as session:
        lose(session, session.get_one(Record, lost))
        session.commit()
    with ledger.database.read() as session:
        check = check_log(session)
        at = session.get_one(Record, lost).leaf_index
    assert [fault.field for fault in check.faults] == [f"leaf/{at}"]
    assert "gone" in str(check.faults[0]) or "neither" in str(check.faults[0])
    assert check.erased == 2


@pytest.mark.parametrize("field", ["quantity", "lot", "fact.moisture", "by"])
def test_a_field_that_was_called_personal_afterwards_is_named_and_stays(
    ledger: Ledger, head: Actor, field: str
) -> None:
    """By what the record and its schema say of it, whatever stands in the column beside."""
    code = world.make_batch(ledger, head, lot="A1", attributes={"moisture": "12.5"})
    told(ledger, head)
    with ledger.database.write() as session:
        batch = session.scalars(sa.select(Batch).where(Batch.trace_code == code)).one()
        record = session.get_one(Record, batch.record_id)
        assert record.classes[field] != "personal"
        record.classes = {**record.classes, field: "personal"}
        at, id_ = record.leaf_index, record.id
        session.commit()
    with ledger.database.read() as session:
        (fault,) = check_log(session, SCHEMAS).faults
        assert (fault.field, fault.params) == (f"leaf/{at}", (("what", "classes"),))
    with pytest.raises(InvalidInput, match="no personal one"):
        ledger.perform(SYSTEM, erase, id_, (field,), BECAUSE)


def test_a_personal_field_is_found_whatever_the_column_says(ledger: Ledger, head: Actor) -> None:
    facts = PartyFacts("household_group", NAME, "540626", parent=str(head.party_uid), phone=PHONE)
    uid = ledger.perform(head, apply_for_party, facts)
    with ledger.database.write() as session:
        record = session.scalars(sa.select(Record).where(Record.subject == uid)).one()
        record.classes = {**record.classes, "name": "public", "phone": "trade"}
        session.commit()
    ledger.perform(SYSTEM, erase_party, uid, BECAUSE)
    assert scour(ledger.database)
    assert traces(ledger, NAME, PHONE) == []


def test_every_kind_of_record_with_personal_fields_can_be_erased() -> None:
    modules = pkgutil.walk_packages(trace.__path__, "suyuan.trace.")
    names = [one.name for one in modules if one.name.startswith("suyuan.trace.")]
    said = [vars(importlib.import_module(name)).values() for name in names]
    schemas = {one for each in said for one in each if isinstance(one, RecordSchema)}
    assert {str(one) for one in schemas if one.personal} <= set(ROWS)
    assert len(schemas) > 10
    assert {str(one): one for one in schemas} == SCHEMAS
