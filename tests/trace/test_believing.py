"""What is told and can hardly be: days before the goods were there, yields, others' places."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.believing import yield_doubts
from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.balance.bands import Goods
from suyuan.trace.batches.queries import batch
from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.events.queries import event
from suyuan.trace.log.queries import record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import read_date
from tests.world import (
    batch_facts,
    event_facts,
    kg,
    make_actor,
    make_batch,
    make_event,
    make_party,
    make_producer,
    make_site,
    transformation,
)

MADE = "2026-05-01"
BEFORE = datetime(2026, 4, 20, 4, tzinfo=UTC)


def test_nothing_happens_to_a_batch_before_it_was_made(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor, produced=read_date(MADE))
    facts = event_facts(ledger, actor, "store", code, happened_at=BEFORE)
    with pytest.raises(InvalidInput) as refused:
        ledger.perform(actor, record_event, facts)
    assert refused.value.field == "happened_at"
    assert "2026-04-20" in str(refused.value)
    assert MADE in str(refused.value)
    on_the_day = datetime(2026, 4, 30, 17, tzinfo=UTC)  # the first of May in China
    ledger.perform(actor, record_event, replace(facts, happened_at=on_the_day))


@pytest.mark.parametrize("kind", ["split", "repack", "sort", "process"])
def test_nothing_is_made_of_a_batch_before_it_was_there(ledger: Ledger, kind: str) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor, produced=read_date(MADE))
    output = batch_facts(actor, kg(70), variant="millet_milled" if kind == "process" else "millet")
    facts = transformation(ledger, actor, kind, {code: None}, (output,))
    with pytest.raises(InvalidInput, match=MADE):
        ledger.perform(actor, transform, replace(facts, happened_at=BEFORE))


def test_sowing_and_spraying_come_before_the_harvest(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor, produced=read_date(MADE))
    facts = event_facts(ledger, actor, "input_use", code, happened_at=BEFORE)
    assert ledger.perform(actor, record_event, facts)


def test_the_earliest_day_stated_of_a_batch_counts(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(
        ledger, actor, produced=read_date(MADE), attributes={"harvest_date": "2026-04-15"}
    )
    assert make_event(ledger, actor, "store", code, happened_at=BEFORE)


def test_a_correction_cannot_move_an_event_before_its_batch(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor, produced=read_date(MADE))
    told = make_event(ledger, actor, "store", code)
    with pytest.raises(InvalidInput, match="2026-04-20"):
        ledger.perform(actor, correct_event, CorrectionFacts(told, "日期写错", happened_at=BEFORE))


@pytest.mark.parametrize("kind", ["store", "input_use"])
def test_a_slip_in_the_year_is_refused_for_every_kind(ledger: Ledger, kind: str) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    facts = event_facts(ledger, actor, kind, code, happened_at=datetime(1800, 1, 1, tzinfo=UTC))
    with pytest.raises(InvalidInput, match="1950-01-01") as refused:
        ledger.perform(actor, record_event, facts)
    assert refused.value.field == "happened_at"
    stated = replace(facts, happened_at=ledger.clock.now(), happened=read_date("1926-01-01"))
    with pytest.raises(InvalidInput) as refused:
        ledger.perform(actor, record_event, stated)
    assert refused.value.field == "happened"


def test_a_batch_of_another_century_is_a_slip(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    with pytest.raises(InvalidInput) as refused:
        ledger.perform(actor, register_batch, batch_facts(actor, produced=read_date("1926-05-01")))
    assert refused.value.field == "produced"


def test_a_batch_whose_days_nobody_stated_has_no_first_day(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    past = ledger.clock.now() - timedelta(days=900)
    assert make_event(ledger, actor, "store", code, happened_at=past)


# --- yields --------------------------------------------------------------------------------------


def milled(ledger: Ledger, actor: Actor, went_in: int, came_out: int) -> tuple[Any, Any]:
    """The event and the batch of some millet milled."""
    whole = make_batch(ledger, actor, kg(went_in))
    outputs = (batch_facts(actor, kg(came_out), variant="millet_milled"),)
    facts = transformation(ledger, actor, "process", {whole: None}, outputs)
    made = ledger.perform(actor, transform, facts)
    with ledger.database.read() as session:
        return event(session, made["event"]), batch(session, made["batches"][0])


@pytest.mark.parametrize(("came_out", "code"), [(99, "yield-high"), (10, "yield-low")])
def test_an_unusual_yield_is_taken_and_doubted(ledger: Ledger, came_out: int, code: str) -> None:
    told, made = milled(ledger, make_producer(ledger), 100, came_out)
    assert [one["code"] for one in told.warnings] == [code]
    assert [one["code"] for one in made.warnings] == [code]
    assert "0.7 to 0.8" in str(Doubt.from_json(made.warnings[0]))
    with ledger.database.read() as session:
        for row in (told, made):
            said = json.loads(record(session, row.record_id).body or b"")
            assert said["warnings"][0]["code"] == code


def test_a_usual_yield_is_no_matter(ledger: Ledger) -> None:
    told, made = milled(ledger, make_producer(ledger), 100, 75)
    assert told.warnings == made.warnings == []


def test_vinegar_is_measured_in_litres_and_its_grain_in_kilograms(ledger: Ledger) -> None:
    families = Families.load()
    grain = Goods(families.get("grain"), "sorghum", Quantity.of(100, "KGM"))
    for litres, codes in ((500, []), (900, ["yield-high"]), (100, ["yield-low"])):
        made = Goods(families.get("vinegar"), "solid_state", Quantity.of(litres, "LTR"))
        [doubts] = yield_doubts("process", [grain], [made])
        assert [one["code"] for one in doubts] == codes


def test_heads_cannot_be_weighed_and_freezing_is_no_loss() -> None:
    yak = Families.load().get("yak_meat")
    heads = Goods(yak, "live", Quantity.of(20, "H87"))
    fresh = Goods(yak, "fresh", Quantity.of(100, "KGM"))
    frozen = Goods(yak, "frozen", Quantity.of(100, "KGM"))
    assert yield_doubts("slaughter", [heads], [fresh]) == [[]]
    assert yield_doubts("process", [fresh], [frozen]) == [[]]


def test_a_correction_keeps_the_doubt(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    told, _ = milled(ledger, actor, 100, 99)
    mended = ledger.perform(actor, correct_event, CorrectionFacts(told.uid, "补充", note="见记录"))
    with ledger.database.read() as session:
        assert event(session, mended).warnings == told.warnings


# --- places --------------------------------------------------------------------------------------


def codes(warnings: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in warnings]


def registered(ledger: Ledger, actor: Actor, site: str, **more: Any) -> Any:
    code = make_batch(ledger, actor, site=site, **more)
    with ledger.database.read() as session:
        return batch(session, code)


@pytest.mark.parametrize("kind", ["field", "pasture", "gathering_area"])
def test_goods_do_not_come_from_a_strangers_land(ledger: Ledger, kind: str) -> None:
    actor, stranger = make_producer(ledger), make_producer(ledger)
    theirs = make_site(ledger, stranger, kind=kind, name="邻村牧场")
    with pytest.raises(InvalidInput, match="邻村牧场") as refused:
        ledger.perform(actor, register_batch, batch_facts(actor, site=theirs))
    assert refused.value.field == "site"


@pytest.mark.parametrize("kind", ["slaughterhouse", "workshop"])
def test_work_for_hire_elsewhere_is_taken_and_doubted(ledger: Ledger, kind: str) -> None:
    actor, mill = make_producer(ledger), make_producer(ledger, "processor")
    made = registered(ledger, actor, make_site(ledger, mill, kind=kind))
    assert codes(made.warnings) == ["place-of-another"]


def test_a_co_operative_its_members_and_its_station_share_their_land(ledger: Ledger) -> None:
    head = make_producer(ledger)
    member = make_actor(ledger, make_party(ledger, "household_group", parent=head.party_uid))
    station = make_producer(ledger, "county_station")
    own, of_member = make_site(ledger, head), make_site(ledger, member)
    assert registered(ledger, head, of_member).warnings == []
    assert registered(ledger, member, own).warnings == []
    assert registered(ledger, station, of_member).warnings == []


def test_an_event_at_a_strangers_place_is_doubted(ledger: Ledger) -> None:
    actor, stranger = make_producer(ledger), make_producer(ledger)
    code = make_batch(ledger, actor)
    own, theirs = make_site(ledger, actor), make_site(ledger, stranger)
    for place, doubts in ((own, []), (theirs, ["place-of-another"])):
        uid = make_event(ledger, actor, "store", code, site=place)
        with ledger.database.read() as session:
            assert codes(event(session, uid).warnings) == doubts


def test_who_tests_goods_at_their_producers_place_is_where_it_should_be(ledger: Ledger) -> None:
    actor, laboratory = make_producer(ledger), make_producer(ledger, "laboratory")
    code, place = make_batch(ledger, actor), make_site(ledger, actor)
    uid = make_event(ledger, laboratory, "test", code, site=place)
    with ledger.database.read() as session:
        assert event(session, uid).warnings == []
