"""Reading results as laboratories write them, and the units behind them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.quality.readings import UnreadableResult, read_result, read_results
from suyuan.trace.quality.result_units import ResultUnit, result_units

ZERO = Fraction(0)
UNITS = list(result_units().by_symbol.values())


@pytest.mark.parametrize(
    ("written", "low", "high", "unit"),
    [
        ("0.15", "0.15", "0.15", ""),
        ("１．５", "1.5", "1.5", ""),
        (" 0.15 mg/kg ", "0.15", "0.15", "mg/kg"),
        ("0.15±0.02", "0.15", "0.15", ""),
        ("24,000", "24000", "24000", ""),
        ("24 000 CFU/g", "24000", "24000", "cfu/g"),
        ("1.2 × 10 4", "12000", "12000", ""),
        ("0.1 ~ 0.2", "0.1", "0.2", ""),
        ("1.2×10⁴", "12000", "12000", ""),
        ("1.2X10^4", "12000", "12000", ""),
        ("10^4", "10000", "10000", ""),
        ("1e-3", "0.001", "0.001", ""),
        ("0.1~0.2", "0.1", "0.2", ""),
        ("0.1～0.2 %", "0.1", "0.2", "%"),
        ("0.1—0.2", "0.1", "0.2", ""),
        ("<0.01~0.03", "0", "0.03", ""),
        ("0.1至0.2", "0.1", "0.2", ""),
        ("检出0.5μg/kg", "0.5", "0.5", "μg/kg"),
    ],
)
def test_an_amount_is_read(written: str, low: str, high: str, unit: str) -> None:
    read = read_result(written)
    assert (read.low, read.high, read.unit) == (Fraction(low), Fraction(high), unit)


@pytest.mark.parametrize(
    "written",
    [
        "<0.01", "＜0.01", "未检出(<0.01)", "未检出（＜0.01）", "ND(0.01)", "N.D. (LOD 0.01)",
        "未检出,检出限0.01", "未检出(检出限:0.01)", "not detected (LOQ=0.01)", "未检出<0.01",
    ],
)  # fmt: skip
def test_not_detected_is_less_than_its_detection_limit(written: str) -> None:
    read = read_result(written)
    assert (read.detected, read.low, read.high, read.high_open) == (
        False, ZERO, Fraction("0.01"), True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "written", ["未检出", "ND", "n.d.", "阴性", "阴性(-)", "<LOD", "未检出/25g"]
)
def test_not_detected_alone_has_no_detection_limit(written: str) -> None:
    assert read_result(written).lacks_detection_limit


@pytest.mark.parametrize("written", ["检出", "阳性", "Positive", "痕量", "多不可计", "TNTC"])
def test_found_without_an_amount_is_found(written: str) -> None:
    read = read_result(written)
    assert read.detected
    assert read.high is None


@pytest.mark.parametrize(
    "written",
    [
        "", "-", "/", "未检测", "未检出超标", "-0.1", "0.2~0.1", "合格", "0.1.2", "<0", "1e999",
        "٣", "0" * 121, "3 4", "0,350", "0,15", "3 500 0", "1.5 000",
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(written: str) -> None:
    with pytest.raises(UnreadableResult):
        read_result(written)


def test_several_results_in_one_text() -> None:
    assert [one.low for one in read_results("24000,23000；<10")] == [24000, 23000, 0]
    with pytest.raises(UnreadableResult):
        read_results("24,000")


@given(st.decimals(0, 10**9, places=5), st.sampled_from(["{}", "{} mg/kg", "  {}%", "{}mg/kg"]))
def test_a_number_is_read_as_it_stands(value: object, form: str) -> None:
    text = f"{value:f}"
    read = read_result(form.format(text))
    assert read.low == read.high == Fraction(text)
    wide = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})
    assert read_result(wide).low == Fraction(text)


@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_conversions_agree_whichever_way_they_go(
    a: ResultUnit, b: ResultUnit, c: ResultUnit
) -> None:
    there, back = a.to(b), b.to(a)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == 1
        onward, straight = b.to(c), a.to(c)
        assert (onward is None) == (straight is None)
        assert onward is None or there * onward == straight


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("μg/kg", "µg/kg"), ("ug/KG", "µg/kg"), ("ng/g", "µg/kg"), ("毫克/千克", "mg/kg"),
        ("％", "g/100 g"), ("g/100ml", "g/100 mL"), ("cfu/g", "CFU/g"), ("/25g", "/25 g"),
        ("CFU/25 g", "/25 g"), ("(mg/kg)", "mg/kg"), ("ＭＰＮ/100g", "MPN/100 g"),
    ],
)  # fmt: skip
def test_units_are_known_as_laboratories_write_them(written: str, symbol: str) -> None:
    unit, dry = result_units().find(written)
    assert unit is not None
    assert (unit.symbol, dry) == (symbol, False)


@pytest.mark.parametrize("written", ["%(干基)", "% (dry basis)", "g/100g,以干基计"])
def test_a_unit_may_say_that_it_is_on_dry_basis(written: str) -> None:
    unit, dry = result_units().find(written)
    assert unit is not None
    assert (unit.symbol, dry) == ("g/100 g", True)
