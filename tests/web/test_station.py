"""What a county's service centre does for those of its division, before any authority is there."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.web_clients import signed_in, site

LIST = "/inspect/parties"


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
