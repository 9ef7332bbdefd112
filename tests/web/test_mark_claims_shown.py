"""Marks in words (有机): no text of a batch says them unproved, and no page shows them as true."""

from __future__ import annotations

import json
from datetime import date

import pytest

from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.mark_claims import MarkUnproved
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.web_clients import Client, signed_in, site


@pytest.fixture
def head(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def desk(ledger: Ledger, head: Actor) -> Client:
    return signed_in(site(ledger, accept_language="zh"), ledger, str(head.person_uid))


def _certify(ledger: Ledger, head: Actor, *covers: Covers, year: int = 2026) -> str:
    facts = PaperFacts(
        "organic", "081OP1300182", str(head.party_uid), covers=covers,
        valid_from=date(year, 1, 1), valid_to=date(year, 12, 31),
    )  # fmt: skip
    return ledger.perform(head, register_paper, facts)


def test_a_batch_that_calls_itself_organic_is_refused_until_a_certificate_is_there(
    ledger: Ledger, head: Actor, desk: Client
) -> None:
    form = {
        "goods": "grain/millet", "quantity": "100", "quantity.unit": "KGM", "name": "有机小米",
    }  # fmt: skip

    def register() -> tuple[int, str]:
        page = "/desk/batches/new?goods=grain/millet"
        answer = desk.submit("/desk/batches/new", form, page=page)
        return answer.status_code, answer.text

    status, text = register()
    assert status == 409
    assert "有机产品认证证书" in text, "what is missing"
    assert "认证机构" in text, "and who gives it"
    paper = _certify(ledger, head, Covers("party", str(head.party_uid)))
    assert register()[0] == 302
    ledger.perform(head, revoke_paper, paper, "证书撤销")
    assert register()[0] == 409


def test_a_fact_of_a_batch_claims_nothing_unproved_either(ledger: Ledger, head: Actor) -> None:
    with pytest.raises(MarkUnproved, match=r"^attributes: organic is said of these goods"):
        world.make_batch(ledger, head, attributes={"cultivar": "有机晋谷21号"})
    assert world.make_batch(ledger, head, attributes={"cultivar": "晋谷21号"})


def test_a_product_may_be_named_before_its_certificate_and_is_warned(
    ledger: Ledger, head: Actor, desk: Client
) -> None:
    form = {"goods": "grain/millet", "name": "有机小米", "label.net_content": "500 g"}
    answer = desk.submit("/desk/products/new", form, page="/desk/products/new?goods=grain/millet")
    assert answer.status_code == 302
    for page in ("/desk/products/", answer.location):
        text = desk.get(page).text
        assert "该产品标称“有机”" in text
        assert "有机产品认证证书" in text, "what is missing"
        assert "认证机构" in text, "and who gives it"
    _certify(ledger, head, Covers("product", answer.location.rsplit("/", 1)[1]))
    desk.submit(answer.location, {"label.net_content": "500 g"})
    assert "该产品标称" not in desk.get(answer.location).text


def test_the_page_of_goods_says_that_a_mark_is_not_proven(ledger: Ledger, head: Actor) -> None:
    product = world.make_product(ledger, head, name="有机小米", names={"en": "Organic millet"})
    code = world.make_batch(ledger, head, product=product)
    public = site(ledger)

    def page(language: str) -> str:
        return public.get(f"/t/{code}", headers={"Accept-Language": language}).text

    said = {
        "zh": "此处标称“有机”，但本平台没有准许这样标称的有效证照",
        "en": "“organic” is said of it, and no paper that allows that is known here",
        "bo": "没有准许这样标称的有效证照",
    }
    assert all(text in page(language) for language, text in said.items())
    told = json.loads(public.get(f"/api/v1/passport?code={code}").text)
    assert [one["zh"] for one in told["unproved"]] == ["有机"]
    _certify(ledger, head, Covers("product", product), year=2020)
    assert said["zh"] in page("zh"), "it was not in force when the goods were made"


def test_the_page_believes_a_mark_while_its_certificate_holds(ledger: Ledger, head: Actor) -> None:
    product = world.make_product(ledger, head, name="有机小米")
    paper = _certify(ledger, head, Covers("product", product))
    code = world.make_batch(ledger, head, product=product)
    public = site(ledger)
    unproved = "no paper that allows that is known here"
    assert unproved not in public.get(f"/t/{code}").text
    ledger.perform(head, revoke_paper, paper, "证书撤销")
    assert unproved in public.get(f"/t/{code}").text
