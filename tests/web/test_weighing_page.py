"""Weighing packages on the desk, by API and by command: a label for each, issued once."""

from __future__ import annotations

import re

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printers.queries import jobs_of_printer, printer
from suyuan.trace.printing.queries import codes_of, runs_of_batch
from tests.api_clients import client
from tests.stations import make_printer
from tests.web.desk_world import desk, form_id
from tests.web.scanning import open_code
from tests.web_clients import site
from tests.world import kg, make_batch, make_producer, make_product

TEMPLATE = "trace-70x50-net"


@pytest.fixture
def head(ledger: Ledger) -> Actor:
    return make_producer(ledger)


@pytest.fixture
def code(ledger: Ledger, head: Actor) -> str:
    product = make_product(ledger, head, items_on_pack=True)
    return make_batch(ledger, head, kg(2), product=product)


def _nets(ledger: Ledger) -> list[str | None]:
    """What every label of the batch says, in the order of issue."""
    with ledger.database.read() as session:
        runs = reversed(runs_of_batch(session, 1))
        return [one.net_content for run in runs for one in codes_of(session, run.uid)]


def test_each_weighing_is_one_label_and_what_the_scale_sends_twice_is_one(
    ledger: Ledger, head: Actor, code: str
) -> None:
    browser, address = desk(ledger, head), f"/desk/batches/{code}/weigh"
    page = browser.get(address).text
    assert 'autofocus="autofocus"' in page
    typed = {"template": TEMPLATE, "unit": "KGM", "weight": "0.482", "id": form_id(page)}
    first = browser.submit(address, typed)
    assert first.status_code == 302
    assert browser.submit(address, typed).headers["Location"] == first.headers["Location"]
    assert _nets(ledger) == ["482 g"]
    shown = browser.get(first.headers["Location"]).text
    assert "<dd>1</dd>" in shown
    assert "1.518 kg" in shown
    next_ = {**typed, "id": form_id(shown)}
    assert browser.submit(address, next_).status_code == 302
    assert _nets(ledger) == ["482 g", "482 g"]
    refused = browser.submit(address, {**next_, "id": form_id(page) + "x", "weight": "4.82"})
    assert refused.status_code == 422
    assert "4.82 kg is more than the whole batch" in refused.text


def test_a_list_is_one_run_and_its_wrong_lines_are_named(
    ledger: Ledger, head: Actor, code: str
) -> None:
    browser, address = desk(ledger, head), f"/desk/batches/{code}/weigh"
    typed = {"template": TEMPLATE, "unit": "GRM", "net_contents": "482\r\n\r\n0.51kg\r\n五百\r\n"}
    wrong = browser.submit(address, {**typed, "net_contents": "482\nx\n0"})
    assert wrong.status_code == 422
    assert "Line 2" in wrong.text
    assert "Line 3" in wrong.text
    assert not _nets(ledger)
    done = browser.submit(address, typed)
    assert done.status_code == 302, done.text
    assert _nets(ledger) == ["482 g", "510 g", "500 g"]
    page = browser.get(done.headers["Location"]).text
    assert "Held by packages in force, as weighed" in page
    assert "1492 g" in page


def test_the_label_goes_to_the_printer_of_the_station_with_the_weighing(
    ledger: Ledger, head: Actor, code: str
) -> None:
    at, browser = make_printer(ledger, head), desk(ledger, head)
    address = f"/desk/batches/{code}/weigh"
    typed = {"template": TEMPLATE, "unit": "KGM", "weight": "0.482", "printer": at}
    onward = browser.submit(address, typed).headers["Location"]
    assert f'value="{at}" selected' in browser.get(onward).text
    with ledger.database.read() as session:
        (job,) = jobs_of_printer(session, printer(session, at, head.party_id).id)
        assert job.labels == 1


def test_the_page_of_a_package_says_its_own_net_content(ledger: Ledger, head: Actor) -> None:
    label = {"net_content": "500 g"}
    product = make_product(ledger, head, items_on_pack=True, label=label)
    batch = make_batch(ledger, head, kg(2), product=product)
    program, stranger = client(ledger, head), site(ledger)
    body = {"trace_code": batch, "template": TEMPLATE, "net_contents": ["0.482", "0.51"]}
    uid = program.send("/print-runs", body).get_json()["uid"]
    run = program.read(f"/print-runs/{uid}").get_json()
    assert run["net_contents"] == ["482 g", "510 g"]
    assert run["account"]["weighed"] == {"in_force": {"amount": "992", "unit": "GRM"}}
    for url, net in zip(run["urls"], run["net_contents"], strict=True):
        page = open_code(stranger, url).text
        assert re.search(rf"Net content of this package.*{net}", page)
        assert "500 g" not in page
    nominal = {"trace_code": batch, "template": TEMPLATE, "count": 1}
    (url,) = program.read(
        "/print-runs/" + program.send("/print-runs", nominal).get_json()["uid"]
    ).get_json()["urls"]
    assert "500 g" in open_code(stranger, url).text


def test_programs_are_told_which_of_their_weights_is_wrong(
    ledger: Ledger, head: Actor, code: str
) -> None:
    program = client(ledger, head)
    body = {"trace_code": code, "template": TEMPLATE}
    for more, field in (
        ({"net_contents": ["0.1", "-"]}, "net_contents.1"),
        ({"net_contents": ["1.5", "1.5"]}, "net_contents"),
        ({"net_contents": ["1.5"], "count": 2}, "count"),
        ({}, "count"),
    ):
        told = program.send("/print-runs", {**body, **more})
        assert told.status_code in (409, 422), told.text
        assert f'"{field}"' in told.text, told.text
    assert not _nets(ledger)
