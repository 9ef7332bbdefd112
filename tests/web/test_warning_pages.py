"""Warnings on the pages: found by those they are for, taken up, closed with proof, told to all."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from suyuan.trace.acts.publishing import end_publication, propose_publication, publish
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import SetClock
from suyuan.trace.notices import queries
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.queries import party
from tests import world
from tests.web.scanning import open_code
from tests.web_clients import Client, another, signed_in, site


def _warned(w: Writing, rule: str, code: str) -> str:
    uid = warn(w, rule, code, batch=batch(w.session, code), evidence={"trace_code": code})
    assert uid is not None
    return uid


def _of_party(w: Writing, uid: str) -> str:
    return str(warn(w, "paper_revoked", uid, party=party(w.session, uid), evidence={"party": uid}))


class Place:
    """A county with a co-operative that two warnings are about, its office, and a stranger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.owner, self.office = world.make_producer(ledger), world.make_regulator(ledger)
        self.code = world.make_batch(ledger, self.owner)
        self.high = ledger.perform(SYSTEM, _warned, "over_limit", self.code)
        self.low = ledger.perform(SYSTEM, _warned, "paper_near_end", self.code)
        self.site = site(ledger)

    def browser(self, actor: Actor) -> Client:
        client = another(self.site)
        signed_in(client, self.ledger, str(actor.person_uid))
        return client

    def stands(self, uid: str) -> EarlyWarning:
        with self.ledger.database.read() as session:
            return queries.warning(session, uid)


@pytest.fixture
def place(ledger: Ledger) -> Place:
    return Place(ledger)


def test_the_lists_hold_what_is_for_the_reader(place: Place) -> None:
    office, owner = place.browser(place.office), place.browser(place.owner)
    elsewhere = place.browser(world.make_regulator(place.ledger, world.KAZUO))
    assert "2 warnings are open" in office.get("/inspect/").text
    assert "2 are open" in owner.get("/desk/").text
    for client, page in ((office, "/inspect/warnings"), (owner, "/desk/warnings/")):
        assert all(uid in client.get(page).text for uid in (place.high, place.low))
        graver = client.get(f"{page}?severity=high").text
        assert place.high in graver
        assert place.low not in graver
        assert "There is none." in client.get(f"{page}?state=closed").text
    assert place.high not in elsewhere.get("/inspect/warnings").text
    assert elsewhere.get(f"/inspect/warnings/{place.high}").status_code == 404


def test_a_page_leads_to_the_evidence(place: Place) -> None:
    page = place.browser(place.office).get(f"/inspect/warnings/{place.high}").text
    assert f'href="/inspect/batches/{place.code}"' in page
    assert "result over the limit" in page


def test_taken_up_acted_on_and_closed_with_a_file(place: Place) -> None:
    office, owner = place.browser(place.office), place.browser(place.owner)
    inspected, own = f"/inspect/warnings/{place.high}", f"/desk/warnings/{place.high}"
    assert office.submit(inspected, {"act": "acknowledge"}).status_code == 302
    assert owner.submit(own, {"act": "act", "note": "已停售"}).status_code == 302
    assert 'value="close"' not in owner.get(own).text
    empty = office.submit(inspected, {"act": "close", "note": " "})
    assert empty.status_code == 422
    assert "closed with proof" in empty.text
    file = (io.BytesIO(b"%PDF-1.7 report"), "复检.pdf")
    assert office.submit(inspected, {"act": "close", "evidence": file}).status_code == 302
    assert place.stands(place.high).state == "closed"
    page = office.get(inspected).text
    assert "复检.pdf" in page
    assert "已停售" in page
    assert "with a file as proof" in owner.get(own).text


def test_a_record_is_offered_as_proof(place: Place, clock: SetClock) -> None:
    office, page = place.browser(place.office), f"/inspect/warnings/{place.high}"
    assert "No record of these goods" in office.get(page).text
    clock.move(clock.now() + timedelta(hours=1))
    disposed = world.make_event(place.ledger, place.owner, "dispose", place.code)
    bare = office.submit(page, {"act": "close", "note": "ok"})
    assert bare.status_code == 422
    assert 'href="#f-proof"' in bare.text
    assert f'<option value="{disposed}">event disposal' in bare.text
    assert office.submit(page, {"act": "close", "proof": disposed}).status_code == 302
    assert f'href="/inspect/events/{disposed}"' in office.get(page).text


def test_consumers_are_told_by_a_second_person(place: Place) -> None:
    office = place.browser(place.office)
    page, text = f"/inspect/warnings/{place.high}", "请勿食用该批小米，可退货。"
    assert "There is none now." in place.site.get("/warnings").text
    assert office.submit(page, {"act": "propose", "note": text}).status_code == 302
    assert office.submit(page, {"act": "publish"}).status_code == 403
    assert text not in place.site.get("/warnings").text
    second = place.browser(
        world.make_actor(place.ledger, str(place.office.party_uid), "supervisor")
    )
    inspector = place.browser(
        world.make_actor(place.ledger, str(place.office.party_uid), "inspector")
    )
    assert inspector.submit(page, {"act": "publish"}).status_code == 403
    assert second.submit(page, {"act": "publish"}).status_code == 302
    told = place.site.get("/warnings").text
    assert text in told
    assert f"/t/{place.code}" in told
    assert second.submit(page, {"act": "end", "note": "已全部召回"}).status_code == 302
    assert text not in place.site.get("/warnings").text


def test_a_published_risk_stands_on_the_page_of_its_code(place: Place) -> None:
    """And of what was made of it, in every language, until it is taken back."""
    text, ledger = "请勿食用该批小米，可退货。", place.ledger
    part = world.make_split(ledger, place.owner, place.code, 40)[0]
    others = world.make_batch(ledger, place.owner)
    second = world.make_actor(ledger, str(place.office.party_uid), "supervisor")

    def page(code: str, language: str = "en") -> str:
        return open_code(place.site, f"/t/{code}", accept_language=language).text

    ledger.perform(place.office, propose_publication, place.high, text)
    assert text not in page(place.code)
    ledger.perform(second, publish, place.high)
    for code in (place.code, part):
        assert f'<span lang="zh-CN">{text}</span>' in page(code)
        assert "the regulators warn of a risk" in page(code)
        assert "Nothing is recorded against it" not in page(code)
        for language in ("zh", "bo"):
            assert "有：监管部门发布了风险警示" in page(code, language)
            assert text in page(code, language)
    assert f'href="/t/{place.code}">of a batch that is in this one' in page(part)
    assert text not in page(others)
    told = open_code(place.site, f"/t/{part}", accept="application/json").json
    assert told is not None
    assert [one["text"] for one in told["risks"]] == [text]
    ledger.perform(second, end_publication, place.high, "已全部召回")
    assert all(text not in page(code) for code in (place.code, part))


def test_a_risk_of_an_organisation_stands_on_the_pages_of_its_goods(ledger: Ledger) -> None:
    owner, office = world.make_producer(ledger), world.make_regulator(ledger)
    code, other = (
        world.make_batch(ledger, owner),
        world.make_batch(ledger, world.make_producer(ledger)),
    )
    uid = ledger.perform(SYSTEM, _of_party, str(owner.party_uid))
    second = world.make_actor(ledger, str(office.party_uid), "supervisor")
    ledger.perform(office, propose_publication, uid, "该社合格证已撤销")
    ledger.perform(second, publish, uid)
    client = site(ledger)
    assert "该社合格证已撤销" in open_code(client, f"/t/{code}").text
    assert "该社合格证已撤销" not in open_code(client, f"/t/{other}").text


def test_where_warnings_are_sent(place: Place) -> None:
    owner = place.browser(place.owner)
    page = "/desk/warnings/contacts"
    for channel, address, status in (
        ("email", "a@example.cn", 302), ("email", "a@example.cn", 409), ("email", "nobody", 422),
        ("sms", "13800138000", 302), ("sms", "1234", 422),
        ("webhook", "https://hooks.example.cn/w", 302), ("webhook", "http://127.0.0.1/", 422),
        ("pigeon", "coop", 422),
    ):  # fmt: skip
        given = {"act": "add", "channel": channel, "address": address, "least": "low"}
        assert owner.submit(page, given).status_code == status, (channel, address)
    with place.ledger.database.read() as session:
        contacts = queries.contacts_of(session, place.owner.party_id or 0)
    assert [one.address for one in contacts] == [
        "a@example.cn", "13800138000", "https://hooks.example.cn/w",
    ]  # fmt: skip
    shown = owner.submit(page, {"act": "secret", "contact": contacts[2].uid})
    assert "are signed with" in shown.text
    assert owner.submit(page, {"act": "end", "contact": contacts[0].uid}).status_code == 302
    assert "a@example.cn" not in owner.get(page).text
