"""Sheets through the acts: kept, mapped, decided, and gone in as one or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from suyuan.trace.acts.intake import (
    StillOpen,
    accept_upload,
    choose_table,
    decide_upload,
    drop_upload,
    map_upload,
    settle_work_item,
    take_upload,
)
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.canonical import read_canonical
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.intake import queries
from suyuan.trace.intake.decisions import Accept, Amount, Decision, Fix, SetAside
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.facts import TablePlace, read_sheet_file
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.review import Review
from suyuan.trace.intake.tables import Upload
from suyuan.trace.intake.template import make_template
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.papers.queries import papers_of_batches
from suyuan.trace.parties.actor import Actor
from tests.trace.sheets import xlsx
from tests.world import make_actor, make_party, make_producer, make_product, make_site

TODAY = date(2026, 11, 22)

MILLET: list[list[Any]] = [
    ["喀左县某合作社谷子收购登记"],
    ["单位：公斤　2026年"],
    [],
    ["批号", "农户", "数量", "日期", "备注"],
    ["A-01", "张三", "120.5公斤", "2026.10.3", ""],
    ["A-02", "李四", "３００斤", "2026-10-04", ""],
    ["A-03", "王五", 88, "2026年10月5日", ""],
    ["合计", None, None, None, None],
]


@pytest.fixture(autouse=True)
def late_in_the_year(clock: SetClock) -> None:
    clock.move(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))


def send(
    ledger: Ledger,
    actor: Actor,
    data: bytes,
    *,
    family: str = "grain",
    variant: str = "millet",
    name: str = "登记表.xlsx",
) -> str:
    file = read_sheet_file(str(actor.party_uid), family, variant, name, data, ledger.settings)
    return ledger.perform(actor, take_upload, file)


def review(ledger: Ledger, uid: str) -> Review:
    with ledger.database.read() as session:
        upload = queries.upload(session, uid)
        found = queries.review(session, upload, ledger.families, TODAY)
        assert found.mapping is not None
        return found


def mapped(ledger: Ledger, actor: Actor, uid: str, **changes: Any) -> ColumnMapping:
    """Confirm the mapping that is suggested, changed where asked."""
    mapping = ColumnMapping(**{**review(ledger, uid).mapping.__dict__, **changes})
    ledger.perform(actor, map_upload, uid, mapping)
    return mapping


def counted(ledger: Ledger, table: type[Any]) -> int:
    with ledger.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def said(ledger: Ledger, uid: str) -> Mapping[str, Any]:
    """The record of what went in of a sheet."""
    with ledger.database.read() as session:
        record = session.scalar(
            sa.select(Record).where(Record.subject == uid, Record.type == "sheet.taken")
        )
        assert record is not None
        assert record.body is not None
        body = read_canonical(record.body)
        assert isinstance(body, dict)
        return body


ALL_UNITS = Accept("unit-from-title", "全表按公斤")


def test_rows_of_an_own_sheet_become_batches(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="batch")
    answer = ledger.perform(head, accept_upload, uid, (ALL_UNITS,))
    assert len(answer["batches"]) == 3
    assert answer["work_items"] == []
    with ledger.database.read() as session:
        found = [batches.batch(session, code) for code in answer["batches"]]
        assert [(one.lot, str(one.quantity)) for one in found] == [
            ("A-01", "120.5"),
            ("A-02", "150"),
            ("A-03", "88"),
        ]
        assert [share.household for share in batches.shares(session, found[0].id)] == ["张三"]
        assert found[2].produced_on == date(2026, 10, 5)
        file = queries.upload(session, uid).evidence
        assert (ledger.settings.evidence_folder / file.sha256[:2] / file.sha256).exists()
        assert file.disclosure == "personal"
    record = said(ledger, uid)
    assert [one["rows"] for one in record["batches"]] == [[5], [6], [7]]
    assert record["accepted"][0]["reason"] == "全表按公斤"


def test_households_are_pooled_into_one_batch_with_their_shares(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="share")
    [code] = ledger.perform(head, accept_upload, uid, (ALL_UNITS,))["batches"]
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        assert str(batch.quantity) == "358.5"
        assert [str(share.quantity) for share in batches.shares(session, batch.id)] == [
            "120.5",
            "150",
            "88",
        ]


def test_nothing_goes_in_while_a_doubt_is_open(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="batch")
    with pytest.raises(StillOpen) as refused:
        ledger.perform(head, accept_upload, uid)
    assert [fault.field for fault in refused.value.faults] == ["7C:unit-from-title"]
    assert counted(ledger, Batch) == 0


def test_decisions_are_kept_between_visits_and_can_be_taken_back(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="batch")
    ledger.perform(head, decide_upload, uid, (SetAside(7, "等复称"), Fix(5, "C", "121公斤")))
    kept = review(ledger, uid).decided
    assert [one.row.row for one in kept.set_aside] == [7]
    assert kept.settled
    ledger.perform(head, decide_upload, uid, (), ("set aside 7",))
    assert not review(ledger, uid).decided.settled
    ledger.perform(head, decide_upload, uid, (Fix(7, "C", "88公斤"),))
    answer = ledger.perform(head, accept_upload, uid)
    with ledger.database.read() as session:
        found = [batches.batch(session, code) for code in answer["batches"]]
        assert [str(one.quantity) for one in found] == ["121", "150", "88"]
    assert {one["row"] for one in said(ledger, uid)["fixed"]} == {5, 7}


def test_a_row_set_aside_is_work_until_somebody_settles_it(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="batch")
    answer = ledger.perform(head, accept_upload, uid, (SetAside(7, "等复称"),))
    [item_uid] = answer["work_items"]
    with ledger.database.read() as session:
        [item] = queries.work_items_of(session, int(head.party_id or 0))
        assert (item.row, item.reason, item.content["household"]) == (7, "等复称", "王五")
        assert [doubt["code"] for doubt in item.doubts] == ["unit-from-title"]
    with pytest.raises(InvalidInput, match="1 to 500"):
        ledger.perform(head, settle_work_item, item_uid, "  ")
    ledger.perform(head, settle_work_item, item_uid, "已复称，另行登记")
    with pytest.raises(Conflict):
        ledger.perform(head, settle_work_item, item_uid, "再来一次")
    with ledger.database.read() as session:
        assert queries.open_work(session, int(head.party_id or 0)) == 0


def test_a_sheet_that_is_accepted_twice_goes_in_once(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="batch")
    first = ledger.perform(head, accept_upload, uid, (ALL_UNITS,))
    assert ledger.perform(head, accept_upload, uid, (ALL_UNITS,)) == first
    assert counted(ledger, Batch) == 3
    with pytest.raises(Conflict):
        ledger.perform(head, decide_upload, uid, (SetAside(5),))


def test_one_row_that_cannot_go_in_keeps_all_of_them_out(ledger: Ledger) -> None:
    head = make_producer(ledger)
    long_lot = [*MILLET[:6], ["A-" + "0" * 30, "王五", "8公斤", "2026.10.5", ""]]
    uid = send(ledger, head, xlsx(long_lot))
    mapped(ledger, head, uid, row_is="batch")
    with pytest.raises(InvalidInputs) as refused:
        ledger.perform(head, accept_upload, uid)
    assert [fault.field for fault in refused.value.faults] == ["7.lot"]
    assert counted(ledger, Batch) == 0
    with ledger.database.read() as session:
        assert queries.upload(session, uid).state == "read"


def test_the_mapping_is_remembered_for_the_organisation_alone(ledger: Ledger) -> None:
    head, other = make_producer(ledger), make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    columns = {0: "batch_number", 2: "quantity", 3: "date"}
    mapped(ledger, head, uid, row_is="batch", columns=columns, year=2025)
    # another file: made within the same second, the same rows are the same bytes
    next_sheet = xlsx([*MILLET, ["经办人：张三"]])
    again = review(ledger, send(ledger, head, next_sheet))
    assert dict(again.mapping.columns) == columns
    assert again.mapping.year == 2026, "the year is asked of each sheet anew"
    stranger = review(ledger, send(ledger, other, xlsx(MILLET)))
    assert len(stranger.mapping.columns) == 5


def test_another_mapping_asks_again_what_was_accepted(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    mapped(ledger, head, uid, row_is="batch")
    decisions: tuple[Decision, ...] = (ALL_UNITS, SetAside(5), Fix(6, "B", "李四家"))
    ledger.perform(head, decide_upload, uid, decisions)
    mapped(ledger, head, uid, columns={0: "batch_number", 2: "weight", 3: "date"})
    assert review(ledger, uid).decisions == (SetAside(5),)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"columns": {99: "quantity"}}, "no column"),
        ({"columns": {0: "no-such-field"}}, "no field"),
        ({"unit": "石头"}, "not one unit"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    ledger: Ledger, changes: dict[str, Any], what: str
) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    with pytest.raises(InvalidInput) as refused:
        mapped(ledger, head, uid, **changes)
    assert what in str(refused.value)


def test_the_table_that_is_meant_can_be_chosen(ledger: Ledger) -> None:
    head = make_producer(ledger)
    book = openpyxl.load_workbook(io.BytesIO(xlsx(MILLET)))
    second = book.create_sheet("九月")
    for row in (["批号", "农户", "数量"], ["S-1", "赵六", "10公斤"]):
        second.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    uid = send(ledger, head, buffer.getvalue())
    assert review(ledger, uid).place == TablePlace(0, 0)
    mapped(ledger, head, uid)
    ledger.perform(head, choose_table, uid, TablePlace(1, 0))
    assert review(ledger, uid).confirmed is None
    mapped(ledger, head, uid, row_is="batch")
    [code] = ledger.perform(head, accept_upload, uid)["batches"]
    with ledger.database.read() as session:
        assert batches.batch(session, code).lot == "S-1"
    with pytest.raises(InvalidInput):
        ledger.perform(head, choose_table, send(ledger, head, buffer.getvalue()), TablePlace(7, 0))


def test_rows_that_do_not_add_up_are_asked(ledger: Ledger) -> None:
    head = make_producer(ledger)
    rows = [
        ["农户", "品名", "数量"],
        ["张三", "谷子", "20公斤"],
        ["李四", "谷子", "3袋"],
        ["王五", "谷子", "5公斤"],
    ]
    uid = send(ledger, head, xlsx(rows))
    mapped(ledger, head, uid, row_is="share")
    found = review(ledger, uid)
    everything = tuple(
        {doubt.code: Accept(doubt.code, "已核对") for doubt in found.decided.open_doubts}.values()
    )
    hard = {doubt.row for doubt in found.decided.open_doubts if not doubt.acceptable}
    decisions: tuple[Decision, ...] = (*everything, *(SetAside(row) for row in hard))
    with pytest.raises(InvalidInput, match=r"amount\.2|add up"):
        ledger.perform(head, accept_upload, uid, decisions)
    with pytest.raises(InvalidInput, match="such as 120 kg"):
        ledger.perform(head, decide_upload, uid, (Amount(2, "120"),))
    [code] = ledger.perform(head, accept_upload, uid, (*decisions, Amount(2, "175公斤")))["batches"]
    with ledger.database.read() as session:
        assert str(batches.batch(session, code).quantity) == "175"


def test_papers_in_the_register_are_linked_and_others_entered_unchecked(ledger: Ledger) -> None:
    head = make_producer(ledger)
    paper = ledger.perform(
        head,
        register_paper,
        PaperFacts(holder=str(head.party_uid), kind="quarantine_animal_a", number="藏动检A5401"),
    )
    rows = [
        ["牧户", "耳标号", "活重", "检疫证号"],
        ["牧户001", "254062630000037", "198公斤", "藏动检Ａ5401"],
        ["牧户002", "254062630000074", "201公斤", "藏动检A9999"],
    ]
    uid = send(ledger, head, xlsx(rows), family="yak_meat", variant="live")
    mapped(ledger, head, uid)
    answer = ledger.perform(head, accept_upload, uid)
    with ledger.database.read() as session:
        batch = batches.batch(session, answer["batches"][0])
        known, stated = papers_of_batches(session, [batch])[::-1]
        assert known.uid == paper
        assert (stated.kind, stated.number) == ("quarantine_animal", "藏动检A9999")
        assert stated.holder_id == head.party_id
        assert stated.checked_at is None
        weights = {mark.value: mark.stated for mark in batches.marks(session, batch.id)}
        assert weights == {"254062630000037": "198 kg", "254062630000074": "201 kg"}
        assert batch.unit == "HEA"
        assert int(batch.quantity) == 2
    record = said(ledger, uid)
    assert record["batches"][0]["papers"] == [paper, stated.uid]
    assert [one["ear_tag"] for one in record["animals"]] == ["254062630000037", "254062630000074"]


def test_a_named_product_and_a_place_are_taken_over(ledger: Ledger) -> None:
    head = make_producer(ledger)
    product = make_product(ledger, head, name="朝阳小米")
    site = make_site(ledger, head, kind="field", name="东坡")
    uid = send(ledger, head, xlsx([["批号", "品名", "数量"], ["B1", "朝阳小米", "12公斤"]]))
    mapped(ledger, head, uid, row_is="batch")
    [code] = ledger.perform(head, accept_upload, uid, site=site)["batches"]
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        assert batch.product is not None
        assert batch.product.uid == product
        assert batch.site is not None
        assert batch.site.uid == site


def filled_template(ledger: Ledger, rows: list[dict[str, str]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(make_template(ledger.families.get("grain"), "millet")))
    table = book.worksheets[0]
    headings = [str(cell.value).rstrip("*") for cell in table[1]]
    for at, row in enumerate(rows, start=4):
        for heading, text in row.items():
            table.cell(at, headings.index(heading) + 1, text)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


GOOD = {"批号": "T-1", "数量": "55.5", "单位": "公斤", "日期": "2026-10-03"}


def test_our_own_sheet_goes_in_without_a_mapping(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, filled_template(ledger, [GOOD]), family="", variant="")
    [code] = ledger.perform(head, accept_upload, uid)["batches"]
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        assert (batch.lot, str(batch.quantity), batch.variant) == ("T-1", "55.5", "millet")


def test_every_bad_row_of_our_own_sheet_is_named(ledger: Ledger) -> None:
    head = make_producer(ledger)
    bad = [GOOD, {**GOOD, "数量": "许多"}, {**GOOD, "单位": "石头"}]
    uid = send(ledger, head, filled_template(ledger, bad))
    with pytest.raises(InvalidInputs) as refused:
        ledger.perform(head, accept_upload, uid)
    assert [fault.field[-1] for fault in refused.value.faults] == ["5", "6"]
    assert counted(ledger, Batch) == 0


def test_only_those_who_may_import_do(ledger: Ledger) -> None:
    head, other = make_producer(ledger), make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    for act, more in (
        (drop_upload, ()),
        (accept_upload, ()),
        (map_upload, (review(ledger, uid).mapping,)),
        (decide_upload, ((SetAside(5),),)),
    ):
        with pytest.raises(Forbidden):
            ledger.perform(other, act, uid, *more)  # type: ignore[arg-type]  # acts differ
    shop = make_actor(ledger, make_party(ledger, "retailer"), "clerk")
    if not shop.may("import_sheet"):
        with pytest.raises(Forbidden):
            send(ledger, shop, xlsx(MILLET))


def test_a_dropped_sheet_stays_out(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx(MILLET))
    ledger.perform(head, drop_upload, uid)
    with pytest.raises(Conflict):
        ledger.perform(head, accept_upload, uid)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("junk.xlsx", b"\x00\xff" * 5000),
        ("junk.csv", b"\x00\xff\xfe" * 5000),
        ("empty.xlsx", b""),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("nothing.csv", "没有表头\n".encode("gb18030")),
        ("macro.exe", b"MZ"),
    ],
)
def test_files_that_are_no_sheets_leave_nothing_behind(
    ledger: Ledger, name: str, data: bytes
) -> None:
    head = make_producer(ledger)
    with pytest.raises(Misread):
        send(ledger, head, data, name=name)
    assert counted(ledger, Upload) == counted(ledger, EvidenceFile) == 0


def test_characters_that_a_database_cannot_hold_are_replaced(ledger: Ledger) -> None:
    head = make_producer(ledger)
    uid = send(ledger, head, xlsx([["批号", "数量"], ["B1", "12公斤"]]))
    mapped(ledger, head, uid, row_is="batch")
    ledger.perform(head, decide_upload, uid, (Fix(2, "A", "B\x00\ud8002"), SetAside(2, "\x00")))
    answer = ledger.perform(head, accept_upload, uid)
    assert len(answer["work_items"]) == 1


# --- the samples of others -----------------------------------------------------------------------


def everything_accepted(found: Review) -> tuple[Decision, ...]:
    """All kinds of doubts accepted; rows that cannot go in set aside."""
    doubts = found.decided.open_doubts
    hard = {doubt.row for doubt in doubts if not doubt.acceptable}
    codes = {doubt.code for doubt in doubts if doubt.acceptable}
    return (
        *(Accept(code, "与原表核对") for code in sorted(codes)),
        *(SetAside(row, "缺数量") for row in sorted(hard)),
    )


def test_a_purchase_sheet_of_yaks_goes_in_as_it_is(ledger: Ledger, shared: Path) -> None:
    head = make_producer(ledger)
    data = (shared / "samples" / "yak-purchase.xlsx").read_bytes()
    uid = send(ledger, head, data, family="yak_meat", variant="live")
    assert mapped(ledger, head, uid).row_is == "animal"
    found = review(ledger, uid)
    untagged = [one.row for one in found.decided.open_doubts if one.code == "missing-ear-tag"]
    assert untagged
    aside = tuple(SetAside(row, "补打耳标") for row in untagged)
    answer = ledger.perform(head, accept_upload, uid, (*everything_accepted(found), *aside))
    assert len(answer["batches"]) == 1
    assert len(answer["work_items"]) == len(untagged)
    with ledger.database.read() as session:
        batch = batches.batch(session, answer["batches"][0])
        assert int(batch.quantity) == len(found.reading.rows) - len(untagged)
        assert batch.attributes["herd_count"] == int(batch.quantity)


def test_a_brewing_sheet_goes_in_batch_by_batch(ledger: Ledger, shared: Path) -> None:
    head = make_producer(ledger, "enterprise")
    data = (shared / "samples" / "vinegar-brewing.xlsx").read_bytes()
    variant = next(iter(ledger.families.get("vinegar").variants))
    uid = send(ledger, head, data, family="vinegar", variant=variant)
    mapped(ledger, head, uid)
    found = review(ledger, uid)
    answer = ledger.perform(head, accept_upload, uid, everything_accepted(found))
    assert len(answer["batches"]) + len(answer["work_items"]) == len(found.reading.rows)
    assert answer["batches"]
