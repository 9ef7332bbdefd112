"""Stations record nothing before one of their people was trained; other things are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.papers import revoke_paper
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.events.facts import CorrectionFacts, ReceiptFacts
from suyuan.trace.papers import training
from suyuan.trace.papers.training import ModeRow, Untrained, station_training
from suyuan.trace.parties.actor import Actor
from tests import world

ASKED = station_training()
YALA = world.SUO_COUNTY + "100"


def row(mode: Any, division: str | None = None, since: str = "", until: str = "") -> ModeRow:
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    return ModeRow(division, first, last, mode, ASKED.provenance)


def test_the_shipped_rule_refuses_townships_and_villages_but_not_counties() -> None:
    assert ASKED.organisations == ("township_station", "village_station")
    assert (ASKED.paper, ASKED.least) == ("staff_training", 1)
    assert ASKED.mode(world.KAZUO, date(2026, 5, 1)) == "refuse"


@pytest.mark.parametrize(
    ("division", "day", "mode"),
    [
        (world.KAZUO, "2026-05-01", "refuse"),
        (world.SUO_COUNTY, "2026-05-31", "refuse"),
        (world.SUO_COUNTY, "2026-06-01", "warn"),
        (YALA, "2026-12-31", "warn"),
        (YALA, "2027-01-01", "refuse"),
        (world.SENI_DISTRICT, "2026-12-31", "refuse"),
    ],
)
def test_the_nearest_division_decides_from_its_first_day_to_its_last(
    division: str, day: str, mode: str
) -> None:
    county = row("warn", world.SUO_COUNTY, "2026-06-01", "2026-12-31")
    for modes in ((row("refuse"), county), (county, row("refuse"))):
        asked = replace(ASKED, modes=modes)
        assert asked.mode(division, date.fromisoformat(day)) == mode


def test_of_two_rows_of_a_division_the_later_decides_and_without_any_nothing_is_asked() -> None:
    asked = replace(
        ASKED, modes=(row("refuse", since="2026-06-01"), row("warn", since="2026-01-01"))
    )
    days = [date(2025, 12, 31), date(2026, 5, 31), date(2026, 6, 1)]
    assert [asked.mode(world.KAZUO, day) for day in days] == [None, "warn", "refuse"]


def untrained(ledger: Ledger, kind: str = "village_station") -> Actor:
    return world.make_producer(ledger, kind, trained=False)


@pytest.mark.parametrize("kind", ASKED.organisations)
def test_a_station_registers_and_records_once_one_of_its_people_was_trained(
    ledger: Ledger, kind: str
) -> None:
    station = untrained(ledger, kind)
    with pytest.raises(Untrained) as refused:
        world.make_batch(ledger, station)
    assert refused.value.params["held"] == 0
    assert f"{kind} " in str(refused.value)
    paper = world.train(ledger, station)
    code = world.make_batch(ledger, station)
    world.make_event(ledger, station, "store", code)
    ledger.perform(station, revoke_paper, paper, "代考")
    acts: list[Callable[[], object]] = [
        lambda: world.make_batch(ledger, station),
        lambda: world.make_event(ledger, station, "store", code),
        lambda: world.make_split(ledger, station, code, 40, 60),
    ]
    for act in acts:
        with pytest.raises(Untrained):
            act()


def test_a_certificate_counts_from_its_first_day_to_its_last(
    ledger: Ledger, clock: SetClock
) -> None:
    station, today = untrained(ledger), clock.now().date()
    world.train(
        ledger, station, valid_from=today + timedelta(days=1), valid_to=today + timedelta(days=2)
    )
    told = []
    for _ in range(4):
        try:
            told.append(bool(world.make_batch(ledger, station)))
        except Untrained:
            told.append(False)
        clock.move(clock.now() + timedelta(days=1))
    assert told == [False, True, True, False]


def test_the_people_of_an_untrained_station_type_for_nobody_else_either(ledger: Ledger) -> None:
    station, household = untrained(ledger), world.make_producer(ledger, "household_group")
    with pytest.raises(Untrained) as refused:
        ledger.perform(station, register_batch, world.batch_facts(household))
    assert str(refused.value.params["station"]).startswith("village_station")
    assert world.make_batch(ledger, household), "the household tells it itself"
    county = world.make_producer(ledger, "county_station")
    with pytest.raises(Untrained):
        ledger.perform(county, register_batch, world.batch_facts(station))


def test_goods_handed_over_are_received_sent_back_and_destroyed_all_the_same(
    ledger: Ledger,
) -> None:
    sender, station = world.make_producer(ledger), untrained(ledger)
    code = world.make_batch(ledger, sender)
    sent = world.make_shipment(ledger, sender, str(station.party_uid), code, world.kg(9))
    ledger.perform(station, receive, ReceiptFacts(sent, ledger.clock.now(), accepted=True))
    back = {"to_party": str(sender.party_uid)}
    world.make_event(ledger, station, "return", code, world.kg(4), **back)
    world.make_event(ledger, station, "dispose", code, world.kg(1))
    with pytest.raises(Untrained):
        world.make_event(ledger, station, "sell", code, world.kg(1))
    assert world.left(ledger, station, code) == world.kg(4)


def test_what_was_told_while_trained_is_mended_and_answered_again_later(ledger: Ledger) -> None:
    station = untrained(ledger)
    paper = world.train(ledger, station)
    code = world.make_batch(ledger, station)
    uid = world.make_event(ledger, station, "store", code, id="01M8VZTEST0000000000000001")
    ledger.perform(station, revoke_paper, paper, "代考")
    assert world.make_event(ledger, station, "store", code, id=uid) == uid
    ledger.perform(station, correct_event, CorrectionFacts(uid, "仓号写错", note="二号库"))


def test_where_a_county_only_warns_an_untrained_station_records(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = untrained(ledger)
    kazuo = {"division": world.KAZUO, "trained": False}
    there = world.make_producer(ledger, "village_station", **kazuo)
    modes = (*ASKED.modes, row("warn", world.SUO_COUNTY))
    monkeypatch.setattr(training, "station_training", lambda: replace(ASKED, modes=modes))
    assert world.make_batch(ledger, here)
    with pytest.raises(Untrained):
        world.make_batch(ledger, there)
