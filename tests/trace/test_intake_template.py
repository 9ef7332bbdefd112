"""The sheets that we hand out come back exactly; every bad cell is named with row and column."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl
import pytest

from suyuan.trace.batches.facts import ShareFacts
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.template import TABLE, make_template, template_columns
from suyuan.trace.intake.template_reading import TemplateReading, is_template, read_template
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity
from tests.trace.sheets import read, xlsx

FAMILIES = Families.load()
VARIANTS = [(family.key, variant) for family in FAMILIES for variant in family.variants]


def filled(family: str, variant: str, *rows: Mapping[str, object]) -> bytes:
    """The template with rows filled in, by Chinese heading, from row 4."""
    book = openpyxl.load_workbook(io.BytesIO(make_template(FAMILIES.get(family), variant)))
    sheet = book[TABLE]
    places = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for at, row in enumerate(rows, start=4):
        for heading, value in row.items():
            sheet.cell(at, places[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(family: str, variant: str, *rows: Mapping[str, object]) -> TemplateReading:
    return read_template(read(filled(family, variant, *rows)), FAMILIES)


@pytest.mark.parametrize(("family", "variant"), VARIANTS)
def test_every_familys_empty_template_reads_as_nothing(family: str, variant: str) -> None:
    book = read(make_template(FAMILIES.get(family), variant))
    assert is_template(book)
    assert read_template(book, FAMILIES) == TemplateReading(family, variant, (), ())


def test_every_attribute_has_a_column_in_both_languages() -> None:
    family = FAMILIES.get("vinegar")
    sheet = read(make_template(family, "solid_state_aged")).sheets[0]
    zh = [cell.text.rstrip("*") for cell in sheet.rows[0]]
    en = [cell.text.rstrip("*") for cell in sheet.rows[1]]
    for fact in family.asked("solid_state_aged"):
        assert fact.names.zh in zh
        assert fact.names.en in en


def test_choices_are_offered_as_lists() -> None:
    content = make_template(FAMILIES.get("yak_meat"), "live")
    sheet = openpyxl.load_workbook(io.BytesIO(content))[TABLE]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    wanted = [c for c in template_columns(FAMILIES.get("yak_meat"), "live") if c.choices]
    assert len(lists) == len(wanted) >= 2


def test_a_filled_row_becomes_a_batch() -> None:
    taken = take(
        "yak_meat",
        "fresh",
        {
            "批号": "S-01",
            "农牧户": "扎西",
            "数量": "120.5",
            "单位": "千克 kilogram",
            "日期": "2026.10.3",
            "耳标号": "254062630000037、254062630000074",
            "性别": "公 male",
            "海拔": "４２００",
            "备注": "第一批",
        },
    )
    assert taken.faults == ()
    (batch,) = taken.batches
    assert batch.quantity == Quantity.of("120.5", "KGM")
    assert batch.lot == "S-01"
    assert batch.rows == (4,)
    assert batch.shares == (ShareFacts("扎西", quantity=Quantity.of("120.5", "KGM")),)
    assert batch.attributes["ear_tags"] == ["254062630000037", "254062630000074"]
    assert (batch.attributes["sex"], batch.attributes["altitude"]) == ("male", 4200)
    assert [mark.value for mark in batch.marks] == ["254062630000037", "254062630000074"]


def test_every_bad_cell_is_named() -> None:
    good = {"数量": 3, "单位": "千克 kilogram"}
    taken = take(
        "yak_meat",
        "fresh",
        good,
        {**good, "数量": "viel"},
        {**good, "单位": "车"},
        {"批号": "x"},
        {**good, "日期": "10月3日"},
        {**good, "耳标号": "123"},
        {**good, "海拔": "99999", "性别": "?"},
        {**good, "数量": 0},
    )
    assert [batch.rows for batch in taken.batches] == [(4,)]
    named = [(fault.row, fault.column, fault.heading) for fault in taken.faults]
    assert {row for row, _, _ in named} == {5, 6, 7, 8, 9, 10, 11}
    assert [(row, heading) for row, _, heading in named] == [
        (5, "数量"),
        (6, "单位"),
        (7, "单位"),
        (8, "日期"),
        (9, "耳标号"),
        (10, "性别"),
        (10, "海拔"),
        (11, "数量"),
    ]
    assert all(column for _, column, _ in named)
    assert str(taken.faults[0]).startswith("D5 (数量): ")


def test_columns_may_be_moved_and_strange_ones_are_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_template(FAMILIES.get("grain"), "millet")))
    sheet = book[TABLE]
    sheet.insert_cols(1)
    sheet["A1"], sheet["A4"] = "我的列", "x"
    sheet["E4"], sheet["F4"] = "50", "千克 kilogram"
    out = io.BytesIO()
    book.save(out)
    taken = read_template(read(out.getvalue()), FAMILIES)
    assert [(fault.row, fault.column) for fault in taken.faults] == [(1, "A")]
    assert taken.batches[0].quantity == Quantity.of("50", "KGM")


def test_a_needed_column_that_is_gone_is_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled("grain", "millet", {"批号": "1"})))
    book[TABLE].delete_cols(4)
    out = io.BytesIO()
    book.save(out)
    taken = read_template(read(out.getvalue()), FAMILIES)
    assert taken.batches == ()
    assert any(fault.row == 1 and fault.heading == "数量" for fault in taken.faults)


def test_other_workbooks_are_no_templates() -> None:
    book = read(xlsx([["批号", "数量"], ["1", 2]]))
    assert not is_template(book)
    with pytest.raises(Misread, match="downloaded here"):
        read_template(book, FAMILIES)
