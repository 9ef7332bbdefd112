"""What households can have brought: no more than their land bears or their herd has in a year.

Who they are is a personal fact: a finding tells how much, and of which batch, never of whom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.balance.accounts import NOTHING
from suyuan.trace.balance.bands import in_base
from suyuan.trace.balance.books import Book, Books
from suyuan.trace.balance.findings import Finding, amount_said, finding
from suyuan.trace.balance.queries import parts_of
from suyuan.trace.balance.rules import Capacity, balance_rules
from suyuan.trace.batches.tables import Batch, Share
from suyuan.trace.clock import day_of
from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.tables import Site
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_quantities import read_quantity

SQUARE_METRES_PER_MU: Final = Fraction(2000, 3)


@dataclass(frozen=True)
class Brought:
    """A household's share of a batch; who it is stands as party."""

    batch_id: int
    party_id: int
    household: str
    quantity: Quantity
    variant: str
    season: int


def of_households(session: Session, books: Books) -> Iterator[Finding]:
    """For each share that goes beyond what is left of its household's capacity in the season."""
    for rule in balance_rules().households:
        pooled = [one for one, book in books.by_batch.items() if _is_of(rule, book)]
        there = capacities(session, rule, _members(session, pooled))
        used: defaultdict[tuple[int, int], Fraction] = defaultdict(Fraction)
        for one in _brought(session, rule, there):
            each = Fraction(rule.most[one.variant])
            before = max(there[one.party_id] - used[one.party_id, one.season], Fraction(0))
            used[one.party_id, one.season] += Fraction(in_base(one.quantity)) / each
            beyond = Fraction(in_base(one.quantity)) - before * each
            book = books.by_batch.get(one.batch_id)
            if beyond > 0 and book is not None:
                most = there[one.party_id] * each
                yield _above(rule, book, one, _decimal(beyond), _decimal(most))


def capacities(session: Session, rule: Capacity, ids: list[int]) -> Mapping[int, Fraction]:
    """The mu, or animals, that the places of these households have; none where nothing is said."""
    found: defaultdict[int, Fraction] = defaultdict(Fraction)
    for some in parts_of(ids):
        query = sa.select(Site.party_id, Site.area_m2, Site.capacity).where(
            Site.party_id.in_(some), Site.kind.in_(rule.kinds)
        )
        for party, area, said in session.execute(query):
            amount = _mu(area) if rule.of == "area" else _animals(said)
            if amount:
                found[party] += amount
    return found


def _mu(area_m2: int | None) -> Fraction:
    return Fraction(area_m2 or 0) / SQUARE_METRES_PER_MU


def _animals(said: str) -> Fraction:
    """The animals that a capacity as it was written tells of; none where it tells of others."""
    try:
        quantity = read_quantity(said).quantity if said else None
    except InvalidInput:
        return Fraction(0)
    if quantity is None or quantity.dimension != "animal":
        return Fraction(0)
    return Fraction(quantity.amount)


def _is_of(rule: Capacity, book: Book) -> bool:
    return book.batch.family == rule.family and book.batch.variant in rule.most


def _members(session: Session, batch_ids: list[int]) -> list[int]:
    found: set[int] = set()
    for some in parts_of(batch_ids):
        query = sa.select(Share.party_id).where(
            Share.batch_id.in_(some), Share.party_id.is_not(None)
        )
        found |= {party for party in session.scalars(query) if party is not None}
    return sorted(found)


def _brought(session: Session, rule: Capacity, ids: Mapping[int, Fraction]) -> list[Brought]:
    """All that these households brought of such goods, in the order of registration."""
    found: list[Brought] = []
    for some in parts_of(ids):
        query = (
            sa.select(
                Share.batch_id, Share.party_id, Share.household, Share.quantity, Batch.unit,
                Batch.variant, Batch.produced_on, Batch.registered_at,
            )
            .join(Batch, Batch.id == Share.batch_id)
            .where(Share.party_id.in_(some))
            .where(Batch.family == rule.family, Batch.variant.in_(list(rule.most)))
            .where(Batch.state != "withdrawn")
        )  # fmt: skip
        for batch, party, name, amount, unit, variant, made, at in session.execute(
            query.order_by(Share.id)
        ):
            if party is None or amount is None:
                continue
            quantity = Quantity(amount, unit)
            if quantity.dimension == rule.dimension:
                found.append(Brought(batch, party, name, quantity, variant, _year(made, at)))
    return found


def _year(produced_on: date | None, registered_at: datetime) -> int:
    return (produced_on or day_of(registered_at)).year


def _decimal(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.001"))


def _above(rule: Capacity, book: Book, one: Brought, beyond: Decimal, most: Decimal) -> Finding:
    batch = book.batch
    unit = "KGM" if rule.of == "area" else one.quantity.unit
    return finding(
        "household_above",
        {
            "brought": amount_said(one.quantity.amount, one.quantity.unit),
            "season": str(one.season),
            "most": amount_said(most, unit),
            "beyond": amount_said(beyond, unit),
        },
        trace_code=batch.trace_code,
        batch_id=batch.id,
        party_id=batch.party_id,
        site_id=batch.site_id,
        at=batch.registered_at,
        provenance=rule.provenance,
        amount=beyond,
        unit=unit,
        of=max(most, NOTHING) or None,
        account=f"{batch.party_id}:{one.party_id}:{one.household}",
    )
