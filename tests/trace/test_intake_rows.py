"""Rows of a sheet: typed values, every doubt with its place, and where each row ends up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.trace.intake.decisions import (
    Accept,
    SetAside,
    decide,
)
from suyuan.trace.intake.durations import read_duration
from suyuan.trace.intake.plan import propose
from suyuan.trace.intake.rows import read_rows
from suyuan.trace.intake.sheets import Cell
from suyuan.trace.intake.values import ColumnReading, read_cell
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar, StatedDate
from tests.trace.sheets import (
    SHARES,
    TAG,
    TODAY,
    VOCABULARY,
    animal,
    animals,
    codes,
    grid,
    one,
    reading,
    suggested,
    table,
)

FAMILIES = Families.load()


@pytest.mark.parametrize(
    ("heading", "value", "kilograms"),
    [
        ("重量", "198.3公斤", "198.3"),
        ("重量", "529.4斤", "264.7"),
        ("重量", "1斤3两", "0.65"),
        ("重量", "２０袋×５０ｋｇ", "1000"),
        ("重量(斤)", Decimal("300"), "150"),
        ("重量（公斤）", "２２４.８", "224.8"),
        ("重量/kg", Decimal("12.5"), "12.5"),
        ("重量", Cell(Decimal(210), shown_as='0.0"斤"'), "105"),
        ("重量", "三斤半", "1.75"),
    ],
)
def test_weights_in_every_writing(heading: str, value: object, kilograms: str) -> None:
    result = one(heading, value)
    assert result.rows[0].values["weight"] == Quantity.of(kilograms, "KGM")
    assert result.rows[0].doubts == ()


def test_unit_from_the_title_is_doubtful_and_unit_column_is_not() -> None:
    assert codes(one("重量", Decimal(5), "单位：斤"))[3] == ["unit-from-title"]
    rows: list[list[Any]] = [["牧户", "重量", "单位"], ["扎西", Decimal(6), "斤"]]
    result = reading(grid(rows))
    assert result.rows[0].values["weight"] == Quantity.of("3", "KGM")
    assert result.rows[0].doubts == ()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal(5), "unit-missing"),
        ("5克", "unit-ambiguous"),
        ("-5斤", "negative-quantity"),
        (Decimal(-5), "negative-quantity"),
        ("0斤", "zero-quantity"),
        (dt.date(2026, 3, 5), "number-as-date"),
        ("很多", "unreadable-weight"),
        ("", "missing-quantity"),
        (Cell(None, formula=True), "formula-not-computed"),
        (Cell(None, error="#REF!"), "cell-error"),
    ],
)
def test_weights_that_cannot_go_in_as_they_are(value: object, code: str) -> None:
    doubt = one("重量", value).rows[0].doubts[0]
    assert (doubt.code, doubt.row, doubt.column, doubt.acceptable) == (code, 3, "B", False)
    assert str(doubt).startswith("3B: ")


def test_what_an_ambiguous_unit_is_was_asked() -> None:
    result = one("重量", "5克", unit_answers={"克": "1 g"})
    assert result.rows[0].values["weight"] == Quantity.of("5", "GRM")
    zang = one("重量", "5藏克", unit_answers={"藏克": "14 kg"})
    assert zang.rows[0].values["weight"] == Quantity.of("70", "KGM")


@pytest.mark.parametrize(
    ("value", "day", "found"),
    [
        ("2026.10.3", "2026-10-03", []),
        ("2026年10月4日", "2026-10-04", []),
        ("２０２６／１０／４", "2026-10-04", []),
        (dt.date(2026, 10, 7), "2026-10-07", []),
        ("10月5日", "2026-10-05", ["year-from-context"]),
        (Decimal("46302"), "2026-10-07", ["sheet-serial"]),
        (Decimal("2026.1"), None, ["zero-lost"]),
        ("六月初", None, ["calendar-unknown"]),
        ("农历六月初三", None, ["not-solar"]),
        ("藏历六月初三", None, ["not-solar"]),
        ("2027-01-01", "2027-01-01", ["date-in-future"]),
        ("去年", None, ["not-understood"]),
        ("2026-02-30", None, ["unreadable-date"]),
    ],
)
def test_dates_of_every_kind(value: object, day: str | None, found: list[str]) -> None:
    result = one("日期", value, year=2026)
    read = result.rows[0].values.get("date")
    assert codes(result)[3] == found
    if day is not None:
        assert isinstance(read, StatedDate)
        assert str(read.day) == day


def test_the_calendar_is_asked_never_assumed() -> None:
    kept = one("日期", "六月初", year=2026, calendar=Calendar.LUNAR).rows[0].values["date"]
    assert isinstance(kept, StatedDate)
    assert (kept.text, kept.calendar, kept.earliest) == ("六月初", Calendar.LUNAR, None)
    solar = one("日期", "六月初", year=2026, calendar=Calendar.SOLAR).rows[0].values["date"]
    assert isinstance(solar, StatedDate)
    assert (solar.text, str(solar.earliest)) == ("六月初", "2026-06-01")


def test_a_date_format_that_hides_the_day_is_doubtful() -> None:
    hidden = Cell(dt.date(2026, 10, 1), shown_as='yyyy"年"m"月"')
    assert codes(one("日期", hidden))[3] == ["day-not-shown"]
    shown = Cell(dt.date(2026, 10, 1), shown_as="[$-804]yyyy/m/d")
    assert codes(one("日期", shown))[3] == []


def test_animals_without_tag_or_paper_and_with_a_tag_twice() -> None:
    result = animals(animal("无耳标"), animal(""), animal(paper=""), animal(), animal("12"))
    assert codes(result) == {
        2: ["missing-ear-tag"],
        3: ["missing-ear-tag"],
        4: ["missing-certificate", "repeated-ear-tag"],
        5: ["repeated-ear-tag"],
        6: ["unreadable-ear_tag"],
    }


def test_setting_one_of_two_equal_tags_aside_clears_the_other() -> None:
    result = animals(animal(), animal())
    decided = decide(result, [SetAside(3, "counted twice")])
    assert [row.row.row for row in decided.accepted] == [2]
    assert [row.row.row for row in decided.set_aside] == [3]
    assert decided.settled


def test_tags_kept_as_numbers_and_several_in_a_cell() -> None:
    assert animals(animal(Decimal(TAG))).rows[0].values["ear_tag"] == (TAG,)
    two = animals(animal(f"{TAG}、254062630000074")).rows[0].values["ear_tag"]
    assert two == (TAG, "254062630000074")


def test_a_paper_unlike_all_others_and_a_note_that_asks() -> None:
    rows = [animal(f"2540626300{n:05}", f"藏动检A54062610000{n}") for n in range(6)]
    rows.append(animal("254062630000999", "藏动检A5462610", "重复？"))
    assert codes(animals(*rows))[8] == ["unlike-others", "note-raises-question"]


def test_long_numbers_that_a_spreadsheet_has_rounded() -> None:
    row = animal(paper="")
    row[4] = Decimal("540626100001234560")
    assert "digits-lost" in codes(animals(row))[2]


def test_age_longer_than_the_dates_allow() -> None:
    head = ["批号", "入缸日期", "淋醋日期", "陈酿期", "产量（升）"]
    result = reading(
        grid(
            [
                head,
                ["1", "2025/5/4", "2025/6/4", "三年", "10"],
                ["2", "2025/5/4", "2025/6/4", "1年", "10"],
                ["3", "2025/6/4", "2025/5/4", "90天", "10"],
                ["4", "2025/5/4", "2025/6/4", "", "10"],
            ]
        )
    )
    assert codes(result) == {2: ["age-exceeds-dates"], 3: [], 4: ["dates-out-of-order"], 5: []}


@pytest.mark.parametrize(
    ("text", "months"), [("18个月", 18), ("三年", 36), ("1年半", 18), ("２年", 24), ("2 years", 24)]
)
def test_lengths_of_time(text: str, months: int) -> None:
    assert read_duration(text).months == months


def test_merged_values_and_ditto_marks_are_carried_and_doubtful() -> None:
    sheet = grid(
        [SHARES, ["扎西", "3斤", "2026.10.3"], ["", "4斤", "〃"], ["卓玛", "5斤", "同上"]],
        merged=[(1, 0, 2, 0)],
    )
    result = reading(sheet)
    assert [row.values["household"] for row in result.rows] == ["扎西", "扎西", "卓玛"]
    assert codes(result) == {2: [], 3: ["merged-value", "ditto"], 4: ["ditto"]}


def test_totals_are_compared_in_figures_and_in_kilograms() -> None:
    def total(value: object) -> list[str]:
        rows: list[list[Any]] = [
            SHARES,
            ["甲", "10斤", ""],
            ["乙", "5公斤", ""],
            ["合计", value, ""],
        ]
        return [doubt.code for doubt in reading(grid(rows)).doubts]

    assert total("15") == []
    assert total("10公斤") == []
    assert total("20斤") == []
    assert total(Decimal(99)) == ["total-differs"]
    assert total(Cell(None, formula=True)) == []


def test_subtotals_count_from_the_last_one() -> None:
    rows = [SHARES, ["甲", "1斤", ""], ["小计", "1", ""], ["乙", "2斤", ""], ["丙", "3斤", ""],
            ["小计", "5", ""], ["合计", "6", ""]]  # fmt: skip
    assert reading(grid(rows)).doubts == ()


def test_values_that_the_family_cannot_hold() -> None:
    sheet = grid([["批号", "数量", "水分"], ["1", "10kg", "130%"], ["2", "10kg", "13.5%"]])
    found = table(sheet)
    grain = FAMILIES.get("grain")
    result = read_rows(found, suggested(found, "grain"), VOCABULARY, TODAY, family=grain)
    assert codes(result) == {2: ["does-not-fit"], 3: []}
    decided = decide(result, [Accept("does-not-fit", "as the slip says")])
    first, second = propose(decided, grain, VOCABULARY)
    assert "moisture" not in first.attributes
    assert second.attributes["moisture"] == "13.5"


odd = st.text(
    "0123456789.,-/×*x 袋斤两公克kg年月日初一二三十百千万半〃约#=公母至~()（）６", max_size=12
)
some_cells = st.one_of(
    st.builds(Cell, st.one_of(odd, st.text(max_size=30))),
    st.builds(Cell, st.decimals(allow_nan=False, allow_infinity=False)),
    st.builds(Cell, st.one_of(st.dates(), st.datetimes(), st.times(), st.timedeltas())),
    st.builds(Cell, st.booleans()),
    st.builds(Cell, st.none(), st.booleans(), st.sampled_from([None, "#N/A"])),
)


@settings(max_examples=400)
@given(some_cells, st.sampled_from(sorted(VOCABULARY.fields)), st.sampled_from([None, 2026]))
def test_no_cell_raises_whatever_it_holds(cell: Cell, key: str, year: int | None) -> None:
    field = VOCABULARY.fields[key]
    read = read_cell(cell, ColumnReading(field, VOCABULARY, TODAY, year=year))
    assert read.stated == cell.text
    for doubt in read.doubts:
        assert str(doubt)


@settings(max_examples=100)
@given(st.lists(odd, min_size=3, max_size=3), st.lists(odd, min_size=3, max_size=3))
def test_no_heading_or_title_raises_whatever_it_says(titles: list[str], heads: list[str]) -> None:
    rows = [[f"单位：{titles[0]}"], [titles[1]], ["牧户", "重量" + heads[0], "日期" + heads[1]]]
    result = reading(grid([*rows, ["甲", "3", "10月3日"], ["乙", "4斤", ""]]))
    assert len(result.rows) >= 1
