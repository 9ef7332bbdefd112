"""Held or recalled goods that a loss or a stocktake writes off: taken as told, and warned of."""

from __future__ import annotations

import pytest

from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices import queries
from suyuan.trace.notices.messages import message
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import Actor
from suyuan.trace.projections import PROJECTIONS
from tests import world
from tests.world import kg

RULE = "stopped_goods_gone"


@pytest.fixture
def owner(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def office(ledger: Ledger) -> Actor:
    return world.make_regulator(ledger)


def told(ledger: Ledger) -> list[EarlyWarning]:
    """The warnings of the rule, the oldest first."""
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()
        return queries.warnings_here(session, rule=RULE)[::-1]


def test_recalled_goods_that_a_loss_takes_away(ledger: Ledger, owner: Actor, office: Actor) -> None:
    code = world.make_batch(ledger, owner, kg(100))
    ledger.perform(office, hold, code, "待查")
    order = ledger.perform(office, recall, code, "黄曲霉毒素超标")
    event = world.make_event(ledger, owner, "loss", code, payload={"reason": "spoilage"})
    with ledger.database.read() as session:
        assert batches.batch(session, code).state == "closed", "what is gone is gone"
    (warning,) = told(ledger)
    assert (warning.severity, warning.level, warning.party_id) == ("high", "county", owner.party_id)
    evidence = warning.evidence
    assert [evidence[key] for key in ("trace_code", "quantity", "left", "event", "order")] == [
        code, "100 kg", "0 kg", event, order,
    ]  # fmt: skip
    assert evidence["kind"] == {"zh": "召回", "en": "recall"}
    assert evidence["reason"] == "黄曲霉毒素超标"
    with ledger.database.read() as session:
        found = queries.warning(session, warning.uid)
        heard = {one.party_id for one in queries.notices_of(session, found.id)}
        text = message("x", found, "opened", ledger.clock.now(), "https://example.cn").text
    assert heard == {owner.party_id, office.party_id}
    assert "held or recalled goods written off" in text
    assert "暂停或召回令" in text


def test_a_stocktake_that_finds_less_of_what_was_made_of_held_goods(
    ledger: Ledger, owner: Actor, office: Actor
) -> None:
    code = world.make_batch(ledger, owner, kg(100))
    (part,) = world.make_split(ledger, owner, code, 40)
    order = ledger.perform(office, hold, code, "待查")
    world.make_event(ledger, owner, "stocktake", part, kg(40))
    assert told(ledger) == []
    world.make_event(ledger, owner, "stocktake", part, kg("12.5"))
    world.make_event(ledger, owner, "stocktake", part, kg(20))
    (warning,) = told(ledger)
    evidence = warning.evidence
    assert (evidence["trace_code"], evidence["order"]) == (part, order)
    assert (evidence["quantity"], evidence["left"]) == ("27.5 kg", "12.5 kg")
    assert evidence["finding"] == {"zh": "盘点", "en": "stocktake"}


def test_nothing_is_said_of_free_goods_nor_of_a_disposal(
    ledger: Ledger, owner: Actor, office: Actor
) -> None:
    code = world.make_batch(ledger, owner, kg(100))
    world.make_event(ledger, owner, "loss", code, kg(1))
    order = ledger.perform(office, recall, code, "黄曲霉毒素超标")
    world.make_event(ledger, owner, "dispose", code, kg(50))
    ledger.perform(office, lift, order, "复检合格")
    world.make_event(ledger, owner, "stocktake", code, kg(10))
    assert told(ledger) == []
