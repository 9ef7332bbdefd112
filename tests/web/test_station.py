"""What a county's service centre does for those of its division, before any authority is there."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.test import TestResponse

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from tests import world
from tests.api_clients import client as api_client
from tests.api_clients import problem
from tests.web.desk_world import desk, register_form, registered
from tests.web_clients import signed_in, site

LIST = "/inspect/parties"
BATCHES = "/desk/batches/new"
PAPERS = "/desk/papers/new"


def test_a_station_looks_through_and_admits_those_of_its_division(ledger: Ledger) -> None:
    station = world.make_producer(ledger, "county_station")
    here = world.make_party(ledger, name="索县第一合作社", active=False)
    there = world.make_party(ledger, name="喀左合作社", division=world.KAZUO, active=False)
    client = signed_in(site(ledger), ledger, str(station.person_uid))
    page = client.get(LIST).text
    assert "索县第一合作社" in page
    assert "喀左合作社" not in page
    checked = {"act": "check", "reason": "营业执照"}
    assert client.submit(f"{LIST}/{here}", checked).status_code == 302
    assert client.get(f"{LIST}/{there}").status_code == 403


def test_a_station_that_nobody_has_checked_admits_nobody(ledger: Ledger) -> None:
    """Anybody may apply as a station: until it is checked it is a stranger with a big name."""
    party = world.make_party(ledger, "county_station", active=False)
    station = world.make_actor(ledger, party)
    here = world.make_party(ledger, name="索县第一合作社", active=False)
    client = signed_in(site(ledger), ledger, str(station.person_uid))
    assert "索县第一合作社" not in client.get(LIST).text
    assert client.get(f"{LIST}/{here}").status_code == 403


def test_who_may_not_reads_in_words_what(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    clerk = world.make_actor(ledger, str(head.party_uid), "clerk")
    client = signed_in(site(ledger), ledger, str(clerk.person_uid))
    page = client.get("/desk/members/", headers={"Accept-Language": "zh"})
    assert page.status_code == 403
    assert "manage_members" not in page.text
    assert "管理" in page.text


def test_a_station_enters_its_certificate_of_training_and_then_records(
    ledger: Ledger, clock: SetClock
) -> None:
    station = world.make_producer(ledger, "village_station", name="亚拉村站", trained=False)
    client = desk(ledger, station)

    def register(lot: str) -> TestResponse:
        return client.submit(BATCHES, register_form(lot=lot), page=f"{BATCHES}?goods=grain/millet")

    way = f'href="{PAPERS}?kind=staff_training"'
    assert way in client.get("/desk/").text, "the first page says it before anything is typed"
    refused = register("A-1")
    assert (refused.status_code, registered(ledger, station)) == (403, [])
    for said in (
        "亚拉村站 has 0 of the 1 trained people",
        "training certificate",
        "county service",
    ):
        assert said in refused.text
    assert 'value="A-1"' in refused.text, "what was typed stays in the form"

    paper = {
        "kind": "staff_training", "number": "PX-17", "valid_to": "2026-06-02",
        "covers": f"party:{station.party_uid}",
    }  # fmt: skip
    page = f"{PAPERS}?kind=staff_training"
    assert client.submit(PAPERS, paper, page=page).status_code == 302
    assert register("A-1").status_code == 302
    assert way not in client.get("/desk/").text

    clock.move(clock.now() + timedelta(days=2))
    client = desk(ledger, station)
    assert register("A-2").status_code == 403, "the certificate has ended"
    answer = client.submit(PAPERS, {**paper, "number": "PX-18", "valid_to": ""}, page=page)
    assert register("A-2").status_code == 302
    revoked = client.submit(f"{answer.location}/revoke", {"reason": "代考"})
    assert revoked.status_code == 302
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    refused = register("A-3")
    assert refused.status_code == 403
    for said in (
        "亚拉村站",
        "须有至少 1 名经过培训的操作员",
        "从业人员培训合格证书",
        "县级服务中心",
    ):
        assert said in refused.text
    assert {batch.lot for batch in registered(ledger, station)} == {"A-1", "A-2"}


def test_a_program_of_the_county_is_told_the_same_and_enters_it_for_the_station(
    ledger: Ledger,
) -> None:
    county = world.make_producer(ledger, "county_station")
    station = world.make_party(ledger, "village_station", name="亚拉村站", trained=False)
    api = api_client(ledger, county)
    batch = {
        "party": station, "family": "grain", "variant": "millet",
        "quantity": {"amount": "5", "unit": "KGM"},
    }  # fmt: skip
    told = problem(api.send("/batches", batch), 403, "station-untrained")
    assert "亚拉村站 has 0 of the 1 trained people" in told["detail"]
    paper = {"kind": "staff_training", "number": "PX-1", "holder": station}
    assert api.send("/papers", paper).status_code == 201
    assert api.send("/batches", batch).status_code == 201
