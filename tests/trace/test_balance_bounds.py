"""Every number of the mass balance, on both sides of its bound (domain facts B8.2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from suyuan.trace.balance.animals import carcasses_beyond, slaughtered_twice, tags_from_nowhere
from suyuan.trace.balance.bands import (
    Goods,
    Step,
    by_products_in,
    dry_matter,
    gain,
    measured,
    step_account,
)
from suyuan.trace.balance.explaining import explained
from suyuan.trace.balance.labels import most_labels
from suyuan.trace.balance.places import Stop, kilometres, leap, leaps
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.balance.step_findings import of_step
from suyuan.trace.balance.times import Ending, Happened, Made, before_made, inside, sampled_early
from suyuan.trace.products.families import Families
from suyuan.trace.products.net_content import read_net_content
from suyuan.trace.quantities import Quantity

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
FAMILIES = Families.load()


def goods(family: str, variant: str, amount: str, unit: str = "KGM", **more: object) -> Goods:
    return Goods(FAMILIES.get(family), variant, Quantity.of(amount, unit), **more)  # type: ignore[arg-type]  # fields by name


def step(kind: str, taken: Goods, made: Goods, **more: object) -> Step:
    return Step(1, "event-1", kind, NOW, 1, None, (taken,), (made,), **more)  # type: ignore[arg-type]  # fields by name


def found(one: Step) -> list[str]:
    return [finding.rule for finding in of_step(one)]


ANIMALS = goods("yak_meat", "live", "4", "HEA", live_weight=Quantity.of(1000, "KGM"))
CARCASS = ("yak_meat", "fresh")
BANDS = (
    # kind, what goes in, what comes out, its unit, lowest, highest amount that is believed
    ("slaughter", ANIMALS, CARCASS, "KGM", "450", "520"),
    ("slaughter", goods("yak_meat", "live", "1000"), CARCASS, "KGM", "450", "520"),
    ("process", goods("yak_meat", "live", "100"), CARCASS, "KGM", "75", "80"),
    ("process", goods("yak_meat", "fresh", "100"), ("yak_meat", "cooked_jerky"), "KGM", "30", "45"),
    ("process", goods("yak_meat", "frozen", "100"), ("yak_meat", "raw_air_dried"), "KGM", "30",
     "45"),
    ("process", goods("cordyceps", "fresh", "1000", "GRM"), ("cordyceps", "dried"), "GRM", "250",
     "350"),
    ("process", goods("cordyceps", "fresh", "1"), ("cordyceps", "dried"), "GRM", "250", "350"),
    ("process", goods("grain", "sorghum", "100"), ("vinegar", "solid_state"), "LTR", "300", "600"),
    ("process", goods("grain", "sorghum", "100"), ("vinegar", "solid_state_aged"), "KGM", "300",
     "600"),
    ("process", goods("grain", "millet", "100"), ("grain", "millet_milled"), "KGM", "70", "80"),
    ("sort", goods("grain", "millet", "100"), ("grain", "millet"), "KGM", "95", "99"),
    ("sort", goods("cordyceps", "dried", "100", "GRM"), ("cordyceps", "dried"), "GRM", "95", "99"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "taken", "form", "unit", "least", "most"), BANDS)
def test_a_band_holds_to_its_ends_and_not_beyond(
    kind: str, taken: Goods, form: tuple[str, str], unit: str, least: str, most: str
) -> None:
    tiny = Decimal("0.000001")
    for amount, side in (
        (Decimal(least), None),
        (Decimal(least) - tiny, "below"),
        (Decimal(most), None),
        (Decimal(most) + tiny, "above"),
    ):
        made = goods(*form, str(amount), unit)
        said = [one.side for one in measured(kind, (taken,), (made,))]
        assert said == [side], (amount, said)
        rules = found(step(kind, taken, made))
        assert (f"yield_{side}" in rules) is (side is not None), rules


def test_a_band_tells_its_numbers_source_and_that_nobody_confirmed_it() -> None:
    taken, made = goods("grain", "millet", "100"), goods("grain", "millet_milled", "90")
    (one,) = of_step(step("process", taken, made))
    said = explained(one)
    assert "90 kg came out of 100 kg, 10 kg more than the 0.7 to 0.8" in said
    assert "rule of thumb; calibrate (K-med, unconfirmed)" in said
    assert one.unconfirmed
    assert one.amount == Decimal(10)


def test_bands_say_nothing_where_the_form_stays_or_one_side_is_counted() -> None:
    chilled, frozen = goods("yak_meat", "fresh", "100"), goods("yak_meat", "frozen", "40")
    assert measured("process", (chilled,), (frozen,)) == []
    heads = goods("yak_meat", "live", "4", "HEA")
    assert measured("slaughter", (heads,), (goods("yak_meat", "fresh", "700"),)) == []


# --- gain ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "beside", "more"),
    [
        ("100", (), None),
        ("100.000001", (), "0.000001"),
        ("80", ("20",), None),
        ("80", ("21",), "1"),
    ],
)
def test_more_out_than_in_is_a_gain_by_products_included(
    made: str, beside: tuple[str, ...], more: str | None
) -> None:
    taken, came = goods("grain", "millet", "100"), goods("grain", "millet_milled", made)
    other = tuple(Quantity.of(amount, "KGM") for amount in beside)
    assert gain("process", (taken,), (came,), other) == (Decimal(more) if more else None)


def test_what_was_lost_came_out_too() -> None:
    taken, came = goods("grain", "millet", "100"), goods("grain", "millet_milled", "78")
    beside = (Quantity.of(20, "KGM"),)
    at_most, more = (
        step("process", taken, came, by_products=beside, loss=Quantity.of(amount, "KGM"))
        for amount in (2, 40)
    )
    assert found(at_most) == []
    assert "gain" in found(more)


def test_more_tags_than_heads_are_no_more_animals() -> None:
    tags = frozenset(f"25406260000000{n}" for n in range(9))
    one = step("slaughter", goods("yak_meat", "live", "1", "HEA"), MEAT, carcasses=9, tags_in=tags)
    assert carcasses_beyond(one) == 8


def test_a_gain_is_the_gravest_of_all_findings() -> None:
    rules = balance_rules().findings
    assert next(iter(rules)) == "gain"
    assert rules["gain"].gravity == 1
    taken, came = goods("grain", "millet", "100"), goods("grain", "millet_milled", "130")
    assert found(step("process", taken, came)) == ["gain", "yield_above"]


def test_where_water_is_added_more_may_come_out_than_went_in() -> None:
    grain, vinegar = goods("grain", "sorghum", "100"), goods("vinegar", "solid_state", "400")
    assert gain("process", (grain,), (vinegar,)) is None
    drawn = goods("vinegar", "solid_state", "100", "LTR")
    thinned = goods("vinegar", "solid_state", "140", "LTR")
    assert gain("process", (drawn,), (thinned,)) == 40


def test_by_products_are_read_where_their_weight_stands_plainly() -> None:
    said = by_products_in("麸皮300公斤、米糠 20 kg;谷壳若干")
    assert said == (Quantity.of(300, "KGM"), Quantity.of(20, "KGM"))
    assert by_products_in("麸皮") == ()


# --- dry matter ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "grown"),
    # 100 kg at 70 % hold 30 kg; at 10 % that is 33.33… kg, and two in a hundred more are believed
    [("33.33", False), ("34", False), ("34.000001", True)],
)
def test_drying_makes_no_dry_matter(amount: str, grown: bool) -> None:
    taken = goods("cordyceps", "fresh", "100", moisture=Decimal(70))
    made = goods("cordyceps", "dried", amount, moisture=Decimal(10))
    drying = step("process", taken, made)
    assert dry_matter(drying) == (Decimal(30), Decimal(amount) * Decimal("0.9"))
    assert ("dry_gain" in found(drying)) is grown
    account = step_account(drying)
    assert account is not None
    assert account.basis == "dry"
    assert account.closing == Decimal(30) - Decimal(amount) * Decimal("0.9")


def test_jerky_may_hold_salt_and_sugar_besides() -> None:
    # 100 kg of meat at 73 % hold 27 kg of dry matter; 45 kg of jerky at 20 % hold 36
    taken = goods("yak_meat", "fresh", "100", moisture=Decimal(73))
    for amount, grown in (("44.8875", False), ("44.8876", True)):
        made = goods("yak_meat", "cooked_jerky", amount, moisture=Decimal(20))
        assert ("dry_gain" in found(step("process", taken, made))) is grown


def test_without_a_moisture_goods_are_compared_as_they_are() -> None:
    taken = goods("yak_meat", "fresh", "100", moisture=Decimal(73))
    made = goods("yak_meat", "cooked_jerky", "40")
    assert dry_matter(step("process", taken, made)) is None
    account = step_account(step("process", taken, made, loss=Quantity.of(55, "KGM")))
    assert account is not None
    assert (account.basis, account.closing, account.gap) == ("as_is", Decimal(5), Decimal(-5))


# --- animals -------------------------------------------------------------------------------------

MEAT = goods("yak_meat", "fresh", "500", tags=frozenset({"A", "B"}))


@pytest.mark.parametrize(
    ("tags_in", "carcasses", "beyond"),
    [({"A", "B"}, 2, 0), ({"A", "B"}, 3, 1), (set(), 4, 0), (set(), 5, 1), ({"A"}, None, 0)],
)
def test_there_are_no_more_carcasses_than_animals(
    tags_in: set[str], carcasses: int | None, beyond: int
) -> None:
    slaughter = step("slaughter", ANIMALS, MEAT, carcasses=carcasses, tags_in=frozenset(tags_in))
    assert carcasses_beyond(slaughter) == beyond


def test_a_tag_comes_out_only_where_it_went_in() -> None:
    slaughter = step("slaughter", ANIMALS, MEAT, tags_in=frozenset({"A"}))
    assert tags_from_nowhere(slaughter) == {"B"}
    both = step("slaughter", ANIMALS, MEAT, tags_in=frozenset({"A", "B", "C"}))
    assert tags_from_nowhere(both) == frozenset()
    assert tags_from_nowhere(step("slaughter", ANIMALS, MEAT)) == frozenset(), "none was stated"


def test_one_tag_is_slaughtered_once() -> None:
    first = step("slaughter", ANIMALS, MEAT, tags_in=frozenset({"A", "B"}))
    second = step("slaughter", ANIMALS, MEAT, tags_in=frozenset({"B"}))
    assert set(slaughtered_twice([first, second])) == {"B"}


# --- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lot", "unit", "net", "most"),
    [
        ("118.5", "KGM", "250 g", 483),  # 474 packages and 9.48
        ("100", "KGM", "1 kg", 102),
        ("100", "KGM", "250克", 408),
        ("10", "GRM", "10 g", 1),
        ("50", "LTR", "500 mL", 102),
        ("100", "LTR", "1 kg", None),
        ("4", "HEA", "250 g", None),
    ],
)
def test_labels_are_no_more_than_the_lot_fills(
    lot: str, unit: str, net: str, most: int | None
) -> None:
    held = read_net_content(net)
    assert held is not None
    share = balance_rules().labels.share
    assert share == Decimal("0.02")
    assert most_labels(Quantity.of(lot, unit), held, share) == most


def test_a_net_content_that_is_no_quantity_says_nothing() -> None:
    assert read_net_content("见包装") is None


# --- times ---------------------------------------------------------------------------------------


def test_nothing_is_shipped_before_it_was_made() -> None:
    made = Made(at=NOW)
    events = [
        Happened("ship", NOW - timedelta(seconds=1), "early"),
        Happened("ship", NOW, "at once"),
        Happened("treat", NOW - timedelta(days=30), "before", comes_before=True),
    ]
    assert [one.event for one in before_made(made, events)] == ["early"]
    by_day = Made(on=date(2026, 6, 1))
    assert before_made(by_day, events) == [], "of the same day nobody can tell"
    yesterday = Happened("sell", datetime(2026, 5, 31, 15, 59, tzinfo=UTC), "the day before")
    assert before_made(by_day, [yesterday]) == [yesterday], "the days are those of China"
    assert before_made(Made(), events) == []


def test_a_sample_is_of_goods_that_were_there() -> None:
    assert sampled_early(Made(at=NOW), date(2026, 5, 31))
    assert not sampled_early(Made(at=NOW), date(2026, 6, 1))
    assert not sampled_early(Made(on=date(2026, 6, 1)), date(2026, 5, 1)), "sampled in the field"


def test_the_last_day_of_an_interval_is_one_of_it() -> None:
    ending = Ending(date(2026, 9, 10))
    days = [date(2026, 9, 9), date(2026, 9, 10), date(2026, 9, 11)]
    assert [day for day, _ in inside(days, [ending])] == days[:2]


# --- places --------------------------------------------------------------------------------------

LHASA, NAQU = (29.6525, 91.1721), (31.4762, 92.0514)
"""About 219 km apart as the crow flies."""


def stop(place: tuple[float, float], hours: float, amount: int = 100) -> Stop:
    at = NOW + timedelta(hours=hours)
    return Stop(at, *place, Decimal(amount), str(place), f"event-{hours}")


def test_distances_are_those_of_the_map() -> None:
    assert kilometres(stop(LHASA, 0), stop(NAQU, 0)) == pytest.approx(219.5, abs=1)


@pytest.mark.parametrize(("hours", "too_fast"), [(0, True), (1.4, True), (1.5, False), (9, False)])
def test_nothing_goes_faster_than_the_bound(hours: float, too_fast: bool) -> None:
    speed = balance_rules().speed
    assert (leap(stop(LHASA, 0), stop(NAQU, hours), speed) is not None) is too_fast


def test_near_places_are_one() -> None:
    speed = balance_rules().speed
    near, far = (LHASA[0] + 0.17, LHASA[1]), (LHASA[0] + 0.19, LHASA[1])  # 18.9 and 21.1 km
    assert leap(stop(LHASA, 0), stop(near, 0), speed) is None
    assert leap(stop(LHASA, 0), stop(far, 0), speed) is not None


def test_two_parts_of_a_batch_may_be_in_two_places() -> None:
    speed = balance_rules().speed
    halves = [stop(LHASA, 0, 50), stop(NAQU, 0.5, 50)]
    assert leaps(halves, Decimal(100), speed) == []
    more = [stop(LHASA, 0, 50), stop(NAQU, 0.5, 51)]
    assert len(leaps(more, Decimal(100), speed)) == 1
