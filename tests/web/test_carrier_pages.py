"""Foreign carriers in the browser and by API: bound, found by their number, unbound."""

from __future__ import annotations

import re

import pytest

from suyuan.trace.acts.carriers import bind_carrier
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of
from tests import api_clients
from tests.web.desk_world import desk
from tests.web_clients import site
from tests.world import make_batch, make_producer, make_regulator

UID = "04A2245BC15E80"


@pytest.fixture
def actor(ledger: Ledger) -> Actor:
    return make_producer(ledger, name="亚拉合作社")


@pytest.fixture
def label(ledger: Ledger, actor: Actor) -> IssuedLabel:
    run = ledger.perform(
        actor, issue_print_run, make_batch(ledger, actor), 1, "trace-50x30",
        try_out=lambda *_: None,
    )  # fmt: skip
    with ledger.database.read() as session:
        return codes_of(session, run)[0]


def test_a_tag_bound_at_the_desk_finds_the_passport_of_its_package(
    ledger: Ledger, actor: Actor, label: IssuedLabel
) -> None:
    typed = {"kind": "nfc", "number": "04:a2:24:5b:c1:5e:80", "code": label.url}
    done = desk(ledger, actor).submit("/desk/carriers/new", typed)
    assert done.status_code == 302, done.text
    client = site(ledger)
    led = client.get("/?code=04a2245bc15e80")
    assert (led.status_code, led.location) == (303, f"/c/nfc/{UID}")
    page = client.get(led.location).text
    assert f"You came by NFC tag {UID}" in page
    assert "亚拉合作社 bound to this on 2026-06-01" in page.replace("\n", " ")
    assert "Not checked: there is no signature here." in page
    assert "The code is real" not in page
    assert client.get("/c/nfc/04-a2-24-5b-c1-5e-80").location == f"/c/nfc/{UID}"
    # whoever scans the label sees what else should be on the package
    assert UID in client.get(label.path).text


def test_the_number_of_a_carrier_answers_programs_too(
    ledger: Ledger, actor: Actor, label: IssuedLabel
) -> None:
    ledger.perform(actor, bind_carrier, CarrierFacts("nfc", UID, label.path))
    client = site(ledger)
    told = client.get(f"/c/nfc/{UID}", headers={"Accept": "application/json"}).get_json()
    assert told["path"] == label.path
    assert told["asked"]["number"] == UID
    assert told["asked"]["by"] == "亚拉合作社"
    plain = client.get(label.path, headers={"Accept": "application/json"}).get_json()
    assert plain["asked"] is None
    assert [one["number"] for one in plain["carriers"]] == [UID]


@pytest.mark.parametrize("address", ["/c/nfc/04A2245BC15E81", "/c/nfc/x", "/c/barcode/1234"])
def test_a_number_that_is_bound_to_nothing_leads_nowhere(ledger: Ledger, address: str) -> None:
    assert site(ledger).get(address).status_code == 404


def test_a_number_that_two_kinds_bear_is_asked_about(
    ledger: Ledger, actor: Actor, label: IssuedLabel
) -> None:
    for kind in ("nfc", "hologram"):
        ledger.perform(actor, bind_carrier, CarrierFacts(kind, UID, label.path))
    page = site(ledger).get(f"/?code={UID}")
    assert page.status_code == 200
    assert f"/c/nfc/{UID}" in page.text
    assert f"/c/hologram/{UID}" in page.text


def test_nobody_takes_over_a_trace_code_by_binding_it(ledger: Ledger, actor: Actor) -> None:
    mine, other = make_batch(ledger, actor), make_batch(ledger, actor)
    ledger.perform(actor, bind_carrier, CarrierFacts("hologram", mine, other))
    assert site(ledger).get(f"/?code={mine}").location == f"/t/{mine}"


def test_an_unusual_organic_code_is_taken_with_a_warning_and_unbound_again(
    ledger: Ledger, actor: Actor, label: IssuedLabel
) -> None:
    client = desk(ledger, actor)
    typed = {"kind": "organic", "number": "015261234567890123", "code": label.path}
    done = client.submit("/desk/carriers/new", typed)
    assert "usual is 17 digits" in client.get(done.location).text
    listed = client.get("/desk/carriers/").text
    assert "015261234567890123" in listed
    found = re.search(r"/desk/carriers/\w+/unbind", listed)
    assert found
    done = client.submit(found[0], {"reason": "贴错"})
    assert done.status_code == 302
    assert site(ledger).get("/c/organic/015261234567890123").status_code == 404


def test_an_inspector_finds_the_carrier(ledger: Ledger, actor: Actor, label: IssuedLabel) -> None:
    ledger.perform(actor, bind_carrier, CarrierFacts("hologram", "HG-2026-01", label.path))
    page = desk(ledger, make_regulator(ledger)).get("/inspect/?q=hg-2026-01").text
    assert "HG202601" in page
    assert label.path in page


def test_the_api_binds_lists_and_unbinds(ledger: Ledger, actor: Actor, label: IssuedLabel) -> None:
    program = api_clients.client(ledger, actor)
    body = {"kind": "nfc", "number": UID, "code": label.url}
    made = program.send("/carriers", body, key="key-00000001")
    assert made.status_code == 201
    uid = made.get_json()["uid"]
    assert program.send("/carriers", body, key="key-00000001").get_json()["uid"] == uid
    api_clients.problem(program.send("/carriers", body), 409, "conflict")
    assert [one["uid"] for one in program.read("/carriers").get_json()["items"]] == [uid]
    assert program.read(f"/carriers/{uid}").get_json()["path"] == label.path
    assert program.send(f"/carriers/{uid}/unbind", {"reason": "贴错"}).status_code == 201
    assert program.read("/carriers").get_json()["items"] == []
    assert program.read(f"/carriers/{uid}").get_json()["unbound_at"] is not None
