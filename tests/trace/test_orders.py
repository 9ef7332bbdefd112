"""Hold and recall reach a batch and all made of it, at once; others' orders stay in force."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.events.queries import event, events_of, shipments_by_event
from suyuan.trace.log.queries import record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.release import queries
from suyuan.trace.release.rules import StoppedByOrder
from tests import world
from tests.world import kg


def _chain(ledger: Ledger, actor: Actor) -> tuple[str, str, str]:
    """A batch, one split from it, and one merged of that and of something else."""
    root = world.make_batch(ledger, actor)
    (part,) = world.make_split(ledger, actor, root, 40)
    other = world.make_batch(ledger, actor)
    return root, part, world.make_merge(ledger, actor, part, other)


def _kinds(ledger: Ledger, trace_code: str) -> list[str]:
    with ledger.database.read() as session:
        found = queries.orders_of(session, batches.batch(session, trace_code).id)
        return [one.kind for one in found]


def _listed(ledger: Ledger) -> set[tuple[str, str]]:
    with ledger.database.read() as session:
        return {(row.path, row.letter) for row in session.scalars(sa.select(PathState))}


def test_an_order_reaches_everything_made_of_the_batch_and_nothing_else(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    root, part, merged = _chain(ledger, actor)
    beside = world.make_batch(ledger, actor)
    uid = ledger.perform(actor, hold, root, "residue suspected")
    assert [_kinds(ledger, code) for code in (root, part, merged)] == [["hold"]] * 3
    assert _kinds(ledger, beside) == []
    assert _listed(ledger) == {(f"/t/{code}", "H") for code in (root, part, merged)}
    with ledger.database.read() as session:
        order = queries.order(session, uid)
        assert queries.reached(session, order.id) == 3
        assert record(session, order.record_id).type == "hold.ordered"
        told = events_of(session, [batches.batch(session, root).id])
        assert told[-1].kind == "hold"
        (of_merged,) = queries.orders_of(session, batches.batch(session, merged).id)
        assert (of_merged.ordered, of_merged.reason) == (root, "residue suspected")


def test_stopped_goods_are_not_shipped_sold_made_into_others_or_accepted(ledger: Ledger) -> None:
    actor, buyer = world.make_producer(ledger), world.make_producer(ledger, "buyer")
    root, _, merged = _chain(ledger, actor)
    shipment = world.make_shipment(ledger, actor, str(buyer.party_uid), merged, kg(10))
    ledger.perform(actor, recall, root, "metal found")
    with pytest.raises(StoppedByOrder, match=r"recalled by .*: metal found"):
        world.make_event(ledger, actor, "sell", merged, kg(1))
    with pytest.raises(StoppedByOrder):
        world.make_shipment(ledger, actor, str(buyer.party_uid), merged, kg(1))
    with pytest.raises(StoppedByOrder):
        world.make_split(ledger, actor, merged, 1)
    with pytest.raises(StoppedByOrder):
        ledger.perform(buyer, receive, ReceiptFacts(shipment, ledger.clock.now(), True))
    for kind in ("test", "dispose", "loss", "store"):
        world.make_event(ledger, actor, kind, merged, kg(1))


def test_goods_recalled_on_their_way_are_refused_and_go_back(ledger: Ledger) -> None:
    actor, shop = world.make_producer(ledger), world.make_producer(ledger, "buyer")
    code = world.make_batch(ledger, actor, kg(10))
    sent = world.make_shipment(ledger, actor, str(shop.party_uid), code, kg(4))
    ledger.perform(actor, recall, code, "metal found")
    now = ledger.clock.now()
    part = ReceiptFacts(sent, now, False, quantity=kg(1), reason="x")
    for taken in (ReceiptFacts(sent, now, True), part):
        with pytest.raises(StoppedByOrder):
            ledger.perform(shop, receive, taken)
    ledger.perform(shop, receive, ReceiptFacts(sent, now, False, reason="recalled"))
    world.make_event(ledger, actor, "return", code, kg(4))
    world.make_event(ledger, actor, "dispose", code, kg(10))
    assert world.left(ledger, actor, code) == kg(0)


def test_recalled_goods_go_back_to_whom_they_came_from(ledger: Ledger) -> None:
    actor, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    code = world.make_batch(ledger, actor)
    shipment = world.make_shipment(ledger, actor, str(shop.party_uid), code)
    ledger.perform(shop, receive, ReceiptFacts(shipment, ledger.clock.now(), True))
    ledger.perform(actor, recall, code, "metal found")
    uid = world.make_event(ledger, shop, "return", code, to_party=actor.party_uid)
    with ledger.database.read() as session:
        (back,) = shipments_by_event(session, event(session, uid).id)
    ledger.perform(actor, receive, ReceiptFacts(back.uid, ledger.clock.now(), True))
    assert world.left(ledger, actor, code) == kg(100)


def test_overlapping_orders_end_one_by_one(ledger: Ledger) -> None:
    actor, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    root, part, merged = _chain(ledger, actor)
    own = ledger.perform(actor, hold, root, "to be checked")
    theirs = ledger.perform(regulator, recall, part, "pesticide above the limit")
    assert _kinds(ledger, merged) == ["recall", "hold"]
    assert _kinds(ledger, root) == ["hold"]
    ledger.perform(actor, lift, own, "checked")
    assert _kinds(ledger, root) == []
    assert _kinds(ledger, merged) == ["recall"]
    assert _listed(ledger) == {(f"/t/{part}", "R"), (f"/t/{merged}", "R")}
    ledger.perform(regulator, lift, theirs, "second test passed")
    world.make_event(ledger, actor, "sell", merged, kg(1))
    assert _listed(ledger) == set()


def test_every_path_of_a_batch_is_listed_and_the_list_changes_with_the_commit(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, gtin="06901234567892")
    code = world.make_batch(ledger, actor, product=product, lot="L1")
    with ledger.database.read() as session:
        before = session.scalar(sa.select(sa.func.max(StatusEdition.seq))) or 0
    ledger.perform(actor, recall, code, "metal found")
    assert _listed(ledger) == {(f"/t/{code}", "R"), ("/01/06901234567892/10/L1", "R")}
    with ledger.database.read() as session:
        edition = session.get_one(StatusEdition, before + 1)
        assert (edition.body or "").count(" R") == 2


def test_only_the_owner_and_competent_regulators_give_orders(ledger: Ledger) -> None:
    actor, other = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    outside = (
        other,
        world.make_actor(ledger, str(actor.party_uid), "operator"),
        world.make_regulator(ledger, division=world.KAZUO),
        world.make_regulator(ledger, family="vinegar"),
    )
    for stranger in outside:
        with pytest.raises(Forbidden):
            ledger.perform(stranger, hold, code, "because")
    inspector = world.make_regulator(ledger, role="inspector")
    ledger.perform(inspector, hold, code, "sampled")
    with pytest.raises(Forbidden):
        ledger.perform(inspector, recall, code, "an inspector holds, a supervisor recalls")


def test_what_a_regulator_ordered_its_owner_does_not_lift(ledger: Ledger) -> None:
    actor, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    code = world.make_batch(ledger, actor)
    uid = ledger.perform(regulator, hold, code, "sampled")
    with pytest.raises(Forbidden, match="lifts it"):
        ledger.perform(actor, lift, uid, "we are sure")
    ledger.perform(regulator, lift, uid, "sample passed")
    with pytest.raises(Conflict, match="lifted already"):
        ledger.perform(regulator, lift, uid, "again")
    owns = ledger.perform(actor, hold, code, "to be checked")
    ledger.perform(regulator, lift, owns, "no ground")
    assert _kinds(ledger, code) == []


def test_an_order_has_a_reason_and_is_given_once(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    with pytest.raises(InvalidInput, match="reason"):
        ledger.perform(actor, hold, code, "  ")
    ledger.perform(actor, hold, code, "to be checked")
    with pytest.raises(Conflict, match="in force already"):
        ledger.perform(actor, hold, code, "to be checked twice")
    ledger.perform(actor, recall, code, "it is worse")
    assert _kinds(ledger, code) == ["recall", "hold"]
