"""The gate: goods go only when nothing is missing, or when two persons let them go without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.releasing import answer_override, ask_override, release_batch
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches import queries as batches
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.events.queries import events_of
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.conditions import conditions
from suyuan.trace.release.gate import Checklist, Item, NotReleased
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.release.reading import Occasion
from suyuan.trace.release.releases import Standing, judge, release, standing
from suyuan.trace.release.rules import StoppedByOrder
from suyuan.trace.release.tables import Release
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from tests import world
from tests.world import kg

PAPERS = ("sc_licence", "factory_inspection")
FACTS = {"crop_year": 2025, "moisture": "12.6", "quality_grade": "一级"}


def today(ledger: Ledger) -> date:
    return ledger.clock.now().astimezone(SHANGHAI).date()


def milled(ledger: Ledger, actor: Actor, **more: Any) -> str:
    """A batch of milled millet with the facts that are asked for, and no papers."""
    day = today(ledger)
    produced = StatedDate(day.isoformat(), day, day, Precision.DAY, Calendar.SOLAR)
    attributes = more.pop("attributes", FACTS)
    return world.make_batch(
        ledger, actor, family="grain", variant="millet_milled", produced=produced,
        attributes=attributes, **more,
    )  # fmt: skip


def give_paper(ledger: Ledger, actor: Actor, kind: str, code: str, **more: Any) -> str:
    own = str(actor.party_uid)
    scope = Covers("party", own) if kind == "sc_licence" else Covers("batch", code)
    number = more.pop("number", "SC10154062600016" if kind == "sc_licence" else f"N-{code[-5:]}")
    facts = PaperFacts(kind, number, own, covers=(scope,), **more)
    return ledger.perform(actor, register_paper, facts)


def releasable(ledger: Ledger, actor: Actor) -> str:
    """Milled millet with everything that it needs."""
    code = milled(ledger, actor)
    for kind in PAPERS:
        give_paper(ledger, actor, kind, code)
    return code


def now_of(ledger: Ledger, code: str, **more: Any) -> Standing:
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        occasion = Occasion(more.pop("moment", "sell"), today(ledger), **more)
        found = standing(session, ledger.families, batch, occasion)
        session.expunge_all()
        return found


def missing(ledger: Ledger, code: str, **more: Any) -> set[str]:
    return {one.key for one in now_of(ledger, code, **more).missing.items}


def story(ledger: Ledger, code: str) -> list[str]:
    with ledger.database.read() as session:
        return [one.kind for one in events_of(session, [batches.batch(session, code).id])]


# --- by the rule ---


def test_what_needs_nothing_is_let_go_by_the_rule_once_and_the_chain_says_so(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    assert now_of(ledger, code).state == "not_released"
    world.make_event(ledger, actor, "sell", code, kg(1))
    world.make_event(ledger, actor, "sell", code, kg(1))
    assert now_of(ledger, code).state == "released"
    assert story(ledger, code) == ["register", "clearance", "sell", "sell"]


def test_food_without_its_papers_is_neither_shipped_nor_sold_and_the_reason_lists_them(
    ledger: Ledger,
) -> None:
    actor, shop = world.make_producer(ledger, "processor"), world.make_party(ledger, "retailer")
    code = milled(ledger, actor, attributes={"crop_year": 2025})
    for kind, to in (("sell", None), ("ship", shop)):
        with pytest.raises(NotReleased) as refused:
            world.make_event(ledger, actor, kind, code, kg(1), to_party=to)
        assert {fault.field for fault in refused.value.faults} == {
            "paper_missing:food_production",
            "paper_missing:factory_inspection",
            "fact_missing:moisture",
            "fact_missing:quality_grade",
        }
        assert "market regulator" in str(refused.value)
    assert story(ledger, code) == ["register"]
    assert world.left(ledger, actor, code) == kg(100)


def test_returns_tests_losses_and_disposal_pass(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = milled(ledger, actor)
    for kind in ("store", "test", "loss", "dispose"):
        world.make_event(ledger, actor, kind, code, kg(1))


def test_once_the_papers_are_there_it_goes(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = milled(ledger, actor)
    give_paper(ledger, actor, "sc_licence", code)
    with pytest.raises(NotReleased):
        world.make_event(ledger, actor, "sell", code, kg(1))
    give_paper(ledger, actor, "factory_inspection", code)
    world.make_event(ledger, actor, "sell", code, kg(1))


def test_a_part_goes_on_the_papers_of_the_whole(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = releasable(ledger, actor)
    part = world.batch_facts(
        actor, kg(10), family="grain", variant="millet_milled", attributes=FACTS
    )
    facts = world.transformation(ledger, actor, "repack", {code: kg(10)}, (part,))
    (packed,) = ledger.perform(actor, transform, facts)["batches"]
    world.make_event(ledger, actor, "sell", packed, kg(1))


def test_a_shop_sells_what_was_released_to_it(ledger: Ledger) -> None:
    actor, shop = (
        world.make_producer(ledger, "processor"),
        world.make_producer(ledger, "retailer"),
    )
    code = releasable(ledger, actor)
    sent = world.make_shipment(ledger, actor, str(shop.party_uid), code, kg(10))
    ledger.perform(shop, receive, ReceiptFacts(sent, ledger.clock.now(), True))
    world.make_event(ledger, shop, "sell", code, kg(1))


def test_a_revoked_paper_takes_the_release_back_at_once(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = releasable(ledger, actor)
    world.make_event(ledger, actor, "sell", code, kg(1))
    licence = give_paper(ledger, actor, "sc_licence", code)
    ledger.perform(actor, revoke_paper, licence, "被吊销")
    now = now_of(ledger, code)
    assert now.state == "taken_back"
    assert {one.condition for one in now.missing.items} == {"paper_revoked"}
    with pytest.raises(NotReleased, match="was revoked"):
        world.make_event(ledger, actor, "sell", code, kg(1))
    with pytest.raises(NotReleased):
        ledger.perform(actor, ask_override, code, "客户催货")


def test_a_laboratory_that_nobody_checked_stops_nobody_elses_goods_at_the_gate(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger, "processor")
    stranger = world.make_actor(ledger, world.make_party(ledger, "laboratory", active=False))
    code = releasable(ledger, actor)
    lead = (TestItemFacts("铅", "0.9", "mg/kg"),)
    facts = TestReportFacts("JC-1", "某检测", today(ledger), (code,), lead)
    ledger.perform(stranger, enter_test_report, facts)
    assert world.make_event(ledger, actor, "sell", code, kg(1))
    ledger.perform(actor, enter_test_report, replace(facts, number="ZJ-1", kind="rapid"))
    assert "verdict_failed:lead" in missing(ledger, code)


def test_a_failed_test_stops_the_goods(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    laboratory = world.make_actor(ledger, world.make_party(ledger, "laboratory"))
    code = releasable(ledger, actor)
    world.make_event(ledger, actor, "sell", code, kg(1))
    ledger.perform(
        laboratory,
        enter_test_report,
        TestReportFacts(
            "JC-1", "市检测中心", today(ledger), (code,),
            (TestItemFacts("铅", "0.9", "mg/kg"),),
        ),
    )  # fmt: skip
    assert "verdict_failed:lead" in missing(ledger, code)
    with pytest.raises(Conflict):
        world.make_event(ledger, actor, "sell", code, kg(1))


def test_facts_that_are_known_late_are_stated_with_the_release(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = milled(ledger, actor, attributes={"crop_year": 2025, "moisture": "12.6"})
    for kind in PAPERS:
        give_paper(ledger, actor, kind, code)
    with pytest.raises(NotReleased):
        ledger.perform(actor, release_batch, code)
    with pytest.raises(Conflict):
        ledger.perform(actor, release_batch, code, "", {"moisture": "11"})
    ledger.perform(actor, release_batch, code, "质检合格", {"quality_grade": "一级"})
    now = now_of(ledger, code)
    assert (now.state, now.given.how if now.given else "") == ("released", "person")
    with pytest.raises(Conflict):
        ledger.perform(actor, release_batch, code)


# --- animals, intervals ---


def live(ledger: Ledger, actor: Actor) -> str:
    return world.make_batch(
        ledger, actor, Quantity.of(3, "HEA"), family="yak_meat", variant="live",
        attributes={"ear_tags": [], "pasture": "夏季牧场"},
    )  # fmt: skip


def treated(ledger: Ledger, actor: Actor, code: str, ends: date | None) -> str:
    payload = {
        "drug": "伊维菌素", "ear_tags": ["无"], "approval_number": "1", "dose": "1",
        "veterinarian": "边巴", **({"withdrawal_end": ends.isoformat()} if ends else {}),
    }  # fmt: skip
    payload["ear_tags"] = ["254062600010231"]
    return world.make_event(ledger, actor, "treat", code, payload=payload)


def test_a_herd_waits_for_the_end_of_its_withdrawal_period(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "household_group")
    code, day = live(ledger, actor), today(ledger)
    give_paper(ledger, actor, "quarantine_animal_b", code, number="5400188231")
    treated(ledger, actor, code, day - timedelta(1))
    assert missing(ledger, code) == set()
    treated(ledger, actor, code, day)
    (key,) = missing(ledger, code)
    assert key.startswith("interval_running:")
    with pytest.raises(NotReleased, match="withdrawal period"):
        world.make_event(ledger, actor, "sell", code, Quantity.of(1, "HEA"))


def test_a_treatment_without_an_end_is_no_proof(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "household_group")
    code = live(ledger, actor)
    give_paper(ledger, actor, "quarantine_animal_b", code, number="5400188231")
    treated(ledger, actor, code, None)
    assert {key.split(":")[0] for key in missing(ledger, code)} == {
        "interval_unknown",
        "key_data_missing",
    }


def test_the_route_decides_which_form_the_herd_needs(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "household_group")
    code, day = live(ledger, actor), today(ledger)
    give_paper(ledger, actor, "quarantine_animal_b", code, number="5400188231", valid_from=day,
               valid_to=day)  # fmt: skip
    near = world.make_party(ledger, "processor")
    far = world.make_party(ledger, "processor", division=world.KAZUO)
    with pytest.raises(NotReleased, match="form A"):
        world.make_shipment(ledger, actor, far, code, Quantity.of(1, "HEA"))
    world.make_shipment(ledger, actor, near, code, Quantity.of(1, "HEA"))


# --- overrides ---


def unmeasured(ledger: Ledger, actor: Actor) -> str:
    code = milled(ledger, actor, attributes={"crop_year": 2025, "quality_grade": "一级"})
    for kind in PAPERS:
        give_paper(ledger, actor, kind, code)
    return code


def test_an_override_takes_two_persons_and_covers_just_what_was_missing(ledger: Ledger) -> None:
    clerk = world.make_producer(ledger, "processor")
    head = world.make_actor(ledger, str(clerk.party_uid))
    code = unmeasured(ledger, clerk)
    with pytest.raises(InvalidInput):
        ledger.perform(clerk, ask_override, code, " ")
    uid = ledger.perform(clerk, ask_override, code, "水分仪送修")
    with pytest.raises(NotReleased):
        world.make_event(ledger, clerk, "sell", code, kg(1))
    with pytest.raises(Forbidden, match="second person"):
        ledger.perform(clerk, answer_override, uid, True, "同意")
    ledger.perform(head, answer_override, uid, True, "同意先发")
    world.make_event(ledger, clerk, "sell", code, kg(1))
    now = now_of(ledger, code)
    assert now.state == "overridden"
    assert [one.key for one in now.passed.items] == ["fact_missing:moisture"]
    assert story(ledger, code) == ["register", "clearance", "sell"]
    with pytest.raises(Conflict):
        ledger.perform(head, answer_override, uid, True, "同意先发")
    licence = give_paper(ledger, clerk, "sc_licence", code)
    ledger.perform(clerk, revoke_paper, licence, "被吊销")
    assert now_of(ledger, code).state == "taken_back"


def test_a_refused_override_lets_nothing_go(ledger: Ledger) -> None:
    clerk = world.make_producer(ledger, "processor")
    head = world.make_actor(ledger, str(clerk.party_uid))
    code = unmeasured(ledger, clerk)
    uid = ledger.perform(clerk, ask_override, code, "水分仪送修")
    with pytest.raises(Conflict, match="waits"):
        ledger.perform(head, ask_override, code, "再催")
    ledger.perform(head, answer_override, uid, False, "不同意")
    assert now_of(ledger, code).state == "not_released"
    ledger.perform(clerk, ask_override, code, "再请示")


def test_papers_of_the_law_are_let_pass_by_the_regulator_alone(ledger: Ledger) -> None:
    clerk = world.make_producer(ledger, "processor")
    head = world.make_actor(ledger, str(clerk.party_uid))
    code = milled(ledger, clerk)
    uid = ledger.perform(clerk, ask_override, code, "证照换发中")
    with pytest.raises(Forbidden, match="regulator"):
        ledger.perform(head, answer_override, uid, True, "同意")
    elsewhere = world.make_regulator(ledger, world.KAZUO)
    with pytest.raises(Forbidden):
        ledger.perform(elsewhere, answer_override, uid, True, "同意")
    ledger.perform(world.make_regulator(ledger), answer_override, uid, True, "同意,限本批")
    world.make_event(ledger, clerk, "sell", code, kg(1))


def test_nothing_is_overridden_that_lacks_nothing_or_is_held(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = releasable(ledger, actor)
    with pytest.raises(Conflict, match="release it"):
        ledger.perform(actor, ask_override, code, "客户催货")
    ledger.perform(actor, hold, code, "待查")
    with pytest.raises(StoppedByOrder):
        ledger.perform(actor, release_batch, code)


def test_the_rows_of_releases_are_what_their_records_say(ledger: Ledger) -> None:
    clerk = world.make_producer(ledger, "processor")
    head = world.make_actor(ledger, str(clerk.party_uid))
    first, second = unmeasured(ledger, clerk), releasable(ledger, clerk)
    uid = ledger.perform(clerk, ask_override, first, "水分仪送修")
    other = ledger.perform(clerk, ask_override, unmeasured(ledger, clerk), "水分仪送修")
    ledger.perform(head, answer_override, uid, True, "同意")
    ledger.perform(head, answer_override, other, False, "不同意")
    ledger.perform(clerk, release_batch, second)
    with ledger.database.read() as session:
        assert release(session, uid).answer == "同意"
        assert audit_projections(session, PROJECTIONS) == ()


# --- whatever is said, and in whatever order ---

KEYS = sorted(conditions())
ITEMS = st.sets(st.sampled_from(KEYS)).map(
    lambda keys: tuple(Item(key, "x", "{x}", (("x", 1),)) for key in sorted(keys))
)
TOLD = st.lists(
    st.builds(
        Release,
        how=st.sampled_from(["rule", "person", "override"]),
        state=st.sampled_from(["asked", "given", "refused"]),
        covers=st.sets(st.sampled_from([f"{key}:x" for key in KEYS])).map(sorted),
    ),
    max_size=4,
)


@given(ITEMS, TOLD)
def test_no_word_lets_go_what_failed_or_leans_on_a_revoked_paper(
    items: tuple[Item, ...], told: list[Release]
) -> None:
    now = judge(Checklist("1", "sell", (), items), told)
    never = {one.key for one in items if one.override == "never"}
    assert never <= {one.key for one in now.missing.items}
    assert now.may_go is not bool(now.missing.items)
    if now.state in ("released", "overridden"):
        assert not now.missing.items
    passed = {one.key for one in now.passed.items}
    agreed = {k for one in told if one.how == "override" and one.state == "given"
              for k in one.covers}  # fmt: skip
    assert passed <= agreed


STEPS = st.lists(
    st.sampled_from(
        ["licence", "inspection", "revoke", "fail", "ask", "answer", "release", "sell"]
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_never_is_a_batch_sold_with_a_failed_verdict_or_a_revoked_needed_paper(
    ledger: Ledger, steps: list[str]
) -> None:
    actor = world.make_producer(ledger, "processor")
    head = world.make_actor(ledger, str(actor.party_uid))
    code, papers, failed = milled(ledger, actor), dict[str, str](), False
    revoked: set[str] = set()
    number = f"SC101540626{abs(hash(code)) % 100000:05d}"
    for at, step in enumerate(steps):
        try:
            if step == "licence":
                papers["sc_licence"] = give_paper(ledger, actor, "sc_licence", code, number=number)
            elif step == "inspection":
                papers["factory_inspection"] = give_paper(ledger, actor, "factory_inspection", code)
            elif step == "revoke" and papers:
                kind, uid = sorted(papers.items())[0]
                ledger.perform(actor, revoke_paper, uid, "撤销")
                revoked.add(kind)
            elif step == "fail":
                facts = TestReportFacts(
                    f"JC-{code}-{at}", "市检测中心", today(ledger), (code,),
                    (TestItemFacts("铅", "0.9", "mg/kg"),),
                )  # fmt: skip
                ledger.perform(actor, enter_test_report, facts)
                failed = True
            elif step == "ask":
                ledger.perform(actor, ask_override, code, "客户催货")
            elif step == "answer" and (asked := now_of(ledger, code).asked):
                ledger.perform(head, answer_override, asked.uid, True, "同意")
            elif step == "release":
                ledger.perform(actor, release_batch, code)
            elif step == "sell":
                world.make_event(ledger, actor, "sell", code, kg(1))
                assert not failed
                assert not revoked
                assert set(papers) == set(PAPERS)
        except (Conflict, Forbidden):
            continue
    state = now_of(ledger, code).state
    if failed or revoked:
        assert state not in ("released", "overridden")
    with ledger.database.read() as session:
        if not failed:
            require_not_stopped(session, [batches.batch(session, code).id])


def test_the_day_that_is_asked_about_counts(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "cooperative")
    code = world.make_batch(
        ledger, actor, Quantity.of(500, "GRM"), family="cordyceps", variant="dried",
        attributes={
            "pieces": 900, "weight": "500", "gathering_area": "荣布",
            "gathered_from": "2026-05-20", "gathering_permit": "藏野采 1",
        },
    )  # fmt: skip
    day = today(ledger)
    give_paper(ledger, actor, "gathering_permit", code, number="藏野采 1")
    give_paper(ledger, actor, "sale_approval", code, number="藏售 1", valid_to=day)
    assert missing(ledger, code) == set()
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        tomorrow = standing(
            session, ledger.families, batch,
            replace(Occasion("sell", day), day=day + timedelta(1)),
        )  # fmt: skip
    assert {one.key for one in tomorrow.missing.items} == {"paper_not_in_force:sale_approval"}
