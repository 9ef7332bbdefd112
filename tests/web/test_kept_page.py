"""Legal holds on a page: placed and lifted by who may, and what is due for the operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from tests import world
from tests.web_clients import signed_in, site


def test_a_regulator_places_and_lifts_a_hold(ledger: Ledger) -> None:
    code = world.make_batch(ledger, world.make_producer(ledger))
    client = signed_in(site(ledger), ledger, str(world.make_regulator(ledger).person_uid))
    page = "/inspect/kept"
    placed = client.submit(page, {"act": "place", "about": code, "reason": "案件 2026-17"})
    assert placed.status_code == 302
    shown = client.get(page).text
    assert code in shown
    assert "案件 2026-17" in shown
    uid = shown.split('name="hold" value="')[1][:26]
    lifted = client.submit(page, {"act": "lift", "hold": uid, "reason": "结案"})
    assert lifted.status_code == 302
    shown = client.get(page).text
    assert "结案" in shown
    assert 'name="hold"' not in shown


def test_what_cannot_be_held_is_said(ledger: Ledger) -> None:
    client = signed_in(site(ledger), ledger, str(world.make_operator(ledger).person_uid))
    answer = client.submit("/admin/kept", {"act": "place", "about": "牦牛", "reason": "案件"})
    assert answer.status_code == 422
    assert "There is no person" in answer.text


def test_an_operator_sees_what_is_due(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = world.make_batch(ledger, actor)
    world.make_event(ledger, actor, "purchase", code, payload={"seller": "扎西"})
    then = replace(ledger, clock=SetClock(ledger.clock.now() + timedelta(days=800)))
    client = signed_in(site(then), then, str(world.make_operator(ledger).person_uid))
    page = client.get("/admin/kept").text
    assert "kde.seller" in page
    assert "purchase checks of who makes or trades food" in page


def test_the_articles_of_law_are_told_in_the_language_of_the_reader(ledger: Ledger) -> None:
    operator = str(world.make_operator(ledger).person_uid)
    chinese = signed_in(site(ledger, accept_language="zh"), ledger, operator)
    page = chinese.get("/admin/kept").text
    assert "《食品召回管理办法》第二十八条：不少于二年" in page
    assert "or more" not in page
    english = signed_in(site(ledger), ledger, operator)
    assert "Measures on Food Recalls, Art. 28: two years or more" in english.get("/admin/kept").text
