"""Tables are found in the sheets that people keep, whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInputs
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.headings import fingerprint, guess_columns, unit_words
from suyuan.trace.intake.layout import find_tables
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.vocabulary import shipped_vocabulary
from suyuan.trace.products.families import Families
from tests.trace.sheets import VOCABULARY, grid, suggested, table

HEAD = ["序号", "牧户", "耳标号", "活重", "收购日期"]


def row(number: int) -> list[object]:
    return [str(number), f"牧户{number}", f"25406263000{number:04}", "200公斤", "2026.10.3"]


def fields(sheet: object) -> dict[str, str | None]:
    found = table(sheet)  # type: ignore[arg-type]
    return {guess.heading: guess.field for guess in guess_columns(found, VOCABULARY)}


def test_titles_totals_stamps_and_blank_rows_stand_around_the_table() -> None:
    found = table(
        grid(
            [
                ["索县某合作社 2026年秋季收购登记表"],
                ["单位：斤    登记员：甲"],
                [],
                HEAD,
                row(1),
                row(2),
                [],
                row(3),
                ["小计", "", "", "600"],
                ["4"],
                ["合计", "", "", "600"],
                ["审核：", "", "", "盖章"],
            ]
        )
    )
    assert found.titles == ((0, "索县某合作社 2026年秋季收购登记表"), (1, "单位：斤    登记员：甲"))
    assert found.header_rows == (3,)
    assert found.data == (4, 5, 7)
    assert found.totals == (8, 10)
    assert [(one.row, one.kind) for one in found.beside] == [
        (9, "numbered in advance"),
        (11, "stamp"),
    ]
    assert found.years == (2026,)


def test_merged_headings_of_two_levels() -> None:
    sheet = grid(
        [
            ["收购登记表"],
            ["牧户", "牲畜", "", "重量（斤）", "", "日期"],
            ["", "耳标号", "公母", "毛重", "净重", ""],
            ["扎西", "254062630000037", "公", "500", "480", "10月3日"],
        ],
        merged=[(0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4), (1, 5, 2, 5)],
    )
    found = table(sheet)
    assert found.header_rows == (1, 2)
    assert found.data == (3,)
    assert fields(sheet) == {
        "牧户": "household",
        "牲畜 / 耳标号": "ear_tag",
        "牲畜 / 公母": "sex",
        "重量（斤） / 毛重": "gross_weight",
        "重量（斤） / 净重": "net_weight",
        "日期": "date",
    }


def test_two_levels_without_merged_ranges_as_csv_gives_them() -> None:
    sheet = grid(
        [
            ["牧户", "牲畜", "", "日期"],
            ["", "耳标号", "公母", ""],
            ["扎西", "254062630000037", "公", "10月3日"],
        ]
    )
    assert fields(sheet) == {
        "牧户": "household",
        "牲畜 / 耳标号": "ear_tag",
        "牲畜 / 公母": "sex",
        "日期": "date",
    }


def test_a_row_of_units_belongs_to_the_headings() -> None:
    found = table(grid([["农户", "品种", "产量"], ["", "", "(斤)"], ["甲", "谷子", "300"]]))
    assert [heading.text for heading in found.headings] == ["农户", "品种", "产量 / (斤)"]
    assert found.data == (2,)


def test_a_table_set_twice_side_by_side_is_two_tables() -> None:
    sheet = grid(
        [
            ["采集登记", "", "", "", "", ""],
            ["姓名", "根数", "重量", "姓名", "根数", "重量"],
            ["甲", "120", "40g", "乙", "90", "31g"],
            ["丙", "80", "28g", "", "", ""],
        ]
    )
    left, right = find_tables(sheet, VOCABULARY)
    assert left.columns == (0, 1, 2)
    assert right.columns == (3, 4, 5)
    assert left.data == (2, 3)
    assert right.data == (2,)


def test_headings_repeated_on_each_page_are_no_data() -> None:
    found = table(grid([HEAD, row(1), HEAD, row(2)]))
    assert found.data == (1, 3)
    assert found.beside[0].kind == "repeated headings"


def test_a_second_table_below_is_found_apart() -> None:
    sheet = grid(
        [
            HEAD,
            row(1),
            ["合计", "", "", "200"],
            [],
            ["饲料出入库"],
            ["品名", "数量", "单位", "日期"],
            ["青干草", "20", "袋", "2026.9.1"],
        ]
    )
    first, second = find_tables(sheet, VOCABULARY)
    assert first.data == (1,)
    assert second.titles == ((4, "饲料出入库"),)
    assert second.data == (6,)


def test_section_lines_between_rows_are_kept_beside() -> None:
    found = table(grid([HEAD, ["一、亚拉镇"], row(1), ["二、加勤乡"], row(2)]))
    assert found.data == (2, 4)
    assert [one.text for one in found.beside] == ["一、亚拉镇", "二、加勤乡"]


def test_table_with_unknown_headings_is_found_by_its_shape() -> None:
    found = table(grid([["某表"], ["甲项", "乙项", "丙项"], ["a", "b", "1"], ["c", "d", "2"]]))
    assert [heading.text for heading in found.headings] == ["甲项", "乙项", "丙项"]
    assert found.data == (2, 3)


@pytest.mark.parametrize("rows", [[], [["只有一个标题"]], [["1", "2"], ["3", "4"]], [HEAD]])
def test_no_table_is_said_to_be_none(rows: list[list[object]]) -> None:
    with pytest.raises(Misread, match="no table"):
        find_tables(grid(rows), VOCABULARY)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("耳标编号", "ear_tag"),
        ("Ear Tag No.", "ear_tag"),
        ("eartag", "ear_tag"),
        ("户 主", "household"),
        ("投料（ＫＧ）", "input_quantity"),
        ("产量（升）", "quantity"),
        ("总酸(以乙酸计)", "total_acid"),
        ("交售斤数", "weight"),
        ("Date of purchase", "purchase_date"),
        ("Puchase date", "purchase_date"),
        ("检疫合格证编号", "quarantine_certificate"),
        ("ལྗིད་ཚད།", "weight"),
        ("ཚེས་གྲངས།", "date"),
        ("单价（元/斤）", "price"),
        ("身份证号码", "identity_number"),
        ("牧户签字", "signature"),
        ("虫草根数", "pieces"),
        ("海拔（m）", "altitude_m"),
    ],
)
def test_headings_are_recognised(heading: str, field: str) -> None:
    assert VOCABULARY.likely(heading)[0].field == field


def test_values_prove_what_a_heading_does_not_say() -> None:
    sheet = grid([["编号", "斤两"], ["254062630000037", "1"], ["254062630000074", "2"]])
    assert fields(sheet)["编号"] == "ear_tag"


def test_no_field_is_guessed_twice() -> None:
    sheet = grid([["日期", "日期", "重量", "总重"], ["2026.1.2", "2026.1.3", "3斤", "4斤"]])
    guessed = [field for field in fields(sheet).values() if field]
    assert len(guessed) == len(set(guessed))


def test_a_familys_own_attributes_are_headings_too() -> None:
    grain = Families.load().get("grain")
    vocabulary = shipped_vocabulary().of_family(grain)
    assert vocabulary.likely("霉变粒")[0].field == "attribute:mouldy_kernels"
    assert not [one for one in shipped_vocabulary().likely("霉变粒") if one.confidence > 0.9]


def test_unit_words_of_a_heading() -> None:
    assert unit_words("投料(kg)") == ("kg",)
    assert unit_words("重量／斤") == ("斤",)
    assert unit_words("产量（单位：升）") == ("升",)
    assert unit_words("牧户") == ()


def test_fingerprint_is_of_the_headings_alone() -> None:
    first = fingerprint(table(grid([HEAD, row(1)])))
    again = fingerprint(table(grid([["2027年"], [" 序 号", *HEAD[1:]], row(2), row(3)])))
    other = fingerprint(table(grid([HEAD[1:], row(1)[1:]])))
    assert first == again != other


def test_mapping_survives_being_remembered() -> None:
    mapping = suggested(table(grid([["2026年  单位：斤"], HEAD, row(1)])))
    assert mapping.row_is == "animal"
    assert mapping.year == 2026
    assert mapping.unit == "斤"
    assert ColumnMapping.from_json(mapping.to_json(), VOCABULARY) == mapping


def test_wrong_mappings_name_each_fault() -> None:
    with pytest.raises(InvalidInputs) as refusal:
        ColumnMapping.from_json(
            {
                "family": "yak_meat",
                "row_is": "herd",
                "columns": {"0": "nonsense", "1": "weight", "2": "weight", "x": "weight"},
                "batch_by": ["township"],
                "unit": "桶装水",
                "year": "26",
                "calendar": "julian",
                "unit_answers": {"克": "viel"},
            },
            VOCABULARY,
        )
    named = {fault.field for fault in refusal.value.faults}
    assert named == {
        "columns", "columns.0", "columns.2", "row_is", "batch_by", "unit", "year", "calendar",
        "unit_answers.克",
    }  # fmt: skip


cells = st.one_of(
    st.just(""),
    st.sampled_from([*HEAD, "合计", "审核：", "2026年", "254062630000037", "3斤", "盖章"]),
    st.text(max_size=6),
)


@given(st.lists(st.lists(cells, max_size=6), max_size=14))
def test_every_filled_row_is_in_one_place(rows: list[list[str]]) -> None:
    sheet = grid(rows)
    try:
        tables = find_tables(sheet, VOCABULARY)
    except Misread:
        return
    for found in tables:
        parts = [
            *(at for at, _ in found.titles), *found.header_rows, *found.data, *found.totals,
            *(one.row for one in found.beside),
        ]  # fmt: skip
        below = [*found.header_rows, *found.data, *found.totals, *(b.row for b in found.beside)]
        assert len(below) == len(set(below))
        assert set(parts) <= set(range(sheet.height))
    placed = {at for found in tables for at in [
        *(row for row, _ in found.titles), *found.header_rows, *found.data, *found.totals,
        *(one.row for one in found.beside)]}  # fmt: skip
    if len(tables) == 1 and tables[0].columns[0] == 0:
        filled = {at for at in range(sheet.height) if any(not c.empty for c in sheet.rows[at])}
        assert filled <= placed
