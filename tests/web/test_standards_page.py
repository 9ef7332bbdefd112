"""``/standards``: any limit with its source and history."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Ledger
from tests.web_clients import site


def test_every_product_has_a_page_of_its_limits(ledger: Ledger) -> None:
    page = site(ledger).get("/standards", headers={"Accept-Language": "zh"})
    assert page.status_code == 200
    assert 'href="/standards?product_class=sorghum">高粱<' in page.text


def test_a_limit_shows_source_days_and_what_held_before(ledger: Ledger) -> None:
    english = {"Accept-Language": "en"}
    page = site(ledger).get("/standards?product_class=cooked_jerky", headers=english).text
    lead = page[page.index('id="gb_2762/2025/lead.meat_product"') :]
    now, before = lead.index("GB 2762-2025"), lead.index("GB 2762-2017")
    assert now < before
    assert "unconfirmed" in lead[now:before]
    assert "carried over from GB 2762-2022" in lead[now:before]
    assert "made from 2017-09-17 to 2023-06-29, no longer in force" in lead
    assert "≤ 0.5 mg/kg" in lead


def test_what_is_confirmed_is_not_called_unconfirmed(ledger: Ledger) -> None:
    page = site(ledger).get("/standards?product_class=vinegar", headers={"Accept-Language": "en"})
    row = page.text[page.text.index('id="gb_2719/2018/acid.vinegar"') :].split("</li>")[0]
    assert "≥ 3.5 g/100 mL" in row
    assert "made since 2019-12-21" in row
    assert "unconfirmed" not in row


def test_a_class_that_does_not_exist_is_said_so(ledger: Ledger) -> None:
    assert site(ledger).get("/standards?product_class=carton").status_code == 404
