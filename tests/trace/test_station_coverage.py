"""How far stations cover a county, against the numbers of the plans."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from suyuan.trace.acts.parties import suspend_party
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.coverage import counting
from suyuan.trace.coverage.aims import VillageNumber, coverage_aims
from suyuan.trace.coverage.counting import AimCount, Coverage, Station, coverage, covered
from suyuan.trace.coverage.scope import counties_of
from suyuan.trace.errors import Forbidden
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.divisions import UnknownDivision, divisions
from tests import world

AIMS = coverage_aims()
KAZUO = divisions().get(world.KAZUO)
TOWNSHIPS = [one.code for one in divisions().children(world.KAZUO)]
SUO, YALA, RONGBU = world.SUO_COUNTY, world.SUO_COUNTY + "100", world.SUO_COUNTY + "101"


def villages(number: int, trained: int = 0) -> list[Station]:
    return [Station("village_station", TOWNSHIPS[0], at < trained) for at in range(number)]


def aim(found: Coverage, level: str, measure: str) -> AimCount:
    return next(one for one in found.aims if (one.level, one.measure) == (level, measure))


def test_the_plans_numbers_are_there_with_their_sources() -> None:
    wanted = {(one.division, one.level, one.measure): one.aim for one in AIMS.aims}
    assert wanted[world.KAZUO, "county", "stations"] == 1
    assert wanted[world.KAZUO, "township", "stations"] == len(TOWNSHIPS) == 22
    assert wanted[world.KAZUO, "village", "stations"] == 139
    assert wanted[world.KAZUO, "township", "percent"] == 100
    assert wanted[world.KAZUO, "village", "percent"] == 85
    assert wanted["411325", "village", "stations"] == 289
    assert wanted["469025", "village", "stations"] == 50
    assert all("S" in one.provenance.source and one.period for one in AIMS.aims)


@pytest.mark.parametrize(("stations", "met", "percent"), [
    (138, False, "99.2"), (139, True, "100.0"), (140, True, "100.0"), (0, False, "0.0"),
])  # fmt: skip
def test_village_stations_are_counted_against_the_plans_number(
    stations: int, met: bool, percent: str
) -> None:
    found = covered(KAZUO, villages(stations, trained=stations // 2))
    told = aim(found, "village", "stations")
    assert (told.counted, told.of, told.met) == (stations, 139, met)
    assert told.percent == Decimal(percent)
    assert found.levels[2].stations == stations
    assert found.levels[2].trained == stations // 2
    assert not found.villages_listed


@pytest.mark.parametrize(("number", "stations", "met", "percent"), [
    (20, 17, True, "85.0"),
    (20, 16, False, "80.0"),
    (10_000, 8_500, True, "85.0"),
    (10_000, 8_499, False, "84.9"),
    (139, 119, True, "85.6"),
    (139, 118, False, "84.8"),
    (7, 9, True, "100.0"),
])  # fmt: skip
def test_85_percent_of_the_villages_is_reckoned_exactly(
    monkeypatch: pytest.MonkeyPatch, number: int, stations: int, met: bool, percent: str
) -> None:
    there = VillageNumber(world.KAZUO, number, AIMS.aims[0].provenance)
    known = replace(AIMS, villages={world.KAZUO: there})
    monkeypatch.setattr(counting, "coverage_aims", lambda: known)
    told = aim(covered(KAZUO, villages(stations)), "village", "percent")
    assert (told.met, told.percent, told.of) == (met, Decimal(percent), number)


def test_without_a_number_of_villages_no_share_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "coverage_aims", lambda: replace(AIMS, villages={}))
    found = covered(KAZUO, villages(139))
    told = aim(found, "village", "percent")
    assert (found.villages, told.of, told.percent, told.met) == (None, None, None, None)
    assert aim(found, "village", "stations").met


@pytest.mark.parametrize("without", [0, 1, 22])
def test_every_township_but_one_is_not_every_township(without: int) -> None:
    # two stations in one township serve one township
    served = TOWNSHIPS[without:]
    found = covered(KAZUO, [Station("township_station", code, True) for code in served * 2])
    assert [one.division for one in found.unserved] == TOWNSHIPS[:without]
    told = aim(found, "township", "percent")
    assert (found.served, told.counted, told.of) == (22 - without, 22 - without, 22)
    assert told.met is (without == 0)


def test_a_world_of_some_stations(ledger: Ledger) -> None:
    world.make_party(ledger, "county_station")
    world.make_party(ledger, "township_station", division=YALA)
    world.make_party(ledger, "township_station")  # says only its county: it serves no township
    for trained in (True, True, False):
        world.make_party(ledger, "village_station", division=RONGBU, trained=trained)
    world.make_party(ledger, "village_station", division=RONGBU, active=False)
    world.make_party(ledger, "village_station", division=world.KAZUO)
    gone = world.make_party(ledger, "township_station", division=RONGBU)
    ledger.perform(SYSTEM, suspend_party, gone, "撤点")
    world.make_party(ledger, division=RONGBU)
    with ledger.database.read() as session:
        day = ledger.clock.now().date()
        (suo,) = coverage(session, [divisions().get(SUO)], day)
        (rongbu,) = coverage(session, [divisions().get(RONGBU)], day)
    told = [(one.level, one.stations, one.trained) for one in suo.levels]
    assert told == [("county", 1, None), ("township", 2, 2), ("village", 3, 2)]
    assert [one.division for one in suo.townships if one.stations] == [YALA]
    assert (suo.served, len(suo.unserved), suo.villages) == (1, 9, 124)
    assert [(one.aim, one.counted, one.met) for one in suo.aims] == [(5, 2, False)]
    assert (rongbu.levels[2].stations, rongbu.served, rongbu.aims) == (3, 0, ())
    assert [one.division for one in rongbu.unserved] == [RONGBU]


def test_everybody_reads_what_is_in_their_division_and_no_more(ledger: Ledger) -> None:
    county, prefecture = (world.make_regulator(ledger, one) for one in (SUO, "540600"))
    region = world.make_regulator(ledger, "540000", "yak_meat")
    assert [one.code for one in counties_of(county)] == [SUO]
    assert [one.code for one in counties_of(county, "540600")] == [SUO]
    assert [one.code for one in counties_of(county, YALA)] == [YALA]
    assert SUO in [one.code for one in counties_of(prefecture)]
    assert [one.code for one in counties_of(prefecture, "540626")] == [SUO]
    assert len(counties_of(region)) > len(counties_of(region, "540600")) > 1
    for elsewhere in (world.KAZUO, world.SENI_DISTRICT):
        with pytest.raises(Forbidden):
            counties_of(county, elsewhere)
    with pytest.raises(UnknownDivision):
        counties_of(county, "999999")
    with pytest.raises(Forbidden):
        counties_of(world.make_producer(ledger))
    station = world.make_producer(ledger, "county_station")
    assert [one.code for one in counties_of(station)] == [SUO]
    unchecked = world.make_producer(ledger, "county_station", active=False)
    with pytest.raises(Forbidden):
        counties_of(unchecked)
