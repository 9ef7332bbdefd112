"""Release over the API: the checklist, letting go, and an override that two persons decide."""

from __future__ import annotations

from typing import Any

from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quantities import Quantity
from tests.api_clients import application, client, problem, wrong_fields
from tests.world import KAZUO, kg, make_actor, make_batch, make_event, make_party, make_producer
from tests.world import make_regulator as regulator

FACTS = {"crop_year": 2025, "moisture": "12.6", "quality_grade": "一级"}


def milled(ledger: Ledger, actor: Actor, *without: str) -> str:
    facts = {key: value for key, value in FACTS.items() if key not in without}
    return make_batch(ledger, actor, family="grain", variant="millet_milled", attributes=facts)


def give_papers(ledger: Ledger, actor: Actor, code: str) -> None:
    own = str(actor.party_uid)
    for kind, number, covers in (
        ("sc_licence", "SC10154062600016", Covers("party", own)),
        ("factory_inspection", f"N-{code[-5:]}", Covers("batch", code)),
    ):
        ledger.perform(actor, register_paper, PaperFacts(kind, number, own, covers=(covers,)))


def by_key(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in items}


def test_the_checklist_says_what_is_missing_and_who_issues_it(ledger: Ledger) -> None:
    owner = make_producer(ledger, "processor")
    api = client(ledger, owner)
    code = milled(ledger, owner, "moisture")
    told = api.read(f"/batches/{code}/release").get_json()
    assert (told["state"], told["may_go"], told["moment"]) == ("not_released", False, "sell")
    missing = by_key(told["missing"])
    assert set(missing) == {
        "paper_missing:food_production", "paper_missing:factory_inspection",
        "fact_missing:moisture",
    }  # fmt: skip
    licence = missing["paper_missing:food_production"]
    assert "market regulator" in licence["issued_by"]
    assert licence["issued_by"] in licence["detail"]
    assert licence["override"] == "regulator"
    fact = missing["fact_missing:moisture"]
    assert (fact["issued_by"], fact["override"]) == (None, "organisation")
    chinese = api.read(f"/batches/{code}/release", headers={"Accept-Language": "zh"}).get_json()
    said = by_key(chinese["missing"])["paper_missing:food_production"]
    assert said["name"] == "缺少应有的证照"
    assert "市场监督管理" in said["issued_by"]


def test_where_the_goods_go_is_asked_for(ledger: Ledger) -> None:
    owner = make_producer(ledger)
    api, near, far = (
        client(ledger, owner), make_party(ledger, "processor"),
        make_party(ledger, "processor", division=KAZUO),
    )  # fmt: skip
    herd = make_batch(
        ledger, owner, Quantity.of(3, "HEA"), family="yak_meat", variant="live",
        attributes={"ear_tags": [], "pasture": "夏季牧场"},
    )  # fmt: skip
    asked = f"/batches/{herd}/release?moment=ship&to="
    within, across = (str(api.read(asked + to).get_json()["missing"]) for to in (near, far))
    assert "form A" not in within
    assert "form A" in across
    assert api.read(asked + "01kd8z0000000000000000000z").status_code == 404
    assert api.read(f"/batches/{herd}/release?moment=eat").status_code == 422


def test_a_program_lets_a_batch_go_once(ledger: Ledger) -> None:
    owner = make_producer(ledger, "processor")
    api = client(ledger, owner)
    code = milled(ledger, owner, "moisture")
    address = f"/batches/{code}/release"
    refused = api.send(address)
    problem(refused, 409, "not-released")
    assert "fact_missing:moisture" in wrong_fields(refused)
    give_papers(ledger, owner, code)
    body = {"facts": {"moisture": "12.6"}}
    made = api.send(address, body, key="release-of-millet")
    assert made.status_code == 201, made.text
    again = api.send(address, body, key="release-of-millet")
    assert again.get_json() == made.get_json()
    problem(api.send(address), 409, "conflict")
    one = api.get(made.get_json()["href"]).get_json()
    assert (one["how"], one["state"], one["facts"]) == ("rule", "given", {"moisture": "12.6"})
    assert api.read(address).get_json()["state"] == "released"


def test_a_day_that_is_still_to_come_is_no_fact_of_a_release(ledger: Ledger) -> None:
    owner = make_producer(ledger)
    code = make_batch(ledger, owner, kg(1), family="cordyceps", variant="dried")
    body = {"facts": {"gathered_from": "2027-01-01"}}
    refused = client(ledger, owner).send(f"/batches/{code}/release", body)
    problem(refused, 422, "invalid-input")
    assert "still to come" in wrong_fields(refused)["facts.gathered_from"]


def test_an_override_is_answered_by_a_second_person(ledger: Ledger) -> None:
    clerk, app = make_producer(ledger, "processor"), application(ledger)
    head = make_actor(ledger, str(clerk.party_uid))
    own, second = client(ledger, clerk, app), client(ledger, head, app)
    code = milled(ledger, clerk, "moisture")
    give_papers(ledger, clerk, code)
    assert own.send(f"/batches/{code}/override", {}).status_code == 422
    asked = own.send(f"/batches/{code}/override", {"reason": "水分仪送修"}).get_json()
    assert own.read(f"/batches/{code}/release").get_json()["asked"] == asked["uid"]
    problem(own.send(f"/releases/{asked['uid']}/approve", {"reason": "同意"}), 403, "forbidden")
    answer = second.send(f"/releases/{asked['uid']}/approve", {"reason": "同意先发"})
    assert answer.status_code == 201, answer.text
    told = own.read(f"/batches/{code}/release").get_json()
    assert (told["state"], told["may_go"], told["missing"]) == ("overridden", True, [])
    assert [one["key"] for one in told["passed"]] == ["fact_missing:moisture"]
    (given,) = told["releases"]
    assert (given["covers"], given["answer"]) == (["fact_missing:moisture"], "同意先发")
    make_event(ledger, clerk, "sell", code, kg(1))


def test_what_the_law_asks_for_is_the_regulators_and_may_be_refused(ledger: Ledger) -> None:
    clerk, app = make_producer(ledger, "processor"), application(ledger)
    own = client(ledger, clerk, app)
    second = client(ledger, make_actor(ledger, str(clerk.party_uid)), app)
    code = milled(ledger, clerk)
    asked = own.send(f"/batches/{code}/override", {"reason": "证照换发中"}).get_json()["uid"]
    problem(second.send(f"/releases/{asked}/approve", {"reason": "同意"}), 403, "forbidden")
    office = client(ledger, regulator(ledger), app)
    assert office.send(f"/releases/{asked}/refuse", {"reason": "先补证"}).status_code == 201
    problem(office.send(f"/releases/{asked}/approve", {"reason": "同意"}), 409, "conflict")
    told = office.read(f"/batches/{code}/release").get_json()
    assert (told["state"], told["asked"]) == ("not_released", None)
    assert [one["state"] for one in told["releases"]] == ["refused"]
    stranger = client(ledger, make_producer(ledger), app)
    problem(stranger.read(f"/batches/{code}/release"), 403, "forbidden")
    problem(stranger.read(f"/releases/{asked}"), 403, "forbidden")
