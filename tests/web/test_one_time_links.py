"""One-time links: opening shows a button, pressing it spends the link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from suyuan.trace.acts.people import make_link
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.parties.actor import SYSTEM
from tests.web_clients import another, signed_in, site
from tests.world import make_actor, make_party, make_producer, make_regulator


def test_a_preview_spends_nothing(ledger: Ledger) -> None:
    uid = str(make_producer(ledger).person_uid)
    link = "/in/" + ledger.perform(SYSTEM, make_link, uid, "sign_in", 10)
    client = site(ledger)
    for _ in range(3):
        page = another(client).get(link)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
    assert client.submit(link).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "area"),
    [("cooperative", "/desk"), ("regulator", "/inspect"), ("platform_operator", "/admin")],
)
def test_a_link_leads_to_where_one_works(ledger: Ledger, kind: str, area: str) -> None:
    party = make_party(ledger, kind)
    role = {"platform_operator": "administrator", "regulator": "supervisor"}.get(kind, "head")
    uid = str(make_actor(ledger, party, role).person_uid)
    link = "/in/" + ledger.perform(SYSTEM, make_link, uid, "sign_in", 10)
    assert site(ledger).submit(link).location == area


def test_a_link_names_the_site_and_not_what_the_request_calls_it(ledger: Ledger) -> None:
    """Whoever can have a head's request sent with another host would get the link himself."""
    head = make_producer(ledger)
    clerk = make_actor(ledger, str(head.party_uid), "clerk")
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    sent = {"csrf_token": client.token("/desk/members/")}
    page = client.post(f"/desk/members/{clerk.person_uid}/link", data=sent)
    assert "https://t.example.cn/in/" in page.text
    assert "localhost/in/" not in page.text


def test_a_form_with_faults_can_be_read_in_another_language(ledger: Ledger) -> None:
    client = signed_in(site(ledger), ledger, str(make_producer(ledger).person_uid))
    page = client.submit("/account/pin", {"password": "1", "again": "2"})
    assert page.status_code == 422
    assert 'href="/account/pin?lang=zh"' in page.text


def test_a_link_serves_once(ledger: Ledger) -> None:
    uid = str(make_producer(ledger).person_uid)
    link = "/in/" + ledger.perform(SYSTEM, make_link, uid, "sign_in", 10)
    client = site(ledger)
    late = another(client)
    token = late.token(link)
    client.submit(link)
    assert late.post(link, data={"csrf_token": token}).status_code == 404
    assert late.get(link).status_code == 404
    assert late.get("/account/").status_code == 302


def test_a_link_runs_out_and_an_unknown_one_says_the_same(ledger: Ledger, clock: SetClock) -> None:
    uid = str(make_producer(ledger).person_uid)
    link = "/in/" + ledger.perform(SYSTEM, make_link, uid, "reset", 10)
    clock.move(clock.at + timedelta(minutes=11))
    client = site(ledger)
    old, unknown = client.get(link), client.get("/in/nobody-made-this")
    assert old.status_code == unknown.status_code == 404
    assert "This link was used or has expired." in old.text
    assert old.text == unknown.text.replace("nobody-made-this", link.removeprefix("/in/"))


def test_a_reset_sets_a_new_pin_and_says_what_is_wrong_with_a_poor_one(ledger: Ledger) -> None:
    uid = str(make_producer(ledger).person_uid)
    link = "/in/" + ledger.perform(SYSTEM, make_link, uid, "reset", 10)
    client = site(ledger)
    poor = client.submit(link, {"password": "111111", "again": "111111"})
    assert poor.status_code == 422
    assert "at least 6 digits" in poor.text
    assert client.submit(link, {"password": "314159", "again": "3"}).status_code == 422
    assert client.submit(link, {"password": "314159", "again": "314159"}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_the_head_makes_a_link_for_a_member_and_the_member_comes_in(ledger: Ledger) -> None:
    head = make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    member = {"name": "卓玛", "phone": "13900139000", "role": "clerk", "language": "zh"}
    assert client.submit("/desk/members/", member).status_code == 302
    page = client.get("/desk/members/").text
    assert "卓玛" in page
    addresses = re.findall(r'action="(/desk/members/\w+/link)"', page)
    shown = client.submit(addresses[-1], page="/desk/members/").text
    link = re.search(r"https://t.example.cn(/in/[\w-]+)", shown)
    assert link
    second = another(client)
    second.submit(link[1], {"password": "314159", "again": "314159"})
    assert "卓玛" in second.get("/account/").text
    assert second.get("/desk/members/").status_code == 403, "a clerk manages nobody"


def test_the_station_helps_a_member_of_its_county_and_no_other(ledger: Ledger) -> None:
    head, far = make_producer(ledger), make_producer(ledger, division="211324")
    station = make_actor(ledger, make_party(ledger, "county_station"))
    client = signed_in(site(ledger), ledger, str(station.person_uid))
    assert f"party={head.party_uid}" in client.get("/desk/members/").text
    own = f"/desk/members/?party={head.party_uid}"
    answer = client.submit(f"/desk/members/{head.person_uid}/link", page=own)
    assert "/in/" in answer.text
    assert client.get(f"/desk/members/?party={far.party_uid}").status_code == 403
    refused = client.submit(f"/desk/members/{far.person_uid}/link", page=own)
    assert refused.status_code == 403


def test_a_link_stands_for_the_second_proof_of_its_session(ledger: Ledger) -> None:
    regulator = make_regulator(ledger)
    client = signed_in(site(ledger), ledger, str(regulator.person_uid))
    assert client.get("/inspect/parties").status_code == 200
