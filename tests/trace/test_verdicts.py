"""Verdicts: worked by hand from the standards, on both sides of limits, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.limits import Edition, Limit, Standard, standards
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.verdicts import Asked, Verdict, evaluate

MAY = date(2026, 5, 1)


def ask(
    product: str, parameter: str, result: str | list[str], unit: str = "", **more: Any
) -> Verdict:
    results = (result,) if isinstance(result, str) else tuple(result)
    return evaluate(Asked(product, more.pop("on", MAY), parameter, results, unit, **more))


# --- worked by hand ------------------------------------------------------------------------------

ENDS = [
    # product, parameter, result, unit, verdict
    ("鲜牦牛肉", "挥发性盐基氮", "15", "mg/100g", "pass"),
    ("yak_meat", "TVB-N", "15.1", "mg/100g", "fail"),
    ("yak_meat", "TVB-N", "0.15", "g/kg", "pass"),
    ("牦牛肉", "铅(以Pb计)", "0.2", "mg/kg", "pass"),
    ("牦牛肉", "Pb", "0.21", "mg/kg", "fail"),
    ("牦牛肉", "Pb", "210", "µg/kg", "fail"),
    ("牦牛肉", "Pb", "200", "ng/g", "pass"),
    ("牦牛肉", "Cd", "0.11", "mg/kg", "fail"),
    ("牛肝", "Cd", "0.5", "mg/kg", "pass"),
    ("牛肾", "Cd", "1.01", "mg/kg", "fail"),
    ("牦牛肉", "总汞", "0.051", "ppm", "fail"),
    ("牦牛肉", "水分", "77", "%", "pass"),
    ("牦牛肉", "水分", "77.1", "g/100g", "fail"),
    ("牦牛肉", "四环素类", "200", "μg/kg", "pass"),
    ("牦牛肉", "恩诺沙星", "0.101", "mg/kg", "fail"),
    ("yak_liver", "恩诺沙星", "300", "µg/kg", "pass"),
    ("yak_kidney", "florfenicol", "301", "µg/kg", "fail"),
    ("牦牛肉", "地塞米松", "1.0", "µg/kg", "pass"),
    ("牦牛肉", "地塞米松", "1.1", "µg/kg", "fail"),
    ("牦牛肉", "克伦特罗", "未检出", "µg/kg", "pass"),
    ("牦牛肉", "盐酸克伦特罗", "0.01", "µg/kg", "fail"),
    ("牦牛肉", "氯霉素", "未检出(<0.1)", "µg/kg", "pass"),
    ("牦牛肉", "AOZ", "检出", "", "fail"),
    ("jerky", "孔雀石绿", "痕量", "", "fail"),
    ("肉干", "水分", "20", "g/100 g", "pass"),
    ("肉干", "水分", "20.1", "%", "fail"),
    ("肉干", "蛋白质", "30", "%", "pass"),
    ("肉干", "蛋白质", "29.9", "%", "fail"),
    ("肉干", "铅", "0.31", "mg/kg", "fail"),
    ("肉干", "N-二甲基亚硝胺", "0.003", "mg/kg", "pass"),
    ("肉干", "苯并[a]芘", "5.1", "µg/kg", "fail"),
    ("肉干", "亚硝酸盐", "30", "mg/kg", "pass"),
    ("肉干", "山梨酸", "0.08", "g/kg", "fail"),
    ("肉干", "TVB-N", "40", "mg/100g", "not_regulated"),
    ("干虫草", "腺苷", "0.010", "%(干基)", "pass"),
    ("干虫草", "腺苷", "0.0099", "%(干基)", "fail"),
    ("干虫草", "总砷", "9.9", "mg/kg", "not_regulated"),
    ("食醋", "总酸", "3.5", "g/100mL", "pass"),
    ("食醋", "总酸", "3.49", "g/100mL", "fail"),
    ("陈醋", "总酸(以乙酸计)", "35", "g/L", "pass"),
    ("甜醋", "总酸", "2.5", "g/100mL", "pass"),
    ("甜醋", "总酸", "2.49", "g/100mL", "fail"),
    ("陈醋", "总酸", "4.2", "%", "inconclusive"),
    ("陈醋", "不挥发酸", "0.49", "g/100mL", "fail"),
    ("液态发酵食醋", "不挥发酸", "0.1", "g/100mL", "not_regulated"),
    ("液态发酵食醋", "可溶性无盐固形物", "0.50", "g/100mL", "pass"),
    ("陈醋", "可溶性无盐固形物", "0.99", "g/100mL", "fail"),
    ("食醋", "游离矿酸", "检出", "", "not_regulated"),
    ("食醋", "AFB1", "5.0", "µg/kg", "pass"),
    ("玉米", "黄曲霉毒素B1", "20.0", "µg/kg", "pass"),
    ("玉米", "黄曲霉毒素B1", "20.1", "µg/kg", "fail"),
    ("wheat", "AFB1", "5.1", "µg/kg", "fail"),
    ("大米", "AFB1", "10", "µg/kg", "pass"),
    ("小米", "AFB1", "5.1", "ppb", "fail"),
    ("青稞", "DON", "1001", "µg/kg", "fail"),
    ("高粱", "DON", "5000", "µg/kg", "not_regulated"),
    ("荞麦", "ZEN", "5000", "µg/kg", "not_regulated"),
    ("maize", "ZEN", "0.06", "mg/kg", "pass"),
    ("绿豆", "OTA", "5.1", "µg/kg", "fail"),
    ("大豆", "Cd", "0.2", "mg/kg", "pass"),
    ("小米", "Cd", "0.2", "mg/kg", "fail"),
    ("糙米", "无机砷", "0.35", "mg/kg", "pass"),
    ("大米", "无机砷", "0.35", "mg/kg", "fail"),
    ("青稞", "Hg", "1", "mg/kg", "not_regulated"),
    ("小米", "水分", "13.1", "%", "fail"),
    ("谷子", "水分", "13.5", "%", "pass"),
    ("大豆", "霉变粒", "1.1", "%", "fail"),
    ("绿豆", "霉变粒", "1.1", "%", "pass"),
    ("高粱", "甲胺磷", "0.001", "mg/kg", "fail"),
    # what the results do not tell
    ("牦牛肉", "铅", "0.1", "", "inconclusive"),
    ("牦牛肉", "铅", "0.1", "斗", "inconclusive"),
    ("牦牛肉", "铅", "未检测", "mg/kg", "inconclusive"),
    ("牦牛肉", "铅", "检出", "mg/kg", "inconclusive"),
    ("牦牛肉", "铅", "未检出", "mg/kg", "inconclusive"),
    ("牦牛肉", "铅", "未检出(<0.3)", "mg/kg", "inconclusive"),
    ("牦牛肉", "铅", "未检出(<0.2)", "mg/kg", "pass"),
    ("牦牛肉", "铅", "0.1~0.3", "mg/kg", "inconclusive"),
    ("牦牛肉", "铅", "０．１～０．２", "mg/kg", "pass"),
    ("牦牛肉", "铅", "0.21-0.3", "mg/kg", "fail"),
    ("牦牛肉", "铅", ">0.2", "mg/kg", "fail"),
    ("牦牛肉", "铅", "0.1 mg/kg", "", "pass"),
    ("牦牛肉", "铅", "0.1 mg/kg", "µg/kg", "inconclusive"),
    ("牦牛肉", "铅", "未检出(<0.1 mg/kg)", "µg/kg", "pass"),
    ("牦牛肉", "铅", "<0.3 mg/kg", "µg/kg", "inconclusive"),
    ("粮食", "AFB1", "1", "µg/kg", "inconclusive"),
    ("谷物", "铅", "0.2", "mg/kg", "pass"),
]


@pytest.mark.parametrize(("product", "parameter", "result", "unit", "verdict"), ENDS)
def test_a_result_is_judged_as_by_hand(
    product: str, parameter: str, result: str, unit: str, verdict: str
) -> None:
    found = ask(product, parameter, result, unit)
    assert found.verdict == verdict, explained(found)


PLANS = [
    ("cooked_jerky", "菌落总数", "24000 23000 24000 15000 21000", "CFU/g", "fail"),
    ("cooked_jerky", "菌落总数", "12000 12000 16000 150000 11000", "CFU/g", "fail"),
    ("cooked_jerky", "菌落总数", "12000 11000 2000 130000 5800", "CFU/g", "fail"),
    ("cooked_jerky", "菌落总数", "12000 11000 2000 9000 5800", "CFU/g", "pass"),
    ("cooked_jerky", "菌落总数", "100000 100000 0 0 0", "CFU/g", "pass"),
    ("cooked_jerky", "菌落总数", "100001 0 0 0 0", "CFU/g", "fail"),
    ("cooked_jerky", "菌落总数", "10000 10000 10000 10000 10000", "CFU/g", "pass"),
    ("cooked_jerky", "菌落总数", "10001 10001 10001 0 0", "CFU/g", "fail"),
    ("cooked_jerky", "菌落总数", "100 100 100 100", "CFU/g", "inconclusive"),
    ("cooked_jerky", "菌落总数", "200000", "CFU/g", "fail"),
    ("cooked_jerky", "菌落总数", "1.2×10⁴ 1.1x10^4 <10 <10 <10", "CFU/g", "pass"),
    ("cooked_jerky", "大肠菌群", "<10 <10 <10 <10 <10", "CFU/g", "pass"),
    ("cooked_jerky", "大肠菌群", "<100 <100 <100 <10 <10", "CFU/g", "inconclusive"),
    ("cooked_jerky", "大肠菌群", "<3 <3 <3 <3 <3", "MPN/g", "inconclusive"),
    ("cooked_jerky", "金黄色葡萄球菌", "1000 100 100 100 100", "CFU/g", "pass"),
    ("cooked_jerky", "金黄色葡萄球菌", "101 101 0 0 0", "CFU/g", "fail"),
    ("cooked_jerky", "沙门氏菌", "未检出 未检出 未检出 未检出 未检出", "/25g", "pass"),
    ("cooked_jerky", "沙门氏菌", "未检出 未检出 未检出 未检出 检出", "/25g", "fail"),
    ("cooked_jerky", "沙门氏菌", "0 0 0 0 0", "CFU/25 g", "pass"),
    ("cooked_jerky", "沙门氏菌", "0/25g 0/25g 0/25g 0/25g 0/25g", "", "pass"),
    ("cooked_jerky", "沙门氏菌", "未检出 未检出 未检出 未检出 未检出", "/10g", "inconclusive"),
    ("cooked_jerky", "沙门氏菌", "未检出", "/25g", "inconclusive"),
    ("raw_air_dried", "菌落总数", "900000", "CFU/g", "not_regulated"),
    ("食醋", "菌落总数", "1000 1000 1000 1000 1000", "CFU/mL", "pass"),
    ("食醋", "菌落总数", "1001 1001 1001 0 0", "CFU/mL", "fail"),
    ("食醋", "菌落总数", "1 1 1 1 1", "CFU/g", "inconclusive"),
]


@pytest.mark.parametrize(("product", "parameter", "results", "unit", "verdict"), PLANS)
def test_n_results_are_judged_together_and_never_averaged(
    product: str, parameter: str, results: str, unit: str, verdict: str
) -> None:
    found = ask(product, parameter, results.split(), unit)
    assert found.verdict == verdict, explained(found)


def test_n_results_in_one_text_are_several() -> None:
    five = "24000、23000、24000、15000、21000"
    assert ask("肉干", "菌落总数", five, "CFU/g").verdict == "fail"
    assert ask("肉干", "菌落总数", "100,200,300,400,500", "CFU/g").why == "unreadable"


@pytest.mark.parametrize(
    ("day", "verdict", "standard"),
    [
        (date(2017, 9, 16), "inconclusive", "GB 2762"),
        (date(2023, 6, 29), "pass", "GB 2762-2017"),
        (date(2023, 6, 30), "fail", "GB 2762-2022"),
        (date(2026, 11, 1), "fail", "GB 2762-2025"),
    ],
)
def test_the_day_of_production_chooses_the_edition(day: date, verdict: str, standard: str) -> None:
    found = ask("肉干", "铅", "0.4", "mg/kg", on=day)
    assert (found.verdict, found.standard) == (verdict, standard)


def test_an_item_that_was_withdrawn_holds_for_what_was_made_before() -> None:
    assert ask("食醋", "游离矿酸", "检出", on=date(2019, 12, 20)).verdict == "fail"
    assert ask("食醋", "游离矿酸", "检出", on=date(2019, 12, 21)).verdict == "not_regulated"
    kept = ask("食醋", "菌落总数", ["1"] * 5, "CFU/mL", on=date(2019, 12, 20))
    assert (kept.verdict, kept.why) == ("inconclusive", "kept")


# --- what is said beside a result ----------------------------------------------------------------


def test_a_detection_limit_above_the_limit_leaves_it_open() -> None:
    assert ask("牦牛肉", "铅", "未检出", "mg/kg", lod="0.02").verdict == "pass"
    assert ask("牦牛肉", "铅", "ND", "mg/kg", lod="20 µg/kg").verdict == "pass"
    high = ask("牦牛肉", "铅", "ND", "mg/kg", lod="<0.5")
    assert (high.verdict, high.why) == ("inconclusive", "detection_limit_high")
    assert ask("牦牛肉", "铅", "0.05", "mg/kg", lod="0.5").verdict == "inconclusive"
    assert ask("牦牛肉", "铅", "0.6", "mg/kg", lod="0.5").verdict == "fail"


def test_a_limit_on_dry_basis_asks_for_the_moisture() -> None:
    wet = ask("干虫草", "腺苷", "0.0095", "%")
    assert (wet.verdict, wet.why) == ("inconclusive", "moisture_missing")
    assert ask("干虫草", "腺苷", "0.0095", "%", moisture="5").verdict == "pass"
    assert ask("干虫草", "腺苷", "0.0094", "%", moisture="5 %").verdict == "fail"
    assert ask("干虫草", "腺苷", "0.0095", "%", basis="dry").verdict == "fail"
    assert ask("干虫草", "腺苷", "0.010", "%").verdict == "pass"  # dry it is only more
    for moisture in ("100", "很潮", "7 mg/L"):
        with pytest.raises(InvalidInput):
            ask("干虫草", "腺苷", "0.01", "%", moisture=moisture)


# --- what always holds ---------------------------------------------------------------------------

BOUNDED = [
    (standard, edition, limit)
    for standard in standards().values()
    if standard.force != "guide"
    for edition in standard.editions
    for limit in edition.limits
    if limit.plan is None and not limit.forbidden
]
WORSE = {"pass": 0, "inconclusive": 1, "fail": 2}


def last_day(edition: Edition) -> date:
    return edition.valid_to or edition.valid_from + timedelta(days=1)


@given(st.sampled_from(BOUNDED), st.decimals(0, 100000, places=4), st.decimals(0, 1000, places=4))
def test_raising_a_value_never_turns_fail_into_pass(
    row: tuple[Standard, Edition, Limit], value: Any, more: Any
) -> None:
    _, edition, limit = row
    if limit.minimum is not None:
        value, more = value + more, -more
    asked = Asked(
        limit.classes[0], last_day(edition), limit.parameter, (f"{value:f}",), str(limit.unit),
        basis="dry",
    )  # fmt: skip
    before, after = evaluate(asked), evaluate(replace(asked, results=(f"{value + more:f}",)))
    assert WORSE[after.verdict] >= WORSE[before.verdict]


@given(st.lists(st.integers(0, 200000), min_size=5, max_size=5), st.integers(0, 4))
def test_raising_one_of_n_counts_never_turns_fail_into_pass(counts: list[int], which: int) -> None:
    before = ask("肉干", "菌落总数", [str(one) for one in counts], "CFU/g").verdict
    counts[which] += 5000
    after = ask("肉干", "菌落总数", [str(one) for one in counts], "CFU/g").verdict
    assert WORSE[after] >= WORSE[before]


@pytest.mark.parametrize(
    ("edition", "limit"), [(e, li) for _, e, li in BOUNDED], ids=[li.id for _, _, li in BOUNDED]
)
def test_each_limit_holds_from_its_first_day_to_its_last_and_meets_itself(
    edition: Edition, limit: Limit
) -> None:
    end = limit.maximum if limit.maximum is not None else limit.minimum
    for product in limit.classes:
        if product_classes().by_key[product].group:
            continue
        for day in (edition.valid_from, last_day(edition)):
            asked = Asked(product, day, limit.parameter, (str(end),), str(limit.unit), basis="dry")
            assert limit.id in evaluate(asked).rows


@given(st.text(max_size=30), st.text(max_size=10))
def test_whatever_a_laboratory_writes_gets_a_verdict(result: str, unit: str) -> None:
    for parameter in ("铅", "菌落总数", "克伦特罗", "沙门氏菌"):
        assert explained(ask("cooked_jerky", parameter, result, unit))


def test_a_verdict_explains_itself_and_names_its_rows() -> None:
    found = ask("肉干", "铅", "0.4", "mg/kg", on=date(2026, 11, 1))
    assert explained(found) == (
        "Lead in cooked yak jerky: 0.4 mg/kg breaks the limit ≤ 0.3 mg/kg (GB 2762-2025, 4.1 表1, "
        "with the number of GB 2762-2022, unconfirmed)."
    )
    assert found.rows == ("gb_2762/2025/lead.meat_product",)
    assert found.unconfirmed
    assert evaluate(found.asked) == found
    assert "unconfirmed" not in explained(ask("食醋", "总酸", "3.5", "g/100mL"))


@pytest.mark.parametrize(
    ("substance", "first"), [("甲拌磷", date(2024, 9, 1)), ("carbofuran", date(2026, 6, 1))]
)
def test_a_pesticide_is_forbidden_from_its_day_on_in_any_amount(
    substance: str, first: date
) -> None:
    for day, result, verdict in (
        (first, "0.001", "fail"),
        (first, "未检出", "pass"),
        (first - timedelta(days=1), "0.001", "inconclusive"),
    ):
        assert evaluate(Asked("sorghum", day, substance, (result,), "mg/kg")).verdict == verdict


def test_what_nobody_knows_is_asked_back() -> None:
    with pytest.raises(InvalidInput, match="sorghum"):
        ask("sorgum", "DON", "1", "µg/kg")
    with pytest.raises(InvalidInput, match="lead"):
        ask("sorghum", "leed", "1", "µg/kg")
    with pytest.raises(InvalidInput):
        ask("sorghum", "DON", [])
    with pytest.raises(InvalidInput):
        ask("sorghum", "DON", "1", "µg/kg", lod="low")


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        ("阳性(+)", "fail"),
        ("阳性 +", "fail"),
        ("+", "fail"),
        ("＋＋", "fail"),
        ("检出(+)", "fail"),
        ("检出,0.3µg/kg", "fail"),
        ("疑似阳性", "inconclusive"),
        ("+/-", "inconclusive"),
        ("阳性(-)", "inconclusive"),
        ("阴性(-)", "pass"),
    ],
)
def test_a_mark_of_a_positive_is_a_positive(result: str, verdict: str) -> None:
    assert ask("fresh_meat", "克伦特罗", result, "µg/kg").verdict == verdict


@pytest.mark.parametrize(
    ("parameter", "results", "unit"),
    [
        ("铅", ["0.5", "多"], "mg/kg"),
        ("沙门氏菌", ["阳性", "未读", "未检出"], "/25g"),
        ("菌落总数", ["200000", "很多"], "CFU/g"),
    ],
)
def test_what_is_broken_stays_so_whatever_could_not_be_read(
    parameter: str, results: list[str], unit: str
) -> None:
    assert ask("cooked_jerky", parameter, results, unit).verdict == "fail"
    assert ask("cooked_jerky", parameter, results[1:2] * 2, unit).why == "unreadable"


def test_too_many_to_be_counted_says_that_there_is_some_and_not_how_much() -> None:
    found = ask("cooked_jerky", "菌落总数", ["多不可计"] * 5, "CFU/g")
    assert (found.verdict, found.why) == ("inconclusive", "amount_missing")


def test_a_portion_that_nobody_states_is_said_to_be_taken_for_granted() -> None:
    found = ask("cooked_jerky", "沙门氏菌", ["未检出"] * 5, "")
    assert (found.verdict, found.why) == ("pass", "portion_assumed")
    assert "which is not stated" in explained(found)
    assert ask("cooked_jerky", "沙门氏菌", ["未检出/25g"] * 5, "").why == "compared"


def test_what_cannot_be_read_is_named_and_a_unit_is_said_once() -> None:
    bad = explained(ask("cooked_jerky", "菌落总数", ["1.2×10⁴", "2,400", "很多"], "CFU/g"))
    assert "the result 很多 CFU/g cannot be read" in bad
    assert "0.15mg/kg meets" in explained(ask("yak_meat", "铅", "0.15mg/kg", "mg/kg"))
    assert "1200; 2,400 CFU/g" in explained(
        ask("cooked_jerky", "菌落总数", ["1200", "2,400"], "CFU/g")
    )


def test_fewer_than_ten_in_a_portion_may_be_some() -> None:
    found = ask("cooked_jerky", "沙门氏菌", ["<10"] * 5, "CFU/25g")
    assert (found.verdict, found.why) == ("inconclusive", "detection_limit_high")
    assert ask("cooked_jerky", "沙门氏菌", ["<1"] * 5, "CFU/25g").verdict == "pass"


@pytest.mark.parametrize(
    ("result", "moisture", "verdict"),
    [
        ("0.0096", "5", "pass"),
        ("0.0096", "<5", "inconclusive"),
        ("0.0096", "<3", "fail"),
        ("0.0101", "≤5", "pass"),
    ],
)
def test_a_bound_on_the_moisture_is_no_moisture(result: str, moisture: str, verdict: str) -> None:
    found = ask("cordyceps", "腺苷", result, "%", moisture=moisture)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("result", "moisture", "verdict"),
    [("31", "20", "fail"), ("38", "20", "pass"), ("31", "", "inconclusive"), ("29", "", "fail")],
)
def test_what_is_given_dry_is_compared_as_the_goods_are(
    result: str, moisture: str, verdict: str
) -> None:
    found = ask("jerky", "蛋白质", result, "g/100g", moisture=moisture, basis="dry")
    assert found.verdict == verdict
