"""Claims: no more than every part proves, in facts, in names and on labels."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.lineage.claims import Source, Unproved, require_proved
from suyuan.trace.parties.actor import Actor
from suyuan.trace.products.claims import age
from suyuan.trace.products.families import Families
from suyuan.trace.products.queries import product as product_with
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from tests import world

VINEGAR, GRAIN = Families.load().get("vinegar"), Families.load().get("grain")
DAY = date(2026, 10, 15)
AGED = "solid_state_aged"


def vat(start: str | None, *parents: Source, code: str = "1", **facts: Any) -> Source:
    known = {"aging_start": start} if start else {}
    return Source(code, AGED, {**known, **facts}, parents)


def holds(goods: Source, *texts: str, day: date = DAY) -> None:
    require_proved(VINEGAR, goods, texts, day)


def test_three_years_old_vinegar_from_vats_of_last_year_is_refused() -> None:
    with pytest.raises(Unproved) as refused:
        holds(vat("2025-10-15", claimed_age_years=3))
    assert (refused.value.params["said"], refused.value.params["proved"]) == (3, 1)
    with pytest.raises(Unproved):
        holds(vat("2025-10-15"), "三年陈醋")


@pytest.mark.parametrize(("start", "ok"), [("2023-10-15", True), ("2023-10-16", False)])
def test_three_years_are_three_whole_years(start: str, ok: bool) -> None:
    if ok:
        holds(vat(start, claimed_age_years=3), "三年陈醋")
    else:
        with pytest.raises(Unproved):
            holds(vat(start, claimed_age_years=3))


def test_a_blend_is_as_old_as_its_youngest_part_whatever_it_says_of_itself() -> None:
    old, young = vat("2020-01-01", code="2"), vat("2026-05-12", code="3")
    holds(vat("2026-05-12", old, young, aging_days=156))
    with pytest.raises(Unproved):
        holds(vat("2020-01-01", old, young, claimed_age_years=1))
    with pytest.raises(Unproved):
        holds(vat("2020-01-01", vat(None, old, young, code="4"), claimed_age_years=1))


def test_a_part_of_which_nobody_knows_the_start_proves_nothing() -> None:
    with pytest.raises(Unproved, match="proves nothing"):
        holds(vat("2020-01-01", vat(None, code="9"), claimed_age_years=1))


def test_fresh_vinegar_begins_to_age_when_it_is_laid_down() -> None:
    fresh = Source("2", "solid_state", {})
    holds(vat("2023-10-15", fresh, claimed_age_years=3))


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (("三年陈醋", "叁年陈醋", "三年老陈醋", "陈醋（三年）", "３年陈醋", "三 年 陈醋"), 3),
        (
            (
                "三年手工陈醋",
                "3年老醋",
                "三年醋",
                "三年(陈)",
                "三年纯粮陈醋",
                "三年半陈",
                "三年固态陈醋",
            ),
            3,
        ),
        (("three-year aged", "aged three years", "3 yr aged", "陈酿年份：三年"), 3),
        (("3.5年陈", "陈酿3.5年"), 4),
        (("陈酿五年", "五年窖藏陈醋", "老窖五年", "5 year aged vinegar", "Aged 5 years"), 5),
        (("5-year-old vinegar", "批次2026 5年陈", "伍年陳釀", "陈酿期：五年", "5年·陈"), 5),
        (("十载陈醋", "拾年陈醋", "一〇年陈"), 10),
        (("十五年陈", "拾伍年陈"), 15),
        (("二十 年陈酿", "廿年陈酿"), 20),
        (("100年陈醋", "一百年陈醋"), 100),
        (("2026年陈醋 节", "2026年10月", "二〇二六年陈醋节", "老陈醋", "喀左陈醋"), None),
        (("保质期三年", "保质期三年 陈醋", "建厂三十年", "百年老店", "百年老字号陈醋"), None),
    ],
)
def test_an_age_is_found_in_a_name(texts: tuple[str, ...], years: int | None) -> None:
    assert {text: VINEGAR.claims[0].said_in([text]) for text in texts} == dict.fromkeys(
        texts, years
    )


@pytest.mark.parametrize(
    "text",
    [
        "2015年陈酿", "二〇一五年陈酿", "2015年份陈醋", "2015年陈醋", "２０１５年封坛",
        "封坛于2015年", "陈酿年份：2015年", "封坛年份:2015", "vintage 2015", "Laid down in 2015",
        "2015年原浆 2020年封坛",
    ],
)  # fmt: skip
def test_a_vintage_is_no_year_before_that_of_the_youngest_part(text: str) -> None:
    holds(vat("2015-12-31"), text)
    with pytest.raises(Unproved) as refused:
        holds(vat("2016-01-01"), text)
    assert (refused.value.params["said"], refused.value.params["proved"]) == (2015, 2016)
    with pytest.raises(Unproved):
        holds(vat("2016-05-12", vat("2012-01-01", code="2"), vat("2016-05-12", code="3")), text)


@pytest.mark.parametrize(
    "text", ["2015年陈醋节金奖", "始于2015年", "执行标准 GB 2719-2018", "2015年陈醋 节"]
)
def test_another_year_on_a_label_is_no_vintage(text: str) -> None:
    holds(vat("2020-01-01"), text)


def test_an_age_in_days_is_held_against_days() -> None:
    assert VINEGAR.claims[1].said_in(["陈酿三十六个月", "保质期十八个月"]) == 36
    with pytest.raises(Unproved):
        holds(vat("2024-10-16"), "陈酿三十六个月")
    assert VINEGAR.claims[2].said_in(["陈酿1095天", "aged 30 days"]) == 1095
    holds(vat("2023-10-16"), "陈酿1095天")
    with pytest.raises(Unproved):
        holds(vat("2023-10-17"), "陈酿1095天")


def millet(
    *parents: Source, code: str = "1", variant: str = "millet_milled", **facts: Any
) -> Source:
    return Source(code, variant, facts, parents)


def test_an_origin_is_what_every_part_says() -> None:
    here = millet(code="2", variant="millet", crop_year=2026, plot="东坡")
    there = millet(code="3", variant="millet", crop_year=2025)
    require_proved(GRAIN, millet(here, crop_year=2026), (), DAY)
    for several in ((here, there), (here, millet(code="4", variant="millet"))):
        with pytest.raises(Unproved):
            require_proved(GRAIN, millet(*several, crop_year=2026), (), DAY)


def test_packing_makes_no_grade_better() -> None:
    second = millet(code="2", quality_grade="二级")
    require_proved(GRAIN, millet(second, quality_grade="三级"), (), DAY)
    with pytest.raises(Unproved):
        require_proved(GRAIN, millet(second, quality_grade="一级"), (), DAY)
    raw = millet(code="3", variant="millet")
    require_proved(GRAIN, millet(raw, quality_grade="一级"), (), DAY)


@given(st.lists(st.dates(date(2015, 1, 1), DAY), min_size=1, max_size=5), st.integers(0, 12))
def test_no_age_is_let_pass_that_any_part_has_not(starts: list[date], years: int) -> None:
    parts = [vat(start.isoformat(), code=str(at)) for at, start in enumerate(starts)]
    proved = min(age(start, DAY, "year") for start in starts)
    try:
        holds(vat(None, *parts, code="blend", claimed_age_years=years))
    except Unproved:
        assert years > proved
    else:
        assert years <= proved


# --- through the acts ---


def day_made(day: date) -> StatedDate:
    return StatedDate(day.isoformat(), day, day, Precision.DAY, Calendar.SOLAR)


def laid_down(ledger: Ledger, actor: Actor, start: date, **more: Any) -> str:
    return world.make_batch(
        ledger, actor, Quantity.of(100, "LTR"), family="vinegar", variant=AGED,
        attributes={"aging_start": start.isoformat(), **more.pop("attributes", {})}, **more,
    )  # fmt: skip


def test_a_claim_is_refused_when_the_batch_is_registered_or_made(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    today = ledger.clock.now().date()
    young = laid_down(ledger, actor, today - timedelta(400))
    with pytest.raises(Unproved):
        laid_down(ledger, actor, today - timedelta(400), attributes={"claimed_age_years": 3})
    blend = world.batch_facts(
        actor, Quantity.of(50, "LTR"), family="vinegar", variant=AGED, name="三年陈醋"
    )
    facts = world.transformation(
        ledger, actor, "process", {young: Quantity.of(50, "LTR")}, (blend,)
    )
    with pytest.raises(Unproved):
        ledger.perform(actor, transform, facts)


def test_goods_that_claim_an_age_are_not_told_that_they_were_made_of_themselves(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger, "processor")
    with pytest.raises(Unproved, match=r"nothing is recorded of what .*: aging began") as refused:
        world.make_batch(
            ledger, actor, Quantity.of(100, "LTR"), family="vinegar", variant=AGED, name="三年陈醋"
        )
    assert "code" not in refused.value.params


def test_a_label_that_claims_too_much_is_not_printed(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    product = world.make_product(
        ledger, actor, "vinegar", AGED, name="陈醋", items_on_pack=True,
        label={"net_content": "500 mL"},
    )  # fmt: skip
    start = ledger.clock.now().date() - timedelta(400)
    code = world.make_batch(
        ledger, actor, Quantity.of(100, "LTR"), product=product,
        attributes={"aging_start": start.isoformat()},
    )  # fmt: skip
    ledger.perform(actor, issue_print_run, code, 1, "trace-50x30", try_out=try_out)
    _rename(ledger, product, "三年陈醋")
    with pytest.raises(Unproved):
        ledger.perform(actor, issue_print_run, code, 1, "trace-50x30", try_out=try_out)


def test_the_age_on_the_label_is_read_with_its_heading(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    start = ledger.clock.now().date() - timedelta(400)
    for stated, proved in (("一年", True), ("三年", False)):
        product = world.make_product(
            ledger, actor, "vinegar", AGED, name="陈醋", items_on_pack=True,
            label={"age_claim": stated},
        )  # fmt: skip
        said = {"attributes": {"aging_start": start.isoformat()}, "product": product}
        if proved:
            assert world.make_batch(ledger, actor, Quantity.of(9, "LTR"), **said)
            continue
        with pytest.raises(Unproved):
            world.make_batch(ledger, actor, Quantity.of(9, "LTR"), **said)


@pytest.mark.parametrize(
    ("origin", "borne"),
    [
        ("西藏那曲市索县", True), ("索县亚拉镇", True), ("西藏", True), ("那曲", True),
        ("青藏高原", True), ("西藏那曲市比如县", False), ("山西清徐", False),
        ("内蒙古敖汉旗", False), ("西藏拉萨", False),
    ],
)  # fmt: skip
def test_a_label_names_no_origin_but_that_of_the_goods(
    ledger: Ledger, origin: str, borne: bool
) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, items_on_pack=True, label={"origin": origin})
    if borne:
        assert world.make_batch(ledger, actor, product=product)
        return
    with pytest.raises(Unproved, match="索县") as refused:
        world.make_batch(ledger, actor, product=product)
    assert refused.value.field == "label.origin"


def test_the_origin_of_what_goods_were_made_of_may_stand_on_them(ledger: Ledger) -> None:
    actor, far = world.make_producer(ledger), world.make_producer(ledger, division=world.KAZUO)
    raw = world.make_batch(ledger, far)
    sent = world.make_shipment(ledger, far, str(actor.party_uid), raw, world.kg(50))
    ledger.perform(actor, receive, ReceiptFacts(sent, ledger.clock.now(), True))
    product = world.make_product(
        ledger, actor, variant="millet_milled", label={"origin": "辽宁朝阳"}
    )
    output = world.batch_facts(actor, world.kg(40), product=product)
    facts = world.transformation(ledger, actor, "process", {raw: None}, (output,))
    assert ledger.perform(actor, transform, facts)["batches"]


def _rename(ledger: Ledger, product: str, name: str) -> None:
    """What a change of the product would do."""
    with ledger.database.write() as session:
        product_with(session, product).name = name
        session.commit()
