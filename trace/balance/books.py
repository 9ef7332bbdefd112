"""The books of many batches: their movements, their steps, and all that bears on them.

``open_books`` reads them for up to some hundred batches in a dozen statements, however many events
they have; everything else works on what it read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from suyuan.trace.balance import queries
from suyuan.trace.balance.accounts import NOTHING, Account, Movement, Part, account, movements
from suyuan.trace.balance.bands import (
    Goods,
    Step,
    by_products_in,
    moisture_of,
    moistures_stated,
)
from suyuan.trace.balance.queries import BatchRow, PartRow, Sent
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity, units

_LOSSES: Final = ("loss", "rejected")
"""Key data of steps that say how much fell away."""


@dataclass(frozen=True)
class Book:
    """One batch: its movements, what each has in hand, and how much is with nobody."""

    batch: BatchRow
    parts: tuple[PartRow, ...]
    sent: tuple[Sent, ...]
    movements: tuple[Movement, ...]
    left: Mapping[int, Decimal]

    @property
    def stock(self) -> Decimal:
        """What there is of it anywhere, on its way and in dispute included."""
        on_its_way = sum((one.open for one in self.sent), NOTHING)
        return sum(self.left.values(), NOTHING) + on_its_way

    def whole(self) -> Account:
        """The account of the batch in all hands together."""
        return account(self.batch.unit, self.movements, whole=True, stock=self.stock)

    def of_party(
        self, party_id: int, since: datetime | None = None, until: datetime | None = None
    ) -> Account:
        """The account of one party's hand; with an end to the period, as counted by then."""
        own = [one for one in self.movements if one.party_id == party_id]
        stock = self.left.get(party_id, NOTHING) if until is None else None
        return account(self.batch.unit, own, stock=stock, since=since, until=until)


@dataclass(frozen=True)
class Books:
    """The books of some batches, and the steps that made them."""

    by_batch: Mapping[int, Book]
    steps: tuple[Step, ...]
    tags: Mapping[int, frozenset[str]]
    places: Mapping[int, tuple[str, float, float]]


def open_books(session: Session, families: Families, ids: Collection[int]) -> Books:
    """The books of these batches, those left out that were withdrawn."""
    batches = queries.batch_rows(session, ids)
    parts = queries.part_rows(session, batches)
    sent = queries.sent(session, batches)
    left = queries.in_hands(session, batches)
    by_batch = {
        id_: book_of(row, parts.get(id_, ()), sent.get(id_, ()), left.get(id_, {}))
        for id_, row in batches.items()
    }
    steps, tags = _steps(session, families, by_batch)
    sites = {part.event.site_id for book in by_batch.values() for part in book.parts}
    places = queries.places(session, (one for one in sites if one is not None))
    return Books(by_batch, steps, tags, places)


def book_of(
    batch: BatchRow, parts: Sequence[PartRow], sent: Sequence[Sent], left: Mapping[int, Decimal]
) -> Book:
    """The book of a batch by its parts in events, in the order of recording, its shipments, and
    what is said to be left in each hand."""
    moved = movements(batch.id, batch.quantity, _parts(parts, sent))
    return Book(batch, tuple(parts), tuple(sent), moved, left)


def _parts(parts: Sequence[PartRow], sent: Sequence[Sent]) -> Iterator[Part]:
    kinds = EventKinds.load()
    known = set(kinds.keys())
    shipped = {one.ship_event for one in sent}
    for part in parts:
        event = part.event
        if event.kind not in known:
            continue  # a kind made up is found by the audit
        yield Part(
            event=event.uid,
            kind=event.kind,
            effect=kinds.get(event.kind).effect,
            role=part.role,
            party_id=event.party_id,
            at=event.at,
            quantity=part.quantity,
            shipped=event.id in shipped,
        )


def _steps(
    session: Session, families: Families, books: Mapping[int, Book]
) -> tuple[tuple[Step, ...], Mapping[int, frozenset[str]]]:
    made_by = {
        part.event.id: part.event
        for book in books.values()
        for part in book.parts
        if part.role == "output"
    }
    goods = queries.goods_of_events(session, made_by)
    others = {one[2] for several in goods.values() for one in several} - set(books)
    rows = {id_: book.batch for id_, book in books.items()} | queries.batch_rows(session, others)
    tags = queries.tags(session, rows)
    found = []
    for id_, event in made_by.items():
        some = [one for one in goods[id_] if one[2] in rows and rows[one[2]].family in families]
        taken = _goods(families, rows, tags, some, "input")
        made = _goods(families, rows, tags, some, "output")
        found.append(step_of(event, taken, made))
    return tuple(found), tags


def _goods(
    families: Families,
    rows: Mapping[int, BatchRow],
    tags: Mapping[int, frozenset[str]],
    some: Sequence[tuple[str, Decimal | None, int]],
    role: str,
) -> tuple[Goods, ...]:
    return tuple(
        goods_of(families, rows[batch], quantity or NOTHING, tags.get(batch, frozenset()))
        for said, quantity, batch in some
        if said == role
    )


def goods_of(
    families: Families, row: BatchRow | Batch, quantity: Decimal, tags: frozenset[str] = frozenset()
) -> Goods:
    """So much of a batch as goods of a step."""
    return Goods(
        family=families.get(row.family),
        variant=row.variant,
        quantity=Quantity(quantity, row.unit),
        moisture=moisture_of(row.attributes),
        live_weight=_live_weight(row, quantity),
        trace_code=row.trace_code,
        batch_id=row.id,
        tags=tags,
    )


def _live_weight(row: BatchRow | Batch, quantity: Decimal) -> Quantity | None:
    """The part of the lot's live weight that so many of its animals have; None where unsaid."""
    stated = row.attributes.get("live_weight")
    if stated is None or not row.quantity:
        return None
    return Quantity(
        (Decimal(str(stated)) * quantity / row.quantity).quantize(Decimal("0.000001")), "KGM"
    )


def step_of(event: queries.Telling, taken: tuple[Goods, ...], made: tuple[Goods, ...]) -> Step:
    """A step with what its event says beside the goods: moistures, losses, carcasses, ear tags."""
    before, after = moistures_stated(event.payload, taken, made)
    return Step(
        event_id=event.id,
        event=event.uid,
        kind=event.kind,
        at=event.at,
        party_id=event.party_id,
        site_id=event.site_id,
        taken=_moist(taken, before),
        made=_moist(made, after),
        by_products=by_products_in(str(event.payload.get("by_products") or "")),
        loss=_loss(event, taken, made),
        carcasses=_whole(event.payload.get("carcasses_out")),
        tags_in=frozenset(str(one) for one in event.payload.get("ear_tags_in") or ()),
    )


def _moist(goods: tuple[Goods, ...], stated: Decimal | None) -> tuple[Goods, ...]:
    """The goods with the moisture that the event states, where their batches state none."""
    if stated is None:
        return goods
    return tuple(replace(one, moisture=stated) if one.moisture is None else one for one in goods)


def _loss(event: queries.Telling, taken: Sequence[Goods], made: Sequence[Goods]) -> Quantity | None:
    """What fell away, in the unit that the key data have, else in that of what went in."""
    for key in _LOSSES:
        stated = event.payload.get(key)
        if stated is None or not taken:
            continue
        unit = _unit_of(event.kind, key, made or taken) or taken[0].quantity.unit
        return Quantity(Decimal(str(stated)), unit)
    return None


def _unit_of(kind: str, key: str, goods: Sequence[Goods]) -> str | None:
    asked = EventKinds.load().get(kind).all_key_data(goods[0].family, goods[0].variant)
    symbol = next((one.unit for one in asked if one.key == key), None)
    return next((one.code for one in units().values() if symbol and one.symbol == symbol), None)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
