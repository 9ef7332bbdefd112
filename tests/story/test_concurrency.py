"""Many clerks at once: no kilogram is lost or invented, and no order is outrun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from random import Random

import sqlalchemy as sa

from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.rules import NotEnough
from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.errors import SuyuanError
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.events.queries import open_quantity
from suyuan.trace.events.tables import EventBatch, Shipment
from suyuan.trace.lineage.queries import closure
from suyuan.trace.log.queries import head
from suyuan.trace.release.queries import stops
from suyuan.trace.release.rules import StoppedByOrder
from tests import world
from tests.world import kg

CLERKS = 4


def _at_once(requests: Sequence[Callable[[], object]]) -> Counter[str]:
    """Run all requests on several threads; counts ``done`` and the names of errors."""

    def outcome(request: Callable[[], object]) -> str:
        try:
            request()
        except SuyuanError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(CLERKS) as clerks:
        return Counter(clerks.map(outcome, requests))


def test_a_thousand_requests_lose_and_invent_nothing(ledger: Ledger) -> None:
    """1 000 requests for 1 kg each of 300 + 400 kg: sold, split, sent, all at once."""
    actor = world.make_producer(ledger)
    shop = world.make_party(ledger, "retailer")
    first, second = (
        world.make_batch(ledger, actor, kg(300)),
        world.make_batch(ledger, actor, kg(400)),
    )
    with ledger.database.read() as session:
        size = head(session).size

    def sell(code: str) -> object:
        facts = world.event_facts(ledger, actor, "sell", code, kg(1))
        return ledger.perform(actor, record_event, facts)

    def split(code: str) -> object:
        outputs = (world.batch_facts(actor, kg(1)),)
        facts = world.transformation(ledger, actor, "split", {code: kg(1)}, outputs)
        return ledger.perform(actor, transform, facts)

    def ship(code: str) -> object:
        facts = world.event_facts(ledger, actor, "ship", code, kg(1), to_party=shop)
        return ledger.perform(actor, record_event, facts)

    requests = [
        partial(act, code)
        for act, number in ((sell, 600), (split, 200), (ship, 200))
        for code in [first] * (number // 2) + [second] * (number - number // 2)
    ]
    Random(7).shuffle(requests)
    outcomes = _at_once(requests)
    assert outcomes == {"done": 700, NotEnough.__name__: 300}, outcomes
    with ledger.database.read() as session:
        for code, made in ((first, 300), (second, 400)):
            batch = batches.batch(session, code)
            used = session.scalar(
                sa.select(sa.func.sum(EventBatch.quantity)).where(
                    EventBatch.batch_id == batch.id, EventBatch.role.in_(("subject", "input"))
                )
            )
            # the registration tells of all of it once, too
            assert used == Decimal(2 * made)
            assert batches.left(session, batch.id, batch.party_id) == 0
            shipped = sa.select(sa.func.count()).where(Shipment.batch_id == batch.id)
            assert open_quantity(session, batch.id) == session.scalar(shipped)
        splits = session.scalar(
            sa.select(sa.func.count()).select_from(EventBatch).where(EventBatch.role == "output")
        )
        # an event is one record, a split two, and each of both batches is let go once: what was
        # acknowledged is in the log, and no more
        assert head(session).size == size + 700 + (splits or 0) + 2
        assert session.scalar(sa.select(sa.func.min(Holding.left))) == 0


def test_one_shipment_is_accepted_once_however_often_it_is_tried(ledger: Ledger) -> None:
    actor, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    code = world.make_batch(ledger, actor)
    shipment = world.make_shipment(ledger, actor, str(shop.party_uid), code)
    facts = ReceiptFacts(shipment, ledger.clock.now(), True)
    outcomes = _at_once([lambda: ledger.perform(shop, receive, facts)] * 24)
    assert outcomes == {"done": 1, "Conflict": 23}, outcomes
    assert world.left(ledger, shop, code) == kg(100)


def test_one_event_sent_many_times_at_once_is_one_event(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    facts = world.event_facts(ledger, actor, "sell", code, kg(1), id="the-same-one")
    outcomes = _at_once([lambda: ledger.perform(actor, record_event, facts)] * 24)
    assert outcomes == {"done": 24}, outcomes
    assert world.left(ledger, actor, code) == kg(99)


def test_nothing_is_made_of_a_batch_behind_the_back_of_a_recall(ledger: Ledger) -> None:
    """Whatever the order of arrival, all that is made of a recalled batch is recalled too."""
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)

    def split(parent: str) -> object:
        outputs = (world.batch_facts(actor, kg(1)),)
        facts = world.transformation(ledger, actor, "split", {parent: kg(1)}, outputs)
        return ledger.perform(actor, transform, facts)

    parts = world.make_split(ledger, actor, code, *[2] * 10)
    requests: list[Callable[[], object]] = [partial(split, part) for part in parts * 2]
    requests.insert(10, partial(ledger.perform, actor, recall, code, "metal found"))
    outcomes = _at_once(requests)
    assert set(outcomes) <= {"done", StoppedByOrder.__name__}, outcomes
    with ledger.database.read() as session:
        reached = closure(session, batches.batch(session, code).id)
        assert len(reached) == session.scalar(sa.select(sa.func.count()).select_from(Batch))
        assert len(stops(session, reached)) == len(reached)
