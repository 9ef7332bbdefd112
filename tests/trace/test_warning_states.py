"""Whatever people do and however time goes: a warning goes up and never down, keeps its deadline
before it, and is closed only with proof, by somebody who has it in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.acts.escalating import escalate_due
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import acknowledge, act_on, close, escalate, warn
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices import queries
from suyuan.trace.notices.rules import LEVELS, warning_rule, warning_rules
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.queries import party
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from tests import world

PROVEN = "附复检报告"
"""What is said of a warning that is closed with a file."""


def _close(w: Writing, uid: str, text: str) -> str:
    own = str(w.actor.party_uid)
    file = keep_evidence(w, own, b"%PDF-1.7", "复检.pdf") if text == PROVEN else None
    return close(w, uid, text, file)


ACTS = {
    "acknowledge": lambda w, uid, _text: acknowledge(w, uid),
    "act_on": act_on,
    "close": _close,
    "escalate": escalate,
}
WHO = ("owner", "county", "prefecture", "province", "elsewhere", "stranger")
REASONS = ("", "   ", "已处置", PROVEN)
_keys = count()

Step = tuple[str, str, str] | int
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(WHO), st.sampled_from(REASONS)),
        st.integers(1, 900),
    ),
    max_size=12,
)


@dataclass
class Land:
    """A co-operative, the offices above it, and others."""

    ledger: Ledger
    clock: SetClock
    people: dict[str, Actor]

    def opened(self, rule: str) -> str:
        def act(w: Writing) -> str | None:
            own = party(w.session, str(self.people["owner"].party_uid))
            return warn(w, rule, f"k{next(_keys)}", party=own, evidence={"reason": "x"})

        uid = self.ledger.perform(SYSTEM, act)
        assert uid is not None
        return uid

    def stands(self, uid: str) -> EarlyWarning:
        with self.ledger.database.read() as session:
            found = queries.warning(session, uid)
            assert len(found.steps) >= 0
            return found


@pytest.fixture
def land(ledger: Ledger, clock: SetClock) -> Iterator[Land]:
    people = {
        "owner": world.make_producer(ledger),
        "county": world.make_regulator(ledger),
        "prefecture": world.make_regulator(ledger, "540600"),
        "province": world.make_regulator(ledger, "540000"),
        "elsewhere": world.make_regulator(ledger, world.KAZUO),
        "stranger": world.make_producer(ledger),
    }
    yield Land(ledger, clock, people)
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()
        assert check_log(session, SCHEMAS).sound


def _may(who: str, level: str) -> bool:
    """Whose hands a warning of the co-operative is in, at a level."""
    if who in ("elsewhere", "stranger"):
        return False
    return LEVELS.index(who) >= LEVELS.index(level)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=st.sampled_from(["paper_near_end", "over_limit"]), steps=steps)
def test_a_warning_goes_its_way(land: Land, rule: str, steps: list[Step]) -> None:
    uid = land.opened(rule)
    before = land.stands(uid)
    for step in steps:
        if isinstance(step, int):
            land.clock.move(land.clock.now() + timedelta(hours=step))
            escalate_due(land.ledger)
            after = land.stands(uid)
            late = before.state != "closed" and before.deadline <= land.clock.now()
            top = before.level == LEVELS[-1]
            assert (after.level != before.level) is (late and not top)
        else:
            after = _acted(land, uid, step, before)
        _hold(before, after)
        if after.state != "closed" and after.level != LEVELS[-1]:
            assert after.deadline > land.clock.now()
        before = after


def _acted(land: Land, uid: str, step: tuple[str, str, str], before: EarlyWarning) -> EarlyWarning:
    act, who, text = step
    try:
        land.ledger.perform(land.people[who], ACTS[act], uid, text)
    except (Conflict, Forbidden, InvalidInput):
        after = land.stands(uid)
        assert (after.state, after.level, len(after.steps)) == (
            before.state, before.level, len(before.steps),
        )  # fmt: skip
        return after
    after = land.stands(uid)
    assert before.state != "closed"
    assert _may(who, before.level) or (act == "act_on" and who == "owner")
    assert act == "acknowledge" or text.strip()
    assert after.state == {
        "acknowledge": "acknowledged", "act_on": "acted_on", "close": "closed", "escalate": "open",
    }[act]  # fmt: skip
    return after


def _hold(before: EarlyWarning, after: EarlyWarning) -> None:
    """What holds after every step."""
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)
    if after.level != before.level:
        assert after.state == "open"
        assert after.deadline > before.opened_at
    if before.state == "closed":
        assert (after.state, after.closed_at, after.level) == (
            before.state, before.closed_at, before.level,
        )  # fmt: skip
    if after.state == "closed":
        proof = [step for step in after.steps if step.kind == "closed"]
        assert len(proof) == 1
        assert proof[0].note
        assert (proof[0].evidence_id is not None) is (proof[0].note == PROVEN)
        assert proof[0].evidence_id is not None or after.severity != "high"
        assert proof[0].party_id is not None


@pytest.mark.parametrize("rule", sorted(warning_rules()))
def test_every_rule_gives_time_at_each_level(rule: str) -> None:
    found = warning_rule(rule)
    assert list(found.hours) == list(LEVELS[LEVELS.index(found.begins) :])
    assert all(found.time_at(level) > timedelta(0) for level in found.hours)


def test_where_nobody_is_above_a_warning_stays_in_hand_and_is_told_again(
    ledger: Ledger, clock: SetClock
) -> None:
    owner, county = world.make_producer(ledger), world.make_regulator(ledger)
    land = Land(ledger, clock, {"owner": owner, "county": county})
    uid = land.opened("over_limit")
    for _ in range(2):
        clock.move(clock.now() + timedelta(days=30))
        assert escalate_due(ledger) == 0
        stands = land.stands(uid)
        assert (stands.level, stands.deadline > clock.now()) == ("county", True)
    assert [one.kind for one in stands.steps] == ["overdue", "overdue"]
    with pytest.raises(Conflict, match="nobody there"):
        ledger.perform(county, escalate, uid, "x")
    ledger.perform(county, _close, uid, PROVEN)
    assert land.stands(uid).state == "closed"
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()


def test_a_warning_passes_over_a_level_where_nobody_is(ledger: Ledger, clock: SetClock) -> None:
    owner = world.make_producer(ledger)
    world.make_regulator(ledger)
    region = world.make_regulator(ledger, "540000")
    land = Land(ledger, clock, {"owner": owner})
    uid = land.opened("over_limit")
    clock.move(clock.now() + timedelta(days=30))
    assert escalate_due(ledger) == 1
    assert land.stands(uid).level in ("prefecture", "province")
    ledger.perform(region, _close, uid, PROVEN)
