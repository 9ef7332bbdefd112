"""Signing in: number and PIN, the second proof, sessions, and where one is sent."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from suyuan.trace.acts.people import add_person, set_password
from suyuan.trace.acts.sign_in import set_second_factor
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.parties import queries, second_factor
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PersonFacts
from suyuan.web.app import create_app
from tests.web_clients import Client, another, signed_in, site
from tests.world import make_operator, make_party, make_producer, make_regulator

PIN = "271828"
PHONE = "13800138000"
WITH_PIN = {"phone": PHONE, "password": PIN}


def add_head(ledger: Ledger, party: str | None = None) -> str:
    facts = PersonFacts("次仁", PHONE, password=PIN)
    return ledger.perform(SYSTEM, add_person, facts, party or make_party(ledger), "head")


def cookie(client: Client) -> str:
    found = client.get_cookie("suyuan")
    assert found is not None
    return found.value


def test_number_and_pin_let_in_and_lead_where_one_was_going(ledger: Ledger) -> None:
    add_head(ledger)
    client = site(ledger)
    away = client.get("/desk/members/")
    assert away.headers["Location"] == "/sign-in?next=/desk/members/"
    answer = client.submit("/sign-in?next=/desk/members/", WITH_PIN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/members/")
    assert "次仁" in client.get("/desk/members/").text


@pytest.mark.parametrize(
    "wrong", [{"phone": PHONE, "password": "271829"}, {"phone": "x", "password": PIN}, {}]
)
def test_a_wrong_pin_and_a_wrong_number_look_alike(ledger: Ledger, wrong: dict[str, str]) -> None:
    add_head(ledger)
    client = site(ledger)
    answer = client.submit("/sign-in", wrong)
    assert answer.status_code == 401
    assert "This number and this PIN do not belong together." in answer.text
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//e"],
)
def test_one_is_never_led_to_another_site(ledger: Ledger, elsewhere: str) -> None:
    add_head(ledger)
    answer = site(ledger).submit("/sign-in", {**WITH_PIN, "next": elsewhere})
    assert answer.headers["Location"] == "/account/"


def test_a_new_pin_signs_other_devices_out_and_keeps_this_one(ledger: Ledger) -> None:
    add_head(ledger)
    here = site(ledger)
    there = another(here)
    for client in (here, there):
        client.submit("/sign-in", WITH_PIN)
    change = {"old": PIN, "password": "314159", "again": "314159"}
    assert here.submit("/account/pin", {**change, "again": "1"}).status_code == 422
    assert here.submit("/account/pin", {**change, "old": "000001"}).status_code == 422
    assert here.submit("/account/pin", change).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_signing_out_ends_the_session_here(ledger: Ledger) -> None:
    client = site(ledger)
    signed_in(client, ledger, str(make_producer(ledger).person_uid))
    assert client.get("/sign-out").status_code == 405
    client.submit("/sign-out", page="/account/")
    assert client.get("/account/").status_code == 302


def test_a_session_lasts_thirty_days_in_a_cookie_that_scripts_cannot_read(ledger: Ledger) -> None:
    add_head(ledger)
    header = site(ledger).submit("/sign-in", WITH_PIN).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires=" in header


def test_a_forged_or_foreign_session_is_a_strangers(ledger: Ledger) -> None:
    client = site(ledger)
    signed_in(client, ledger, str(make_producer(ledger).person_uid))
    value = cookie(client)
    client.set_cookie("suyuan", value[:20] + ("A" if value[20] != "A" else "B") + value[21:])
    assert client.get("/account/").status_code == 302


def limited(ledger: Ledger, sign_in: str = "99 per minute", person: str = "99 per hour") -> Client:
    """A browser at a site that limits tries."""
    settings = replace(ledger.settings, rate_sign_in=sign_in, rate_person=person)
    app = create_app(replace(ledger, settings=settings))
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def test_one_address_tries_so_often_and_no_more(ledger: Ledger) -> None:
    client = limited(ledger, sign_in="3 per minute")
    answers = [client.submit("/sign-in", {"phone": str(n)}).status_code for n in range(5)]
    assert answers == [401, 401, 401, 429, 429]
    assert client.get("/sign-in").status_code == 200


def test_one_person_is_tried_so_often_from_wherever(ledger: Ledger) -> None:
    add_head(ledger)
    client = limited(ledger, person="2 per hour")
    for number in ("13800138000", "+86 138-0013-8000"):
        assert client.submit("/sign-in", {"phone": number, "password": "1"}).status_code == 401
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert client.submit("/sign-in", WITH_PIN).status_code == 429
    assert client.submit("/sign-in", {**WITH_PIN, "phone": "13900139000"}).status_code == 401


def test_signing_in_rightly_counts_against_nobody(ledger: Ledger) -> None:
    add_head(ledger)
    client = limited(ledger, person="2 per hour")
    for _ in range(4):
        assert client.submit("/sign-in", WITH_PIN).status_code == 302


# --- second proof --------------------------------------------------------------------------------


def secret_on(page: str) -> bytes:
    text = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page)
    assert text
    return base64.b32decode(text[1].replace(" ", ""))


def code(ledger: Ledger, secret: bytes) -> str:
    return second_factor.code_of(secret, int(ledger.clock.now().timestamp()) // 30)


def test_a_regulator_sets_an_authenticator_up_before_anything_else(
    ledger: Ledger, clock: SetClock
) -> None:
    regulator = make_regulator(ledger)
    ledger.perform(SYSTEM, set_password, str(regulator.person_uid), PIN)
    with ledger.database.read() as session:
        number = queries.person(session, str(regulator.person_uid)).phone
    way_in = {"phone": number, "password": PIN}
    client = site(ledger)
    client.submit("/sign-in", way_in)
    away = client.get("/inspect/parties")
    assert away.headers["Location"] == "/account/second-factor?next=/inspect/parties"
    secret = secret_on(client.get("/account/second-factor").text)
    assert client.submit("/account/second-factor", {"code": "000000"}).status_code == 422
    answer = client.submit(
        "/account/second-factor", {"code": code(ledger, secret), "next": "/inspect/parties"}
    )
    assert answer.headers["Location"] == "/inspect/parties"
    assert client.get("/inspect/parties").status_code == 200

    clock.move(clock.at + timedelta(minutes=1))
    second = another(client)
    asked = second.submit("/sign-in", way_in)
    assert asked.headers["Location"].startswith("/sign-in/code")
    assert second.get("/account/").status_code == 302, "number and PIN alone are not enough"
    assert second.submit("/sign-in/code", {"code": "000000"}).status_code == 401
    second.submit("/sign-in/code", {"code": code(ledger, secret)})
    assert second.get("/inspect/parties").status_code == 200
    third = another(client)
    third.submit("/sign-in", way_in)
    again = third.submit("/sign-in/code", {"code": code(ledger, secret)})
    assert again.status_code == 401, "a code serves once"


def test_the_code_must_follow_the_pin_within_minutes(ledger: Ledger, clock: SetClock) -> None:
    uid, secret = add_head(ledger), second_factor.new_secret()
    with ledger.database.read() as session:
        who = queries.actor_of(session, uid, None, clock.now().date(), "web")
    ledger.perform(who, set_second_factor, uid, secret, code(ledger, secret))
    client = site(ledger)
    client.submit("/sign-in", WITH_PIN)
    clock.move(clock.at + timedelta(minutes=11))
    assert client.get("/sign-in/code").headers["Location"].startswith("/sign-in?")


def test_the_code_page_without_a_pin_before_leads_to_it(ledger: Ledger) -> None:
    assert site(ledger).get("/sign-in/code").headers["Location"].startswith("/sign-in?")


def test_an_authenticator_may_be_removed_again(ledger: Ledger) -> None:
    client = site(ledger)
    signed_in(client, ledger, str(make_operator(ledger).person_uid))
    secret = secret_on(client.get("/account/second-factor").text)
    client.submit("/account/second-factor", {"code": code(ledger, secret)})
    assert "Change my authenticator" in client.get("/account/").text
    client.submit("/account/second-factor/remove", page="/account/second-factor")
    assert "Set up an authenticator" in client.get("/account/").text


def test_a_session_without_the_code_ends_when_an_authenticator_is_set_up(ledger: Ledger) -> None:
    uid = add_head(ledger)
    old = site(ledger)
    old.submit("/sign-in", WITH_PIN)
    own = another(old)
    own.submit("/sign-in", WITH_PIN)
    secret = secret_on(own.get("/account/second-factor").text)
    token = old.token("/account/")
    own.submit("/account/second-factor", {"code": code(ledger, secret)})
    old.post("/account/second-factor/remove", data={"csrf_token": token})
    with ledger.database.read() as session:
        assert queries.person(session, uid).second_factor is not None
    assert old.get("/account/tokens").headers["Location"].startswith("/sign-in")
    assert own.get("/account/tokens").status_code == 200


# --- one's own account ---------------------------------------------------------------------------


def test_one_acts_for_the_organisation_chosen(ledger: Ledger) -> None:
    head = make_producer(ledger, name="亚拉合作社")
    other = make_party(ledger, "retailer", name="拉萨店")
    with ledger.database.read() as session:
        phone = queries.person(session, str(head.person_uid)).phone
    ledger.perform(SYSTEM, add_person, PersonFacts("次仁", phone), other, "head")
    client = signed_in(site(ledger), ledger, str(head.person_uid), other)
    assert "Members: 拉萨店" in client.get("/desk/members/").text
    refused = client.submit(
        "/account/organisation", {"party": make_party(ledger)}, page="/account/"
    )
    assert refused.status_code == 403


def test_a_token_is_shown_once_and_can_be_revoked(ledger: Ledger) -> None:
    client = signed_in(site(ledger), ledger, str(make_producer(ledger).person_uid))
    made = client.submit("/account/tokens", {"label": "秤", "days": "30"}).text
    secret = re.search(r"sy_[\w-]+", made)
    assert secret
    listed = client.get("/account/tokens").text
    assert "秤" in listed
    assert secret[0] not in listed
    revoke = re.search(r'action="(/account/tokens/\w+/revoke)"', listed)
    assert revoke
    client.submit(revoke[1], page="/account/tokens")
    assert "秤" not in client.get("/account/tokens").text
    assert client.submit("/account/tokens", {"label": "x", "days": "9999"}).status_code == 422


def test_the_language_chosen_is_kept(ledger: Ledger) -> None:
    client = signed_in(site(ledger), ledger, str(make_producer(ledger).person_uid))
    client.submit("/account/language", {"language": "zh"}, page="/account/")
    assert '<html lang="zh-CN">' in client.get("/account/").text
    answer = client.submit("/account/language", {"language": "xx"}, page="/account/")
    assert answer.status_code == 422


def test_an_inactive_person_is_out_at_once(ledger: Ledger) -> None:
    uid = str(make_producer(ledger).person_uid)
    client = signed_in(site(ledger), ledger, uid)
    with ledger.database.write() as session:
        queries.person(session, uid).active = False
        session.commit()
    assert client.get("/account/").status_code == 302
