"""Sweeps: what the clock makes true is found, once, and never as a flood."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
import sqlalchemy as sa

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts import balancing
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.sweeping import LOOKERS, sweep, sweep_due
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.warnings import close
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.batches.facts import MarkFacts
from suyuan.trace.batches.tables import Holding
from suyuan.trace.clock import SHANGHAI, SetClock
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.notices.queries import warnings_here
from suyuan.trace.notices.rules import warning_rule, warning_rules
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.notices.wording import worded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.quantities import Quantity
from suyuan.trace.scans.counter import Openings, write_openings
from tests import world
from tests.letting_go import let_pass
from tests.world import kg


def today(ledger: Ledger) -> date:
    return ledger.clock.now().astimezone(SHANGHAI).date()


def later(clock: SetClock, **span: int) -> None:
    clock.move(clock.now() + timedelta(**span))


def licence(ledger: Ledger, owner: Actor, number: str, days: int) -> str:
    """A licence that ends in so many days."""
    party = str(owner.party_uid)
    facts = PaperFacts(
        "sc_licence", number, party, valid_from=date(2020, 1, 1),
        valid_to=today(ledger) + timedelta(days=days), covers=(Covers("party", party),),
    )  # fmt: skip
    return ledger.perform(owner, register_paper, facts)


def found(ledger: Ledger, rule: str) -> list[EarlyWarning]:
    with ledger.database.read() as session:
        return warnings_here(session, rule=rule)


def swept(ledger: Ledger, rule: str) -> list[EarlyWarning]:
    """All that sweeps found so far; a second sweep right after one finds nothing more."""
    before = len(found(ledger, rule))
    opened = sweep(ledger, [rule])[rule]
    assert sweep(ledger, [rule]) == {rule: 0}
    warnings = found(ledger, rule)
    assert len(warnings) == before + opened
    return warnings


def test_every_rule_is_found_by_something_or_says_what_is_missing() -> None:
    by_sweep = {rule.key for rule in warning_rules().values() if rule.found_by == "sweep"}
    assert by_sweep == set(LOOKERS)
    for rule in warning_rules().values():
        assert rule.shipped != (rule.missing is not None)
        assert rule.provenance.source


def test_papers_that_end_soon_and_are_not_renewed(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    ending = licence(ledger, owner, "SC10654062600017", 20)
    assert [one.evidence["paper"] for one in swept(ledger, "paper_near_end")] == [ending]
    licence(ledger, world.make_producer(ledger), "SC10654062600025", 400)
    other = world.make_producer(ledger)
    licence(ledger, other, "SC10654062600033", 20)
    licence(ledger, other, "SC10654062600041", 1200)
    second = licence(ledger, world.make_producer(ledger), "SC10654062600058", 20)
    holder = world.make_producer(ledger)
    gone = licence(ledger, holder, "SC10654062600066", 20)
    ledger.perform(holder, revoke_paper, gone, "停业")
    papers = {one.evidence["paper"] for one in swept(ledger, "paper_near_end")}
    assert papers == {ending, second}


def test_a_paper_that_has_ended(ledger: Ledger, clock: SetClock) -> None:
    owner = world.make_producer(ledger)
    uid = licence(ledger, owner, "SC10654062600017", 2)
    assert swept(ledger, "paper_ended") == []
    later(clock, days=3)
    (one,) = swept(ledger, "paper_ended")
    assert (one.evidence["paper"], one.severity, one.level) == (uid, "medium", "owner")


def test_goods_near_the_end_of_their_life_are_told_to_who_has_them(
    ledger: Ledger, clock: SetClock
) -> None:
    owner = world.make_producer(ledger)
    days = warning_rule("expiry_near").fact("days").integer()
    near = world.make_batch(ledger, owner, best_before=today(ledger) + timedelta(days=days))
    world.make_batch(ledger, owner, best_before=today(ledger) + timedelta(days=days + 1))
    world.make_batch(ledger, owner)
    gone = world.make_batch(ledger, owner, best_before=today(ledger) + timedelta(days=1))
    world.make_split(ledger, owner, gone, 100)
    (one,) = swept(ledger, "expiry_near")
    assert (one.evidence["trace_code"], one.party_id) == (near, owner.party_id)
    later(clock, days=1)
    assert len(swept(ledger, "expiry_near")) == 2


def test_the_plans_times_of_delivery(ledger: Ledger, clock: SetClock) -> None:
    county = world.make_producer(ledger, "county_station")
    township = world.make_producer(ledger, "township_station")
    village = world.make_party(ledger, "village_station")
    shipped = [
        world.make_shipment(
            ledger, sender, to, world.make_batch(ledger, sender), world.kg(5)
        )
        for sender, to in (
            (county, str(township.party_uid)), (township, village), (county, village),
        )
    ]  # fmt: skip
    late = []
    for _ in range(3):
        late.append({str(one.evidence["shipment"]) for one in swept(ledger, "delivery_overdue")})
        later(clock, hours=25)
    same_day, in_24, in_48 = shipped
    assert late == [set(), {same_day, in_24}, {same_day, in_24, in_48}]


def test_a_delivery_that_came_is_not_late(ledger: Ledger, clock: SetClock) -> None:
    sender = world.make_producer(ledger)
    receiver = world.make_producer(ledger)
    code = world.make_batch(ledger, sender)
    uid = world.make_shipment(ledger, sender, str(receiver.party_uid), code, world.kg(5))
    ledger.perform(receiver, receive, ReceiptFacts(uid, ledger.clock.now(), accepted=True))
    later(clock, days=30)
    assert swept(ledger, "delivery_overdue") == []


@pytest.mark.parametrize(("degrees", "warm"), [("3.5", False), ("4", False), ("12.5", True)])
def test_meat_that_came_too_warm(ledger: Ledger, degrees: str, warm: bool) -> None:
    sender, receiver = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, sender, family="yak_meat", variant="fresh")
    let_pass(ledger, sender, code)
    uid = world.make_shipment(ledger, sender, str(receiver.party_uid), code, world.kg(5))
    told = ReceiptFacts(uid, ledger.clock.now(), accepted=True, payload={"temperature_in": degrees})
    ledger.perform(receiver, receive, told)
    warnings = swept(ledger, "temperature_excursion")
    assert [one.party_id for one in warnings] == ([receiver.party_id] if warm else [])
    if warm:
        assert warnings[0].evidence["temperature"] == "12.5 °C"


def test_goods_of_a_processor_that_come_from_nowhere(ledger: Ledger, clock: SetClock) -> None:
    mill = world.make_producer(ledger, "processor")
    from_nowhere = world.make_batch(ledger, mill)
    bought = world.make_batch(ledger, mill)
    world.make_event(ledger, mill, "purchase", bought, payload={"seller": "张三"})
    made = world.make_batch(ledger, mill)
    world.make_event(ledger, mill, "purchase", made)
    world.make_split(ledger, mill, made, 40)
    world.make_batch(ledger, world.make_producer(ledger))
    assert swept(ledger, "chain_gap") == []
    later(clock, days=5)
    assert [one.evidence["trace_code"] for one in swept(ledger, "chain_gap")] == [from_nowhere]


def _opened_often(ledger: Ledger, labels: int) -> int:
    owner = world.make_producer(ledger)
    code = world.make_batch(ledger, owner)
    run = ledger.perform(
        owner, issue_print_run, code, labels, "trace-50x30", try_out=lambda *_: None
    )
    most = warning_rule("scan_anomaly").fact("openings").integer()
    with ledger.database.write() as session:
        paths = [one.path for one in codes_of(session, run)]
        now = ledger.clock.now()
        tally = {path: Openings(most, now, now) for path in paths}
        tally[paths[0]] = Openings(most - 1, now, now)
        write_openings(session, tally)
        session.commit()
    return labels - 1


def test_codes_that_are_opened_strangely_often(ledger: Ledger, clock: SetClock) -> None:
    often = _opened_often(ledger, 4)
    warnings = swept(ledger, "scan_anomaly")
    assert len(warnings) == often
    office = world.make_regulator(ledger)
    ledger.perform(office, close, warnings[0].uid, "展销会上反复演示")
    assert len(sweep(ledger, ["scan_anomaly"])) == 1
    assert len(found(ledger, "scan_anomaly")) == often - 1
    later(clock, days=91)
    assert sweep(ledger, ["scan_anomaly"]) == {"scan_anomaly": 1}


def test_one_organisation_is_not_flooded(ledger: Ledger) -> None:
    most = warning_rule("scan_anomaly").most_open
    assert most is not None
    _opened_often(ledger, most + 12)
    assert sweep(ledger, ["scan_anomaly"]) == {"scan_anomaly": most}
    assert sweep(ledger, ["scan_anomaly"]) == {"scan_anomaly": 0}
    first = found(ledger, "scan_anomaly")[0].uid
    ledger.perform(world.make_regulator(ledger), close, first, "演示用")
    assert sweep(ledger, ["scan_anomaly"]) == {"scan_anomaly": 1}


def test_two_sweeps_at_once_open_one_warning(ledger: Ledger) -> None:
    for number in range(30):
        licence(ledger, world.make_producer(ledger), f"SC1065406260{number:04d}", 20)
    together = Barrier(2)

    def look() -> int:
        together.wait()
        return sweep(ledger, ["paper_near_end"])["paper_near_end"]

    with ThreadPoolExecutor(2) as both:
        opened = sum(one.result() for one in [both.submit(look) for _ in range(2)])
    assert opened == 30
    with ledger.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EarlyWarning)) == 30


def test_a_sweep_is_due_by_the_clock(ledger: Ledger, clock: SetClock) -> None:
    assert set(sweep_due(ledger)) == set(LOOKERS)
    assert sweep_due(ledger) == {}
    later(clock, minutes=61)
    assert set(sweep_due(ledger)) == set(LOOKERS)


def test_nothing_sweeps_for_what_acts_bring_about(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match="rules that do are"):
        sweep(ledger, ["over_limit"])


def test_what_does_not_add_up_is_warned_of_once(ledger: Ledger, clock: SetClock) -> None:
    actor = world.make_producer(ledger)
    days = {"harvest_date": "2025-09-10", "preharvest_end": "2025-09-10"}
    early = world.make_batch(ledger, actor, attributes=days)
    world.make_batch(ledger, actor, attributes={**days, "harvest_date": "2025-09-11"})
    herds = [_herd(ledger, actor) for _ in range(2)]
    early_ones = swept(ledger, "balance_gap")
    assert [(worded(one.evidence["finding"], "zh"), one.evidence["trace_code"], one.level)
            for one in early_ones] == [
        ("同一耳标出现两次", herds[1], "county"), ("间隔期内采收", early, "county"),
    ]  # fmt: skip
    later(clock, days=3)
    whole = world.make_batch(ledger, actor, kg(100))
    output = world.batch_facts(actor, kg(120), variant="millet_milled")
    facts = world.transformation(ledger, actor, "process", {whole: None}, (output,))
    ledger.perform(actor, transform, facts)
    at_once = len(found(ledger, "balance_gap"))
    assert at_once == 4, "a step is weighed up as it is recorded"
    assert len(swept(ledger, "balance_gap")) == at_once, "and told by no sweep again"
    with ledger.database.write() as session:
        session.execute(sa.update(Holding).values(left=Holding.left - Decimal(1)))
        session.commit()
    world.make_event(ledger, actor, "loss", early, kg(1))
    rules = [worded(one.evidence["finding"], "zh") for one in swept(ledger, "balance_gap")]
    assert "账面与记录不符" in rules, "of what something was told of lately, all is reckoned"


def _herd(ledger: Ledger, actor: Actor) -> str:
    return world.make_batch(
        ledger, actor, Quantity.of(2, "HEA"), family="yak_meat", variant="live",
        marks=(MarkFacts("ear_tag", "154062600000001"),),
    )  # fmt: skip


def test_where_labels_beyond_the_goods_are_taken_each_run_is_warned_of(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = balance_rules()
    flagged = replace(rules.findings["labels_above"], entry="flag")
    lenient = replace(rules, findings={**rules.findings, "labels_above": flagged})
    monkeypatch.setattr(balancing, "balance_rules", lambda: lenient)
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, items_on_pack=True, label={"net_content": "1 kg"})
    code = world.make_batch(ledger, actor, kg(2), product=product)
    ledger.perform(actor, issue_print_run, code, 2, "trace-50x30", try_out=try_out)
    assert found(ledger, "balance_gap") == []
    for number in (1, 2):
        ledger.perform(actor, issue_print_run, code, 1, "trace-50x30", try_out=try_out)
        assert len(found(ledger, "balance_gap")) == number, "each run that goes beyond is told"
    assert len(swept(ledger, "balance_gap")) == 2
