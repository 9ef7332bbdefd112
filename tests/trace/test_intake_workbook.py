"""Uploads of every kind, honest and hostile, are read in a child process or refused clearly."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.intake.sheets import (
    Cell,
    Merged,
    Sheet,
    Workbook,
    cell_from_wire,
    cell_to_wire,
    column_letter,
    column_number,
    sheet_from_wire,
    sheet_to_wire,
    workbook_from_wire,
    workbook_to_wire,
)
from tests.trace.sheets import ods, read, xlsx

ROWS: list[list[Any]] = [
    ["标题"],
    ["耳标号", "活重", "日期"],
    ["254062630000037", 198.3, "2026.10.3"],
]


def test_every_cell_keeps_its_place_and_type() -> None:
    def more(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        jin = book.add_format({"num_format": '0.0"斤"'})
        sheet.write_datetime(4, 1, dt.date(2026, 10, 7), day)
        sheet.write_number(4, 2, 210, jin)
        sheet.merge_range("A8:C8", "合计")
        sheet.set_row(4, None, None, {"hidden": True})

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


def test_open_document_sheets_are_read_too() -> None:
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>牧户</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="12.5">'
        "<text:p>12.5</text:p></table:table-cell></table:table-row>"
    )
    book = read(ods(row), "a.ods")
    assert book.format == "ods"
    assert book.sheets[0].rows == ((Cell("牧户"), Cell(Decimal("12.5"))),)


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
    book = Workbook("a.csv", "csv", (sheet,), "gb18030")
    assert workbook_from_wire(workbook_to_wire(book)) == book
