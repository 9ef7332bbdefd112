"""What people read of a paper: what is used of its amount, that it was revoked, what renews it."""

from __future__ import annotations

from datetime import date

from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quantities import Quantity
from tests import world
from tests.api_clients import client as program
from tests.web.desk_world import desk
from tests.web_clients import signed_in, site

PERMIT = "藏野采 0187"
PERMITTED = world.kg(120)


def _permit(ledger: Ledger, head: Actor, place: str, amount: Quantity = PERMITTED) -> str:
    facts = PaperFacts(
        "gathering_permit", PERMIT, str(head.party_uid), "索县林业和草原局",
        valid_from=date(2026, 5, 1), valid_to=date(2026, 7, 31), amount=amount,
        covers=(Covers("site", place),),
    )  # fmt: skip
    return ledger.perform(head, register_paper, facts)


def _gathered(ledger: Ledger, head: Actor, place: str) -> str:
    return world.make_batch(
        ledger, head, world.kg(3), family="cordyceps", variant="fresh", site=place
    )


def test_every_page_of_a_paper_shows_what_is_used_of_it(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    place = world.make_site(ledger, head)
    permit = _permit(ledger, head, place)
    code = _gathered(ledger, head, place)
    told = "3 kg of 120 kg drawn, 117 kg left"
    assert told in site(ledger).get(f"/t/{code}").text
    here = desk(ledger, head).get(f"/desk/papers/{permit}").text
    assert "117" in here
    assert "registered" in here
    inspector = world.make_regulator(ledger)
    sheet = signed_in(site(ledger), ledger, str(inspector.person_uid))
    there = sheet.get(f"/inspect/papers/{permit}").text
    assert told in there
    assert f"/inspect/batches/{code}" in there
    answer = program(ledger, head).read(f"/papers/{permit}").json
    assert answer["drawn"] == {"amount": "3", "unit": "KGM"}
    assert answer["left"] == {"amount": "117", "unit": "KGM"}


def test_a_chinese_page_counts_in_chinese(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    place = world.make_site(ledger, head)
    permit = _permit(ledger, head, place, Quantity.of(120, "H87"))
    pieces = Quantity.of(115, "H87")
    code = world.make_batch(ledger, head, pieces, family="cordyceps", variant="fresh", site=place)
    inspector = world.make_regulator(ledger)
    clerk = signed_in(site(ledger), ledger, str(head.person_uid))
    sheet = signed_in(site(ledger), ledger, str(inspector.person_uid))
    chinese = {"Accept-Language": "zh"}
    pages = [
        site(ledger).get(f"/t/{code}", headers=chinese),
        clerk.get(f"/desk/papers/{permit}", headers=chinese),
        sheet.get(f"/inspect/papers/{permit}", headers=chinese),
    ]
    for page in pages:
        for quantity in ("115 件", "120 件", "5 件"):
            assert quantity in page.text
        assert "piece" not in page.text


def test_more_than_is_left_is_refused_in_words_by_form_and_by_program(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    place = world.make_site(ledger, head)
    _permit(ledger, head, place)
    batch = {
        "party": head.party_uid, "family": "cordyceps", "variant": "fresh", "site": place,
        "quantity": {"amount": "121", "unit": "KGM"},
    }  # fmt: skip
    refused = program(ledger, head).send("/batches", batch)
    assert refused.status_code == 409
    assert refused.json["type"].endswith("quota-exceeded")
    for words in ("121 kg", "120 kg", PERMIT, "索县林业和草原局"):
        assert words in refused.json["detail"]


def test_a_page_that_was_remembered_says_at_once_that_a_paper_was_revoked(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    place = world.make_site(ledger, head)
    permit = _permit(ledger, head, place)
    code, client = _gathered(ledger, head, place), site(ledger)
    assert "A paper behind it was revoked" not in client.get(f"/t/{code}").text
    ledger.perform(head, revoke_paper, permit, "越界采集")
    page = client.get(f"/t/{code}").text
    assert "A paper behind it was revoked" in page
    assert "越界采集" in page
    chinese = client.get(f"/t/{code}?lang=zh").text
    assert "所依据的证照已被撤销" in chinese


def test_a_renewal_is_entered_from_the_page_of_what_it_renews(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    place = world.make_site(ledger, head)
    permit = _permit(ledger, head, place)
    client = desk(ledger, head)
    page = f"/desk/papers/new?kind=gathering_permit&renews={permit}"
    assert page.replace("&", "&amp;") in client.get(f"/desk/papers/{permit}").text
    form = {
        "kind": "gathering_permit", "renews": permit, "number": "藏野采 0201",
        "covers": f"site:{place}", "valid_from": "2027-05-01",
    }  # fmt: skip
    answer = client.submit("/desk/papers/new", form, page=page)
    assert answer.status_code == 302, answer.text
    assert PERMIT in client.get(answer.location).text
    old = client.get(f"/desk/papers/{permit}").text
    assert "藏野采 0201" in old
    assert page.replace("&", "&amp;") not in old
