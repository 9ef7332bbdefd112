"""The page and the report on how far stations cover a division."""

from __future__ import annotations

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.divisions import divisions
from tests import world
from tests.api_clients import client as program
from tests.web_clients import signed_in, site

PAGE = "/inspect/stations"


@pytest.fixture
def stations(ledger: Ledger) -> None:
    """The county's centre, stations in three of its 22 townships, and in two villages."""
    world.make_party(ledger, "county_station", division=world.KAZUO)
    townships = [one.code for one in divisions().children(world.KAZUO)]
    for code in townships[:3]:
        world.make_party(ledger, "township_station", division=code)
    for trained in (True, False):
        world.make_party(ledger, "village_station", division=townships[0], trained=trained)


@pytest.mark.usefixtures("stations")
def test_a_regulator_reads_what_is_there_what_is_wanted_and_what_is_not_known(
    ledger: Ledger,
) -> None:
    regulator = world.make_regulator(ledger, world.KAZUO)
    client = signed_in(site(ledger), ledger, str(regulator.person_uid))
    page = client.get(PAGE).text
    for said in (
        "139 stations", "2 of 139, that is 1.4 %", "2, 1 of them with trained people",
        "3 of 22, that is 13.6 %", "85 % of the villages", "2 of 204, that is 0.9 %",
        "Which villages there are is not recorded", "国营官大海农场", "not reached",
        "1 of 1, that is 100.0 %",
    ):  # fmt: skip
        assert said in page, said
    assert "大城子街道" not in page, "it has a station"
    chinese = client.get(PAGE, headers={"Accept-Language": "zh"}).text
    for said in ("行政村覆盖率 85%", "没有登记村的名单", "204 中已有 2，即 0.9%"):
        assert said in chinese, said


def test_who_looks_after_more_chooses_among_counties(ledger: Ledger) -> None:
    world.make_party(ledger, "village_station", division=world.SUO_COUNTY)
    prefecture = world.make_regulator(ledger, "540600")
    client = signed_in(site(ledger), ledger, str(prefecture.person_uid))
    page = client.get(PAGE).text
    assert "索县" in page
    assert f"{PAGE}?division={world.SUO_COUNTY}" in page
    assert "亚拉镇" in client.get(f"{PAGE}?division={world.SUO_COUNTY}").text
    assert "not recorded" in client.get(f"{PAGE}?division=540630").text
    assert client.get(f"{PAGE}?division={world.KAZUO}").status_code == 403
    assert client.get(f"{PAGE}?division=999999").status_code == 422


@pytest.mark.usefixtures("stations")
def test_a_program_reads_the_same_page_by_page(ledger: Ledger) -> None:
    api = program(ledger, world.make_regulator(ledger, world.KAZUO))
    (kazuo,) = api.read("/reports/stations").json["items"]
    assert [one["stations"] for one in kazuo["levels"]] == [1, 3, 2]
    assert [one["trained"] for one in kazuo["levels"]] == [None, 3, 1]
    assert (kazuo["served"], kazuo["villages"], kazuo["villages_listed"]) == (3, 204, False)
    reached = {(one["level"], one["measure"]): one["percent"] for one in kazuo["aims"]}
    assert reached["village", "stations"] == "1.4"
    assert reached["township", "percent"] == "13.6"
    assert kazuo["aims"][0]["met"] is True
    region = program(ledger, world.make_regulator(ledger, "540000"))
    first = region.read("/reports/stations?limit=40").json
    second = region.read(f"/reports/stations?limit=200&after={first['next']}").json
    codes = [one["division"] for one in first["items"] + second["items"]]
    assert (len(codes), second["next"], codes) == (len(set(codes)), None, sorted(codes))
    assert world.SUO_COUNTY in codes
    assert world.KAZUO not in codes
