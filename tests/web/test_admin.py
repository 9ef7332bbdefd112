"""Administration, and organisations as operators and regulators see and decide them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from suyuan.trace.acts.parties import apply_for_party
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PartyFacts
from tests.web_clients import Client, signed_in, site
from tests.world import (
    KAZUO,
    SUO_COUNTY,
    make_actor,
    make_operator,
    make_party,
    make_producer,
    make_regulator,
)

APPLICATION = {
    "kind": "cooperative",
    "name": "亚拉镇牦牛合作社",
    "division": "索县",
    "phone": "13800138000",
    "undertaking": "yes",
}
ADMIN_PAGES = ("/admin/", "/admin/people", "/admin/keys", "/admin/settings", "/admin/parties")


def applied(ledger: Ledger, **more: str) -> str:
    facts = PartyFacts(
        "cooperative", "亚拉镇牦牛合作社", more.get("division", SUO_COUNTY), undertaking=True
    )
    return ledger.perform(SYSTEM, apply_for_party, facts)


def state(ledger: Ledger, uid: str) -> str:
    with ledger.database.read() as session:
        return queries.party(session, uid).state


def operator(ledger: Ledger) -> Client:
    return signed_in(site(ledger), ledger, str(make_operator(ledger).person_uid))


# --- who comes in --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_strangers_are_sent_to_sign_in_and_others_are_refused(ledger: Ledger, page: str) -> None:
    assert site(ledger).get(page).headers["Location"].startswith("/sign-in?next=/admin")
    head = str(make_producer(ledger).person_uid)
    assert signed_in(site(ledger), ledger, head).get(page).status_code == 403


def test_an_operator_sees_the_state_of_the_installation(ledger: Ledger) -> None:
    client = operator(ledger)
    for page in ADMIN_PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert answer.headers["Cache-Control"] == "no-store"
    assert "trace.example.cn" in client.get("/admin/").text
    keys = client.get("/admin/keys").text
    assert "trace.example.cn/log+" in keys
    assert "trace.example.cn/secret" not in keys


def test_settings_are_shown_without_anything_secret(ledger: Ledger) -> None:
    settings = replace(
        ledger.settings, smtp_url="smtps://me:pass-word@mail.example.cn:465",
        sms_url="https://sms.example.cn/send?key=pass-word",
    )  # fmt: skip
    page = operator(replace(ledger, settings=settings)).get("/admin/settings").text
    assert "SUYUAN_UPLOAD_BYTES" in page
    assert "smtps://***@mail.example.cn:465" in page
    assert "https://sms.example.cn/send" in page
    assert "pass-word" not in page
    assert ledger.settings.passphrase_file.read_text().strip() not in page


# --- coming in -----------------------------------------------------------------------------------


def test_anybody_applies_by_the_name_of_the_county(ledger: Ledger) -> None:
    answer = site(ledger).submit("/apply", APPLICATION)
    assert "The application of 亚拉镇牦牛合作社 was taken." in answer.text
    with ledger.database.read() as session:
        (party,) = queries.parties(session)
    assert (party.division, party.state) == (SUO_COUNTY, "applied")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("division", "无此县", "No place of this name is known"),
        ("phone", "12", "not a telephone number"),
        ("uscc", "123", "unified social credit code"),
        ("undertaking", "", "undertaking"),
        ("kind", "regulator", "added by an operator"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    ledger: Ledger, field: str, value: str, told: str
) -> None:
    answer = site(ledger).submit("/apply", {**APPLICATION, field: value})
    assert answer.status_code == 422
    assert told in answer.text
    assert APPLICATION["name"] in answer.text, "what was typed is kept"


def test_a_name_of_several_places_is_asked_back(ledger: Ledger) -> None:
    answer = site(ledger).submit("/apply", {**APPLICATION, "division": "城关"})
    assert answer.status_code == 422
    codes = re.findall(r'<option value="(\d{6,9})">', answer.text)
    assert len(codes) > 1
    assert site(ledger).submit("/apply", {**APPLICATION, "division": codes[0]}).status_code == 200


def test_a_head_applies_for_a_household_of_its_own(ledger: Ledger) -> None:
    head = make_producer(ledger)
    client = signed_in(site(ledger), ledger, str(head.person_uid))
    form = {**APPLICATION, "kind": "household_group", "member_of_mine": "yes", "phone": ""}
    assert client.submit("/desk/apply", form).status_code == 200
    assert "亚拉镇牦牛合作社" in client.get("/desk/members/").text


# --- deciding ------------------------------------------------------------------------------------


def test_a_regulator_admits_suspends_and_lets_go_on(ledger: Ledger) -> None:
    uid = applied(ledger)
    client = signed_in(site(ledger), ledger, str(make_regulator(ledger).person_uid))
    assert "亚拉镇牦牛合作社" in client.get("/inspect/parties?state=applied").text
    page = f"/inspect/parties/{uid}"
    assert client.submit(page, {"act": "check", "reason": " "}).status_code == 422
    assert client.submit(page, {"act": "explode", "reason": "x"}).status_code == 400
    for act, becomes in (("check", "active"), ("suspend", "suspended"), ("reinstate", "active")):
        assert client.submit(page, {"act": act, "reason": "营业执照"}).status_code == 302
        assert state(ledger, uid) == becomes


def test_a_regulator_sees_its_own_divisions_only(ledger: Ledger) -> None:
    here, there = applied(ledger), applied(ledger, division=KAZUO)
    client = signed_in(site(ledger), ledger, str(make_regulator(ledger).person_uid))
    listed = client.get("/inspect/parties").text
    assert here in listed
    assert there not in listed
    assert client.get(f"/inspect/parties/{there}").status_code == 403


def test_an_inspector_decides_nothing(ledger: Ledger) -> None:
    inspector = make_regulator(ledger, role="inspector")
    client = signed_in(site(ledger), ledger, str(inspector.person_uid))
    assert client.get(f"/inspect/parties/{applied(ledger)}").status_code == 403


def test_an_operator_says_what_a_regulator_is_competent_for(ledger: Ledger) -> None:
    uid = make_party(ledger, "regulator")
    client = operator(ledger)
    page = f"/admin/parties/{uid}/competences"
    one = {"agency": "农业农村局", "division": "索县", "family": "yak_meat", "stage": ""}
    assert client.submit(page, one | {"valid_from": "yesterday"}).status_code == 422
    assert client.submit(page, one | {"valid_from": "2026-01-01"}).status_code == 302
    client.submit(page, {"agency": "市场监管局", "division": "540626"})
    with ledger.database.read() as session:
        party = queries.party(session, uid)
        said = queries.stated_competences(session, party.id)
        assert [(c.agency, c.family) for c in said] == [
            ("农业农村局", "yak_meat"),
            ("市场监管局", None),
        ]
    client.submit(page, {"remove": str(said[0].id)})
    shown = client.get(f"/admin/parties/{uid}").text
    assert "市场监管局" in shown
    assert "农业农村局" not in shown


def test_pages_of_many_organisations_follow_each_other(ledger: Ledger) -> None:
    uids = [applied(ledger) for _ in range(52)]
    client = operator(ledger)
    first = client.get("/admin/parties?state=applied").text
    onward = re.search(r'href="([^"]*after=\d+[^"]*)"', first)
    assert onward
    second = client.get(onward[1].replace("&amp;", "&")).text
    assert [uid in first for uid in uids] == [True] * 50 + [False] * 2
    assert [uid in second for uid in uids] == [False] * 50 + [True] * 2


def test_a_clerk_reads_organisations_of_nobody(ledger: Ledger) -> None:
    clerk = make_actor(ledger, make_party(ledger), "clerk")
    client = signed_in(site(ledger), ledger, str(clerk.person_uid))
    for area in ("inspect", "admin"):
        assert client.get(f"/{area}/parties").status_code == 403
