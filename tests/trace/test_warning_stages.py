"""Warnings go to the regulators of the stage of the chain that what was found speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.trace.acts.parties import set_competences
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.warnings import acknowledge, warn
from suyuan.trace.batches import queries as batches
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices import queries
from suyuan.trace.notices.rights import may_see
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.chain_stages import SPEAKING, chain_stages
from suyuan.trace.parties.facts import CompetenceFacts
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.site_kinds import site_kinds
from suyuan.trace.projections import PROJECTIONS
from tests import world

NAQU = "540600"


def office(ledger: Ledger, stage: str | None, division: str = world.SUO_COUNTY) -> Actor:
    """Somebody of an agency that is competent for one stage of the chain in a division."""
    uid = world.make_party(ledger, "regulator", division=division)
    competence = CompetenceFacts("市场监管局", division, date(2020, 1, 1), stage=stage)
    ledger.perform(SYSTEM, set_competences, uid, (competence,))
    return world.make_actor(ledger, uid, "supervisor")


def warned(ledger: Ledger, trace_code: str, rule: str = "over_limit") -> str:
    def act(w: Writing) -> str | None:
        batch = batches.batch(w.session, trace_code)
        return warn(w, rule, trace_code, batch=batch, evidence={"trace_code": trace_code})

    uid = ledger.perform(SYSTEM, act)
    assert uid is not None
    return uid


def stands(ledger: Ledger, uid: str) -> EarlyWarning:
    with ledger.database.read() as session:
        return queries.warning(session, uid)


def told(ledger: Ledger, uid: str) -> set[int]:
    with ledger.database.read() as session:
        found = queries.warning(session, uid)
        own = {found.party_id}
        return {one.party_id for one in queries.notices_of(session, found.id)} - own


def listed(ledger: Ledger, actor: Actor) -> set[str]:
    with ledger.database.read() as session:
        found = queries.warnings_for(session, actor)
        assert all(may_see(actor, one) for one in found)
        return {one.uid for one in found}


def test_a_warning_goes_to_the_office_of_its_stage_alone(ledger: Ledger) -> None:
    farms, shops, all_ = office(ledger, "farm"), office(ledger, "retail"), office(ledger, None)
    uid = warned(ledger, world.make_batch(ledger, world.make_producer(ledger)))
    assert stands(ledger, uid).stage == "farm"
    assert told(ledger, uid) == {farms.party_id, all_.party_id}
    assert listed(ledger, farms) == listed(ledger, all_) == {uid}
    assert listed(ledger, shops) == set()
    with pytest.raises(Forbidden):
        ledger.perform(shops, acknowledge, uid)
    ledger.perform(farms, acknowledge, uid)
    with ledger.database.read() as session:
        assert not may_see(shops, queries.warning(session, uid))
        assert audit_projections(session, PROJECTIONS) == ()


def test_a_stage_that_nobody_near_has_goes_to_the_nearest_above(ledger: Ledger) -> None:
    farms, above = office(ledger, "farm"), office(ledger, "retail", NAQU)
    uid = warned(ledger, world.make_batch(ledger, world.make_producer(ledger, "retailer")))
    assert (stands(ledger, uid).stage, stands(ledger, uid).level) == ("retail", "county")
    assert told(ledger, uid) == {above.party_id}
    assert listed(ledger, farms) == set()
    ledger.perform(above, acknowledge, uid)


def test_a_stage_that_nobody_has_is_everybodys_who_is_competent_there(ledger: Ledger) -> None:
    farms = office(ledger, "farm")
    uid = warned(ledger, world.make_batch(ledger, world.make_producer(ledger, "retailer")))
    assert stands(ledger, uid).stage is None
    assert told(ledger, uid) == {farms.party_id}
    ledger.perform(farms, acknowledge, uid)


def test_the_stage_is_that_of_what_made_the_goods_and_where(ledger: Ledger) -> None:
    for stage in chain_stages():
        office(ledger, stage)
    owner = world.make_producer(ledger)
    mill = world.make_site(ledger, owner, kind="workshop", name="磨坊")
    grown = world.make_batch(ledger, owner)
    facts = world.transformation(
        ledger, owner, "process", {grown: world.kg(50)},
        (world.batch_facts(owner, world.kg(40), variant="millet_milled"),),
    )  # fmt: skip
    (milled,) = ledger.perform(owner, transform, facts)["batches"]
    in_the_mill = world.make_batch(ledger, owner, site=mill)
    found = [stands(ledger, warned(ledger, code)).stage for code in (grown, milled, in_the_mill)]
    found.append(stands(ledger, warned(ledger, grown, "scan_anomaly")).stage)
    assert found == ["farm", "processing", "processing", "retail"]


def test_a_stage_that_there_is_not_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match="stages are"):
        office(ledger, "pack")


def test_each_kind_speaks_of_one_stage_at_most_and_is_known() -> None:
    known = {
        "events": set(EventKinds.load().keys()),
        "papers": {kind.key for kind in PaperKinds.load()},
        "sites": set(site_kinds()),
        "organisations": set(Rights.load().organisation_kinds),
    }
    for what in SPEAKING:
        named = [kind for stage in chain_stages().values() for kind in stage.kinds[what]]
        assert len(named) == len(set(named))
        assert set(named) <= known[what]
