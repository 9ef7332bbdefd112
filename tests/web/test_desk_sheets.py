"""Sheets at the desk, as a clerk meets them: no step loses anything, no file breaks the page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SetClock
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.intake.tables import Upload
from suyuan.trace.parties.actor import Actor
from tests.trace.sheets import xlsx
from tests.web_clients import Client, another, signed_in, site
from tests.world import make_producer

MILLET: list[list[Any]] = [
    ["某合作社谷子收购登记"],
    ["单位：公斤　2026年"],
    ["批号", "农户", "数量", "日期", "备注"],
    ["A-01", "张三", "120.5公斤", "2026.10.3", ""],
    ["A-02", "李四", "３００斤", "2026-10-04", ""],
    ["A-03", "王五", 88, "2026年10月5日", ""],
]
START = "/desk/sheets/"


@pytest.fixture
def head(ledger: Ledger, clock: SetClock) -> Actor:
    clock.move(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))
    return make_producer(ledger)


@pytest.fixture
def client(ledger: Ledger, head: Actor) -> Client:
    return signed_in(site(ledger), ledger, str(head.person_uid))


def send(
    client: Client, data: bytes, *, name: str = "登记表.xlsx", goods: str = "grain/millet"
) -> TestResponse:
    file = FileStorage(io.BytesIO(data), filename=name)
    fields = {"csrf_token": client.token(START), "goods": goods, "file": file}
    # encoded here: the test client leaves the temporary file of a large body open
    boundary, body = encode_multipart(fields)
    return client.post(START, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def sent(client: Client, data: bytes, **more: str) -> str:
    """The address of a sheet that was taken."""
    answer = send(client, data, **more)
    assert answer.status_code == 302, answer.text
    return answer.location


def form_of(page: str) -> dict[str, str]:
    """What the columns' form would send as it stands."""
    fields: dict[str, str] = {}
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    for tag in re.findall(r"<input[^>]+>", page):
        named = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        radio = 'type="radio"' in tag and " checked" not in tag
        if named and value and not radio and named[1] != "csrf_token":
            fields[named[1]] = value[1]
    return fields


def mapped(client: Client, address: str, **changes: str) -> TestResponse:
    """Confirm the columns as they are suggested, changed where asked."""
    page = client.get(address + "/columns")
    assert page.status_code == 200, page.text
    return client.submit(address + "/columns", {**form_of(page.text), **changes})


def counted(ledger: Ledger, table: type[Any]) -> int:
    with ledger.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_clerk_takes_a_sheet_from_file_to_trace_codes(ledger: Ledger, client: Client) -> None:
    address = sent(client, xlsx(MILLET))
    columns = client.get(address, follow_redirects=True)
    assert "recognised, 100 % sure" in columns.text
    assert mapped(client, address, row_is="batch").location == address
    rows = client.get(address).text
    assert "Ready: 2" in rows
    assert "stands only in the title" in rows
    kept = client.submit(
        address + "/rows",
        {"kind.unit-from-title": "accept", "why.unit-from-title": "全表按公斤"},
        page=address,
    )
    assert kept.status_code == 302, kept.text
    assert "Register 3 batches" in client.get(address).text
    done = client.submit(address + "/accept", page=address)
    assert done.status_code == 302
    result = client.get(address).text
    assert "3 batches were registered" in result
    assert len(re.findall(r'<span class="code">\d{4}', result)) == 3
    assert counted(ledger, Batch) == 3


def test_each_doubt_is_fixed_accepted_or_set_aside(ledger: Ledger, client: Client) -> None:
    address = sent(client, xlsx(MILLET))
    mapped(client, address, row_is="batch")
    without_reason = client.submit(
        address + "/rows", {"kind.unit-from-title": "accept"}, page=address
    )
    assert without_reason.status_code == 422
    assert "Say why this is accepted." in without_reason.text
    client.submit(address + "/rows", {"aside.6": "yes", "aside-why.6": "等复称"}, page=address)
    page = client.get(address).text
    assert "set aside: 1" in page
    client.submit(address + "/rows", {"back": "set aside 6"}, page=address)
    client.submit(address + "/rows", {"fix.6.C": "８８公斤"}, page=address)
    assert "Register 3 batches" in client.get(address).text


def test_rows_set_aside_are_listed_and_settled(ledger: Ledger, client: Client) -> None:
    address = sent(client, xlsx(MILLET))
    mapped(client, address, row_is="batch")
    client.submit(address + "/rows", {"aside.6": "yes", "aside-why.6": "等复称"}, page=address)
    client.submit(address + "/accept", page=address)
    work = client.get("/desk/sheets/waiting").text
    assert "等复称" in work
    assert "王五" in work
    [settle] = re.findall(r'action="(/desk/sheets/waiting/[^"]+)"', work)
    assert client.submit(settle, {"note": " "}, page="/desk/sheets/waiting").status_code == 422
    answer = client.submit(settle, {"note": "已复称"}, page="/desk/sheets/waiting")
    assert answer.status_code == 302
    assert "No row waits" in client.get("/desk/sheets/waiting").text


def test_the_mapping_is_remembered_for_the_next_sheet(client: Client) -> None:
    address = sent(client, xlsx(MILLET))
    mapped(client, address, **{"row_is": "batch", "column.4": "", "column.1": "person"})
    second = sent(client, xlsx([*MILLET, ["A-04", "赵六", "5公斤", "2026-10-6", ""]]))
    assert second != address
    page = client.get(second + "/columns").text
    assert "as your organisation read such a sheet before" in page
    fields = form_of(page)
    assert (fields["column.1"], fields["column.4"], fields["row_is"]) == ("person", "", "batch")


def test_the_same_file_sent_again_goes_on_where_it_was(client: Client) -> None:
    data = xlsx(MILLET)
    address = sent(client, data)
    mapped(client, address, row_is="batch")
    assert sent(client, data) == address
    assert "Ready: 2" in client.get(address).text


def test_a_file_that_went_in_already_says_so(client: Client) -> None:
    data = xlsx([["批号", "数量"], ["B1", "12公斤"]])
    first = sent(client, data)
    mapped(client, first, row_is="batch")
    client.submit(first + "/accept", page=first)
    second = sent(client, data)
    assert second != first
    assert "This file went in already" in client.get(second + "/columns").text


def test_words_that_mean_two_things_are_asked(client: Client) -> None:
    rows: list[list[Any]] = [["批号", "数量"], ["B1", "500克"], ["B2", "3千克"]]
    address = sent(client, xlsx(rows))
    page = client.get(address + "/columns").text
    assert "How much is one 克 here?" in page
    wrong = mapped(client, address, **{"row_is": "batch", "word.克": "一些"})
    assert wrong.status_code == 422
    assert mapped(client, address, **{"row_is": "batch", "word.克": "1 g"}).status_code == 302
    assert "Register 2 batches" in client.get(address).text


def test_a_table_is_chosen_where_a_file_has_several(client: Client) -> None:
    def second(book: Any, _sheet: Any) -> None:
        other = book.add_worksheet("九月")
        for at, row in enumerate([["批号", "农户", "数量"], ["S-1", "赵六", "10公斤"]]):
            other.write_row(at, 0, row)

    address = sent(client, xlsx(MILLET, second))
    page = client.get(address + "/columns").text
    assert "Which table is meant" in page
    answer = client.submit(address + "/table", {"table": "1.0"}, page=address + "/columns")
    assert answer.location == address + "/columns"
    assert "赵六" in client.get(address + "/columns").text
    for nonsense in ("9.9", "x", "", "0.00000000000000000001"):
        refused = client.submit(address + "/table", {"table": nonsense}, page=address + "/columns")
        assert refused.status_code == 422


@pytest.mark.parametrize("variant", ["millet", "sorghum"])
def test_a_sheet_is_handed_out_and_comes_back_filled(
    ledger: Ledger, client: Client, variant: str
) -> None:
    assert f"/desk/sheets/template/grain/{variant}.xlsx" in client.get(START).text
    data = client.get(f"/desk/sheets/template/grain/{variant}.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    table = book.worksheets[0]
    headings = [str(cell.value).rstrip("*") for cell in table[1]]
    for at, quantity in ((4, "12.5"), (5, "不少")):
        table.cell(at, headings.index("数量") + 1, quantity)
        table.cell(at, headings.index("单位") + 1, "公斤")
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    bad = sent(client, first.getvalue())
    page = client.get(bad).text
    assert "1 cell must be mended" in page
    letter = openpyxl.utils.get_column_letter(headings.index("数量") + 1)
    assert f"<b>{letter}5</b>" in page
    assert client.submit(bad + "/accept", page=bad).status_code == 422
    table.cell(5, headings.index("数量") + 1, "8")
    book.save(second)
    good = sent(client, second.getvalue())
    client.submit(good + "/accept", page=good)
    assert "2 batches were registered" in client.get(good).text
    assert counted(ledger, Batch) == 2


def bomb() -> bytes:
    """A workbook whose one sheet unpacks to 300 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 * 1024 * 1024))
    return buffer.getvalue()


def crossing() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("junk.xlsx", lambda: b"\x8f\x00\xff\x13" * (2 * 1024 * 1024)),
        ("junk.csv", lambda: b"\x8f\x00\xff\x13" * (2 * 1024 * 1024)),
        ("too-big.csv", lambda: b"a,b\n" * (3 * 1024 * 1024)),
        ("bomb.xlsx", bomb),
        ("crossing.xlsx", crossing),
        ("empty.xlsx", lambda: b""),
        ("half.csv", lambda: "批号,数量\nA,1公斤".encode("gb18030")[:7]),
        ("utf16.csv", lambda: "标题".encode("utf-16") + b"\x00"),
        ("../../../etc/passwd", lambda: b"root:x:0:0"),
        ("sheet.php", lambda: b"<?php ?>"),
        ("\u202egpj.xlsx\u0007", lambda: b"PK\x03\x04junk"),
        ("a" * 5000 + ".xlsx", lambda: b"PK\x03\x04junk"),
    ],
)
def test_hostile_files_get_a_clear_answer_and_leave_nothing(
    ledger: Ledger, client: Client, name: str, make: Callable[[], bytes]
) -> None:
    answer = send(client, make(), name=name)
    assert answer.status_code in (413, 422), answer.text[:500]
    assert 'role="alert"' in answer.text or "notice" in answer.text
    assert "Traceback" not in answer.text
    assert "Choose a file." not in answer.text, "the file itself must be what is refused"
    assert counted(ledger, Upload) == counted(ledger, EvidenceFile) == 0
    assert client.get(START).status_code == 200


def test_a_name_that_would_leave_the_folder_is_only_a_name(ledger: Ledger, client: Client) -> None:
    address = sent(client, xlsx(MILLET), name="..\\..\\../登记\u202e表.xlsx")
    with ledger.database.read() as session:
        upload = session.scalar(sa.select(Upload))
        assert upload is not None
        assert upload.name == "登记表.xlsx"
    assert client.get(address, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"row_is": "everything"},
        {"column.0": "quantity", "column.1": "quantity", "row_is": "batch"},
        {"column.0": "\x01", "row_is": "batch"},
        {"year": "20266", "row_is": "batch"},
        {"unit": "\ufffd" * 1000, "row_is": "batch"},
        {"calendar": "martian", "row_is": "batch"},
        {"batch_by": "price", "row_is": "share"},
    ],
)
def test_mappings_that_cannot_be_are_told_and_keep_the_form(
    client: Client, fields: dict[str, str]
) -> None:
    address = sent(client, xlsx(MILLET))
    answer = mapped(client, address, **fields)
    assert answer.status_code == 422
    assert "This could not be saved." in answer.text


def test_a_nul_that_nobody_can_type_is_refused_before_any_form(client: Client) -> None:
    answer = mapped(client, sent(client, xlsx(MILLET)), **{"column.0": "\x00"})
    assert answer.status_code == 422
    assert "characters that cannot be read" in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"fix.999.C": "1公斤"},
        {"fix.6.ZZZ": "1公斤"},
        {"aside.424242": "yes"},
        {"accept.6C:unit-from-title": "x" * 600},
        {"amount.4": "许多"},
        {"fix.6.C": "\x00\ud800"},
    ],
)
def test_decisions_that_cannot_be_are_told(client: Client, fields: dict[str, str]) -> None:
    address = sent(client, xlsx(MILLET))
    mapped(client, address, row_is="batch")
    token = client.token(address)
    body = {"csrf_token": token, **fields}
    encoded = {key: value.encode("utf-8", "surrogatepass") for key, value in body.items()}
    answer = client.post(address + "/rows", data=encoded)
    assert answer.status_code in (302, 422), answer.text[:300]
    assert client.get(address).status_code == 200


def test_others_see_nothing_of_a_sheet(ledger: Ledger, client: Client) -> None:
    address = sent(client, xlsx(MILLET))
    stranger = another(client)
    assert stranger.get(address).status_code == 302
    other = signed_in(another(client), ledger, str(make_producer(ledger).person_uid))
    assert other.get(address).status_code == 403
    assert other.get(address + "/columns").status_code == 403
    assert address not in other.get(START).text
    assert other.get("/desk/sheets/no-such-sheet").status_code == 404


@pytest.mark.parametrize("language", ["zh", "bo", "en"])
def test_the_pages_speak_three_languages(client: Client, language: str) -> None:
    address = sent(client, xlsx(MILLET))
    for page in (START, address + "/columns", "/desk/sheets/waiting"):
        assert client.get(f"{page}?lang={language}").status_code == 200
    mapped(client, address, row_is="batch")
    text = client.get(f"{address}?lang={language}").text
    assert ("Rows in doubt" in text) == (language == "en")


def test_the_samples_of_others_go_in(ledger: Ledger, client: Client, shared: Path) -> None:
    for name, goods in (("yak-purchase", "yak_meat/live"), ("vinegar-brewing", "vinegar/")):
        if goods.endswith("/"):
            goods += next(iter(ledger.families.get("vinegar").variants))
        address = sent(client, (shared / "samples" / f"{name}.xlsx").read_bytes(), goods=goods)
        assert mapped(client, address).status_code == 302
        for _ in range(20):
            page = client.get(address).text
            kinds = re.findall(r'name="kind\.([a-z-]+)"', page)
            if not kinds:
                break
            fields = {f"kind.{kind}": "aside" for kind in kinds}
            client.submit(address + "/rows", fields, page=address)
        before = counted(ledger, Batch)
        done = client.submit(address + "/accept", page=address)
        assert done.status_code == 302, done.text
        assert counted(ledger, Batch) > before
