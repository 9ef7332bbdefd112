"""What is told and can hardly be: days before the goods were there, yields, others' places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.reading_dates import read_date
from tests.world import batch_facts, event_facts, make_batch, make_event, make_producer

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
