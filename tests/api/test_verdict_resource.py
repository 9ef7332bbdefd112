"""What-if by API: the verdict on a result, and the limits it rests on."""

from __future__ import annotations

from typing import Any

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.log.tables import Leaf
from tests import world
from tests.api_clients import Program, client, problem
from tests.trace.test_county_limits import FACTS, in_force

MAIZE = {"product_class": "maize", "production_date": "2026-05-01", "parameter": "AFB1"}


@pytest.fixture
def api(ledger: Ledger) -> Program:
    return client(ledger)


def verdict(api: Program, **more: Any) -> Any:
    answer = api.send("/verdicts", {**MAIZE, **more})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_anybody_may_ask_and_nothing_is_stored(ledger: Ledger, api: Program) -> None:
    with ledger.database.read() as session:
        before = session.query(Leaf).count()
    found = verdict(api, result="20.1", unit="µg/kg")
    assert found["verdict"] == "fail"
    assert (found["limit"], found["limit_unit"]) == ("20", "µg/kg")
    assert (found["standard"], found["edition"], found["clause"]) == (
        "GB 2761-2017", "2017", "4.1 表1",
    )  # fmt: skip
    assert (found["confidence"], found["unconfirmed"]) == ("K-high", True)
    assert "20.1 µg/kg" in found["explanation"]
    with ledger.database.read() as session:
        assert session.query(Leaf).count() == before


def test_the_sentence_is_in_the_readers_language(api: Program) -> None:
    body = {**MAIZE, "result": "20.0", "unit": "µg/kg"}
    found = api.send("/verdicts", body, headers={"Accept-Language": "zh"}).get_json()
    assert found["explanation"] == (
        "玉米的黄曲霉毒素B1：20.0 µg/kg，符合限量 ≤ 20 µg/kg（GB 2761-2017, 4.1 表1, 未经核实）。"
    )


def test_what_is_forbidden_and_not_found_says_what_that_cannot_tell(api: Program) -> None:
    clean = {"product_class": "fresh_meat", "parameter": "克伦特罗", "result": "未检出"}
    assert "detection limit" in verdict(api, **clean)["explanation"]
    found = verdict(api, **{**clean, "result": "0.01 µg/kg"})
    assert found["verdict"] == "fail"
    assert "detection limit" not in found["explanation"]


def test_results_come_as_text_as_number_or_as_a_list(api: Program) -> None:
    jerky = {"product_class": "cooked_jerky", "parameter": "菌落总数", "unit": "CFU/g"}
    several = [24000, 23000, "24000", "1.5×10⁴", 21000]
    found = verdict(api, **jerky, result=several)
    assert (found["verdict"], found["limit"]) == ("fail", "n=5 c=2 m=10000 M=100000")
    assert verdict(api, result=20.1, unit="µg/kg")["verdict"] == "fail"
    assert verdict(api, result="未检出", unit="µg/kg", lod=0.03)["verdict"] == "pass"


def test_no_limit_is_no_pass(api: Program) -> None:
    found = verdict(api, product_class="高粱", parameter="DON", result="5000", unit="µg/kg")
    assert found["verdict"] == "not_regulated"
    assert found["limit"] is None
    assert found["rows"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"product_class": "纸箱"}, "product_class"),
        ({"parameter": "luck"}, "parameter"),
        ({"production_date": "2026-13-01"}, "production_date"),
        ({"result": []}, "result"),
        ({"result": ["1", None]}, "result"),
        ({"result": {"value": 1}}, "result"),
        ({"result": "1" * 200}, "result"),
        ({"lod": "low"}, "lod"),
        ({"moisture": "100"}, "moisture"),
        ({"basis": "wet"}, "basis"),
        ({"division": "999999"}, "division"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field(
    api: Program, change: dict[str, Any], field: str
) -> None:
    answer = api.send("/verdicts", {**MAIZE, "result": "1", "unit": "µg/kg", **change})
    assert field in str(problem(answer, 422, "invalid-input")["errors"])


def test_every_limit_is_listed_with_edition_source_and_confidence(api: Program) -> None:
    listed = api.read("/standards").get_json()
    classes = {one["key"] for one in listed["product_classes"]}
    parameters = {one["key"] for one in listed["parameters"]}
    assert len(listed["limits"]) > 150
    for limit in listed["limits"]:
        assert set(limit["product_classes"]) <= classes
        assert limit["parameter"] in parameters
        assert limit["source"] and limit["confidence"] and limit["valid_from"]  # noqa: PT018  # one thing: it is told
    row = next(one for one in listed["limits"] if one["id"] == "gb_2719/2018/acid.vinegar")
    assert (row["limit_text"], row["valid_from"]) == ("≥ 3.5 g/100 mL", "2019-12-21")
    assert not row["unconfirmed"]


def test_goods_of_a_county_are_asked_its_limits_too(ledger: Ledger, api: Program) -> None:
    two = world.make_operator(ledger), world.make_operator(ledger)
    row = f"county/{in_force(ledger, two)}"
    lead = {**MAIZE, "product_class": "millet", "parameter": "铅", "result": "0.05",
            "unit": "mg/kg"}  # fmt: skip
    everywhere = verdict(api, **lead)
    assert everywhere["verdict"] == "pass"
    assert verdict(api, **lead, division=world.KAZUO) == everywhere
    there = verdict(api, **lead, division=world.SUO_COUNTY)
    assert (there["verdict"], there["limit"], there["unconfirmed"]) == ("fail", "0.04", True)
    assert there["standard"].startswith(FACTS.standard)
    assert there["rows"] == [row, *everywhere["rows"]]
    assert FACTS.standard in there["explanation"]
    assert verdict(api, **lead, division="540626100") == there, "a township of the county"
    before = {**lead, "production_date": "2025-12-31"}
    assert verdict(api, **before, division=world.SUO_COUNTY) == verdict(api, **before)
    listed = api.read("/standards").get_json()["limits"]
    assert [one["id"] for one in listed if one["division"] == world.SUO_COUNTY] == [row]
    assert {one["division"] for one in listed[:-1]} == {None}
