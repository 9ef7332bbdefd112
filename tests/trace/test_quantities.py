"""Exact quantities, and quantities as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quantities import DifferentDimensions, Quantity, unit_table, units
from suyuan.trace.stated_quantities import read_quantity, unit_in_heading

KG = Quantity.of(1, "KGM")
AMOUNTS = st.decimals(-(10**12), 10**12, places=6)
MASSES = st.sampled_from(["KGM", "GRM", "TNE"])


def doubts(value: str | float, unit: Quantity | None = None) -> list[str]:
    return [doubt.code for doubt in read_quantity(value, unit=unit).doubts]


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [
        ("12.5公斤", "12.5", "KGM"),
        ("３斤", "1.5", "KGM"),
        ("2两", "0.1", "KGM"),
        ("1斤3两", "0.65", "KGM"),
        ("三斤半", "1.75", "KGM"),
        ("半斤", "0.25", "KGM"),
        ("两斤", "1", "KGM"),
        ("二两", "0.1", "KGM"),
        ("一百二十斤", "60", "KGM"),
        ("1.2万斤", "6000", "KGM"),
        ("529.4斤", "264.7", "KGM"),
        ("182.1 kg", "182.1", "KGM"),
        ("1,200.50 KG", "1200.5", "KGM"),
        ("1 200kg", "1200", "KGM"),
        ("２２４．８ｋｇ", "224.8", "KGM"),
        ("༥༠ kg", "50", "KGM"),
        ("3㎏", "3", "KGM"),
        ("500g", "500", "GRM"),
        ("2吨", "2", "TNE"),
        ("4113升", "4113", "LTR"),
        ("500 mL", "500", "MLT"),
        ("200根", "200", "H87"),
        ("12条", "12", "H87"),
        ("20头", "20", "HEA"),
        ("3箱", "3", "XCT"),
    ],
)
def test_read_as_people_write(written: str, amount: str, unit: str) -> None:
    stated = read_quantity(written)
    assert stated.doubts == ()
    assert stated.quantity is not None
    assert stated.quantity.to_json() == {"amount": amount, "unit": unit}
    assert stated.text == written


@pytest.mark.parametrize(
    "written", ["20袋×50kg", "50kg×20袋", "20 袋 x 50 kg", "20袋*50公斤", "20袋(50kg/袋)"]
)
def test_packages_times_what_one_holds(written: str) -> None:
    stated = read_quantity(written)
    assert stated.quantity == Quantity.of(1000, "KGM")
    assert stated.packages == Quantity.of(20, "XBG")
    assert stated.each == Quantity.of(50, "KGM")
    assert stated.doubts == ()


def test_what_one_holds_without_a_count_is_not_a_quantity() -> None:
    for written in ("袋×50kg", "50kg/袋"):
        stated = read_quantity(written)
        assert (stated.quantity, stated.each) == (None, Quantity.of(50, "KGM"))
        assert [doubt.code for doubt in stated.doubts] == ["count-missing"]


def test_gram_or_khal_is_asked_and_never_assumed() -> None:
    for written in ("12克", "12藏克", "20袋×12克"):
        stated = read_quantity(written)
        assert stated.quantity is None
        assert [doubt.code for doubt in stated.doubts] == ["unit-ambiguous"]
    gram = read_quantity("12克", settled={"克": Quantity.of(1, "GRM")})
    assert (gram.quantity, gram.doubts) == (Quantity.of(12, "GRM"), ())
    khal = read_quantity("12藏克", settled={"藏克": Quantity.of(14, "KGM")})
    assert khal.quantity == Quantity.of(168, "KGM")


def test_a_plain_number_takes_its_unit_from_where_one_stands() -> None:
    assert read_quantity("２２４.８").quantity is None
    assert doubts("224.8") == ["unit-missing"]
    assert read_quantity("２２４.８", unit=KG).quantity == Quantity.of("224.8", "KGM")
    assert doubts("224.8", KG) == []
    from_title = read_quantity(185.3, unit=KG, unit_from="title")
    assert from_title.quantity == Quantity.of("185.3", "KGM")
    assert [doubt.code for doubt in from_title.doubts] == ["unit-from-title"]
    assert read_quantity("450斤", unit=KG, unit_from="title").doubts == ()
    assert read_quantity(20, unit=Quantity.of(50, "KGM")).quantity == Quantity.of(1000, "KGM")


def test_about_and_between_are_doubts() -> None:
    for written in ("约500斤", "500斤左右", "500多斤"):
        stated = read_quantity(written)
        assert stated.quantity == Quantity.of(250, "KGM")
        assert [doubt.code for doubt in stated.doubts] == ["approximate"]
    assert read_quantity("500-600斤").quantity is None
    assert doubts("500~600斤") == ["range"]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "kg",
        "abc",
        "12 5kg",
        "12,5kg",
        "0,500kg",
        "5.2.1kg",
        "-3kg",
        "1斤3",
        "3斤2公斤",
        "1kg2头",
        "一二斤",
        "2.5袋×50kg",
        "1.0000001kg",
        "9999999999999kg",
        "1" * 100,
    ],
)
def test_what_is_no_quantity_is_refused_naming_the_field(written: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_quantity(written, field="weight")
    assert refusal.value.field == "weight"
    assert "{" not in str(refusal.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 1e300, True, Decimal("NaN")])
def test_cells_that_hold_no_amount_are_refused(value: float) -> None:
    with pytest.raises(InvalidInput):
        read_quantity(value, unit=KG)


def test_a_computed_cell_reads_as_the_sheet_shows_it() -> None:
    assert read_quantity(0.1 + 0.2, unit=KG).quantity == Quantity.of("0.3", "KGM")


@pytest.mark.parametrize(
    ("heading", "amount", "unit"),
    [
        ("投料(kg)", "1", "KGM"),
        ("产量（升）", "1", "LTR"),
        ("数量（头）", "1", "HEA"),
        ("活重/公斤", "1", "KGM"),
        ("净重kg", "1", "KGM"),
        ("重量斤", "0.5", "KGM"),
        ("数量(袋×50kg)", "50", "KGM"),
    ],
)
def test_a_heading_names_the_unit_below_it(heading: str, amount: str, unit: str) -> None:
    stated = unit_in_heading(heading)
    assert stated.quantity == Quantity.of(amount, unit)
    assert stated.doubts == ()


def test_a_title_with_two_units_settles_nothing() -> None:
    stated = unit_in_heading("单位：公斤（部分按斤）    登记员：站点02")
    assert stated.quantity is None
    assert [doubt.code for doubt in stated.doubts] == ["several-units"]
    assert [doubt.code for doubt in unit_in_heading("重量(克)").doubts] == ["unit-ambiguous"]


@pytest.mark.parametrize("heading", ["活重", "总酸(以乙酸计)", "年龄(岁)", "等级(升级)", "(两次)"])
def test_most_headings_name_no_unit(heading: str) -> None:
    stated = unit_in_heading(heading)
    assert (stated.quantity, stated.doubts) == (None, ())


def test_arithmetic_is_exact_and_stays_in_the_unit() -> None:
    assert str(KG + Quantity.of("0.1", "GRM")) == "1.0001 kg"
    assert Quantity.of("0.1", "KGM") + Quantity.of("0.2", "KGM") == Quantity.of("0.3", "KGM")
    assert KG - Quantity.of(1000, "GRM") == Quantity.of(0, "KGM")
    assert Quantity.of(1000, "GRM") == KG
    assert hash(Quantity.of(1000, "GRM")) == hash(KG)
    assert Quantity.of(999, "GRM") < KG <= Quantity.of("0.001", "TNE")
    assert KG.ratio(Quantity.of(3, "KGM")) == Fraction(1, 3)
    assert Quantity.of(3, "KGM") == 3 * KG


def test_different_things_do_not_add_up() -> None:
    piece, head = Quantity.of(1, "H87"), Quantity.of(1, "HEA")
    assert piece != head
    for other in (piece, Quantity.of(1, "LTR"), Quantity.of(1, "XBG")):
        with pytest.raises(DifferentDimensions):
            KG + other
        with pytest.raises(DifferentDimensions):
            assert other > KG
        with pytest.raises(DifferentDimensions):
            KG.ratio(other)


@pytest.mark.parametrize("amount", ["1e5", "", "1,0", "NaN", "١", "1.", " 1", "0.0000001"])
def test_records_hold_plain_decimals_only(amount: str) -> None:
    with pytest.raises(InvalidInput):
        Quantity.from_json({"amount": amount, "unit": "KGM"})


def test_an_unknown_unit_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInput, match="KGM"):
        Quantity.of(1, "stone")
    with pytest.raises(InvalidInput, match="KGM"):
        KG.to("stone")
    with pytest.raises(InvalidInput):
        Quantity.from_json({"amount": 1, "unit": "KGM"})


def test_every_unit_word_means_one_unit() -> None:
    table = unit_table()
    words = [word for row in table["units"] for word in row["words"]]
    words += [row["word"] for row in table["market"] + table["asked"]]
    assert len(words) == len(set(words))
    assert all(row["unit"] in units() for row in table["market"])


@given(AMOUNTS, st.sampled_from(sorted(units())))
def test_a_quantity_survives_its_record(amount: Decimal, unit: str) -> None:
    quantity = Quantity(amount, unit)
    again = Quantity.from_json(quantity.to_json())
    assert (again.amount, again.unit) == (quantity.amount, unit)
    assert again.amount_text == quantity.amount_text
    assert "E" not in quantity.amount_text
    assert not (quantity.amount_text.endswith("0") and "." in quantity.amount_text)


@given(st.decimals(0, 10**9, places=3), MASSES, MASSES)
def test_converting_there_and_back_changes_nothing(amount: Decimal, one: str, other: str) -> None:
    quantity = Quantity(amount, one)
    try:
        converted = quantity.to(other)
    except InvalidInput:
        return
    assert converted == quantity
    assert converted.to(one).amount == quantity.amount


@given(st.lists(st.decimals(0, 10**6, places=6), min_size=1, max_size=20))
def test_what_is_split_adds_up_again(parts: list[Decimal]) -> None:
    total = sum((Quantity(part, "KGM") for part in parts), Quantity.of(0, "KGM"))
    for part in parts:
        total = total - Quantity(part, "KGM")
    assert not total


@given(st.decimals(0, 10**12, places=6), st.sampled_from(sorted(units())))
def test_what_is_written_with_a_unit_word_is_read_back(amount: Decimal, code: str) -> None:
    quantity = Quantity(amount, code)
    for word in units()[code].words:
        assert read_quantity(f"{quantity.amount_text} {word}").quantity == quantity


@given(st.text(alphabet="0123456789.,×x*/()半一二两十百千万斤克袋kgK~-约多 ３", max_size=24))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        stated = read_quantity(text)
    except InvalidInput:
        return
    assert stated.quantity is not None or stated.doubts
    unit_in_heading(text)
