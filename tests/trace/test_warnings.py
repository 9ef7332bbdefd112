"""Warnings: opened once, taken up, acted on, closed with proof, or handed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from suyuan.trace.acts.escalating import escalate_due
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.orders import hold, lift
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import acknowledge, act_on, close, escalate, warn
from suyuan.trace.batches import queries as batches
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices import queries
from suyuan.trace.notices.proofs import proofs_of
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.queries import party
from suyuan.trace.projections import PROJECTIONS
from tests import world
from tests.world import kg

NAQU, TIBET = "540600", "540000"


def of_batch(w: Writing, rule: str, key: str, trace_code: str) -> str | None:
    batch = batches.batch(w.session, trace_code)
    return warn(w, rule, key, batch=batch, evidence={"trace_code": trace_code})


def of_party(w: Writing, rule: str, key: str, uid: str) -> str | None:
    return warn(w, rule, key, party=party(w.session, uid), evidence={"party": uid})


def opened(ledger: Ledger, owner: Actor, rule: str = "over_limit", key: str = "r:1") -> str:
    """A warning about a batch of the owner's."""
    uid = ledger.perform(SYSTEM, of_batch, rule, key, world.make_batch(ledger, owner))
    assert uid is not None
    return uid


def stands(ledger: Ledger, uid: str) -> EarlyWarning:
    with ledger.database.read() as session:
        found = queries.warning(session, uid)
        assert audit_projections(session, PROJECTIONS) == ()
        session.expunge_all()
        return found


def move(clock: SetClock, hours: int) -> None:
    clock.move(clock.now() + timedelta(hours=hours))


def test_a_cause_opens_one_warning(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    code = world.make_batch(ledger, owner)
    first = ledger.perform(SYSTEM, of_batch, "over_limit", "r:1", code)
    assert first is not None
    assert ledger.perform(SYSTEM, of_batch, "over_limit", "r:1", code) is None
    assert ledger.perform(SYSTEM, of_batch, "over_limit", "r:2", code) is not None
    assert ledger.perform(SYSTEM, of_batch, "balance_gap", "r:1", code) is not None


def test_a_warning_says_where_it_stands(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    found = stands(ledger, opened(ledger, owner))
    assert (found.severity, found.level, found.level_division) == ("high", "county", "540626")
    assert (found.state, found.family, found.division) == ("open", "grain", "540626")
    assert found.deadline - found.opened_at <= timedelta(hours=24)


def test_a_rule_that_is_not_there_opens_nothing(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    with pytest.raises(NotFound, match="warning rule"):
        opened(ledger, owner, "no_such_rule")
    with pytest.raises(InvalidInput):
        opened(ledger, owner, key="x" * 200)


def proof_of(ledger: Ledger, who: Actor) -> str:
    """A file of the organisation that proves something."""
    return ledger.perform(who, keep_evidence, str(who.party_uid), b"%PDF-1.7", "复检.pdf", "trade")


def test_from_opening_to_closing(ledger: Ledger, clock: SetClock) -> None:
    owner, office = world.make_producer(ledger), world.make_regulator(ledger)
    uid = opened(ledger, owner)
    ledger.perform(office, acknowledge, uid)
    with pytest.raises(Conflict, match="acknowledged already"):
        ledger.perform(office, acknowledge, uid)
    ledger.perform(owner, act_on, uid, "已停售,封存于库房")
    with pytest.raises(InvalidInput, match="closed with proof"):
        ledger.perform(office, close, uid, "  ")
    ledger.perform(office, close, uid, "", proof_of(ledger, office))
    found = stands(ledger, uid)
    assert (found.state, found.closed_at) == ("closed", clock.now())
    for act in (acknowledge, act_on, close, escalate):
        with pytest.raises(Conflict, match="closed already"):
            ledger.perform(office, act, uid, "again")


def test_an_owner_does_not_settle_what_is_with_the_regulator(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    uid = opened(ledger, owner)
    for who in (owner, world.make_producer(ledger), world.make_regulator(ledger, world.KAZUO),
                world.make_regulator(ledger, family="vinegar")):  # fmt: skip
        with pytest.raises(Forbidden):
            ledger.perform(who, close, uid, "没有问题")
    competent = world.make_regulator(ledger, family="grain")
    ledger.perform(competent, close, uid, "复检合格", proof_of(ledger, competent))


def test_a_grave_warning_is_not_closed_by_a_mere_reason(ledger: Ledger, clock: SetClock) -> None:
    """A record proves it that is of the same goods and was made since, and no other."""
    owner, office = world.make_producer(ledger), world.make_regulator(ledger)
    code = world.make_batch(ledger, owner)
    before = world.make_event(ledger, owner, "stocktake", code, kg(100))
    uid = ledger.perform(SYSTEM, of_batch, "over_limit", "r:1", code)
    assert uid is not None
    move(clock, 2)
    elsewhere = world.make_event(ledger, owner, "dispose", world.make_batch(ledger, owner), kg(1))
    for proof in (None, before, elsewhere, "no-such-record"):
        with pytest.raises(InvalidInput) as refused:
            ledger.perform(office, close, uid, "ok", None, proof)
        assert refused.value.field == "proof"
    assert stands(ledger, uid).state == "open"
    disposed = world.make_event(ledger, owner, "dispose", code, kg(100))
    ledger.perform(office, close, uid, "", None, disposed)
    with ledger.database.read() as session:
        last = queries.warning(session, uid).steps[-1]
        assert (last.proof_kind, last.proof_record) == ("event", disposed)
    assert stands(ledger, uid).state == "closed"


def test_reports_papers_orders_and_releases_prove_it(ledger: Ledger, clock: SetClock) -> None:
    """An order counts from when it was lifted or finished, too; a revoked paper does not."""
    owner, office = world.make_producer(ledger), world.make_regulator(ledger)
    code = world.make_batch(ledger, owner)
    lifted = ledger.perform(office, hold, code, "待查")
    uid = ledger.perform(SYSTEM, of_batch, "over_limit", "r:1", code)
    assert uid is not None
    move(clock, 2)
    with ledger.database.read() as session:
        assert proofs_of(session, queries.warning(session, uid)) == []
    facts = PaperFacts("sc_licence", "SC10654062600018", str(owner.party_uid), "那曲市市场监管局")
    paper, revoked = (
        ledger.perform(owner, register_paper, replace(facts, number=number))
        for number in ("SC10654062600018", "SC10654062600026")
    )
    ledger.perform(office, revoke_paper, revoked, "造假")
    ledger.perform(office, lift, lifted, "复检合格")
    with ledger.database.read() as session:
        found = proofs_of(session, queries.warning(session, uid))
    kinds = {one.uid: one.kind for one in found}
    assert (kinds[paper], kinds[lifted], revoked in kinds) == ("paper", "order", False)


def test_an_owner_settles_its_own(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    uid = ledger.perform(SYSTEM, of_party, "paper_near_end", "p:1", str(owner.party_uid))
    assert uid is not None
    assert stands(ledger, uid).level == "owner"
    with pytest.raises(Forbidden):
        ledger.perform(world.make_producer(ledger), acknowledge, uid)
    ledger.perform(owner, acknowledge, uid)
    ledger.perform(owner, close, uid, "已换新证")
    assert stands(ledger, uid).state == "closed"


def test_what_is_late_goes_up_level_by_level(ledger: Ledger, clock: SetClock) -> None:
    owner, county = world.make_producer(ledger), world.make_regulator(ledger)
    prefecture, region = (world.make_regulator(ledger, at) for at in (NAQU, TIBET))
    uid = ledger.perform(SYSTEM, of_party, "paper_near_end", "p:1", str(owner.party_uid))
    assert uid is not None
    seen = []
    for _ in range(5):
        found = stands(ledger, uid)
        seen.append((found.level, found.level_division))
        move(clock, 20_000)
        escalate_due(ledger)
    assert seen == [
        ("owner", "540626"), ("county", "540626"), ("prefecture", NAQU), ("province", TIBET),
        ("province", TIBET),
    ]  # fmt: skip
    for who in (county, prefecture, owner):
        with pytest.raises(Forbidden):
            ledger.perform(who, close, uid, "已换新证")
    ledger.perform(region, close, uid, "已换新证")


def test_a_county_under_its_province_has_no_prefecture(ledger: Ledger, clock: SetClock) -> None:
    owner = world.make_producer(ledger, division="469025")
    world.make_regulator(ledger, "460000")
    uid = opened(ledger, owner)
    move(clock, 25)
    assert escalate_due(ledger) == 1
    assert escalate_due(ledger) == 0
    assert (stands(ledger, uid).level, stands(ledger, uid).level_division) == (
        "province",
        "460000",
    )


def test_going_up_wants_a_reason_and_begins_anew(ledger: Ledger) -> None:
    owner, office = world.make_producer(ledger), world.make_regulator(ledger)
    world.make_regulator(ledger, NAQU)
    uid = opened(ledger, owner)
    ledger.perform(office, acknowledge, uid)
    with pytest.raises(InvalidInput):
        ledger.perform(office, escalate, uid, " ")
    ledger.perform(office, escalate, uid, "涉及两县")
    assert (stands(ledger, uid).state, stands(ledger, uid).level) == ("open", "prefecture")
