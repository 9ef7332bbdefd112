"""Texts that no row could hold are refused by name, on both databases alike."""

from __future__ import annotations

import pytest

from suyuan.trace.acts.parties import apply_from_outside
from suyuan.trace.acts.people import add_person
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import queries as log
from suyuan.trace.parties.actor import STRANGER
from suyuan.trace.parties.facts import PartyFacts, PersonFacts
from tests.world import SUO_COUNTY, make_producer


@pytest.mark.parametrize("name", ["字" * 101, "扎\0西", "扎\ud800西"])
def test_a_name_that_cannot_be_kept_is_refused_by_its_field(ledger: Ledger, name: str) -> None:
    head = make_producer(ledger)
    with ledger.database.read() as session:
        before = log.head(session).size
    with pytest.raises(InvalidInput) as refused:
        ledger.perform(
            head,
            add_person,
            PersonFacts(name=name, phone="13800138000"),
            str(head.party_uid),
            "clerk",
        )
    assert refused.value.field == "name"
    with ledger.database.read() as session:
        assert log.head(session).size == before


def test_a_stranger_cannot_break_the_application(ledger: Ledger) -> None:
    facts = PartyFacts(
        kind="cooperative",
        name="某合作社",
        division=SUO_COUNTY,
        address="字" * 301,
        phone="13800138000",
        undertaking=True,
    )
    with pytest.raises(InvalidInput, match="address"):
        ledger.perform(STRANGER, apply_from_outside, facts)
