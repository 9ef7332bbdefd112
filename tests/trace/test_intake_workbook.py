"""Uploads of every kind, honest and hostile, are read in a child process or refused clearly."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import resource
import time
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput, TooLarge
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.sheets import (
    Cell,
    Merged,
    Sheet,
    cell_from_wire,
    cell_to_wire,
    column_letter,
    column_number,
    sheet_from_wire,
    sheet_to_wire,
)
from suyuan.trace.intake.workbook import read_workbook, shown_name
from tests.trace.sheets import LIMITS, read, replaced, xlsx

ROWS = [["标题"], ["耳标号", "活重", "日期"], ["254062630000037", 198.3, "2026.10.3"]]


def test_every_cell_keeps_its_place_and_type() -> None:
    def more(book: object, sheet: object) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})  # type: ignore[attr-defined]
        jin = book.add_format({"num_format": '0.0"斤"'})  # type: ignore[attr-defined]
        sheet.write_datetime(4, 1, dt.date(2026, 10, 7), day)  # type: ignore[attr-defined]
        sheet.write_number(4, 2, 210, jin)  # type: ignore[attr-defined]
        sheet.merge_range("A8:C8", "合计")  # type: ignore[attr-defined]
        sheet.set_row(4, None, None, {"hidden": True})  # type: ignore[attr-defined]

    sheet = read(xlsx([[], [], [], ["", "x", True]], more)).sheets[0]
    assert sheet.cell(3, 1).value == "x"
    assert sheet.cell(3, 2).value is True
    assert sheet.cell(4, 1).value == dt.date(2026, 10, 7)
    assert sheet.cell(4, 2) == Cell(Decimal(210), shown_as='0.0"斤"')
    assert sheet.merged == (Merged(7, 0, 7, 2),)
    assert sheet.hidden_rows == {4}


def test_formula_without_result_is_known_from_an_empty_cell() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=SUM(B1:B2)"
    book.active["B1"] = 2
    out = io.BytesIO()
    book.save(out)
    sheet = read(out.getvalue()).sheets[0]
    assert sheet.cell(0, 0) == Cell(None, formula=True)
    assert sheet.cell(0, 1) == Cell(Decimal(2))


def test_error_cells_keep_their_word() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "#DIV/0!"
    book.active["A1"].data_type = "e"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).sheets[0].cell(0, 0).error == "#DIV/0!"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables_in_every_usual_encoding(encoding: str, separator: str) -> None:
    lines = ["牧户,耳标号,活重", '扎西,="254062630000037",198.3公斤', '卓玛,"2540626,x",２００斤']
    text = (
        "\r\n".join(lines)
        if separator == ","
        else "\r\n".join(
            ["牧户,耳标号,活重".replace(",", separator), separator.join(["扎西", "1", "198.3公斤"])]
        )
    )
    book = read(text.encode(encoding), "表.csv")
    assert book.format == "csv"
    assert [cell.text for cell in book.sheets[0].rows[0]] == ["牧户", "耳标号", "活重"]
    assert book.sheets[0].cell(1, 2).value == "198.3公斤"
    if separator == ",":
        assert book.sheets[0].cell(1, 1).value == "254062630000037"
        assert book.sheets[0].cell(2, 1).value == "2540626,x"


def two_far_cells() -> bytes:
    return xlsx([], lambda _, sheet: (sheet.write("A1", "x"), sheet.write("XFD1048576", "y")))


def entity_bomb() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9)
    )
    return replaced(xlsx(ROWS), "xl/sharedStrings.xml", bomb + b"]><sst>&a8;</sst>")


def zip_bomb() -> bytes:
    return replaced(xlsx(ROWS), "xl/media/image1.png", b"\0" * 40_000_000)


def many_merges() -> bytes:
    def merges(_: object, sheet: object) -> None:
        sheet.write("A1", 1)  # type: ignore[attr-defined]
        sheet.write(15000, 30, 1)  # type: ignore[attr-defined]
        for row in range(3):
            sheet.merge_range(row * 5000, 0, row * 5000 + 4999, 30, "x")  # type: ignore[attr-defined]

    content = xlsx([], merges)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    one = b'<mergeCell ref="A1:AE5000"/>'
    return replaced(content, "xl/worksheets/sheet1.xml", sheet.replace(one, one * 500))


@pytest.mark.parametrize("bomb", [two_far_cells, zip_bomb, many_merges])
def test_bombs_are_too_large(bomb: object) -> None:
    began = time.monotonic()
    with pytest.raises(TooLarge) as refusal:
        read(bomb())  # type: ignore[operator]
    assert refusal.value.status == 413
    assert time.monotonic() - began < LIMITS.wall_seconds


def test_entity_bomb_is_refused() -> None:
    with pytest.raises(Misread, match="document type"):
        read(entity_bomb())


def test_archive_that_lies_about_its_size_stays_within_the_limits() -> None:
    lying = zip_bomb().replace((40_000_000).to_bytes(4, "little"), (999).to_bytes(4, "little"))
    try:
        sheets = read(lying).sheets
    except (Misread, TooLarge):
        return
    assert sheets[0].cell(0, 0).value == "标题"  # the part was never unpacked


def test_ten_megabytes_of_junk() -> None:
    junk = random.Random(1).randbytes(10 * 1024 * 1024 - 10)
    for name in ("a.xlsx", "a.xls", "a.csv"):
        with pytest.raises(InvalidInput):
            read(junk, name)
    with pytest.raises(InvalidInput):
        read(b"PK\x03\x04" + junk, "a.xlsx")
    with pytest.raises(InvalidInput):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk, "a.xls")
    with pytest.raises(TooLarge):
        read(junk + b"x" * 100)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.csv", b"  \r\n "),
        ("a.xlsx", "牧户,活重\n扎西,3".encode()),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("a.csv", b"%PDF-1.7 ..."),
        ("a.xlsx", b"\xff\xd8\xff\xe0 photo"),
        ("a.exe", b"MZ"),
        ("a", b"x"),
        ("a.csv", b"a,b\n\x00\x01\x02"),
        ("a.csv", b'a,"b\n' + b"x" * 40_000),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    ],
)
def test_what_is_no_sheet_is_said_to_be_none(name: str, content: bytes) -> None:
    with pytest.raises(Misread) as refusal:
        read(content, name)
    assert str(refusal.value)
    assert refusal.value.field == "file"


def test_other_archives_and_broken_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(Misread, match="no xlsx"):
        read(out.getvalue())
    with pytest.raises(Misread, match="leads outside"):
        read(replaced(xlsx(ROWS), "../../etc/passwd", b"x"))
    with pytest.raises(Misread, match="damaged"):
        read(replaced(xlsx(ROWS), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"))
    with pytest.raises(Misread, match="damaged"):
        read(xlsx(ROWS)[:-200])


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\Users\\扎西\\收购表.xlsx", "收购表.xlsx"),
        ("a\u202exslx.exe", "axslx.exe"),
        ("a\x00b.csv", "ab.csv"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
        ("/", "sheet"),
    ],
)
def test_names_are_shown_and_never_paths(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


def test_memory_and_time_are_bounded_in_the_child() -> None:
    rows = [[f"文字{row}-{column}" for column in range(20)] for row in range(5000)]
    content = xlsx(rows)
    with pytest.raises(TooLarge, match="time or memory"):
        read_workbook(content, "a.xlsx", replace(LIMITS, memory_bytes=25_000_000))
    with pytest.raises(TooLarge, match="time or memory"):
        read_workbook(content, "a.xlsx", replace(LIMITS, output_bytes=10_000))
    with pytest.raises(TooLarge, match="time or memory"):
        read_workbook(content, "a.xlsx", replace(LIMITS, wall_seconds=0))
    with pytest.raises(TooLarge):
        read_workbook(content, "a.xlsx", replace(LIMITS, rows=4000))
    assert len(read_workbook(content, "a.xlsx", LIMITS).sheets[0].rows) == 5000
    # this process is as free as before
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != LIMITS.memory_bytes


def test_columns_are_named_and_found() -> None:
    assert [column_letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.integers(0, 16383))
def test_column_letters_lead_back(column: int) -> None:
    assert column_number(column_letter(column)) == column


values = st.one_of(
    st.text(min_size=1, max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(values, st.booleans(), st.sampled_from([None, '0"斤"']))
def test_cells_survive_the_way_from_the_child(value: object, formula: bool, shown: str) -> None:
    cell = Cell(value=value, formula=formula, shown_as=shown)  # type: ignore[arg-type]
    if not cell.empty:
        assert cell_from_wire(cell_to_wire(cell)) == cell


def test_sheets_survive_the_way_from_the_child() -> None:
    sheet = Sheet("a", ((Cell("x"),), ()), (Merged(0, 0, 1, 0),), True, frozenset({1}))
    assert sheet_from_wire(sheet_to_wire(sheet)) == sheet


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000), st.integers(0, 4000), st.sampled_from(["a.xlsx", "a.xls"]))
def test_damage_anywhere_never_raises_outside_the_family(noise: bytes, at: int, name: str) -> None:
    content = xlsx(ROWS)
    damaged = content[:at] + noise + content[at + len(noise) :]
    with contextlib.suppress(InvalidInput, TooLarge):
        read(damaged, name)
