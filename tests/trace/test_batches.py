"""Batches come to be, state what is missing, and go again only while nothing hangs on them."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.trace.acts.batches import register_batch, register_batches, withdraw_batch
from suyuan.trace.acts.parties import suspend_party
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries
from suyuan.trace.batches.facts import MarkFacts, ShareFacts
from suyuan.trace.canonical import read_canonical
from suyuan.trace.codes.trace_code import division_of, parse_trace_code
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs, NotFound
from suyuan.trace.events.queries import event, events_of, history
from suyuan.trace.log.queries import head, record
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from tests import world
from tests.world import kg

HARVEST = StatedDate(
    "2025年9月", date(2025, 9, 1), date(2025, 9, 30), Precision.MONTH, Calendar.SOLAR
)


def test_a_batch_bears_the_division_of_its_site_and_is_found_by_its_code(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, division=world.SUO_COUNTY)
    elsewhere = world.make_site(ledger, actor, division=world.SENI_DISTRICT)
    code = world.make_batch(ledger, actor, site=elsewhere)
    assert parse_trace_code(code) == code
    assert division_of(code) == world.SENI_DISTRICT
    with ledger.database.read() as session:
        batch = queries.batch(session, code)
        assert batch.path == f"/t/{code}"
        assert batch.state == "registered"
    assert world.left(ledger, actor, code) == kg(100)


def test_what_is_not_known_is_a_gap_that_the_batch_states(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    bare = world.make_batch(ledger, actor)
    told = world.make_batch(
        ledger,
        actor,
        site=world.make_site(ledger, actor),
        produced=HARVEST,
        attributes={"plot": "东坡", "crop_year": 2025, "harvest_date": "2025-09-20"},
    )
    with ledger.database.read() as session:
        assert {"produced", "site", "plot"} <= set(queries.batch(session, bare).gaps)
        known = queries.batch(session, told)
        assert known.gaps == []
        assert known.produced == HARVEST.to_json()
        assert known.produced_on == date(2025, 9, 1)
        assert known.attributes["crop_year"] == 2025


def test_a_wrong_fact_is_an_error_that_names_it(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    with pytest.raises(InvalidInputs, match="crop_year"):
        world.make_batch(ledger, actor, attributes={"crop_year": "last"})
    with pytest.raises(InvalidInput, match="more than nothing"):
        world.make_batch(ledger, actor, kg(0))
    with pytest.raises(NotFound, match="product family"):
        world.make_batch(ledger, actor, family="cheese")
    with pytest.raises(InvalidInput, match="variant"):
        world.make_batch(ledger, actor, variant="rye")


def test_days_that_cannot_be_are_refused(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    with pytest.raises(InvalidInput, match="still to come"):
        world.make_batch(ledger, actor, produced=_on(date(2099, 1, 1)))
    with pytest.raises(InvalidInput, match="before the production date, 2025-09-01"):
        world.make_batch(ledger, actor, produced=HARVEST, best_before=date(2025, 8, 31))
    world.make_batch(ledger, actor, produced=HARVEST, best_before=date(2025, 9, 1))


def _on(day: date) -> StatedDate:
    return StatedDate(day.isoformat(), day, day, Precision.DAY, Calendar.SOLAR)


def test_registration_is_the_first_event_of_the_chain_and_one_record(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    with ledger.database.read() as session:
        before = head(session).size
    code = world.make_batch(ledger, actor, attributes={"plot": "东坡"})
    with ledger.database.read() as session:
        assert head(session).size == before + 1
        batch = queries.batch(session, code)
        (first,) = events_of(session, [batch.id])
        assert (first.kind, first.record_id) == ("register", batch.record_id)
        said = record(session, batch.record_id)
        body = read_canonical(said.body or b"")
        assert isinstance(body, dict)
        assert body["quantity"] == {"amount": "100", "unit": "KGM"}
        assert body["fact.plot"] == "东坡"
        assert said.classes["fact.plot"] == "public"
        assert said.classes["typed_by"] == "personal"


def test_many_households_pool_one_batch_and_their_names_are_personal(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    member = world.make_party(ledger, "household_group", parent=str(actor.party_uid))
    shares = (
        ShareFacts(household="扎西", quantity=Quantity.of(40_000, "GRM")),
        ShareFacts(party=member, quantity=kg(35)),
        ShareFacts(household="卓玛"),
    )
    code = world.make_batch(ledger, actor, shares=shares)
    with ledger.database.read() as session:
        batch = queries.batch(session, code)
        rows = queries.shares(session, batch.id)
        assert [row.quantity for row in rows] == [40, 35, None]
        assert record(session, batch.record_id).classes["shares"] == "personal"
    with pytest.raises(InvalidInputs, match="more than the batch"):
        world.make_batch(ledger, actor, shares=(*shares, ShareFacts("次仁", quantity=kg(26))))
    with pytest.raises(InvalidInputs, match=r"shares\.0"):
        world.make_batch(ledger, actor, shares=(ShareFacts(quantity=kg(1)),))


def test_an_ear_tag_is_checked_and_finds_the_batch(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    tag, unknown = "254062800000017", "299999900000017"
    code = world.make_batch(
        ledger,
        actor,
        Quantity.of(2, "HEA"),
        family="yak_meat",
        variant="live",
        attributes={"ear_tags": [tag]},
        marks=(MarkFacts("ear_tag", "2999999 0000 0017"), MarkFacts("ear_tag", tag)),
    )
    with ledger.database.read() as session:
        batch = queries.batch(session, code)
        assert [mark.value for mark in queries.marks(session, batch.id)] == [unknown, tag]
        assert [warning["code"] for warning in batch.warnings] == ["unknown-division"]
        assert [found.trace_code for found in queries.found_by(session, tag)] == [code]
    with pytest.raises(InvalidInputs, match="not an ear tag"):
        world.make_batch(ledger, actor, marks=(MarkFacts("ear_tag", "12"),))


def test_a_gtin_and_a_lot_that_fits_make_the_path(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, gtin="06901234567892")
    code = world.make_batch(ledger, actor, product=product, lot="B2026.05")
    chinese = world.make_batch(ledger, actor, product=product, lot="五月")
    with ledger.database.read() as session:
        assert queries.batch(session, code).path == "/01/06901234567892/10/B2026.05"
        assert queries.batch(session, chinese).path == f"/t/{chinese}"
    with pytest.raises(Conflict, match=r"lot B2026\.05"):
        world.make_batch(ledger, actor, product=product, lot="B2026.05")


def test_a_gtin_with_a_wrong_check_digit_makes_no_path(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, gtin="06901234567893")
    code = world.make_batch(ledger, actor, product=product, lot="L1")
    with ledger.database.read() as session:
        assert queries.batch(session, code).path == f"/t/{code}"


def test_only_the_party_and_those_it_lets_register_for_it(ledger: Ledger) -> None:
    owner, other = world.make_producer(ledger), world.make_producer(ledger)
    with pytest.raises(Forbidden):
        ledger.perform(other, register_batch, world.batch_facts(owner))
    viewer = world.make_actor(ledger, str(owner.party_uid), "viewer")
    with pytest.raises(Forbidden):
        world.make_batch(ledger, viewer)


def test_an_unchecked_party_may_register_and_a_suspended_one_may_not(ledger: Ledger) -> None:
    applied = world.make_producer(ledger, active=False)
    assert world.make_batch(ledger, applied)
    suspended = world.make_producer(ledger)
    ledger.perform(SYSTEM, suspend_party, str(suspended.party_uid), "false papers")
    with pytest.raises(Forbidden, match="false papers"):
        world.make_batch(ledger, suspended)


def test_batches_registered_together_are_registered_all_or_none(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    good, bad = world.batch_facts(actor), world.batch_facts(actor, kg(0))
    assert len(set(ledger.perform(actor, register_batches, (good,) * 20))) == 20
    with ledger.database.read() as session:
        before = head(session).size
    with pytest.raises(InvalidInput):
        ledger.perform(actor, register_batches, (good, bad))
    with ledger.database.read() as session:
        assert head(session).size == before


def test_a_batch_registered_in_error_is_withdrawn_and_its_record_stays(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    ledger.perform(actor, withdraw_batch, code, "typed twice")
    assert world.left(ledger, actor, code) == kg(0)
    with ledger.database.read() as session:
        batch = queries.batch(session, code)
        assert batch.state == "withdrawn"
        assert record(session, batch.record_id).type == "batch.registered"
        assert events_of(session, [batch.id]) == []
    with pytest.raises(Conflict, match="withdrawn"):
        world.make_event(ledger, actor, "sell", code, kg(1))
    with pytest.raises(Conflict, match="withdrawn already"):
        ledger.perform(actor, withdraw_batch, code, "again")


def test_a_batch_is_not_withdrawn_once_something_was_done_with_it(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    sold, whole = world.make_batch(ledger, actor), world.make_batch(ledger, actor)
    world.make_event(ledger, actor, "sell", sold, kg(1))
    (part,) = world.make_split(ledger, actor, whole, 10)
    for code in (sold, whole, part):
        with pytest.raises(Conflict, match="Something was done"):
            ledger.perform(actor, withdraw_batch, code, "typed twice")


def test_the_history_of_a_withdrawn_registration_can_be_opened(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    with ledger.database.read() as session:
        first = events_of(session, [queries.batch(session, code).id])[0].uid
    ledger.perform(actor, withdraw_batch, code, "typed twice")
    with ledger.database.read() as session:
        told = history(session, event(session, first))
        assert [(one.kind, one.withdrawn) for one in told] == [
            ("register", False),
            ("register", True),
        ]
        assert told[1].correction_reason == "typed twice"
