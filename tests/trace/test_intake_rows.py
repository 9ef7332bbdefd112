"""Rows of a sheet: typed values, every doubt with its place, and where each row ends up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.trace.batches.facts import MarkFacts, ShareFacts
from suyuan.trace.errors import InvalidInputs
from suyuan.trace.intake.decisions import (
    Accept,
    Decision,
    Fix,
    SetAside,
    decide,
    decision_from_json,
    decision_to_json,
)
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.plan import propose
from suyuan.trace.intake.rows import SheetReading, read_rows
from suyuan.trace.intake.sheets import Cell
from suyuan.trace.intake.values import read_duration
from suyuan.trace.intake.workbook import read_workbook
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar, StatedDate
from tests import missing
from tests.trace.sheets import LIMITS, TODAY, VOCABULARY, codes, grid, reading, suggested, table

FAMILIES = Families.load()
SHARES = ["牧户", "重量", "日期"]
ANIMALS = ["牧户", "耳标号", "活重", "收购日期", "检疫证号", "备注"]
TAG = "254062630000037"


def one(heading: str, value: object, title: str = "", **changes: object) -> SheetReading:
    """A sheet of one row with a household and one more column."""
    rows = [[title], ["牧户", heading], ["扎西", value]]
    return reading(grid(rows), **{"row_is": "share", **changes})


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
    rows = [["牧户", "重量", "单位"], ["扎西", Decimal(6), "斤"]]
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


def animals(*rows: list[object], **changes: object) -> SheetReading:
    return reading(grid([ANIMALS, *rows]), **changes)


def animal(tag: object = TAG, paper: str = "藏动检A540626100001", note: str = "") -> list[object]:
    return ["扎西", tag, "200公斤", "2026.10.3", paper, note]


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
        rows = [SHARES, ["甲", "10斤", ""], ["乙", "5公斤", ""], ["合计", value, ""]]
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


def test_decisions_fix_accept_and_set_aside() -> None:
    result = animals(animal("无耳标"), animal(paper=""), animal("254062630000074"))
    decided = decide(
        result,
        [Fix(2, "B", "254062630000111"), Accept("3E:missing-certificate", "comes on Friday")],
    )
    assert [row.row.row for row in decided.accepted] == [2, 3, 4]
    assert decided.accepted[0].row.values["ear_tag"] == ("254062630000111",)
    assert decided.accepted[0].fixed == (Fix(2, "B", "254062630000111"),)
    assert decided.accepted[1].accepted[0].reason == "comes on Friday"


def test_a_fix_is_read_like_a_cell() -> None:
    decided = decide(animals(animal("无耳标")), [Fix(2, "B", "12345")])
    assert [doubt.code for doubt in decided.open_doubts] == ["unreadable-ear_tag"]


def test_decisions_that_cannot_be() -> None:
    result = one("重量", "5")
    with pytest.raises(InvalidInputs) as refusal:
        decide(
            result,
            [
                Fix(99, "B", "x"),
                Fix(3, "Z", "x"),
                SetAside(1),
                Accept("unit-missing", " "),
                Accept("3B:unit-missing", "because"),
            ],
        )
    assert len(refusal.value.faults) == 5
    assert decide(result, [Accept("unit-missing", "because")]).open_doubts != ()


def test_decisions_survive_being_kept() -> None:
    for decision in (Fix(3, "B", "5斤"), Accept("x", "why"), SetAside(4, "later")):
        assert decision_from_json(decision_to_json(decision)) == decision
    with pytest.raises(InvalidInputs):
        decision_from_json({"do": "delete", "row": 1})


def test_shares_of_households_make_one_batch() -> None:
    rows = [["2026年"], SHARES, ["甲", "3斤", "2026.6.1"], ["乙", "1公斤", "2026.6.3"],
            ["甲", "200g", "2026.6.2"]]  # fmt: skip
    cordyceps = FAMILIES.get("cordyceps")
    (batch,) = propose(decide(reading(grid(rows)), []), cordyceps, VOCABULARY)
    assert batch.quantity == Quantity.of("2.7", "KGM")
    assert batch.shares == (
        ShareFacts("甲", quantity=Quantity.of("1.7", "KGM")),
        ShareFacts("乙", quantity=Quantity.of("1", "KGM")),
    )
    assert batch.produced is not None
    assert (str(batch.produced.earliest), str(batch.produced.latest)) == (
        "2026-06-01",
        "2026-06-03",
    )
    assert batch.rows == (3, 4, 5)


def test_shares_can_be_put_together_by_a_column() -> None:
    rows = [["牧户", "重量", "乡镇"], ["甲", "3斤", "A"], ["乙", "1斤", "B"], ["丙", "2斤", "A"]]
    result = reading(grid(rows), batch_by=("township",))
    batches = propose(decide(result, []), FAMILIES.get("cordyceps"), VOCABULARY)
    assert [batch.rows for batch in batches] == [(2, 4), (3,)]


def test_live_animals_are_counted_by_head_and_keep_their_weights() -> None:
    result = animals(animal(), animal("254062630000074"), variant="live", family="yak_meat")
    (batch,) = propose(decide(result, []), FAMILIES.get("yak_meat"), VOCABULARY)
    assert batch.quantity == Quantity.of("2", "HEA")
    assert batch.attributes["herd_count"] == 2
    assert batch.attributes["ear_tags"] == [TAG, "254062630000074"]
    assert MarkFacts("ear_tag", TAG) in batch.marks
    assert [one.weight for one in batch.animals] == [Quantity.of("200", "KGM")] * 2
    assert batch.animals[0].papers[0].number == "藏动检A540626100001"
    assert batch.shares == (ShareFacts("扎西", quantity=Quantity.of("2", "HEA")),)


def test_personal_facts_and_prices_stay_out_of_the_batch() -> None:
    rows = [["批号", "户主", "电话", "身份证号", "单价", "重量", "车牌号"],
            ["7", "甲", "13800000000", "540626199001011234", "30", "5斤", "藏E12345"]]  # fmt: skip
    (batch,) = propose(decide(reading(grid(rows)), []), FAMILIES.get("grain"), VOCABULARY)
    said = f"{batch.note} {batch.attributes}"
    assert "藏E12345" in said
    assert not any(word in said for word in ("138", "5406261990", "30", "甲"))


words = st.sampled_from(
    [
        "",
        "扎西",
        TAG,
        "254062630000074",
        "无耳标",
        "3斤",
        "5",
        "-1斤",
        "2026.10.3",
        "六月初",
        "合计",
        "〃",
        "藏动检A540626100001",
        "待补证",
        "#",
        "１２公斤",
    ]
)
rows_of_words = st.lists(st.lists(words, min_size=6, max_size=6), min_size=1, max_size=8)
orders = st.lists(
    st.one_of(
        st.builds(SetAside, st.integers(2, 9)),
        st.builds(Fix, st.integers(2, 9), st.sampled_from("ABCDEF"), words),
        st.builds(
            Accept,
            st.sampled_from(["missing-ear-tag", "repeated-ear-tag", "unit-missing", "ditto"]),
            st.just("seen"),
        ),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(rows_of_words, orders, st.sampled_from(["batch", "animal", "share"]))
def test_every_row_ends_up_in_exactly_one_place(
    rows: list[list[str]], given_orders: list[Decision], row_is: str
) -> None:
    sheet = grid([ANIMALS, *rows])
    found = table(grid([ANIMALS, animal()]))
    mapping = ColumnMapping(**{**suggested(found).__dict__, "row_is": row_is})
    try:
        found_again = table(sheet)
    except Misread:
        return
    result = read_rows(found_again, mapping, VOCABULARY, TODAY)
    known = {row.row for row in result.rows}
    kept = [d for d in given_orders if isinstance(d, Accept) or d.row in known]
    decided = decide(result, kept)
    placed = [
        *(one.row.row for one in decided.accepted),
        *(one.row.row for one in decided.set_aside),
        *(row.row for row in decided.open),
    ]
    assert sorted(placed) == sorted(known)
    batches = propose(decided, FAMILIES.get("yak_meat"), VOCABULARY)
    assert sorted(row for batch in batches for row in batch.rows) == sorted(
        one.row.row for one in decided.accepted
    )


def sample(shared: Path, name: str) -> SheetReading:
    file = shared / "samples" / name
    if not file.is_file():
        missing.leave_out(f"the sample sheet {name}", "it is not in the shared folder")
    found = table(read_workbook(file.read_bytes(), name, LIMITS).sheets[0])
    return read_rows(found, suggested(found), VOCABULARY, TODAY)


def test_the_yak_purchase_sheet(shared: Path) -> None:
    result = sample(shared, "yak-purchase.xlsx")
    found = codes(result)
    assert len(found) == 41
    assert result.mapping.row_is == "animal"
    assert found[5] == []
    assert found[11] == ["missing-ear-tag", "note-raises-question"]
    assert {"unit-from-title", "repeated-ear-tag", "unlike-others"} <= set(found[45])
    assert "repeated-ear-tag" in found[7]
    assert "year-from-context" in found[12]
    counted = [code for row in found.values() for code in row]
    assert counted.count("missing-ear-tag") == 5
    assert counted.count("missing-certificate") == 4
    assert counted.count("unit-from-title") == 17
    decided = decide(
        result,
        [SetAside(45), *(Accept(code, "asked the herder") for code in sorted(set(counted)))],
    )
    assert decided.settled
    assert (len(decided.accepted), len(decided.set_aside)) == (40, 1)


def test_the_vinegar_sheet(shared: Path) -> None:
    result = sample(shared, "vinegar-brewing.xlsx")
    assert len(result.rows) == 24
    assert result.mapping.row_is == "batch"
    assert [row.row for row in result.rows if row.doubts] == [5, 6, 11, 16, 20, 21, 25, 26]
    assert {doubt.code for row in result.rows for doubt in row.doubts} == {"age-exceeds-dates"}
    assert result.rows[0].values["quantity"] == Quantity.of("4113", "LTR")
    assert result.rows[0].values["total_acid"] == Decimal("3.50")
    aside = [SetAside(row.row) for row in result.rows if row.doubts]
    vinegar = FAMILIES.get("vinegar")
    batches = propose(decide(result, aside), vinegar, VOCABULARY)
    assert len(batches) == 16
    assert batches[0].lot == "CJ26-001"
    assert batches[0].attributes["total_acid"] == "3.50"
