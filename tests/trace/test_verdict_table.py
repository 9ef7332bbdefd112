"""The table of verdicts: every limit of the fact sheet, on both sides, written down by hand.

Each row of ``EDGES`` is two cases: the worst result that still passes, and the next one. The rest
says what a standard does not regulate, which edition a day chooses, and what units do. Nothing
here is read from the data that is judged by.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from suyuan.trace.quality.explaining import explained
from suyuan.trace.quality.verdicts import Asked, evaluate

MAY = date(2026, 5, 1)

EDGES = """
yak_meat         挥发性盐基氮 mg/100g 15 15.1
yak_meat         铅 mg/kg 0.2 0.21
yak_meat         镉 mg/kg 0.1 0.11
yak_liver        镉 mg/kg 0.5 0.51
yak_kidney       镉 mg/kg 1.0 1.01
yak_meat         总汞 mg/kg 0.05 0.051
yak_meat         总砷 mg/kg 0.5 0.51
yak_meat         铬 mg/kg 1.0 1.01
yak_meat         水分 % 77 77.1
yak_meat         tetracyclines µg/kg 200 201
yak_meat         enrofloxacin µg/kg 100 101
yak_fat          enrofloxacin µg/kg 100 101
yak_liver        enrofloxacin µg/kg 300 301
yak_kidney       enrofloxacin µg/kg 200 201
yak_meat         sulfonamides µg/kg 100 101
yak_meat         florfenicol µg/kg 200 201
yak_liver        florfenicol µg/kg 3000 3001
yak_kidney       florfenicol µg/kg 300 301
yak_meat         伊维菌素 µg/kg 30 31
yak_fat          伊维菌素 µg/kg 100 101
yak_liver        伊维菌素 µg/kg 100 101
yak_kidney       伊维菌素 µg/kg 30 31
yak_meat         albendazole µg/kg 100 101
yak_liver        albendazole µg/kg 5000 5001
yak_kidney       albendazole µg/kg 5000 5001
yak_meat         地塞米松 µg/kg 1.0 1.1
yak_liver        地塞米松 µg/kg 2.0 2.1
yak_kidney       地塞米松 µg/kg 1.0 1.1
yak_meat         克伦特罗 µg/kg 未检出 0.01
yak_meat         莱克多巴胺 µg/kg 未检出 0.01
yak_meat         沙丁胺醇 µg/kg 未检出 0.01
yak_meat         氯霉素 µg/kg 未检出 0.01
yak_meat         硝基呋喃代谢物 µg/kg 未检出 0.01
yak_meat         孔雀石绿 µg/kg 未检出 0.01
cooked_jerky     水分 g/100g 20 20.1
cooked_jerky     蛋白质 g/100g 30 29.9
cooked_jerky     脂肪 g/100g 10 10.1
cooked_jerky     chloride g/100g 5 5.1
cooked_jerky     total_sugar g/100g 35 35.1
cooked_jerky     铅 mg/kg 0.3 0.31
cooked_jerky     镉 mg/kg 0.1 0.11
cooked_jerky     铬 mg/kg 1.0 1.01
cooked_jerky     N-二甲基亚硝胺 µg/kg 3.0 3.1
cooked_jerky     苯并[a]芘 µg/kg 5.0 5.1
cooked_jerky     nitrite mg/kg 30 31
cooked_jerky     山梨酸 g/kg 0.075 0.076
raw_air_dried    铅 mg/kg 0.3 0.31
cordyceps_dried  腺苷 %(干基) 0.010 0.0099
vinegar          总酸 g/100mL 3.5 3.49
vinegar_sweet    总酸 g/100mL 2.5 2.49
vinegar          铅 mg/kg 1.0 1.01
vinegar          总砷 mg/kg 0.5 0.51
vinegar          黄曲霉毒素B1 µg/kg 5.0 5.1
vinegar          苯甲酸 g/kg 1.0 1.01
vinegar          山梨酸 g/kg 1.0 1.01
vinegar_solid_state  不挥发酸 g/100mL 0.50 0.49
vinegar_solid_state  可溶性无盐固形物 g/100mL 1.00 0.99
vinegar_liquid_state 可溶性无盐固形物 g/100mL 0.50 0.49
maize            黄曲霉毒素B1 µg/kg 20.0 20.1
wheat            黄曲霉毒素B1 µg/kg 5.0 5.1
rice             黄曲霉毒素B1 µg/kg 10 10.1
highland_barley  黄曲霉毒素B1 µg/kg 5.0 5.1
millet_milled    黄曲霉毒素B1 µg/kg 5.0 5.1
sorghum          黄曲霉毒素B1 µg/kg 5.0 5.1
buckwheat        黄曲霉毒素B1 µg/kg 5.0 5.1
oats             黄曲霉毒素B1 µg/kg 5.0 5.1
maize            deoxynivalenol µg/kg 1000 1001
wheat            deoxynivalenol µg/kg 1000 1001
highland_barley  deoxynivalenol µg/kg 1000 1001
maize            zearalenone µg/kg 60 60.1
wheat            zearalenone µg/kg 60 60.1
maize            ochratoxin_a µg/kg 5.0 5.1
wheat            ochratoxin_a µg/kg 5.0 5.1
rice             ochratoxin_a µg/kg 5.0 5.1
highland_barley  ochratoxin_a µg/kg 5.0 5.1
millet           ochratoxin_a µg/kg 5.0 5.1
mung_bean        ochratoxin_a µg/kg 5.0 5.1
maize            铅 mg/kg 0.2 0.21
wheat            铅 mg/kg 0.2 0.21
rice             铅 mg/kg 0.2 0.21
highland_barley  铅 mg/kg 0.2 0.21
millet           铅 mg/kg 0.2 0.21
soybean          铅 mg/kg 0.2 0.21
maize            镉 mg/kg 0.1 0.11
wheat            镉 mg/kg 0.1 0.11
rice             镉 mg/kg 0.2 0.21
highland_barley  镉 mg/kg 0.1 0.11
sorghum          镉 mg/kg 0.1 0.11
soybean          镉 mg/kg 0.2 0.21
maize            总汞 mg/kg 0.02 0.021
wheat            总汞 mg/kg 0.02 0.021
rice             总汞 mg/kg 0.02 0.021
maize            总砷 mg/kg 0.5 0.51
wheat            总砷 mg/kg 0.5 0.51
brown_rice       无机砷 mg/kg 0.35 0.36
rice             无机砷 mg/kg 0.2 0.21
highland_barley  总砷 mg/kg 0.5 0.51
buckwheat        总砷 mg/kg 0.5 0.51
maize            铬 mg/kg 1.0 1.01
rice             铬 mg/kg 1.0 1.01
millet           铬 mg/kg 1.0 1.01
adzuki_bean      铬 mg/kg 1.0 1.01
maize            苯并[a]芘 µg/kg 2.0 2.1
wheat            苯并[a]芘 µg/kg 2.0 2.1
rice             苯并[a]芘 µg/kg 2.0 2.1
maize            水分 % 14.0 14.1
wheat            水分 % 12.5 12.6
paddy_indica     水分 % 13.5 13.6
paddy_japonica   水分 % 14.5 14.6
highland_barley  水分 % 13.0 13.1
millet_milled    水分 % 13.0 13.1
millet           水分 % 13.5 13.6
sorghum          水分 % 14.0 14.1
buckwheat        水分 % 14.5 14.6
soybean          水分 % 13.0 13.1
mung_bean        水分 % 13.5 13.6
adzuki_bean      水分 % 14.0 14.1
maize            霉变粒 % 2.0 2.1
soybean          霉变粒 % 1.0 1.1
wheat            热损伤粒 % 0.5 0.51
wheat            麦角 % 0.01 0.011
wheat            毒麦 粒/kg 1 2
maize            datura 粒/kg 1 2
"""
"""Product, parameter, unit, the last result that passes, the first that fails."""

OTHERWISE = """
sorghum         deoxynivalenol µg/kg 5000 not_regulated
millet          deoxynivalenol µg/kg 5000 not_regulated
buckwheat       deoxynivalenol µg/kg 5000 not_regulated
oats            deoxynivalenol µg/kg 5000 not_regulated
sorghum         zearalenone µg/kg 500 not_regulated
millet          zearalenone µg/kg 500 not_regulated
buckwheat       zearalenone µg/kg 500 not_regulated
highland_barley zearalenone µg/kg 500 not_regulated
soybean         deoxynivalenol µg/kg 5000 not_regulated
soybean         黄曲霉毒素B1 µg/kg 50 not_regulated
soybean         总砷 mg/kg 5 not_regulated
highland_barley 总汞 mg/kg 1 not_regulated
millet          总汞 mg/kg 1 not_regulated
millet          苯并[a]芘 µg/kg 20 not_regulated
cooked_jerky    挥发性盐基氮 mg/100g 40 not_regulated
cordyceps_dried 总砷 mg/kg 9.9 not_regulated
vinegar         游离矿酸 % 检出 not_regulated
yak_meat        铅 µg/kg 200 pass
yak_meat        铅 µg/kg 201 fail
yak_meat        铅 g/t 0.2 inconclusive
yak_meat        铅 g/kg 0.0002 pass
yak_meat        铅 mg/100g 0.021 fail
maize           黄曲霉毒素B1 mg/kg 0.02 pass
maize           黄曲霉毒素B1 mg/kg 0.0201 fail
cooked_jerky    山梨酸 mg/kg 75 pass
cooked_jerky    山梨酸 mg/kg 76 fail
yak_meat        挥发性盐基氮 mg/kg 150 pass
yak_meat        挥发性盐基氮 mg/kg 151 fail
maize           水分 g/kg 140 pass
maize           水分 g/kg 141 fail
vinegar         总酸 g/L 35 pass
vinegar         总酸 g/L 34.9 fail
vinegar         总酸 mg/kg 35000 inconclusive
yak_meat        铅 mg/kg 未检出(<0.2) pass
yak_meat        铅 mg/kg 未检出(<0.21) inconclusive
yak_meat        铅 mg/kg <0.2 pass
yak_meat        铅 mg/kg 0.1~0.2 pass
yak_meat        铅 mg/kg 0.2~0.3 inconclusive
yak_meat        铅 mg/kg 0.21~0.3 fail
yak_meat        铅 CFU/g 0.1 inconclusive
"""
"""Product, parameter, unit, result, verdict."""

BY_DAY = [
    ("cooked_jerky", "铅", "0.4", "mg/kg", date(2023, 6, 29), "pass"),
    ("cooked_jerky", "铅", "0.4", "mg/kg", date(2023, 6, 30), "fail"),
    ("vinegar", "游离矿酸", "检出", "", date(2019, 12, 20), "fail"),
    ("vinegar", "游离矿酸", "检出", "", date(2019, 12, 21), "not_regulated"),
]

PLANS = """
菌落总数       CFU/g 24000 23000 24000 15000 21000 fail
菌落总数       CFU/g 12000 12000 16000 150000 11000 fail
菌落总数       CFU/g 12000 11000 2000 130000 5800 fail
菌落总数       CFU/g 100000 100000 10000 10000 10000 pass
菌落总数       CFU/g 100000 100001 10000 10000 10000 fail
菌落总数       CFU/g 10001 10001 10000 10000 10000 pass
菌落总数       CFU/g 10001 10001 10001 0 0 fail
菌落总数       CFU/g 100 100 100 100 inconclusive
大肠菌群       CFU/g 100 100 10 10 10 pass
大肠菌群       CFU/g 101 10 10 10 10 fail
大肠菌群       CFU/g 11 11 11 10 10 fail
沙门氏菌       /25g 未检出 未检出 未检出 未检出 未检出 pass
沙门氏菌       /25g 检出 未检出 未检出 未检出 未检出 fail
listeria       /25g 未检出 未检出 未检出 未检出 未检出 pass
listeria       /25g 未检出 未检出 检出 未检出 未检出 fail
金黄色葡萄球菌 CFU/g 1000 100 100 100 100 pass
金黄色葡萄球菌 CFU/g 1001 100 100 100 100 fail
金黄色葡萄球菌 CFU/g 101 101 100 100 100 fail
"""
"""Of cooked jerky: parameter, unit, the n results, verdict. The first three are from real notices
(贵州), of which an average would have let one pass."""


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def _table() -> Iterator[tuple[str, str, tuple[str, ...], str, date, str]]:
    """Product, parameter, results, unit, day of production, verdict of every case."""
    for product, parameter, unit, passes, fails in _rows(EDGES):
        yield product, parameter, (passes,), unit, MAY, "pass"
        yield product, parameter, (fails,), unit, MAY, "fail"
    for product, parameter, unit, result, verdict in _rows(OTHERWISE):
        yield product, parameter, (result,), unit, MAY, verdict
    for product, parameter, result, unit, day, verdict in BY_DAY:
        yield product, parameter, (result,), unit, day, verdict
    for parameter, unit, *results, verdict in _rows(PLANS):
        yield "cooked_jerky", parameter, tuple(results), unit, MAY, verdict


CASES = list(_table())


@pytest.mark.parametrize(("product", "parameter", "results", "unit", "day", "verdict"), CASES)
def test_a_case_of_the_table(
    product: str, parameter: str, results: tuple[str, ...], unit: str, day: date, verdict: str
) -> None:
    found = evaluate(Asked(product, day, parameter, results, unit))
    assert found.verdict == verdict, explained(found)


def test_the_table_is_as_large_as_was_promised() -> None:
    assert len({case[:5] for case in CASES}) == len(CASES) >= 200
