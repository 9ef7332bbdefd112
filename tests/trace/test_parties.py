"""Organisations: who may apply, who may check, and who may do what for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from suyuan.trace.acts.parties import (
    add_site,
    apply_for_party,
    apply_from_outside,
    check_party,
    reinstate_party,
    set_competences,
    sign_undertaking,
    suspend_party,
)
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.log import queries as log
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import STRANGER, SYSTEM, Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.facts import CompetenceFacts, PartyFacts, SiteFacts
from suyuan.trace.parties.tables import Party
from tests.world import (
    KAZUO,
    SENI_DISTRICT,
    SUO_COUNTY,
    make_actor,
    make_operator,
    make_party,
    make_producer,
    make_regulator,
)

BAISHA = "469025"


def facts(**changes: object) -> PartyFacts:
    values: dict[str, object] = {
        "kind": "cooperative",
        "name": "索县亚拉镇牦牛养殖合作社",
        "division": SUO_COUNTY,
        "phone": "13800000000",
        "undertaking": True,
    }
    return PartyFacts(**(values | changes))  # type: ignore[arg-type]  # a test's own changes


def read(ledger: Ledger, uid: str) -> Party:
    with ledger.database.read() as session:
        return queries.party(session, uid)


# --- coming in -----------------------------------------------------------------------------------


def test_a_party_is_applied_for_then_checked_by_somebody_against_papers(ledger: Ledger) -> None:
    regulator = make_regulator(ledger)
    uid = ledger.perform(STRANGER, apply_from_outside, facts())
    assert read(ledger, uid).state == "applied"
    ledger.perform(regulator, check_party, uid, "营业执照 2026-05-30")
    party = read(ledger, uid)
    assert (party.state, party.checked_against) == ("active", "营业执照 2026-05-30")
    assert party.checked_by_id == regulator.person_id


def test_the_application_is_in_the_log_without_its_telephone_in_public(ledger: Ledger) -> None:
    uid = ledger.perform(STRANGER, apply_from_outside, facts())
    with ledger.database.read() as session:
        said = log.record(session, queries.party(session, uid).record_id)
    assert said.classes["name"] == "public"
    assert said.classes["phone"] == "personal"


def test_every_wrong_field_is_named_at_once(ledger: Ledger) -> None:
    wrong = facts(kind="bank", name=" ", division="999999", phone="12", uscc="123")
    with pytest.raises(InvalidInputs) as caught:
        ledger.perform(SYSTEM, apply_for_party, wrong)
    fields = {fault.field for fault in caught.value.faults}
    assert fields == {"kind", "name", "division", "phone", "uscc"}


def test_a_wrong_check_character_warns_and_stays_visible(ledger: Ledger) -> None:
    uid = ledger.perform(SYSTEM, apply_for_party, facts(uscc="93540628MA6T1A2B3C"))
    warnings = read(ledger, uid).warnings
    assert warnings
    assert {one["field"] for one in warnings} == {"uscc"}


def test_a_county_directly_under_a_province_is_a_seat(ledger: Ledger) -> None:
    uid = ledger.perform(SYSTEM, apply_for_party, facts(division=BAISHA))
    assert read(ledger, uid).division == BAISHA


def test_a_credit_code_comes_in_once(ledger: Ledger) -> None:
    ledger.perform(SYSTEM, apply_for_party, facts(uscc="91350100M000100Y43"))
    with pytest.raises(Conflict, match="uscc"):
        ledger.perform(SYSTEM, apply_for_party, facts(uscc="91350100M000100Y43"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "regulator"}, Forbidden),
        ({"kind": "platform_operator"}, Forbidden),
        ({"parent": "x"}, Forbidden),
        ({"phone": ""}, InvalidInput),
        ({"undertaking": False}, InvalidInput),
    ],
)
def test_what_a_stranger_may_not_apply_for(
    ledger: Ledger, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ledger.perform(STRANGER, apply_from_outside, facts(**changes))


def test_only_an_operator_adds_authorities(ledger: Ledger) -> None:
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), apply_for_party, facts(kind="regulator"))
    assert ledger.perform(make_operator(ledger), apply_for_party, facts(kind="regulator"))


def test_a_group_is_put_under_ones_own_cooperative_only(ledger: Ledger) -> None:
    head, other = make_producer(ledger), make_producer(ledger)
    group = facts(kind="household_group", parent=head.party_uid)
    assert ledger.perform(head, apply_for_party, group)
    with pytest.raises(Forbidden):
        ledger.perform(other, apply_for_party, group)


# --- checking ------------------------------------------------------------------------------------


def test_nobody_checks_without_the_undertaking_or_without_papers(ledger: Ledger) -> None:
    regulator = make_regulator(ledger)
    uid = ledger.perform(SYSTEM, apply_for_party, facts(undertaking=False))
    with pytest.raises(Conflict, match="undertaking"):
        ledger.perform(regulator, check_party, uid, "营业执照")
    ledger.perform(make_actor(ledger, uid), sign_undertaking, uid)
    with pytest.raises(InvalidInput, match="against"):
        ledger.perform(regulator, check_party, uid, " ")
    ledger.perform(regulator, check_party, uid, "营业执照")


def checkers(ledger: Ledger) -> dict[str, Actor]:
    """Role × organisation × division, each with the one thing that is different."""
    return {
        "supervisor here": make_regulator(ledger),
        "supervisor of the region": make_regulator(ledger, division="540000"),
        "supervisor elsewhere": make_regulator(ledger, division=KAZUO),
        "inspector here": make_regulator(ledger, role="inspector"),
        "supervisor for one family": make_regulator(ledger, family="yak_meat"),
        "the operator": make_actor(
            ledger, make_party(ledger, "platform_operator"), "administrator"
        ),
        "the station here": make_actor(ledger, make_party(ledger, "county_station")),
        "the party itself": make_producer(ledger),
        "the installation": SYSTEM,
    }


def test_who_may_check_a_party_of_the_county(ledger: Ledger) -> None:
    allowed = set()
    for who, actor in checkers(ledger).items():
        uid = ledger.perform(SYSTEM, apply_for_party, facts())
        try:
            ledger.perform(actor, check_party, uid, "营业执照")
        except Forbidden:
            continue
        allowed.add(who)
    assert allowed == {
        "supervisor here", "supervisor of the region", "the station here", "the operator",
        "the installation",
    }  # fmt: skip


def test_a_competence_that_has_ended_counts_no_more(ledger: Ledger) -> None:
    uid = make_party(ledger, "regulator")
    over = CompetenceFacts("农业农村局", SUO_COUNTY, date(2020, 1, 1), valid_to=date(2026, 5, 31))
    ledger.perform(SYSTEM, set_competences, uid, (over,))
    late = make_actor(ledger, uid, "supervisor")
    applied = ledger.perform(SYSTEM, apply_for_party, facts())
    with pytest.raises(Forbidden):
        ledger.perform(late, check_party, applied, "营业执照")


def test_suspending_needs_a_reason_and_can_be_taken_back(ledger: Ledger) -> None:
    regulator, uid = make_regulator(ledger), make_party(ledger)
    with pytest.raises(InvalidInput, match="reason"):
        ledger.perform(regulator, suspend_party, uid, "")
    with pytest.raises(Conflict):
        ledger.perform(regulator, reinstate_party, uid, "误报")
    ledger.perform(regulator, suspend_party, uid, "证照过期")
    assert read(ledger, uid).state == "suspended"
    ledger.perform(regulator, reinstate_party, uid, "证照已更新")
    assert read(ledger, uid).state == "active"


def test_competences_are_said_by_operators_of_regulators_only(ledger: Ledger) -> None:
    one = (CompetenceFacts("市场监管局", SUO_COUNTY, date(2020, 1, 1)),)
    with pytest.raises(InvalidInput):
        ledger.perform(SYSTEM, set_competences, make_party(ledger), one)
    regulator = make_regulator(ledger)
    with pytest.raises(Forbidden):
        ledger.perform(regulator, set_competences, str(regulator.party_uid), one)
    nowhere = (CompetenceFacts("市场监管局", "999999", date(2020, 1, 1)),)
    with pytest.raises(InvalidInput):
        ledger.perform(SYSTEM, set_competences, str(regulator.party_uid), nowhere)


# --- for whom one may act ------------------------------------------------------------------------


def test_for_whom_a_station_may_act(ledger: Ledger) -> None:
    station = make_actor(ledger, make_party(ledger, "county_station"))
    townships = divisions().children(SUO_COUNTY)
    served = {
        "here": make_party(ledger),
        "in a township here": make_party(ledger, division=townships[0].code),
    }
    others = {
        "the next county": make_party(ledger, division=SENI_DISTRICT),
        "the authority here": make_party(ledger, "regulator"),
        "the laboratory here": make_party(ledger, "laboratory"),
        "the certifier here": make_party(ledger, "certifier"),
        "the operator here": make_party(ledger, "platform_operator"),
    }
    with ledger.database.read() as session:
        for name, uid in served.items():
            assert station.may_for("manage_members", queries.party(session, uid)), name
        for name, uid in others.items():
            assert not station.may_for("manage_members", queries.party(session, uid)), name


def test_a_laboratory_belongs_to_nobody_whose_goods_it_could_judge(ledger: Ledger) -> None:
    head = make_producer(ledger)
    for kind in ("laboratory", "certifier"):
        with pytest.raises(InvalidInput, match="belongs to no other"):
            ledger.perform(head, apply_for_party, facts(kind=kind, parent=head.party_uid))


def test_an_authority_suspends_no_authority(ledger: Ledger) -> None:
    regulator = make_regulator(ledger)
    for kind in ("platform_operator", "regulator"):
        with pytest.raises(Forbidden):
            ledger.perform(regulator, suspend_party, make_party(ledger, kind), "越权")


def test_a_site_is_added_by_the_party_its_cooperative_or_its_station(ledger: Ledger) -> None:
    head, stranger = make_producer(ledger), make_producer(ledger)
    group = make_party(ledger, "household_group", parent=head.party_uid)
    site = SiteFacts(party=group, kind="pasture", name="夏季牧场", division=SUO_COUNTY)
    for actor in (
        make_actor(ledger, group),
        head,
        make_actor(ledger, make_party(ledger, "county_station")),
    ):
        assert ledger.perform(actor, add_site, site)
    with pytest.raises(Forbidden):
        ledger.perform(stranger, add_site, site)


def test_a_site_says_what_is_wrong_with_where_it_is(ledger: Ledger) -> None:
    head = make_producer(ledger)
    lost = SiteFacts(str(head.party_uid), "pasture", "", "1", latitude="north", longitude="181")
    with pytest.raises(InvalidInputs) as caught:
        ledger.perform(head, add_site, lost)
    assert [f.field for f in caught.value.faults] == ["name", "division", "latitude", "longitude"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "moon"}, "kind"),
        ({"latitude": "31.5"}, "longitude"),
        ({"longitude": "92"}, "latitude"),
        ({"latitude": "3_1", "longitude": "92"}, "latitude"),
        ({"altitude_m": 48_000}, "altitude_m"),
        ({"altitude_m": -4_800}, "altitude_m"),
    ],
)
def test_a_site_lies_where_there_can_be_one(
    ledger: Ledger, change: dict[str, Any], field: str
) -> None:
    head = make_producer(ledger)
    site = SiteFacts(str(head.party_uid), "pasture", "夏季牧场", SUO_COUNTY)
    with pytest.raises(InvalidInputs) as caught:
        ledger.perform(head, add_site, replace(site, **change))
    assert [f.field for f in caught.value.faults] == [field]


def test_parties_are_listed_by_where_they_sit(ledger: Ledger) -> None:
    here, there, island = (
        make_party(ledger, division=code) for code in (SUO_COUNTY, KAZUO, BAISHA)
    )
    with ledger.database.read() as session:

        def within(*codes: str) -> list[str]:
            return [one.uid for one in queries.parties(session, within=codes)]

        assert within("540000") == within("540600") == within(SUO_COUNTY) == [here]
        assert within("460000") == [island]
        assert within("540626", "211324") == [here, there]
        assert within() == []
