"""Commitment certificates by API: issued, read, printed, declared void, collected."""

from __future__ import annotations

from typing import Any

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.api_clients import Program, client, problem, wrong_fields
from tests.certifying import CONTACT, certify, make_yaks, treat
from tests.labels.test_label_pdf import text_of

HERE = "/commitment-certificates"


def _made(ledger: Ledger) -> tuple[Actor, Program, str]:
    coop = world.make_producer(ledger, name="索县牦牛合作社")
    return coop, client(ledger, coop), make_yaks(ledger, coop)


def _body(code: str, amount: str = "9", **more: Any) -> dict[str, Any]:
    quantity = {"amount": amount, "unit": "HEA"}
    said = {"trace_code": code, "quantity": quantity, "basis": ["quality_control"]}
    return {**said, "contact": CONTACT, **more}


def test_it_is_issued_and_read_with_the_words_of_its_day(ledger: Ledger) -> None:
    _, api, code = _made(ledger)
    made = api.send(HERE, _body(code))
    assert made.status_code == 201, made.text
    number = made.get_json()["number"]
    found = api.read(f"{HERE}/{number}").get_json()
    assert (found["state"], found["style"], found["edition"]) == (
        "issued", "producer", "order-2025-4",
    )  # fmt: skip
    assert found["commitments"][0] == "未使用禁用农药、兽药及其他化合物；"
    assert (found["quantity"], found["upstream"]) == ({"amount": "9", "unit": "HEA"}, [])
    assert found["href"] == f"/certificates/{number}"
    listed = api.read(HERE).get_json()["items"]
    of_batch = api.read(f"{HERE}?trace_code={code}").get_json()["items"]
    assert [one["number"] for one in listed] == [one["number"] for one in of_batch] == [number]


def test_all_that_stands_in_the_way_is_named_at_once(ledger: Ledger) -> None:
    coop, api, code = _made(ledger)
    treat(ledger, coop, code, "2099-01-01")
    answer = api.send(HERE, _body(code, "99", basis=["self_test"], contact=""))
    problem(answer, 422, "not-certifiable")
    assert set(wrong_fields(answer)) == {"quantity", "issued_on", "basis", "contact"}


def test_its_issuer_gets_it_to_print_and_nobody_a_void_one(ledger: Ledger) -> None:
    coop, api, code = _made(ledger)
    address = f"{HERE}/{certify(ledger, coop, code)}"
    pdf = {"Accept": "application/pdf"}
    printed = api.read(address, headers=pdf)
    assert printed.content_type == "application/pdf"
    assert "索县牦牛合作社" in text_of(printed.data)
    assert client(ledger, world.make_producer(ledger)).read(address, headers=pdf).status_code == 403
    assert api.send(f"{address}/void", {"reason": "写错"}).status_code == 201
    problem(api.read(address, headers=pdf), 409, "conflict")
    assert api.read(address).get_json()["state_reason"] == "写错"


def test_one_issued_anew_and_the_one_before_name_each_other(ledger: Ledger) -> None:
    coop, api, code = _made(ledger)
    number = certify(ledger, coop, code)
    answer = api.send(
        f"{HERE}/{number}/reissue", {"reason": "头数写错", "certificate": _body(code, "8")}
    )
    other = answer.get_json()["number"]
    assert api.read(f"{HERE}/{number}").get_json()["replaced_by"] == other
    assert api.read(f"{HERE}/{other}").get_json()["replaces"] == number


def test_what_was_collected_says_what_is_wrong_with_it(ledger: Ledger) -> None:
    coop, api, code = _made(ledger)
    body = {"party": coop.party_uid, "trace_code": code, "issuer": "次仁"}
    assert api.send("/collected-certificates", body).status_code == 201
    said = {}
    for language in ("zh", "en"):
        headers = {"Accept-Language": language}
        (kept,) = api.read("/collected-certificates", headers=headers).get_json()["items"]
        said[language] = {one["code"]: one["text"] for one in kept["doubts"]}
    assert kept["issuer"] == "次仁"
    assert said["zh"].keys() == said["en"].keys() >= {"no-file", "no-quantity"}
    assert said["en"]["no-quantity"].isascii()
    assert not said["zh"]["no-quantity"].isascii()
