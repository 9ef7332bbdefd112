"""Blank rolls at the desk and by the API: ordered, bound by scanning two ends, taken back."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of
from tests import world
from tests.api_clients import application
from tests.api_clients import client as program_of
from tests.web_clients import signed_in, site


def _labels(ledger: Ledger, run: str) -> list[IssuedLabel]:
    with ledger.database.read() as session:
        return codes_of(session, run)


def _page(client: FlaskClient, label: IssuedLabel) -> str:
    return client.get(label.path).text


def test_a_clerk_orders_a_roll_binds_what_was_stuck_on_and_takes_a_mistake_back(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, items_on_pack=True)
    code, other = (world.make_batch(ledger, head, product=product) for _ in range(2))
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    ordered = client.submit("/desk/rolls/new", {"template": "trace-50x30", "count": "6"})
    run = ordered.headers["Location"].rpartition("/")[2]
    labels = _labels(ledger, run)
    assert client.get(f"/desk/runs/{run}/labels").data.startswith(b"%PDF")
    assert "This label is not in use yet" in _page(client, labels[2])
    address = f"/desk/batches/{code}/roll-labels"
    turned = client.submit(address, {"first": labels[3].url, "last": labels[1].url})
    assert turned.status_code == 422
    assert "comes before the first" in turned.text
    assert client.submit(address, {"first": labels[1].url, "last": "4"}).status_code == 302
    assert ["not in use yet" not in _page(client, one) for one in labels] == [
        False, True, True, True, False, False,
    ]  # fmt: skip
    assert "3 of 6 bound" in client.get("/desk/rolls/").text
    page = client.get(f"/desk/runs/{run}").text
    assert "Labels 2 to 4" in page
    taken = client.submit(f"/desk/batches/{other}/roll-labels", {"first": labels[3].path})
    assert taken.status_code == 409 or "bound already" in taken.text
    (unbind,) = re.findall(r'href="(/desk/roll-bindings/[^"]+)"', page)
    assert client.submit(unbind, {"reason": "拿错了批次"}).status_code == 302
    assert "This label is not in use yet" in _page(client, labels[2])


def test_a_program_orders_binds_reads_and_unbinds(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(
        ledger, head, product=world.make_product(ledger, head, items_on_pack=True)
    )
    program = program_of(ledger, head, application(ledger))
    order = {"party": str(head.party_uid), "count": 4, "template": "trace-50x30"}
    run = program.post("/api/v1/blank-rolls", json=order).get_json()["uid"]
    labels = _labels(ledger, run)
    body = {"trace_code": code, "first": "2", "last": "3", "print_run": run}
    bound = program.post("/api/v1/roll-bindings", json=body).get_json()["uid"]
    told = program.get(f"/api/v1/roll-bindings/{bound}").get_json()
    assert (told["first"], told["last"], told["trace_code"]) == (2, 3, code)
    account = program.get(f"/api/v1/print-runs/{run}").get_json()
    assert account["account"]["bound"] == 2
    assert account["bindings"] == [told]
    again = program.post("/api/v1/roll-bindings", json=body)
    assert again.status_code == 409
    public, json = site(ledger), {"Accept": "application/json"}
    assert public.get(labels[1].path, headers=json).get_json()["trace_code"] == code
    waiting = public.get(labels[0].path, headers=json).get_json()
    assert waiting["type"].endswith("/not-in-use")
    program.post(f"/api/v1/roll-bindings/{bound}/unbind", json={"reason": "拿错"})
    assert program.get(f"/api/v1/print-runs/{run}").get_json()["account"]["bound"] == 0
