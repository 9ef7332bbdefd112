"""Whoever changes a row behind the records' back is found, whatever column it is, and named.

One installation for this module: the demonstration's season and what it lacks. Each test changes
rows in a transaction that it takes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from suyuan.demo.installation import demo_settings, make_or_find
from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.disclosures import request_disclosure
from suyuan.trace.acts.erasing import erase, erase_person
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.intake import accept_upload, map_upload, take_upload
from suyuan.trace.acts.objections import object_to_report
from suyuan.trace.acts.orders import lift, recall
from suyuan.trace.acts.photos import add_photo
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.facts import ShareFacts
from suyuan.trace.batches.tables import Share
from suyuan.trace.clock import SHANGHAI, SystemClock
from suyuan.trace.database import open_database
from suyuan.trace.derived import audit_derived
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.intake.decisions import SetAside
from suyuan.trace.intake.facts import read_sheet_file
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.queries import review, upload
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.contents import contents_of, misfiled
from suyuan.trace.log.findings import Kind
from suyuan.trace.log.projection_audit import audit_projections, sample_projections
from suyuan.trace.log.projections import Projection
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party, Person
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from suyuan.trace.release.tables import Order, Stopped
from suyuan.trace.settings import Settings
from suyuan.trace.tables import metadata
from tests import databases, missing, world
from tests.certifying import tell_of_certificates
from tests.language_office import refuse
from tests.printed import tell_of_labels
from tests.trace.sheets import xlsx
from tests.trace.test_county_limits import tell_of_limits_and_holds
from tests.trace.test_credit_round import tell_of_assessments
from tests.trace.test_judged import LEAD_FAILS, LEAD_PASSES, enter
from tests.trace.test_sampling import tell_of_samples

SHEET: list[list[Any]] = [
    ["单位：公斤"],
    ["批号", "农户", "数量", "日期", "备注"],
    ["A-01", "张三", "120.5公斤", "2026.10.3", ""],
    ["A-02", "李四", "300斤", "2026-10-04", ""],
    ["A-03", "王五", 88, "2026年10月5日", ""],
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(
    request: pytest.FixtureRequest, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    """Rows of every kind, on each database."""
    kinds = request.config.getoption("database") or ("sqlite", "postgresql")
    if request.param not in kinds:
        missing.leave_out(request.param, "the command line asks for the other database only")
    folder = tmp_path_factory.mktemp("told")
    with databases.fresh(request.param, run_folder, folder, migrated=False) as url:
        settings = demo_settings(Settings(folder / "data", url, folder / "unused"))
        settings.data.mkdir()
        database = open_database(url)
        demo = make_or_find(
            database, settings, SystemClock(), "192.0.2.7:8771", http=True, watched=lambda _at: None
        )
        _tell_more(demo.ledger)
        yield demo.ledger
        database.close()


def _tell_more(ledger: Ledger) -> None:
    """What the season does not have."""
    head, buyer = world.make_producer(ledger), world.make_producer(ledger)
    share = ShareFacts("张三", quantity=world.kg(40), note="头茬")
    file = ledger.perform(head, keep_evidence, str(head.party_uid), _photo("green"), "收购.png")
    code = world.make_batch(ledger, head, shares=(share,), evidence=(file,))
    bought = world.make_event(ledger, head, "purchase", code, payload={"seller": "张三"})
    ledger.perform(head, correct_event, CorrectionFacts(bought, "漏", payload={"moisture": "13"}))
    world.make_shipment(ledger, head, str(buyer.party_uid), code, world.kg(5))
    ledger.perform(head, withdraw_batch, world.make_batch(ledger, head), "登记重复")
    tell_of_labels(ledger, head)
    _import(ledger, head)
    _import(ledger, buyer)
    ledger.perform(world.make_regulator(ledger), request_disclosure, code, "核查检疫证明")
    _dispute(ledger, head)
    tell_of_assessments(ledger, head)
    refuse(ledger, head.division, "小米", "ནས།")
    stopped = world.make_batch(ledger, head)
    world.make_split(ledger, head, stopped, 30, 20)
    order = ledger.perform(head, recall, stopped, "霉变")
    with ledger.database.read() as session:
        asked = sa.select(Event.uid).where(Event.kind.in_(("recall", "clearance")))
        shown = session.scalars(asked.where(Event.party_id == head.party_id)).all()
    for one in shown:
        ledger.perform(head, add_photo, one, _photo("red"), "霉变.png")
    ledger.perform(head, lift, order, "复检合格")
    tell_of_limits_and_holds(ledger, stopped)
    tell_of_certificates(ledger, head, buyer)
    tell_of_samples(ledger, head)


def _dispute(ledger: Ledger, head: Actor) -> None:
    """A failed test that a re-test overturned; the batch is held by rule no longer."""
    code = world.make_batch(ledger, head)
    first = enter(ledger, head, code, LEAD_FAILS)
    ledger.perform(head, object_to_report, first, "样品混淆")
    lab = world.make_producer(ledger, "laboratory")
    enter(ledger, lab, code, LEAD_PASSES, laboratory="省检验院", retest_of=first)


def _photo(colour: str) -> bytes:
    data = BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return data.getvalue()


def _import(ledger: Ledger, head: Actor) -> None:
    file = read_sheet_file(
        str(head.party_uid), "grain", "millet", "登记表.xlsx", xlsx(SHEET), ledger.settings
    )
    uid = ledger.perform(head, take_upload, file)
    today = ledger.clock.now().astimezone(SHANGHAI).date()
    with ledger.database.read() as session:
        found = review(session, upload(session, uid), ledger.families, today)
    assert found.mapping is not None
    mapping = ColumnMapping(**{**found.mapping.__dict__, "row_is": "batch"})
    ledger.perform(head, map_upload, uid, mapping)
    ledger.perform(head, accept_upload, uid, (SetAside(5, "等复称"),))


def found(session: Session, *projections: Projection) -> set[tuple[Kind, str, str]]:
    """What an audit finds: its kind, the row, and the first word of what it says."""
    session.flush()
    session.expunge_all()
    audited = audit_projections(session, projections or PROJECTIONS)
    return {(one.kind, one.at, one.says.split()[0]) for one in audited}


def test_what_nobody_touched_gives_no_alarm(told: Ledger) -> None:
    """After corrections, withdrawals, lifted orders, void codes, and an erasure."""
    seen: list[tuple[int, int]] = []
    with told.database.read() as session:
        audited = audit_projections(session, PROJECTIONS, lambda done, of: seen.append((done, of)))
        assert audited == ()
        assert sample_projections(session, PROJECTIONS, 400) == ()
        assert audit_derived(session) == ()
        assert check_log(session, SCHEMAS).sound
    assert seen[-1][0] == seen[-1][1] > 400


def _table(each: Projection) -> sa.Table:
    return metadata.tables[each.table.__tablename__]


def _row(each: Projection, column: str) -> sa.Select[Any]:
    """The row that is changed: one that somebody is likely to look at, where it can be; and of
    what ends one that did, for on its way it may stand otherwise than the log says."""
    own = _table(each).c
    reference = sa.select(Record.id).where(Record.schema == str(each.schema))
    query = sa.select(each.key, sa.inspect(each.table).primary_key[0])
    if each.references:
        query = query.where(each.references[0].in_(reference))
    if column in own:
        ended = (own["ended_at"].is_(None),) if "ended_at" in own else ()
        query = query.order_by(own[column].is_(None), *ended)
    elif column in metadata.tables:
        other = metadata.tables[column]
        query = query.where(sa.exists().where(_belongs(other, each)))
    return query.limit(1)


def _belongs(other: sa.Table, each: Projection) -> sa.ColumnElement[bool]:
    """How rows of another table belong to those of a projection: by their first reference."""
    table = _table(each)
    keys = [key for column in other.c for key in column.foreign_keys if key.column.table is table]
    return keys[0].parent == keys[0].column


def _another(session: Session, column: sa.Column[Any], now: Any) -> Any:
    """Another value that the column can hold."""
    for key in column.foreign_keys:
        ids = sa.select(key.column).where(key.column.is_distinct_from(now))
        return session.scalar(ids.limit(1))
    if now is None and isinstance(column.type, sa.JSON):
        now = {}
    if now is None:
        now = {
            "str": "",
            "int": 0,
            "dict": {},
            "date": date(2020, 1, 1),
            "Decimal": Decimal(1),
        }.get(_python_type(column), datetime(2020, 1, 1, tzinfo=UTC))
    if isinstance(now, bool):
        return not now
    if isinstance(now, str):
        return ("y" if now[:1] == "x" else "x") + now[1:]
    if isinstance(now, bytes):
        return bytes([now[0] ^ 1]) + now[1:]
    if isinstance(now, date):
        return now + timedelta(days=1)
    if isinstance(now, dict | list):
        return {**now, "x": "y"} if isinstance(now, dict) else [*now, "x"]
    return now + 1


def _python_type(column: sa.Column[Any]) -> str:
    try:
        return column.type.python_type.__name__
    except NotImplementedError:
        return ""


def _change(session: Session, each: Projection, name: str) -> str:
    """Change what a column of a projection holds, in the middle of whose rows it may be."""
    row = session.execute(_row(each, name)).first()
    assert row is not None, f"no row of {each.table.__tablename__} to change {name} of"
    key, own_id = row
    table = _table(each)
    if name in table.c:
        column, which = table.c[name], sa.inspect(each.table).primary_key[0] == own_id
        now = session.scalar(sa.select(column).where(which))
        changed = sa.update(each.table).where(which)
        session.execute(changed.values({column.key: _another(session, column, now)}))
    else:
        other = metadata.tables[name]
        (belongs,) = [
            one for one in other.c for key_ in one.foreign_keys if key_.column.table is table
        ][:1]
        session.execute(sa.delete(other).where(belongs == own_id))
    return str(key)


CASES = [
    pytest.param(each, column.name, id=f"{each.table.__tablename__}-{each.schema}-{column.name}")
    for each in PROJECTIONS
    for column in each.columns
    if column.name not in ("voided_at", "ended_as", "issued_code", "net_content")
]


@pytest.mark.parametrize(("each", "column"), CASES)
def test_a_changed_column_is_named(told: Ledger, each: Projection, column: str) -> None:
    with told.database.write() as session:
        key = _change(session, each, column)
        place = f"{each.table.__tablename__}/{key}"
        says = found(session, *_of_table(each))
        assert (Kind.CHANGED_ROW, place, column) in says
        session.rollback()


def _of_table(each: Projection) -> Sequence[Projection]:
    return [one for one in PROJECTIONS if one.table is each.table]


@pytest.mark.parametrize(
    "each", PROJECTIONS, ids=lambda one: f"{one.table.__tablename__}-{one.schema}"
)
def test_a_deleted_row_is_named(told: Ledger, each: Projection) -> None:
    with told.database.write() as session:
        key, own_id = session.execute(_row(each, "")).one()
        record = (
            session.scalar(sa.select(each.references[0]).where(each.key == key))
            if (each.references)
            else None
        )
        session.connection().exec_driver_sql(_unguarded(session))
        session.execute(
            sa.delete(each.table).where(sa.inspect(each.table).primary_key[0] == own_id)
        )
        place = f"{each.table.__tablename__}/{key}"
        if not each.called:
            place = f"{each.table.__tablename__} of record {record}"
        assert (Kind.DELETED_ROW, place) in {one[:2] for one in found(session, *_of_table(each))}
        session.rollback()


def _unguarded(session: Session) -> str:
    """Whoever may write to the database may also switch its guards off."""
    if session.get_bind().dialect.name == "sqlite":
        return "PRAGMA defer_foreign_keys = ON"
    return "SET session_replication_role = replica"


@pytest.mark.parametrize(
    "each", PROJECTIONS, ids=lambda one: f"{one.table.__tablename__}-{one.schema}"
)
def test_an_inserted_row_is_named(told: Ledger, each: Projection) -> None:
    """A copy of a row under another name, that names a record to be believed."""
    with told.database.write() as session:
        own_id = session.execute(_row(each, "")).one()[1]
        table = _table(each)
        own = sa.inspect(each.table).primary_key[0]
        like = dict(session.execute(sa.select(table).where(own == own_id)).one()._mapping)
        alone: list[Any] = [one for one in table.indexes if one.unique]
        alone += [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
        for column in table.c:
            unique = column.unique or any(column.name in one.columns for one in alone)
            now = like[column.name]
            if column.primary_key and not isinstance(now, str):
                like[column.name] = 1 << 40
            elif (column.primary_key or unique) and isinstance(now, str):
                like[column.name] = _another(session, column, now)
        session.execute(sa.insert(table).values({table.c[n].key: v for n, v in like.items()}))
        added = {one[:2] for one in found(session, *_of_table(each))}
        assert Kind.INSERTED_ROW in {kind for kind, _ in added}, added
        session.rollback()


def test_a_recall_that_was_lifted_behind_the_log_is_named(told: Ledger) -> None:
    with told.database.write() as session:
        order = session.scalars(sa.select(Order).where(Order.lifted_at.is_(None))).first()
        assert order is not None
        order.lifted_at = told.clock.now()
        place = f"stop_order/{order.uid}"
        assert found(session) == {(Kind.CHANGED_ROW, place, "lifted_at")}
        drawn = sample_projections(session, PROJECTIONS, 10_000)
        assert [one.at for one in drawn] == [place]
        session.rollback()


@pytest.mark.parametrize("subject", [None, "01kpm6dgm0a0y6sfstsv3pbqqa"])
def test_a_record_that_is_hidden_from_its_row_is_named(told: Ledger, subject: str | None) -> None:
    """Without the record of its lifting an order would seem to be in force, and rightly so."""
    with told.database.write() as session:
        order = session.scalars(sa.select(Order).where(Order.lifted_at.is_not(None))).first()
        assert order is not None
        order.lifted_at, order.lifted_by_uid, order.lift_reason = None, None, ""
        lifted = sa.update(Record).where(Record.type == f"{order.kind}.lifted")
        session.execute(lifted.values(subject=subject))
        assert (Kind.CHANGED_ROW, f"stop_order/{order.uid}", "record") in found(session)
        session.rollback()


def test_a_record_is_filed_under_what_its_kind_says_and_nothing_like_it(told: Ledger) -> None:
    with told.database.read() as session:
        filed = sa.select(sa.func.min(Record.id)).where(Record.subject.is_not(None))
        records = session.scalars(
            sa.select(Record).where(Record.id.in_(filed.group_by(Record.schema)))
        ).all()
        assert len(records) > 15
        for one in records:
            subject = str(one.subject)
            for other in ("", subject[:5], subject[:-1], None):
                one.subject = other
                assert misfiled(one, contents_of(one), SCHEMAS) == ("subject",), one.schema
            session.expunge(one)


def test_one_batch_taken_out_of_a_recall_is_named(told: Ledger) -> None:
    with told.database.write() as session:
        in_force = sa.select(Order).where(Order.lifted_at.is_(None), Order.kind == "recall")
        order = session.scalars(in_force).first()
        assert order is not None
        other = sa.select(Stopped.batch_id).where(Stopped.order_id != order.id).limit(1)
        reached = sa.select(Stopped).where(
            Stopped.order_id == order.id, Stopped.batch_id != order.batch_id
        )
        one = session.scalars(reached).first()
        assert one is not None
        one.batch_id = session.scalars(other).one()
        assert found(session) == {(Kind.CHANGED_ROW, f"stop_order/{order.uid}", "stopped")}
        session.rollback()


def test_goods_that_are_unreceived_behind_the_log_are_named(told: Ledger) -> None:
    with told.database.write() as session:
        shipment = session.scalars(sa.select(Shipment).where(Shipment.state == "accepted")).first()
        assert shipment is not None
        shipment.state, shipment.accepted_quantity = "sent", None
        shipment.receipt_event_id = None
        place = f"shipment/{shipment.uid}"
        assert found(session) == {(Kind.CHANGED_ROW, place, "it")}
        session.rollback()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"path": "/t/5406260000000000/1"}, "issued_code"),
        ({"salt": bytes(16)}, "issued_code"),
        ({"voided_at": None}, "voided_at"),
        ({"ended_as": "lost"}, "ended_as"),
    ],
)
def test_a_changed_code_of_a_run_is_named(
    told: Ledger, change: dict[str, Any], column: str
) -> None:
    codes = metadata.tables["issued_code"]
    with told.database.write() as session:
        void = sa.select(codes.c.id).where(codes.c.voided_at.is_not(None))
        session.execute(
            sa.update(codes)
            .where(codes.c.id.in_(void.order_by(codes.c.id).limit(1)))
            .values(change)
        )
        assert column in {one[2] for one in found(session)}
        session.rollback()


def test_an_erasure_gives_no_alarm_and_a_value_put_back_does(told: Ledger) -> None:
    """What is left of a record still vouches for its row, and for nothing that went."""
    with told.database.read() as session:
        query = sa.select(Record.id).where(
            Record.schema == "event/1", Record.type == "event.purchase"
        )
        purchase = session.scalars(query.order_by(Record.leaf_index.desc())).first()
        person = session.scalars(sa.select(Person.uid)).first()
    operator = world.make_operator(told)
    told.perform(operator, erase, str(purchase), ("kde.seller", "typed_by"), "asked_for")
    told.perform(operator, erase_person, str(person), "asked_for")
    told.perform(operator, erase, _newest(told, "batch/1", "shares"), ("shares",), "asked_for")
    told.perform(operator, erase, _newest(told, "party/1", "phone"), ("phone",), "asked_for")
    with told.database.write() as session:
        assert check_log(session, SCHEMAS).sound
        assert found(session) == set()
        event = session.scalars(sa.select(Event).where(Event.record_id == purchase)).one()
        event.payload = {**event.payload, "seller": "张三"}
        assert found(session) == {(Kind.CHANGED_ROW, f"event/{event.uid}", "payload")}
        session.rollback()
    for change, column in (
        (sa.update(Person).where(Person.uid == person).values(name="张三"), "name"),
        (sa.update(Person).where(Person.uid == person).values(phone="+8613800000000"), "phone"),
        (sa.update(Party).where(Party.phone == "").values(phone="+8613800000000"), "phone"),
        (sa.update(Share).where(Share.household == "").values(household="张三"), "share"),
    ):
        with told.database.write() as session:
            session.execute(change)
            assert column in {says for _, _, says in found(session)}
            session.rollback()


def _newest(ledger: Ledger, schema: str, field: str) -> str:
    """The id of the newest record of a kind that has a field."""
    with ledger.database.read() as session:
        query = sa.select(Record).where(Record.schema == schema).order_by(Record.leaf_index.desc())
        return next(one.id for one in session.scalars(query).all() if field in one.classes)


# A table is told of by records, or here stands why nobody need vouch for its rows.
UNTOLD = {
    "record": "is what tells", "leaf": "the tree", "tile": "the tree", "head": "the tree",
    "cosigned_head": "the tree", "cosignature_line": "signed", "witness_contact": "how it answers",
    "asked": "answers that may be asked for again", "pin_device": "counts", "pin_guess": "counts",
    "instance": "keys", "signing_key": "keys", "directory_edition": "signed by the root",
    "directory_draft": "signed by the root, once it counts", "status_edition": "signed",
    "path_state": "derived from orders, papers, void codes", "paper_reach": "derived from papers",
    "holding": "follows from events: derived", "scan_tally": "counts", "notice": "messages",
    "sweep": "when it was looked last", "kept_until": "by rules", "kept_until_reckoned": "how far",
    "sheet_mapping": "a suggestion", "result_layout": "a suggestion",
    "api_token": "a way in, and no fact", "one_time_link": "a way in, and no fact",
    "upload": "work on a sheet", "result_sheet": "work on a sheet", "print_job": "issues nothing",
    "issue_job": "an order; what is issued of it is told",
}  # fmt: skip


def test_every_table_is_told_of_by_records_or_says_why_not() -> None:
    rows = {each.table.__tablename__ for each in PROJECTIONS}
    beside = {column.name for each in PROJECTIONS for column in each.columns}
    tables = set(metadata.tables)
    assert tables == (rows | (beside & tables) | set(UNTOLD))
    refer = {
        name
        for name, table in metadata.tables.items()
        if any(key.column.table.name == "record" for key in table.foreign_keys)
    }
    assert refer <= rows, "a table whose rows name a record has a projection beside it"
