"""Cartons: ordered on the desk or by API, numbered on without a gap, read by scanners, found."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.products.gs1 import sscc_of
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import read_date
from tests.api_clients import Program, client, problem
from tests.web.desk_world import desk, form_id
from tests.world import kg, make_batch, make_producer, make_product

GTIN = "6901234567892"


@pytest.fixture
def producer(ledger: Ledger) -> Actor:
    return make_producer(ledger)


def _batch(ledger: Ledger, producer: Actor, **more: Any) -> str:
    product = make_product(ledger, producer, **more)
    return make_batch(ledger, producer, product=product, lot="L7", produced=read_date("2026-05-20"))


def _order(code: str, **more: Any) -> dict[str, Any]:
    order = {"trace_code": code, "cartons": 2, "packages": 24, "company_prefix": "6901234"}
    return {**order, "template": "carton-148x210", **more}


def _bars(program: Program, uid: str) -> list[set[str]]:
    """What the bars of each carton say, and its symbol."""
    drawn = program.send(f"/print-runs/{uid}/labels", {"dpi": 203})
    return [
        {one.text for one in zxingcpp.read_barcodes(page.render(scale=203 / 72).to_pil())}
        for page in pypdfium2.PdfDocument(drawn.get_data())
    ]


def test_cartons_are_numbered_on_and_say_what_they_hold(ledger: Ledger, producer: Actor) -> None:
    code = _batch(ledger, producer, gtin=GTIN)
    program = client(ledger, producer)
    first = program.send("/cartons", _order(code)).get_json()["uid"]
    second = program.send("/cartons", _order(code, cartons=1)).get_json()["uid"]
    said = [bars for uid in (first, second) for bars in _bars(program, uid)]
    numbers = [sscc_of(f"0690123400000000{at}") for at in range(3)]
    for bars, number in zip(said, numbers, strict=True):
        assert f"(00){number}" in bars
        held = "".join(sorted(one for one in bars if not one.startswith(("(00)", "http"))))
        for part in ("(02)06901234567892", "(37)24", "(11)260520", "(10)L7"):
            assert part in held
    found = program.read(f"/cartons?sscc=(00){numbers[2]}").get_json()
    assert (found["trace_code"], found["packages"], found["print_run"]) == (code, 24, second)
    problem(program.read(f"/cartons?sscc={sscc_of('06901234000000003')}"), 404, "not-found")


def test_a_lot_that_bars_do_not_hold_gives_way_to_the_trace_code(
    ledger: Ledger, producer: Actor
) -> None:
    product = make_product(ledger, producer, gtin=GTIN, name="小米")
    code = make_batch(ledger, producer, product=product, lot="春茬七号")
    program = client(ledger, producer)
    uid = program.send("/cartons", _order(code, cartons=1)).get_json()["uid"]
    assert any(f"(10){code}" in one for one in _bars(program, uid)[0])


def test_goods_without_a_gtin_bear_the_number_alone(ledger: Ledger, producer: Actor) -> None:
    code = _batch(ledger, producer)
    program = client(ledger, producer)
    uid = program.send("/cartons", _order(code, template="carton-100x150")).get_json()["uid"]
    for bars in _bars(program, uid):
        assert len(bars) == 2
        assert len([one for one in bars if one.startswith("(00)")]) == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"cartons": 3, "packages": 20}, "it fills 2"),
        ({"cartons": 2, "packages": 2, "net_kg": "10.5"}, "it fills 1"),
    ],
)
def test_no_more_cartons_are_ordered_at_once_than_the_goods_fill(
    ledger: Ledger, producer: Actor, more: dict[str, Any], says: str
) -> None:
    product = make_product(ledger, producer, label={"net_content": "500 g"})
    code = make_batch(ledger, producer, kg(20), product=product)
    program = client(ledger, producer)
    refused = problem(program.send("/cartons", _order(code, **more)), 409, "labels-overdrawn")
    assert "20 kg" in refused["detail"]
    assert says in refused["detail"]
    for _ in range(2):  # packed once more, in cartons with other numbers
        order = _order(code, cartons=2, packages=20, net_kg="10")
        assert program.send("/cartons", order).status_code == 201


def test_cartons_of_teapots_hold_no_more_than_there_are(ledger: Ledger, producer: Actor) -> None:
    product = make_product(ledger, producer, "purple_clay", "teaware", name="紫砂壶")
    ten = Quantity.of(10, "H87")
    code = make_batch(ledger, producer, ten, product=product, family="", variant="", name="")
    program = client(ledger, producer)
    problem(program.send("/cartons", _order(code, packages=6)), 409, "labels-overdrawn")
    assert program.send("/cartons", _order(code, packages=5)).status_code == 201


def test_nobody_numbers_under_the_prefix_of_another(ledger: Ledger, producer: Actor) -> None:
    assert (
        client(ledger, producer).send("/cartons", _order(_batch(ledger, producer))).status_code
        == 201
    )
    other = make_producer(ledger)
    theirs = client(ledger, other)
    code = _batch(ledger, other)
    problem(theirs.send("/cartons", _order(code)), 409, "conflict")
    problem(theirs.send("/cartons", _order(code, company_prefix="69012")), 422, "invalid-input")
    refused = problem(
        theirs.send("/print-runs", {"trace_code": code, "count": 1, "template": "carton-100x150"}),
        422,
        "invalid-input",
    )
    assert "cartons" in refused["detail"]


def test_the_desk_remembers_the_prefix(ledger: Ledger, producer: Actor) -> None:
    code = _batch(ledger, producer)
    program, address = desk(ledger, producer), f"/desk/batches/{code}/cartons"
    page = program.get(address).get_data(True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {
        "csrf_token": token[1], "id": form_id(page), "cartons": "3", "packages": "12",
        "net_kg": "2.40 kg", "company_prefix": "6901234", "template": "carton-100x150",
    }  # fmt: skip
    refused = program.post(address, data=form | {"net_kg": "2,4"})
    assert refused.status_code == 422
    assert "12.5" in refused.get_data(True)
    uid = program.post(address, data=form).location.rpartition("/")[2]
    run = client(ledger, producer).read(f"/print-runs/{uid}").get_json()
    assert (run["count"], run["template"]) == (3, "carton-100x150")
    assert 'value="6901234"' in program.get(address).get_data(True)
