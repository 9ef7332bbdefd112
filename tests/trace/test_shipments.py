"""Goods between parties: sent by one, and accepted or disputed by the other alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.rules import NotEnough
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events import queries
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.world import kg


def _receive(
    ledger: Ledger, actor: Actor, shipment: str, accepted: bool = True, **more: Any
) -> str:
    facts = ReceiptFacts(shipment, ledger.clock.now(), accepted, **more)
    return ledger.perform(actor, receive, facts)


def _pair(ledger: Ledger) -> tuple[Actor, Actor, str]:
    sender, receiver = world.make_producer(ledger), world.make_producer(ledger, "processor")
    return sender, receiver, world.make_batch(ledger, sender)


def test_what_is_sent_is_in_nobodys_hand_until_it_is_accepted(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)
    shipment = world.make_shipment(ledger, sender, str(receiver.party_uid), code, kg(40))
    assert world.left(ledger, sender, code) == kg(60)
    assert world.left(ledger, receiver, code) == kg(0)
    with ledger.database.read() as session:
        waiting = queries.arriving(session, receiver.party_id or 0)
        assert [one.uid for one in waiting] == [shipment]
    uid = _receive(ledger, receiver, shipment)
    assert world.left(ledger, receiver, code) == kg(40)
    with ledger.database.read() as session:
        told = queries.event(session, uid)
        assert (told.kind, told.party.uid) == ("receive", receiver.party_uid)
        assert queries.arriving(session, receiver.party_id or 0) == []


def test_nobody_writes_received_into_anothers_chain(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)
    other = world.make_producer(ledger)
    shipment = world.make_shipment(ledger, sender, str(receiver.party_uid), code)
    for stranger in (sender, other):
        with pytest.raises(Forbidden):
            _receive(ledger, stranger, shipment)


def test_a_cooperative_does_not_accept_for_a_member_what_it_sent_it(ledger: Ledger) -> None:
    sender = world.make_producer(ledger)
    member = world.make_party(ledger, "household_group", parent=str(sender.party_uid))
    code = world.make_batch(ledger, sender)
    shipment = world.make_shipment(ledger, sender, member, code)
    with pytest.raises(Forbidden, match="Only the receiver"):
        _receive(ledger, sender, shipment)


def test_of_a_disputed_shipment_the_rest_is_with_nobody_until_it_is_taken_back(
    ledger: Ledger,
) -> None:
    sender, receiver, code = _pair(ledger)
    shipment = world.make_shipment(ledger, sender, str(receiver.party_uid), code)
    _receive(ledger, receiver, shipment, False, quantity=kg(70), reason="30 kg wet")
    assert world.left(ledger, receiver, code) == kg(70)
    assert world.left(ledger, sender, code) == kg(0)
    with ledger.database.read() as session:
        row = queries.shipment(session, shipment)
        assert row.state == "disputed"
        assert (row.accepted_quantity, row.open) == (Decimal(70), Decimal(30))
        assert row.reason == "30 kg wet"
        assert [one.uid for one in queries.sent_off(session, sender.party_id or 0)] == [shipment]
    world.make_event(ledger, sender, "return", code, kg(20))
    assert world.left(ledger, sender, code) == kg(20)
    with pytest.raises(NotEnough, match=r"10 kg of \d+ are in dispute"):
        world.make_event(ledger, sender, "return", code, kg(11))
    world.make_event(ledger, sender, "return", code)
    assert world.left(ledger, sender, code) == kg(30)
    with ledger.database.read() as session:
        assert queries.open_quantity(session, batches.batch(session, code).id) == 0


def test_the_receivers_word_is_given_once(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)
    shipment = world.make_shipment(ledger, sender, str(receiver.party_uid), code)
    first = _receive(ledger, receiver, shipment, id="receipt-01")
    assert _receive(ledger, receiver, shipment, id="receipt-01") == first
    with pytest.raises(Conflict, match="accepted already"):
        _receive(ledger, receiver, shipment, False, reason="changed my mind")
    assert world.left(ledger, receiver, code) == kg(100)


def test_a_word_must_be_clear(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)
    shipment = world.make_shipment(ledger, sender, str(receiver.party_uid), code)
    with pytest.raises(InvalidInput, match="dispute it"):
        _receive(ledger, receiver, shipment, quantity=kg(90))
    with pytest.raises(InvalidInput, match="reason"):
        _receive(ledger, receiver, shipment, False, quantity=kg(90))
    with pytest.raises(InvalidInput, match="Between nothing"):
        _receive(ledger, receiver, shipment, False, quantity=kg(101), reason="more came")
    assert world.left(ledger, receiver, code) == kg(0)


def test_a_shipment_has_another_organisation_as_receiver(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)
    with pytest.raises(InvalidInput, match="who is to receive"):
        world.make_event(ledger, sender, "ship", code)
    with pytest.raises(InvalidInput, match="another organisation"):
        world.make_event(ledger, sender, "ship", code, to_party=sender.party_uid)
    with pytest.raises(InvalidInput, match="Only a shipment"):
        world.make_event(ledger, sender, "store", code, to_party=receiver.party_uid)


def test_goods_are_returned_only_to_whom_they_came_from(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)
    _receive(ledger, receiver, world.make_shipment(ledger, sender, str(receiver.party_uid), code))
    other = world.make_party(ledger)
    with pytest.raises(Conflict, match="did not come from"):
        world.make_event(ledger, receiver, "return", code, kg(5), to_party=other)
    uid = world.make_event(ledger, receiver, "return", code, kg(5), to_party=sender.party_uid)
    with ledger.database.read() as session:
        (back,) = queries.shipments_by_event(session, queries.event(session, uid).id)
    _receive(ledger, sender, back.uid)
    assert world.left(ledger, sender, code) == kg(5)


def test_a_batch_closes_when_nothing_of_it_is_left_anywhere(ledger: Ledger) -> None:
    sender, receiver, code = _pair(ledger)

    def state() -> str:
        with ledger.database.read() as session:
            query = sa.select(Batch.state).where(Batch.trace_code == code)
            return session.scalars(query).one()

    shipment = world.make_shipment(ledger, sender, str(receiver.party_uid), code)
    assert state() == "registered"
    _receive(ledger, receiver, shipment)
    assert state() == "registered"
    world.make_event(ledger, receiver, "sell", code)
    assert state() == "closed"
