"""Balances through the public acts: accounts close, planted gaps are found where they were put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.balancing import OutOfBalance
from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.parties import add_site
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.balance.reckoning import Reckoned, reckon
from suyuan.trace.balance.reports import Line, report
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.balance.scope import Scope, scope_of
from suyuan.trace.batches.facts import MarkFacts, ShareFacts
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.facts import CorrectionFacts, ReceiptFacts
from suyuan.trace.events.queries import event, shipments_by_event
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.notices.wording import worded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.facts import SiteFacts
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import read_date
from tests import world
from tests.letting_go import let_pass
from tests.world import kg

TAGS = ("154062600000001", "154062600000002", "154062600000003")


def reckoned(ledger: Ledger, *codes: str) -> Reckoned:
    with ledger.database.read() as session:
        ids = [batch_with(session, code).id for code in codes]
        return reckon(session, ledger.families, ids)


def rules(ledger: Ledger, *codes: str) -> list[str]:
    return [one.rule for one in reckoned(ledger, *codes).findings]


def lines(ledger: Ledger, by: str = "party", **scope: object) -> Mapping[str, Line]:
    with ledger.database.read() as session:
        made = report(session, ledger.families, Scope(**scope), by)  # type: ignore[arg-type]  # by name
        return {one.named.name if one.named else one.key: one for one in made.lines}


def milled(ledger: Ledger, actor: Actor, went_in: int, came_out: int, **more: object) -> str:
    """The batch of some millet milled."""
    whole = world.make_batch(ledger, actor, kg(went_in))
    outputs = (world.batch_facts(actor, kg(came_out), variant="millet_milled"),)
    facts = world.transformation(ledger, actor, "process", {whole: None}, outputs, **more)
    made: list[str] = ledger.perform(actor, transform, facts)["batches"]
    return made[0]


def warnings(ledger: Ledger) -> list[EarlyWarning]:
    with ledger.database.read() as session:
        query = sa.select(EarlyWarning).where(EarlyWarning.rule == "balance_gap")
        return list(session.scalars(query.order_by(EarlyWarning.id)))


# --- accounts ------------------------------------------------------------------------------------


def test_an_account_tells_where_a_batch_went(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    shop = world.make_producer(ledger, "retailer")
    code = world.make_batch(ledger, actor, kg(100))
    world.make_event(ledger, actor, "sell", code, kg("12.5"))
    world.make_event(ledger, actor, "loss", code, kg(2))
    world.make_event(ledger, actor, "test", code, kg("0.5"))
    sent = world.make_shipment(ledger, actor, str(shop.party_uid), code, kg(40))
    at = ledger.clock.now()
    ledger.perform(shop, receive, ReceiptFacts(sent, at, False, quantity=kg(38), reason="短少"))
    world.make_event(ledger, actor, "return", code, kg(1))
    found = reckoned(ledger, code)
    book = found.books.by_batch[next(iter(found.books.by_batch))]
    whole = book.whole()
    assert (whole.taken_in, whole.given_out, whole.loss, whole.samples) == (
        Decimal(100), Decimal("12.5"), Decimal(2), Decimal("0.5"),
    )  # fmt: skip
    assert (whole.closing, whole.stock, whole.gap) == (Decimal(85), Decimal(85), Decimal(0))
    own = book.of_party(book.batch.party_id)
    assert (own.given_out, own.returns, own.stock) == (Decimal("52.5"), Decimal(-1), Decimal(46))
    other = next(party for party in book.left if party != book.batch.party_id)
    assert book.of_party(other).taken_in == 38
    assert own.gap == book.of_party(other).gap == 0
    assert found.findings == ()


def test_a_correction_moves_a_sale_into_the_other_season_and_nothing_else(
    ledger: Ledger, clock: SetClock
) -> None:
    actor = world.make_producer(ledger, name="合作社")
    code = world.make_batch(ledger, actor, kg(100), produced=read_date("2025-09-01"))
    sold = world.make_event(ledger, actor, "sell", code, kg(30))
    assert lines(ledger, season=2026)["合作社"].account.given_out == 30
    last_year = datetime(2025, 12, 1, tzinfo=UTC)
    ledger.perform(actor, correct_event, CorrectionFacts(sold, "日期", happened_at=last_year))
    now = lines(ledger, season=2026)["合作社"].account
    assert (now.given_out, now.stock, now.gap) == (Decimal(0), Decimal(70), Decimal(0))


def test_a_season_opens_with_what_the_last_one_left(ledger: Ledger, clock: SetClock) -> None:
    clock.at = datetime(2026, 10, 1, tzinfo=UTC)
    actor = world.make_producer(ledger, name="合作社")
    code = world.make_batch(ledger, actor, kg(100))
    world.make_event(ledger, actor, "sell", code, kg(30))
    clock.at = datetime(2027, 3, 1, tzinfo=UTC)
    world.make_event(ledger, actor, "sell", code, kg(20))
    before = lines(ledger, season=2026)["合作社"].account
    after = lines(ledger, season=2027)["合作社"].account
    assert (before.opening, before.taken_in, before.closing) == (
        Decimal(0), Decimal(100), Decimal(70),
    )  # fmt: skip
    assert (after.opening, after.given_out, after.stock) == (Decimal(70), Decimal(20), Decimal(50))


@pytest.mark.parametrize("seed", range(6))
def test_random_trade_closes_and_a_planted_gap_is_found_where_it_is(
    ledger: Ledger, seed: int
) -> None:
    draw = Random(seed)
    actor, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    codes = [world.make_batch(ledger, actor, kg(draw.randint(50, 500))) for _ in range(4)]
    for _ in range(12):
        codes += _something(ledger, actor, shop, codes, draw)
    known = reckoned(ledger, *codes)
    assert known.findings == ()
    for book in known.books.by_batch.values():
        assert book.whole().gap == 0
        assert all(book.of_party(party).gap == 0 for party in book.left)
    inside = [code for code in codes if world.left(ledger, actor, code).amount > 1]
    planted = draw.choice(inside)
    with ledger.database.write() as session:
        batch = batch_with(session, planted)
        session.execute(
            sa.update(Holding)
            .where(Holding.batch_id == batch.id, Holding.party_id == batch.party_id)
            .values(left=Holding.left - Decimal("0.000001"))
        )
        session.commit()
    (one,) = reckoned(ledger, *codes).findings
    assert (one.rule, one.trace_code, one.amount) == (
        "books_differ", planted, Decimal("-0.000001"),
    )  # fmt: skip


def _something(
    ledger: Ledger, actor: Actor, shop: Actor, codes: list[str], draw: Random
) -> list[str]:
    """One act on one of the batches, believable in its numbers; what it made, if anything."""
    code = draw.choice(codes)
    left = world.left(ledger, actor, code).amount
    with ledger.database.read() as session:
        variant = batch_with(session, code).variant
    if left < 10:
        return []
    part = kg(str((left * draw.randint(10, 60) / 100).quantize(Decimal("0.001"))))
    match draw.choice(("sell", "loss", "test", "ship", "split", "merge", "process")):
        case "ship":
            let_pass(ledger, actor, code)
            sent = world.make_shipment(ledger, actor, str(shop.party_uid), code, part)
            if draw.random() < 0.7:
                word = ReceiptFacts(sent, ledger.clock.now(), True)
                ledger.perform(shop, receive, word)
        case "split" if variant == "millet":
            return world.make_split(ledger, actor, code, part.amount_text)
        case "merge" if variant == "millet":
            other = world.make_batch(ledger, actor, kg(30))
            return [other, world.make_merge(ledger, actor, code, other)]
        case "process" if variant == "millet":
            made = world.batch_facts(actor, part * Decimal("0.75"), variant="millet_milled")
            facts = world.transformation(ledger, actor, "process", {code: part}, (made,))
            return list(ledger.perform(actor, transform, facts)["batches"])
        case "sell" | "loss" | "test" as kind:
            if kind == "sell":
                let_pass(ledger, actor, code)
            world.make_event(ledger, actor, kind, code, part)
    return []


# --- findings ------------------------------------------------------------------------------------


def test_a_gain_is_taken_flagged_and_told_to_the_county(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = milled(ledger, actor, 100, 120)
    assert rules(ledger, code) == ["gain", "yield_above"]
    with ledger.database.read() as session:
        said = {one["code"] for one in batch_with(session, code).warnings}
    assert said == {"more-out-than-in", "yield-high"}
    first, second = warnings(ledger)
    assert worded(first.evidence["finding"], "zh") == "无来源增量"
    assert first.evidence["quantity"] == "20 kg"
    assert second.evidence["maximum"] == "0.8"
    assert milled(ledger, actor, 100, 75)
    assert len(warnings(ledger)) == 2, "what adds up is told to nobody"


def test_a_rule_may_refuse_what_it_finds(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    known = balance_rules()
    strict = replace(
        known, findings={**known.findings, "gain": replace(known.findings["gain"], entry="refuse")}
    )
    monkeypatch.setattr("suyuan.trace.balance.step_findings.balance_rules", lambda: strict)
    actor = world.make_producer(ledger)
    with pytest.raises(OutOfBalance, match="20 kg more than went in"):
        milled(ledger, actor, 100, 120)
    with ledger.database.read() as session:
        assert session.scalar(sa.select(Batch.id).where(Batch.variant == "millet_milled")) is None
    assert milled(ledger, actor, 100, 100), "a yield above its band is still taken"


def test_by_products_are_reckoned_with(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    fair = milled(ledger, actor, 100, 75, payload={"by_products": "麸皮 22 kg", "loss": "3"})
    (step,) = reckoned(ledger, fair).books.steps
    assert (step.by_products, step.loss) == ((kg(22),), kg(3))
    assert rules(ledger, fair) == []
    assert rules(ledger, milled(ledger, actor, 100, 75, payload={"by_products": "麸皮 26 kg"})) == [
        "gain"
    ]


def test_a_stocktake_that_finds_more_is_told(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor, kg(100))
    world.make_event(ledger, actor, "sell", code, kg(60))
    world.make_event(ledger, actor, "stocktake", code, kg(40))
    assert rules(ledger, code) == []
    world.make_event(ledger, actor, "stocktake", code, kg(45))
    (surplus,) = reckoned(ledger, code).findings
    assert (surplus.rule, surplus.amount) == ("surplus", Decimal(5))
    assert [one.evidence["quantity"] for one in warnings(ledger)] == ["5 kg"]
    world.make_event(ledger, actor, "stocktake", code, kg(30))
    assert rules(ledger, code) == ["surplus", "shortage"]
    assert len(warnings(ledger)) == 1, "a shortage raises no warning by itself"


def yaks(ledger: Ledger, actor: Actor, *tags: str) -> str:
    facts = world.batch_facts(
        actor,
        Quantity.of(len(tags), "HEA"),
        family="yak_meat",
        variant="live",
        attributes={"ear_tags": list(tags), "live_weight": str(250 * len(tags))},
    )
    return ledger.perform(actor, register_batch, facts)


def slaughtered(ledger: Ledger, actor: Actor, code: str, weight: int, **payload: object) -> str:
    outputs = (world.batch_facts(actor, kg(weight), family="yak_meat", variant="fresh"),)
    facts = world.transformation(ledger, actor, "slaughter", {code: None}, outputs, payload=payload)
    made: list[str] = ledger.perform(actor, transform, facts)["batches"]
    return made[0]


def test_carcasses_are_no_more_than_ear_tags(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    two = yaks(ledger, actor, *TAGS[:2])
    code = slaughtered(ledger, actor, two, 240, ear_tags_in=list(TAGS[:2]), carcasses_out=3)
    (one,) = reckoned(ledger, code).findings
    assert (one.rule, one.amount) == ("animals_above", Decimal(1))
    three = yaks(ledger, actor, *TAGS[2:], "154062600000004", "154062600000005")
    code = slaughtered(ledger, actor, three, 391, ear_tags_in=[], carcasses_out=3)
    assert rules(ledger, code) == ["yield_above"], "391 kg of 750 kg are more than 52 %"


def test_one_ear_tag_is_on_one_animal(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    first = yaks(ledger, actor, *TAGS[:2])
    meat = slaughtered(ledger, actor, first, 240, ear_tags_in=list(TAGS[:2]), carcasses_out=2)
    assert rules(ledger, first, meat) == []
    other = yaks(ledger, actor, TAGS[1], TAGS[2])
    (one,) = reckoned(ledger, other).findings
    assert (one.rule, one.trace_code, one.told["other"]) == ("tag_twice", other, first)
    assert rules(ledger, first, meat) == [], "it is told of the later one"


def test_a_tag_passes_through_a_batch_that_bears_none(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    alive = yaks(ledger, actor, TAGS[0])
    meat = slaughtered(ledger, actor, alive, 120, ear_tags_in=[TAGS[0]])
    frozen = world.batch_facts(
        actor, kg(120), family="yak_meat", variant="frozen",
        marks=(MarkFacts("ear_tag", TAGS[0]),),
    )  # fmt: skip
    facts = world.transformation(ledger, actor, "process", {meat: None}, (frozen,))
    (code,) = ledger.perform(actor, transform, facts)["batches"]
    assert rules(ledger, alive, meat, code) == []


def test_harvest_waits_for_the_end_of_the_interval(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    early = world.make_batch(
        ledger, actor, attributes={"harvest_date": "2025-09-10", "preharvest_end": "2025-09-10"}
    )
    late = world.make_batch(
        ledger, actor, attributes={"harvest_date": "2025-09-11", "preharvest_end": "2025-09-10"}
    )
    assert rules(ledger, early) == ["inside_interval"]
    assert rules(ledger, late) == []


def test_goods_do_not_fly(ledger: Ledger, clock: SetClock) -> None:
    actor, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    here, there = (
        _placed(ledger, actor, "31.4762", "92.0514"),
        _placed(ledger, shop, "29.6525", "91.1721"),
    )
    code = world.make_batch(ledger, actor, kg(100))
    for hours, fast in ((1, True), (2, False)):
        sent = world.make_event(
            ledger, actor, "ship", code, kg(10), to_party=str(shop.party_uid), site=here
        )
        clock.at = clock.now() + timedelta(hours=hours)
        with ledger.database.read() as session:
            shipment = shipments_by_event(session, event(session, sent).id)[0].uid
        ledger.perform(shop, receive, ReceiptFacts(shipment, clock.now(), True, site=there))
        found = reckoned(ledger, code).findings
        assert [one.rule for one in found] == ["too_fast"], fast
    assert found[0].told["km"] == "220"


def _placed(ledger: Ledger, actor: Actor, latitude: str, longitude: str) -> str:
    facts = SiteFacts(
        str(actor.party_uid), "store", "库", actor.division, latitude=latitude, longitude=longitude
    )
    return ledger.perform(actor, add_site, facts)


# --- reports -------------------------------------------------------------------------------------


def test_parties_are_ranked_by_what_is_gravest(ledger: Ledger) -> None:
    fair = world.make_producer(ledger, name="公平社")
    odd = world.make_producer(ledger, name="怪社")
    short = world.make_producer(ledger, name="短社")
    milled(ledger, fair, 100, 75)
    milled(ledger, short, 100, 50)
    milled(ledger, odd, 100, 130)
    with ledger.database.read() as session:
        made = report(session, ledger.families, Scope(), "party")
    assert [one.named.name for one in made.lines if one.named] == ["怪社", "短社", "公平社"]
    assert [one.rule for one in made.findings] == ["gain", "yield_above", "yield_below"]
    worst = made.lines[0]
    assert (worst.findings, worst.gain, worst.missing) == (2, Decimal(80), Decimal(0))
    assert (made.batches, made.truncated) == (6, False)


@pytest.mark.parametrize("by", ["batch", "process", "site", "household", "season"])
def test_a_report_is_gathered_by_what_is_asked(ledger: Ledger, by: str) -> None:
    actor = world.make_producer(ledger, name="合作社")
    shares = (ShareFacts("扎西家", quantity=kg(60)), ShareFacts("卓玛家", quantity=kg(40)))
    whole = world.make_batch(ledger, actor, kg(100), shares=shares)
    outputs = (world.batch_facts(actor, kg(90), variant="millet_milled", name="小米"),)
    site = world.make_site(ledger, actor, kind="workshop", name="碾米坊")
    facts = world.transformation(ledger, actor, "process", {whole: None}, outputs, site=site)
    ledger.perform(actor, transform, facts)
    found = lines(ledger, by)
    name, amount = {
        "batch": ("小米", "90"), "process": ("合作社", "100"), "site": ("碾米坊", "100"),
        "household": ("扎西家", "60"), "season": ("2026", "190"),
    }[by]  # fmt: skip
    assert found[name].account.taken_in == Decimal(amount)
    assert found[name].findings == (0 if by == "household" else 1)


def test_a_regulator_has_its_own_place_and_family_reckoned(ledger: Ledger) -> None:
    here, there = world.make_producer(ledger), world.make_producer(ledger, division=world.KAZUO)
    milled(ledger, here, 100, 130)
    milled(ledger, there, 100, 140)
    regulator = world.make_regulator(ledger)
    other = world.make_regulator(ledger, family="vinegar")
    with ledger.database.read() as session:
        seen = report(session, ledger.families, scope_of(regulator), "batch")
        assert {one.rule for one in seen.findings} == {"gain", "yield_above"}
        assert seen.batches == 2
        assert report(session, ledger.families, scope_of(other), "batch").batches == 0
        assert report(session, ledger.families, scope_of(here), "batch").batches == 2
        with pytest.raises(InvalidInput):
            scope_of(regulator, season=99999)
        with pytest.raises(Forbidden):
            scope_of(world_viewer(regulator))


def world_viewer(actor: Actor) -> Actor:
    """The same with no role that may read trade fields."""
    return replace(actor, roles=frozenset())


def test_many_batches_take_few_statements(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    few = [milled(ledger, actor, 100, 75) for _ in range(2)]
    many = few + [milled(ledger, actor, 100, 75) for _ in range(8)]
    counts = []
    for codes in (few, many):
        asked: list[str] = []

        def count(*args: object, asked: list[str] = asked) -> None:
            asked.append(str(args[2]))

        with ledger.database.read() as session:
            ids = [batch_with(session, code).id for code in codes]
            engine = session.get_bind()
            sa.event.listen(engine, "before_cursor_execute", count)
            try:
                reckon(session, ledger.families, ids)
            finally:
                sa.event.remove(engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15, asked


def test_what_leans_on_a_paper_is_held_against_what_it_covers(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    slope = world.make_site(ledger, actor, kind="gathering_area")
    for _ in range(2):
        world.make_batch(ledger, actor, kg(8), family="cordyceps", variant="fresh", site=slope)
    permit = PaperFacts(
        "gathering_permit", "采 1", str(actor.party_uid), "索县林业和草原局",
        valid_from=date(2026, 5, 1), valid_to=date(2026, 7, 31), amount=kg(10),
        covers=(Covers("site", slope),),
    )  # fmt: skip
    ledger.perform(actor, register_paper, permit)
    (paper,) = lines(ledger, "paper").values()
    account = paper.account
    assert (account.opening, account.given_out, account.gap) == (
        Decimal(10), Decimal(8), Decimal(-8),
    )  # fmt: skip
    assert paper.gravest is not None
    assert (paper.gravest.rule, paper.gravest.amount) == ("overdrawn", Decimal(8)), (
        "all of the second"
    )


def test_a_step_from_one_measure_into_another_has_its_line(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, name="醋坊")
    grain = world.make_batch(ledger, actor, kg(100))
    vinegar = world.batch_facts(
        actor, Quantity.of(700, "LTR"), family="vinegar", variant="solid_state"
    )
    facts = world.transformation(ledger, actor, "process", {grain: None}, (vinegar,))
    ledger.perform(actor, transform, facts)
    (line,) = lines(ledger, "process").values()
    assert (line.account.unit, line.account.taken_in, line.findings) == ("KGM", Decimal(100), 1)
    assert line.gravest is not None
    assert line.gravest.rule == "yield_above"


def test_labels_in_force_are_no_more_than_the_lot_fills(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, items_on_pack=True, label={"net_content": "1 kg"})
    code = world.make_batch(ledger, actor, kg(2), product=product)
    ledger.perform(actor, issue_print_run, code, 2, "trace-50x30", try_out=try_out)
    assert rules(ledger, code) == []
    with ledger.database.write() as session:  # as where a batch turns out to be less
        session.execute(
            sa.update(Batch).where(Batch.trace_code == code).values(quantity=Decimal(1))
        )
        session.commit()
    found = {one.rule: one for one in reckoned(ledger, code).findings}
    one = found["labels_above"]
    assert (one.amount, one.told["most"]) == (Decimal(1), "1")


def test_goods_are_sampled_after_they_were_made(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = milled(ledger, actor, 100, 75)
    made_on = ledger.clock.now().date()
    for number, day in (("1", made_on), ("2", made_on - timedelta(days=1))):
        item = TestItemFacts("铅", "0.05", "mg/kg")
        facts = TestReportFacts(number, "市检测中心", made_on, (code,), (item,), sampled_on=day)
        ledger.perform(actor, enter_test_report, facts)
    (one,) = reckoned(ledger, code).findings
    assert (one.rule, one.told["number"]) == ("sampled_early", "2")
