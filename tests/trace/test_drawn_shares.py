"""Goods are drawn for once: what several batches brought, each by its share, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.papers.draws import QuotaExceeded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.tables import PaperDraw
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg

HERBS = {"family": "cordyceps", "variant": "fresh"}
STEP = Decimal("0.000001")
"""As finely as accounts are kept; what does not come out in it is rounded up."""


@dataclass
class Country:
    """A co-operative with two places where it gathers, and what each has by now."""

    ledger: Ledger
    head: Actor
    near: str
    far: str
    left: dict[str, Decimal] = field(default_factory=dict)
    papers: int = 0

    def permit(self, site: str, amount: str = "1000000", unit: str = "KGM") -> None:
        self.papers += 1
        facts = PaperFacts(
            "gathering_permit", f"采 {self.papers}", str(self.head.party_uid),
            valid_from=date(2026, 5, 1), valid_to=date(2026, 7, 31),
            amount=Quantity.of(amount, unit), covers=(Covers("site", site),),
        )  # fmt: skip
        self.ledger.perform(self.head, register_paper, facts)

    def gather(self, site: str, amount: Decimal | int) -> str:
        code = world.make_batch(self.ledger, self.head, kg(str(amount)), site=site, **HERBS)
        self.left[code] = Decimal(amount)
        return code

    def make(
        self,
        kind: str,
        site: str,
        taken: dict[str, Decimal],
        *made: Decimal,
        variant: str = "fresh",
    ) -> list[str]:
        outputs = tuple(
            world.batch_facts(
                self.head, kg(str(one)), site=site, family="cordyceps", variant=variant
            )
            for one in made
        )
        inputs: dict[str, Quantity | None] = {code: kg(str(one)) for code, one in taken.items()}
        facts = world.transformation(self.ledger, self.head, kind, inputs, outputs)
        codes: list[str] = self.ledger.perform(self.head, transform, facts)["batches"]
        for code, amount in taken.items():
            self.left[code] -= amount
        self.left |= dict(zip(codes, made, strict=True))
        return codes

    def drawn(self) -> Decimal:
        with self.ledger.database.read() as session:
            rows = session.scalars(sa.select(PaperDraw)).all()
            return sum((row.amount + row.over for row in rows), Decimal(0))


@pytest.fixture
def country(ledger: Ledger) -> Country:
    return _country(ledger)


def _country(ledger: Ledger) -> Country:
    head = world.make_producer(ledger)
    return Country(ledger, head, world.make_site(ledger, head), world.make_site(ledger, head))


def test_what_is_merged_draws_only_what_the_undrawn_brought(country: Country) -> None:
    country.permit(country.near)
    drawn, undrawn = country.gather(country.near, 30), country.gather(country.far, 10)
    taken = {drawn: Decimal(30), undrawn: Decimal(10)}
    country.make("merge", country.near, taken, Decimal(40))
    assert country.drawn() == 40


def test_what_is_lost_on_the_way_is_lost_of_each_share(country: Country) -> None:
    country.permit(country.near)
    drawn, undrawn = country.gather(country.near, 30), country.gather(country.far, 10)
    taken = {drawn: Decimal(30), undrawn: Decimal(10)}
    (dried,) = country.make("process", country.near, taken, Decimal(10), variant="dried")
    assert country.drawn() == Decimal("32.5")
    country.make(
        "split", country.near, {dried: Decimal(10)}, Decimal(4), Decimal(6), variant="dried"
    )
    assert country.drawn() == Decimal("32.5")


def test_shares_pass_on_through_places_that_no_paper_covers(country: Country) -> None:
    country.permit(country.near)
    drawn, undrawn = country.gather(country.near, 1), country.gather(country.far, 2)
    taken = {drawn: Decimal(1), undrawn: Decimal(2)}
    (mixed,) = country.make("merge", country.far, taken, Decimal(3))
    assert country.drawn() == 1
    country.make("split", country.near, {mixed: Decimal(2)}, Decimal(1), Decimal(1))
    assert country.drawn() == 1 + 2 * Decimal("0.666667"), "a third of each was drawn for"
    country.permit(country.far)
    assert 3 <= country.drawn() <= 3 + 4 * STEP


def test_what_does_not_fit_is_refused_by_the_share_that_is_wanted(country: Country) -> None:
    country.permit(country.near, "35")
    drawn, undrawn = country.gather(country.near, 30), country.gather(country.far, 10)
    with pytest.raises(QuotaExceeded, match="10 kg are wanted, and 5 kg are left of 35 kg"):
        country.make("merge", country.near, {drawn: Decimal(30), undrawn: Decimal(10)}, Decimal(40))
    country.make("merge", country.near, {drawn: Decimal(30), undrawn: Decimal(5)}, Decimal(35))
    assert country.drawn() == 35


def test_a_paper_that_comes_late_draws_nothing_for_what_was_drawn_further_on(
    country: Country,
) -> None:
    country.permit(country.near)
    whole = country.gather(country.far, 40)
    country.make("split", country.near, {whole: Decimal(25)}, Decimal(25))
    assert country.drawn() == 25
    country.permit(country.far, "0.04", "TNE")
    with country.ledger.database.read() as session:
        drawn = session.scalars(sa.select(PaperDraw.amount).order_by(PaperDraw.id)).all()
    assert drawn == [25, Decimal("0.015")]


AMOUNT = st.integers(1, 9)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("gather"), st.booleans(), AMOUNT),
        st.tuples(st.just("merge"), st.booleans(), st.integers(0, 99), AMOUNT),
        st.tuples(st.just("split"), st.booleans(), st.integers(0, 99), AMOUNT),
        st.tuples(st.just("permit"), st.booleans()),
    ),
    min_size=3,
    max_size=9,
)


@given(steps=STEPS)
@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_all_that_was_gathered_is_drawn_for_once_whatever_was_made_of_it(
    ledger: Ledger, steps: list[tuple[object, ...]]
) -> None:
    country = _country(ledger)
    before, rows = country.drawn(), _rows(country)
    made = under_permit = Decimal(0)
    covered: set[str] = set()
    country.gather(country.near, 7)
    made += 7
    for step in steps:
        match step:
            case "permit", bool() as far:
                covered.add(_place(country, far))
                country.permit(_place(country, far))
            case "gather", bool() as far, int() as amount:
                country.gather(_place(country, far), amount)
                made += amount
                under_permit += amount if _place(country, far) in covered else 0
            case str() as kind, bool() as far, int() as which, int() as part:
                _mix(country, kind, _place(country, far), which, part)
        drawn = country.drawn() - before
        assert under_permit <= drawn <= made + STEP * (_rows(country) - rows)
    country.permit(country.near)
    country.permit(country.far)
    assert made <= country.drawn() - before <= made + STEP * (_rows(country) - rows)


def _place(country: Country, far: bool) -> str:
    return country.far if far else country.near


def _mix(country: Country, kind: str, site: str, which: int, part: int) -> None:
    """Merge or split ninths of what is there, where there is enough of it."""
    there = list(_some(country, which, part))
    taken = dict(there[: 2 if kind == "merge" else 1])
    whole = sum(taken.values(), Decimal(0))
    if kind == "merge" and len(taken) == 2:
        country.make("merge", site, taken, whole)
    elif kind == "split" and taken:
        country.make("split", site, taken, whole / 4, whole - whole / 4)


def _some(country: Country, which: int, part: int) -> Iterator[tuple[str, Decimal]]:
    codes = [code for code, left in country.left.items() if left]
    for code in codes[which % len(codes) :] + codes[: which % len(codes)]:
        if amount := (country.left[code] * part / 9).quantize(Decimal("0.001"), ROUND_DOWN):
            yield code, amount


def _rows(country: Country) -> int:
    with country.ledger.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(PaperDraw)) or 0
