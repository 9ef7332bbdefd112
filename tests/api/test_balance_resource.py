"""Balances by the API: of one batch, and reports page by page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.api_clients import application, client
from tests.world import kg


@pytest.fixture
def made(ledger: Ledger) -> tuple[Actor, list[str]]:
    """A co-operative and three batches of milled millet, of which 75, 80 and 90 kg of 100."""
    actor = world.make_producer(ledger)
    codes = []
    for amount in (75, 80, 90):
        whole = world.make_batch(ledger, actor, kg(100))
        outputs = (world.batch_facts(actor, kg(amount), variant="millet_milled"),)
        facts = world.transformation(ledger, actor, "process", {whole: None}, outputs)
        codes += ledger.perform(actor, transform, facts)["batches"]
    return actor, codes


def test_a_batch_tells_its_account_and_what_does_not_add_up(
    ledger: Ledger, made: tuple[Actor, list[str]]
) -> None:
    actor, codes = made
    program = client(ledger, actor)
    told = program.read(f"/batches/{codes[2]}/balance").json
    account = {
        name: Decimal(value)
        for name, value in told["account"].items()
        if name not in ("unit", "basis")
    }
    assert account["closing"] == (
        account["opening"] + account["taken_in"] - account["given_out"] - account["by_products"]
        - account["loss"] - account["samples"] - account["returns"]
    )  # fmt: skip
    assert (account["stock"], account["gap"]) == (Decimal(90), Decimal(0))
    (step,) = told["steps"]
    assert (step["kind"], step["account"]["taken_in"]) == ("process", "100")
    (finding,) = told["findings"]
    assert (finding["rule"], finding["amount"], finding["unconfirmed"]) == (
        "yield_above", "10", True,
    )  # fmt: skip
    assert "K-med" in finding["explanation"]


def test_reports_come_in_pages_the_gravest_first(
    ledger: Ledger, made: tuple[Actor, list[str]]
) -> None:
    actor, codes = made
    program = client(ledger, world.make_regulator(ledger))
    first = program.read("/reports/balance?by=batch&season=2026&limit=4").json
    assert first["items"][0]["uid"] == codes[2]
    assert first["items"][0]["gravest"]["rule"] == "yield_above"
    rest = program.read(f"/reports/balance?by=batch&season=2026&limit=4&after={first['next']}").json
    assert rest["next"] is None
    uids = [one["uid"] for one in (*first["items"], *rest["items"])]
    assert len(uids) == len(set(uids)) == 6
    (party,) = program.read("/reports/balance").json["items"]
    assert (party["uid"], party["findings"]) == (actor.party_uid, 1)


def test_households_are_for_those_who_may_know_them(
    ledger: Ledger, made: tuple[Actor, list[str]]
) -> None:
    app = application(ledger)
    stranger = client(ledger, world.make_producer(ledger), app)
    assert stranger.read(f"/batches/{made[1][0]}/balance").status_code == 403
    assert stranger.read(f"/reports/balance?party={made[0].party_uid}").status_code == 403
    assert stranger.read("/reports/balance").json["items"] == []
    laboratory = client(ledger, world.make_producer(ledger, "laboratory"), app)
    assert laboratory.read("/reports/balance?by=household").status_code == 403


def test_a_report_says_where_not_all_was_reckoned(
    ledger: Ledger, made: tuple[Actor, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = client(ledger, made[0])
    whole = program.read("/reports/balance?by=batch").json
    assert (whole["batches"], whole["truncated"]) == (6, False)
    monkeypatch.setattr("suyuan.api.resources.balance.MOST_RECKONED", 2)
    monkeypatch.setattr("suyuan.trace.balance.scope.AT_ONCE", 2)
    some = program.read("/reports/balance?by=batch").json
    assert (some["batches"], some["truncated"]) == (2, True)
    assert {one["uid"] for one in some["items"]} < {one["uid"] for one in whole["items"]}
