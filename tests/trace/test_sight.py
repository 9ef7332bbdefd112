"""Who may see what of a batch: by role, organisation and division, and after a logged reason."""

from __future__ import annotations

import pytest

from suyuan.trace.acts.disclosures import request_disclosure
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.log.queries import record
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.sight import disclosure_time, sight
from suyuan.trace.parties.actor import Actor
from tests.world import (
    KAZUO,
    SUO_COUNTY,
    make_actor,
    make_batch,
    make_party,
    make_producer,
    make_regulator,
    make_shipment,
    make_split,
)

PUBLIC = {"public"}
TRADE = {"public", "trade"}
ALL = {"public", "trade", "personal"}


def seen(ledger: Ledger, actor: Actor | None, code: str) -> frozenset[Class]:
    with ledger.database.read() as session:
        return sight(session, actor, batch(session, code), now=ledger.clock.now())


def test_anybody_sees_what_is_public(ledger: Ledger) -> None:
    code = make_batch(ledger, make_producer(ledger))
    assert seen(ledger, None, code) == PUBLIC
    assert seen(ledger, make_producer(ledger), code) == PUBLIC
    operator = make_actor(ledger, make_party(ledger, "platform_operator"), "administrator")
    assert seen(ledger, operator, code) == PUBLIC


def test_the_owner_sees_what_its_role_allows(ledger: Ledger) -> None:
    head = make_producer(ledger)
    code = make_batch(ledger, head)
    assert seen(ledger, head, code) == ALL
    viewer = make_actor(ledger, str(head.party_uid), "viewer")
    assert seen(ledger, viewer, code) == TRADE


def test_who_is_about_to_receive_sees_the_trade_fields(ledger: Ledger) -> None:
    sender, shop = make_producer(ledger), make_producer(ledger, "retailer")
    code = make_batch(ledger, sender)
    assert seen(ledger, shop, code) == PUBLIC
    make_shipment(ledger, sender, str(shop.party_uid), code)
    assert seen(ledger, shop, code) == TRADE


def test_a_regulator_sees_all_in_its_own_division_and_family(ledger: Ledger) -> None:
    code = make_batch(ledger, make_producer(ledger))
    assert seen(ledger, make_regulator(ledger, SUO_COUNTY), code) == ALL
    assert seen(ledger, make_regulator(ledger, "540000"), code) == ALL
    assert seen(ledger, make_regulator(ledger, SUO_COUNTY, "grain"), code) == ALL
    assert seen(ledger, make_regulator(ledger, SUO_COUNTY, "vinegar"), code) == PUBLIC
    assert seen(ledger, make_regulator(ledger, KAZUO), code) == PUBLIC


def chain_to_kazuo(ledger: Ledger) -> tuple[str, str]:
    """A batch of Tibet, and one that a mill in Kazuo made of it."""
    head, mill = make_producer(ledger), make_producer(ledger, "processor", division=KAZUO)
    whole = make_batch(ledger, head)
    shipment = make_shipment(ledger, head, str(mill.party_uid), whole)
    ledger.perform(mill, receive, ReceiptFacts(shipment, ledger.clock.now(), accepted=True))
    return whole, make_split(ledger, mill, whole, 30)[0]


def test_competence_for_one_batch_opens_the_trade_fields_of_its_chain(ledger: Ledger) -> None:
    whole, made = chain_to_kazuo(ledger)
    office = make_regulator(ledger, KAZUO)
    assert seen(ledger, office, made) == ALL
    assert seen(ledger, office, whole) == TRADE


def test_personal_fields_elsewhere_open_for_some_days_after_a_logged_reason(
    ledger: Ledger, clock: SetClock
) -> None:
    whole, _ = chain_to_kazuo(ledger)
    office = make_regulator(ledger, KAZUO)
    with pytest.raises(InvalidInput):
        ledger.perform(office, request_disclosure, whole, "  ")
    uid = ledger.perform(office, request_disclosure, whole, "核查检疫证明")
    assert seen(ledger, office, whole) == ALL
    with ledger.database.read() as session:
        assert record(session, uid).subject == whole
    # it was asked by one person, and ends
    assert seen(ledger, make_actor(ledger, str(office.party_uid), "supervisor"), whole) == TRADE
    clock.move(clock.now() + disclosure_time())
    assert seen(ledger, office, whole) == TRADE


def test_who_is_competent_for_nothing_of_a_chain_may_not_ask(ledger: Ledger) -> None:
    code = make_batch(ledger, make_producer(ledger))
    for asker in (make_regulator(ledger, KAZUO), make_producer(ledger)):
        with pytest.raises(Forbidden):
            ledger.perform(asker, request_disclosure, code, "核查检疫证明")
