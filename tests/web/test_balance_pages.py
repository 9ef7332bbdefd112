"""What does not add up, on the inspectors' page and on each batch."""

from __future__ import annotations

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.web_clients import Client, signed_in, site
from tests.world import kg


@pytest.fixture
def planted(ledger: Ledger) -> tuple[Actor, str]:
    """A co-operative that made 130 kg of milled millet of 100 kg."""
    actor = world.make_producer(ledger, name="怪社")
    whole = world.make_batch(ledger, actor, kg(100))
    outputs = (world.batch_facts(actor, kg(130), variant="millet_milled", name="小米"),)
    facts = world.transformation(ledger, actor, "process", {whole: None}, outputs)
    made: list[str] = ledger.perform(actor, transform, facts)["batches"]
    return actor, made[0]


def browser(ledger: Ledger, actor: Actor) -> Client:
    """The browser of somebody signed in, which reads Chinese."""
    return signed_in(site(ledger, accept_language="zh"), ledger, str(actor.person_uid))


def test_an_inspector_sees_the_gravest_first_and_walks_down_to_the_batch(
    ledger: Ledger, planted: tuple[Actor, str]
) -> None:
    client = browser(ledger, world.make_regulator(ledger))
    page = client.get("/inspect/balance").text
    assert page.index("无来源增量") < page.index("产出率过高")
    assert "怪社" in page
    by_batch = client.get(f"/inspect/balance?by=batch&party={planted[0].party_uid}").text
    assert f"/inspect/batches/{planted[1]}" in by_batch
    batch = client.get(f"/inspect/batches/{planted[1]}").text
    assert "投入100 kg，产出130 kg：比投入多30 kg" in batch
    assert "未经核实" in batch, "the band of the yield is nobody's word yet"


@pytest.mark.parametrize(
    "by", ["party", "batch", "process", "site", "season", "household", "paper"]
)
def test_every_way_of_gathering_has_its_page(
    ledger: Ledger, planted: tuple[Actor, str], by: str
) -> None:
    client = browser(ledger, world.make_regulator(ledger))
    answer = client.get(f"/inspect/balance?by={by}&season=2026&family=grain&division=540626")
    assert answer.status_code == 200
    assert "30" in answer.text


def test_another_county_sees_nothing_of_it(ledger: Ledger, planted: tuple[Actor, str]) -> None:
    client = browser(ledger, world.make_regulator(ledger, world.KAZUO))
    page = client.get("/inspect/balance?season=").text
    assert "怪社" not in page
    assert "账目相符" in page


def test_what_was_asked_wrongly_is_told(ledger: Ledger) -> None:
    client = browser(ledger, world.make_regulator(ledger))
    assert client.get("/inspect/balance?by=moon").status_code == 422
    assert client.get("/inspect/balance?season=12x").status_code == 422
    assert client.get("/inspect/balance?division=999999").status_code in (404, 422)


def test_the_owner_sees_the_account_of_a_batch(ledger: Ledger, planted: tuple[Actor, str]) -> None:
    actor, code = planted
    page = browser(ledger, actor).get(f"/desk/batches/{code}").text
    assert "物料平衡" in page
    assert "无来源增量" in page
