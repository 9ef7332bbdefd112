"""Gift boxes: several batches under one code, each as it was, and what happens to one shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.queries import listed_body
from suyuan.trace.codes.status import State
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport import Passport, passport_of, passport_of_typed
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg

BOXES = Quantity.of(20, "H87")


def _box(actor: Actor, **more: Any) -> BatchFacts:
    facts = BatchFacts(
        party=str(actor.party_uid), family="assortment", variant="gift_box", name="朝阳三宝礼盒",
        quantity=BOXES,
    )  # fmt: skip
    return replace(facts, **more)


def _put_together(ledger: Ledger, actor: Actor, *codes: str, **more: Any) -> str:
    facts = world.transformation(
        ledger, actor, "assort", dict.fromkeys(codes, kg(10)), (_box(actor, **more),)
    )
    (made,) = ledger.perform(actor, transform, facts)["batches"]
    return str(made)


def _told(ledger: Ledger, code: str) -> Passport:
    with ledger.database.read() as session:
        return passport_of_typed(session, ledger.families, code, now=ledger.clock.now())


@pytest.fixture
def actor(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def items(ledger: Ledger, actor: Actor) -> tuple[str, str]:
    first = world.make_batch(ledger, actor, name="小米", best_before=date(2026, 12, 1))
    second = world.make_batch(ledger, actor, name="黑米", best_before=date(2026, 9, 1))
    return first, second


def test_a_box_lists_what_is_in_it_and_draws_it_from_what_its_holder_has(
    ledger: Ledger, actor: Actor, items: tuple[str, str]
) -> None:
    box = _put_together(ledger, actor, *items)
    told = _told(ledger, box)
    assert [(one.trace_code, one.quantity, one.state) for one in told.items] == [
        (code, kg(10), "clear") for code in items
    ]
    assert told.items[0].origin == told.items[1].origin != ""
    assert told.best_before == date(2026, 9, 1)
    with ledger.database.read() as session:
        left = [batches.left(session, batches.batch(session, one).id, actor.party_id or 0)
                for one in items]  # fmt: skip
    assert left == [90, 90]
    assert not _told(ledger, items[0]).items
    more = {items[0]: kg(91), items[1]: kg(1)}
    facts = world.transformation(ledger, actor, "assort", more, (_box(actor),))
    with pytest.raises(Conflict):
        ledger.perform(actor, transform, facts)


def test_a_recall_or_hold_of_one_item_shows_on_the_box_and_its_labels_at_once(
    ledger: Ledger, actor: Actor, items: tuple[str, str]
) -> None:
    product = world.make_product(
        ledger, actor, "assortment", "gift_box", name="朝阳三宝礼盒", items_on_pack=True
    )
    box = _put_together(ledger, actor, *items, family="", variant="", product=product)
    run = ledger.perform(actor, issue_print_run, box, 2, "trace-50x30", try_out=try_out)
    with ledger.database.read() as session:
        label = codes_of(session, run)[0]

    def seen() -> tuple[str, list[str], State | None]:
        with ledger.database.read() as session:
            now = ledger.clock.now()
            told = passport_of(session, ledger.families, label.url, now=now)
            assert isinstance(told, Passport)
            listed = check_online(session, label.url, now).state
            return told.standing.state, [one.state for one in told.items], listed

    assert seen() == ("clear", ["clear", "clear"], None)
    order = ledger.perform(actor, hold, items[1], "抽检")
    assert seen() == ("held", ["clear", "held"], State.HELD)
    with pytest.raises(Conflict):
        ledger.perform(actor, issue_print_run, box, 1, "trace-50x30", try_out=try_out)
    ledger.perform(actor, lift, order, "合格")
    assert seen() == ("clear", ["clear", "clear"], None)
    ledger.perform(actor, recall, items[0], "不合格")
    assert seen() == ("recalled", ["recalled", "clear"], State.RECALLED)
    with ledger.database.read() as session:
        assert listed_body(session).count(" R\n") == 2


def test_a_revoked_paper_behind_an_item_shows_on_the_box(
    ledger: Ledger, actor: Actor, items: tuple[str, str]
) -> None:
    covers = (Covers("batch", items[0]),)
    facts = PaperFacts("commitment_certificate", "CN-1", str(actor.party_uid), covers=covers)
    paper = ledger.perform(actor, register_paper, facts)
    box = _put_together(ledger, actor, *items)
    ledger.perform(actor, revoke_paper, paper, "撤销")
    told = _told(ledger, box)
    assert told.standing.state == "paper_revoked"
    assert [one.state for one in told.items] == ["paper_revoked", "clear"]
    with ledger.database.read() as session:
        assert listed_body(session).count(" P\n") == 2


def test_a_box_expires_with_the_first_of_its_items(
    ledger: Ledger, actor: Actor, items: tuple[str, str], clock: SetClock
) -> None:
    box = _put_together(ledger, actor, *items, best_before=date(2027, 1, 1))
    clock.move(clock.now() + timedelta(days=100))
    told = _told(ledger, box)
    assert told.standing.state == "expired"
    assert [one.state for one in told.items] == ["clear", "expired"]


def test_only_boxes_are_put_together_and_only_of_what_may_be_sold(
    ledger: Ledger, actor: Actor, items: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput, match="two batches"):
        _put_together(ledger, actor, items[0])
    with pytest.raises(InvalidInput, match="is a box"):
        _put_together(ledger, actor, *items, family="grain", variant="millet")
    with pytest.raises(InvalidInput, match="what is in the box"):
        world.make_batch(ledger, actor, BOXES, family="assortment", variant="gift_box")
    facts = world.transformation(
        ledger, actor, "process", dict.fromkeys(items, kg(1)), (_box(actor),)
    )
    with pytest.raises(InvalidInput):
        ledger.perform(actor, transform, facts)
    ledger.perform(actor, hold, items[0], "抽检")
    with pytest.raises(Conflict):
        _put_together(ledger, actor, *items)


def test_a_box_that_is_opened_is_recorded(
    ledger: Ledger, actor: Actor, items: tuple[str, str]
) -> None:
    box = _put_together(ledger, actor, *items)
    world.make_event(
        ledger, actor, "open_box", box, Quantity.of(3, "H87"), payload={"reason": "展示"}
    )
    with ledger.database.read() as session:
        batch = batches.batch(session, box)
        assert batches.left(session, batch.id, actor.party_id or 0) == 17
    world.make_event(ledger, actor, "sell", box, Quantity.of(2, "H87"))
    ledger.perform(actor, hold, items[0], "抽检")
    with pytest.raises(Conflict):
        world.make_event(ledger, actor, "sell", box, Quantity.of(2, "H87"))
    with pytest.raises(InvalidInput):
        world.make_event(ledger, actor, "open_box", items[0], kg(3), payload={"reason": "x"})
