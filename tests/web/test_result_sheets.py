"""A laboratory's own sheets of results, as its people meet them: laid out once, then read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from suyuan.trace.acts.people import make_token
from suyuan.trace.acts.sampling import hand_over
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.queries import party
from suyuan.trace.quality.tables import KeptVerdict, TestReport
from suyuan.trace.result_sheets.tables import KeptLayout, ResultSheet
from suyuan.trace.samples.facts import StepFacts
from tests import world
from tests.trace.test_intake_hostile_files import zip_bomb
from tests.trace.test_judged import make_millet
from tests.web.test_desk_sheets import form_of
from tests.web_clients import Client, another, signed_in, site

START = "/desk/result-sheets/"
LINES: list[Any] = [
    "报告编号",
    "样品编号",
    "追溯码",
    "检测项目",
    "检测结果",
    "单位",
    "检出限",
    "签发日期",
]
DAY = date(2026, 10, 5)


@pytest.fixture
def lab(ledger: Ledger, clock: SetClock) -> Actor:
    clock.move(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))
    return world.make_producer(ledger, "laboratory")


@pytest.fixture
def farm(ledger: Ledger, lab: Actor) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def client(ledger: Ledger, lab: Actor) -> Client:
    return signed_in(site(ledger), ledger, str(lab.person_uid))


def workbook(rows: Sequence[Sequence[Any]], also: Callable[[Any], object] | None = None) -> bytes:
    """A workbook as openpyxl writes it; ``also`` may change its sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if also is not None:
        also(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client: Client, data: bytes, name: str = "十月结果.xlsx") -> TestResponse:
    file = FileStorage(io.BytesIO(data), filename=name)
    fields = {"csrf_token": client.token(START), "file": file}
    boundary, body = encode_multipart(fields)
    return client.post(START, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def sent(client: Client, data: bytes) -> str:
    answer = send(client, data)
    assert answer.status_code == 302, answer.text
    return answer.location


def laid_out(client: Client, address: str, **changes: str) -> TestResponse:
    """Confirm the layout as it is suggested, changed where asked."""
    page = client.get(address + "/columns")
    assert page.status_code == 200, page.text
    fields = {**form_of(page.text), **changes}
    return client.submit(address + "/columns", {k: v for k, v in fields.items() if k != "id"})


def preview(client: Client, data: bytes, **changes: str) -> tuple[str, str]:
    """The address and the preview of a sheet, laid out as it is suggested."""
    address = sent(client, data)
    answer = laid_out(client, address, **changes)
    assert answer.status_code == 302, re.findall(r'role="alert".*?</ul>', answer.text, re.S)
    return address, client.get(address).text


def bad_cells(page: str) -> dict[str, str]:
    """What is wrong, by cell."""
    rows = re.findall(r'<tr id="f-[^"]*"><td><b>([^<]*)</b>.*?<td>([^<]*)</td></tr>', page)
    return dict(rows)


def counted(ledger: Ledger, table: type[Any]) -> int:
    with ledger.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def reports(ledger: Ledger) -> dict[str, TestReport]:
    with ledger.database.read() as session:
        found = {one.number: one for one in session.scalars(sa.select(TestReport))}
        for one in found.values():
            _ = one.items, one.batches
        return found


def line(code: str, number: str | None = "JC-1", **changes: Any) -> list[Any]:
    """A row of results, changed by the columns' headings."""
    row = dict(zip(LINES, [number, "S-1", code, "铅", 0.05, "mg/kg", 0.01, DAY], strict=True))
    return list({**row, **changes}.values())


def test_a_sheet_is_laid_out_once_looked_through_and_entered(
    ledger: Ledger, client: Client, farm: Actor
) -> None:
    code = make_millet(ledger, farm)
    rows = [LINES, line(code), line(code, 检测项目="镉", 检测结果="未检出(<0.01)")]
    address, page = preview(client, workbook(rows), name="常规")
    assert "meets the standard" in page
    assert "GB 2762" in page
    assert counted(ledger, TestReport) == 0
    done = client.submit(address + "/enter", page=address)
    assert done.location == address
    (report,) = reports(ledger).values()
    assert report.issued_on == DAY
    assert [(one.parameter, one.result, one.lod) for one in report.items] == [
        ("铅", "0.05", "0.01"),
        ("镉", "未检出(<0.01)", "0.01"),
    ]
    assert report.evidence_id is None, "the sheet may hold results of others"
    assert counted(ledger, KeptVerdict) == 2
    assert "1 report was entered" in client.get(address).text
    # the next sheet like it is read at once, and what fails is seen before it holds anything
    second = sent(client, workbook([LINES, line(code, "JC-2", 检测结果="0.31")]))
    page = client.get(second).text
    assert "breaks the standard" in page
    client.submit(second + "/enter", page=second)
    assert {*reports(ledger)} == {"JC-1", "JC-2"}
    assert "常规" in client.get(START).text


def test_the_same_file_twice_is_one_report(ledger: Ledger, client: Client, farm: Actor) -> None:
    code = make_millet(ledger, farm)
    data = workbook([LINES, line(code)])
    address, _ = preview(client, data)
    for _ in range(2):
        client.post(
            address + "/enter", data={"csrf_token": client.token(START), "id": "enter-it-once"}
        )
    assert sent(client, data) == address
    # a sheet that goes on: what was entered is left, what is new goes in
    longer = sent(client, workbook([LINES, line(code), line(code, "JC-2")]))
    page = client.get(longer).text
    assert "Entered before with the same results" in page
    assert "Enter 1 report" in page
    client.submit(longer + "/enter", page=longer)
    assert len(reports(ledger)) == 2
    changed = sent(client, workbook([LINES, line(code, 检测结果="0.06")]))
    page = client.get(changed).text
    assert "entered before with other results" in bad_cells(page)["A2"]
    assert client.submit(changed + "/enter", page=changed).status_code == 422
    assert len(reports(ledger)) == 2


def test_a_row_for_each_sample_and_a_column_for_each_parameter(
    ledger: Ledger, client: Client, farm: Actor
) -> None:
    one, two = make_millet(ledger, farm), make_millet(ledger, farm)
    heads = ["样品编号", "追溯码", "报告编号", "铅(mg/kg)", "镉(µg/kg)", "六六六", "水分"]
    rows: list[list[Any]] = [
        ["某某检测中心", None, None, None, None, None, None],
        ["CMA编号：231234567890", None, None, "签发日期", DAY, None, None],
        heads,
        ["S-1", one, "R-1", 0.05, "<10", "/", 0.132],
        ["S-2", two, "R-2", "0.1~0.2", None, "0.02", 0.14],
    ]

    def percent(sheet: Any) -> None:
        for row in (4, 5):
            sheet.cell(row, 7).number_format = "0.0%"

    address, page = preview(
        client,
        workbook(rows, percent),
        **{"column.5": "item", "parameter.5": "六六六", "unit.5": "毫克每千克"},
    )
    assert "know no parameter 六六六" in bad_cells(page)["F5"]
    assert client.submit(address + "/enter", page=address).status_code == 422
    client.submit(address + "/words", {"word.六六六": "="}, page=address)
    assert not bad_cells(client.get(address).text)
    client.submit(address + "/enter", page=address)
    first, second = (reports(ledger)[number] for number in ("R-1", "R-2"))
    assert first.cma == "231234567890"
    assert [(x.parameter, x.result, x.unit) for x in first.items] == [
        ("铅", "0.05", "mg/kg"), ("镉", "<10", "µg/kg"), ("水分", "13.2%", ""),
    ]  # fmt: skip
    assert [x.parameter for x in second.items] == ["铅", "六六六", "水分"]
    # remembered, with what the word means
    third = sent(client, workbook([*rows[:3], ["S-3", one, "R-3", 0.05, 1, "0.02", 0.14]], None))
    assert not bad_cells(client.get(third).text)


def test_words_of_a_laboratory_are_explained_and_remembered(
    ledger: Ledger, client: Client, farm: Actor
) -> None:
    code = make_millet(ledger, farm)
    address, page = preview(
        client, workbook([LINES, line(code, 检测项目="Pb（火焰法）", 单位="毫克每千克")])
    )
    assert "know no parameter" in bad_cells(page)["D2"]
    client.submit(address + "/words", {"word.PB(火焰法)": "lead"}, page=address)
    page = client.get(address).text
    assert "know no unit" in bad_cells(page)["F2"]
    client.submit(address + "/words", {"unit.毫克每千克": "mg/kg"}, page=address)
    assert "meets the standard" in client.get(address).text
    client.submit(address + "/enter", page=address)
    (report,) = reports(ledger).values()
    assert [(one.parameter, one.unit) for one in report.items] == [("铅", "mg/kg")]
    again = sent(
        client, workbook([LINES, line(code, "JC-9", 检测项目="Pb （火焰法）", 单位="毫克每千克")])
    )
    assert "meets the standard" in client.get(again).text


def test_every_bad_cell_is_named_in_both_languages(
    ledger: Ledger, client: Client, farm: Actor
) -> None:
    code = make_millet(ledger, farm)
    rows = [
        LINES,
        line(code, 检测结果="约0.1左右"),
        line(code, 检测结果=date(2026, 1, 2), 检测项目="镉"),
        line(code, "JC-2", 追溯码="1234"),
        line(code, "JC-3", 签发日期="十月"),
        line(code, "JC-4", 签发日期=date(2027, 1, 1)),
        line(code, "JC-5", 检测结果=None),
        line(code, None, 检出限="很低"),
        line(code, "JC-6", 检测结果="=1+1"),
        line(code, "JC-7", 追溯码=int(code)),
        line(code, "JC-1", 签发日期=date(2026, 10, 6), 检测项目="镉"),
        line("0000000000000000", "JC-8"),
        line(code, "JC-10", 检出限="很低"),
    ]
    address, page = preview(client, workbook(rows))
    bad = bad_cells(page)
    assert {*bad} >= {"E2", "E3", "C4", "H5", "H6", "E7", "A8", "E9", "C10", "H11", "C12", "G13"}
    assert "未检出(&lt;0.01)" in bad["E2"]
    assert "2026-01-02" in bad["E3"]
    assert "formula" in bad["E9"]
    assert "15 digits" in bad["C10"]
    assert "JC-1" in bad["H11"]
    assert "H2" in bad["H11"]
    client.submit("/account/language", {"language": "zh"}, page="/account/")
    told = client.get(address).text
    assert {*bad_cells(told)} == {*bad}
    for text in bad_cells(told).values():
        assert re.search(r"[\u4e00-\u9fff]", text), text
    assert client.submit(address + "/enter", page=address).status_code == 422
    assert counted(ledger, TestReport) == 0


def test_merged_cells_ditto_marks_texts_and_stamps(
    ledger: Ledger, client: Client, farm: Actor
) -> None:
    code = make_millet(ledger, farm)
    rows: list[list[Any]] = [
        LINES,
        ["JC-1", "S-1", code, "铅", "０.０５", "mg/kg", None, DAY],
        [None, "S-2", "同上", "镉", "0.01 ", "〃", "/", "2026年10月5日"],
        ["JC-1", "S-1", code, "总汞", "/", "mg/kg", None, DAY],
        ["合计", None, None, None, 3, None, None, None],
        ["检验员：张三", None, None, None, None, None, None, None],
    ]
    address, page = preview(client, workbook(rows, lambda sheet: sheet.merge_cells("A2:A3")))
    assert not bad_cells(page)
    assert "Rows that are no results and were not read: 5, 6" in page
    client.submit(address + "/enter", page=address)
    (report,) = reports(ledger).values()
    assert [(x.parameter, x.result) for x in report.items] == [("铅", "０.０５"), ("镉", "0.01")]
    assert report.sample_number == "S-1、S-2"


def test_the_batch_is_found_by_the_sample_that_was_sent_here(
    ledger: Ledger, client: Client, lab: Actor, farm: Actor
) -> None:
    code = make_millet(ledger, farm)
    sample = world.make_sample(ledger, farm, code, number="CY-7")
    step = StepFacts("sent", date(2026, 5, 2), to=str(lab.party_uid))
    ledger.perform(farm, hand_over, sample, step)
    world.make_sample(ledger, farm, code, number="CY-8")
    heads = ["样品编号", "检测项目", "结果(mg/kg)"]
    fixed = {"fixed.number": "R-1", "fixed.issued_on": "2026-10-05"}
    address, _ = preview(client, workbook([heads, ["CY-7", "铅", 0.05]]), **fixed)
    client.submit(address + "/enter", page=address)
    (report,) = reports(ledger).values()
    assert [one.trace_code for one in report.batches] == [code]
    assert [one.unit for one in report.items] == ["mg/kg"]
    # number and day were this file's own: the next one is asked for its own
    other = sent(client, workbook([heads, ["CY-8", "铅", 0.05]]))
    asked = client.get(other, follow_redirects=True).text
    assert "as your laboratory laid out such a sheet before" in asked
    assert form_of(asked)["fixed.number"] == ""
    answer = laid_out(client, other, **{**fixed, "fixed.number": "R-2"})
    assert answer.status_code == 302
    assert "No sample CY-8 was sent to this laboratory" in bad_cells(client.get(other).text)["A2"]


def test_a_layout_that_cannot_be_says_what_is_missing(
    ledger: Ledger, client: Client, farm: Actor
) -> None:
    address = sent(client, workbook([LINES, line(make_millet(ledger, farm))]))
    wrong: list[tuple[str, dict[str, str]]] = [
        ("column.4", {"column.4": "number"}),
        ("column.4", {"column.4": "bogus"}),
        ("columns", {"column.3": ""}),
        ("columns", {"column.4": "item"}),
        ("fixed.number", {"column.0": ""}),
        ("cell.number", {"column.0": "", "cell.number": "2B"}),
        ("fixed.issued_on", {"column.7": "", "fixed.issued_on": "soon"}),
        ("name", {"name": " "}),
        ("fixed.kind", {"fixed.kind": "guess"}),
    ]
    for field, changes in wrong:
        answer = laid_out(client, address, **changes)
        assert answer.status_code == 422, changes
        assert f'href="#f-{field}"' in answer.text, changes
    assert counted(ledger, KeptLayout) == 0


def many_rows() -> bytes:
    return b"\n".join([",".join(LINES).encode(), *[b"JC-1,S,1,Pb,1,mg/kg,,2026-10-05"] * 100_000])


def test_hostile_files_are_refused_and_leave_nothing(ledger: Ledger, client: Client) -> None:
    for name, data in (
        ("bomb.xlsx", zip_bomb()),
        ("many.csv", many_rows()),
        ("junk.xlsx", b"PK\x03\x04junk"),
        ("no-table.xlsx", workbook([["x"]])),
    ):
        answer = send(client, data, name)
        assert answer.status_code in (413, 422), answer.text[:500]
        assert 'role="alert"' in answer.text, name
    assert counted(ledger, ResultSheet) == counted(ledger, EvidenceFile) == 0


def test_a_program_sends_a_sheet_by_the_name_of_its_layout(
    ledger: Ledger, client: Client, lab: Actor, farm: Actor
) -> None:
    code = make_millet(ledger, farm)
    secret = ledger.perform(lab, make_token, str(lab.person_uid), str(lab.party_uid), "仪器", 30)

    def post(data: bytes, **more: str) -> TestResponse:
        return client.post(
            "/api/v1/result-sheets",
            data={"file": (io.BytesIO(data), "结果.xlsx"), **more},
            headers={"Authorization": f"Bearer {secret}"},
        )

    unknown = post(workbook([LINES, line(code)]))
    assert unknown.status_code == 409, "nobody has said how to read it"
    assert counted(ledger, ResultSheet) == 0
    preview(client, workbook([LINES, line(code, "JC-0")]), name="常规")
    data = workbook([LINES, line(code), line(code, "JC-2")])
    assert post(data, layout="没有").status_code == 404
    done = post(data, layout="常规")
    assert done.status_code == 201, done.text
    assert done.json is not None
    assert {*done.json["reports"]} == {one.uid for one in reports(ledger).values()}
    assert post(data, layout="常规").json == done.json
    bad = post(workbook([LINES, line(code, "JC-3", 检测结果="很少")]))
    assert bad.status_code == 422
    assert "E2" in bad.text
    assert {*reports(ledger)} == {"JC-1", "JC-2"}


def test_only_the_laboratorys_own_people(ledger: Ledger, client: Client, farm: Actor) -> None:
    address = sent(client, workbook([LINES, line(make_millet(ledger, farm))]))
    assert laid_out(client, address).status_code == 302
    others = (
        farm,
        world.make_producer(ledger, "laboratory"),
        world.make_regulator(ledger),
        world.make_operator(ledger),
    )
    for actor in others:
        other = signed_in(another(client), ledger, str(actor.person_uid))
        assert other.get(address).status_code == 403
        form = {"csrf_token": other.token("/account/pin"), "id": "somebody-else"}
        for act in ("/enter", "/drop", "/columns", "/words"):
            assert other.post(address + act, data=form).status_code == 403
    assert counted(ledger, TestReport) == 0
    with ledger.database.read() as session:
        assert party(session, str(farm.party_uid)).kind == "cooperative"
