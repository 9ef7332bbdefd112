"""What does not add up in a batch, or cannot have been: stock, labels, times, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from suyuan.trace.balance.accounts import NOTHING, Movement
from suyuan.trace.balance.books import Book
from suyuan.trace.balance.findings import Finding, amount_said, finding
from suyuan.trace.balance.labels import as_amount, most_labels, room_left
from suyuan.trace.balance.places import Leap, Stop, leap, leaps
from suyuan.trace.balance.queries import BatchRow, Labelled, PartRow, Sampled
from suyuan.trace.balance.rules import Interval, balance_rules
from suyuan.trace.balance.times import (
    Ending,
    Happened,
    Made,
    before_made,
    inside,
    sampled_early,
)
from suyuan.trace.batches.rules import earliest_made
from suyuan.trace.clock import day_of
from suyuan.trace.events.intervals import inputs_used
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.products.family import Family
from suyuan.trace.products.net_content import read_net_content
from suyuan.trace.quantities import Quantity
from suyuan.trace.words import Names

Places = Mapping[int, tuple[str, float, float]]
"""Name, latitude and longitude of sites."""


def of_stock(book: Book) -> Iterator[Finding]:
    """What stocktakes found beyond the books, and where the books do not follow from records."""
    counted = [one for one in book.movements if one.kind == "counted" and one.amount]
    for one in counted:
        yield _counted(book, one)
    explained = sum((one.amount for one in counted), NOTHING)
    whole = book.whole()
    drift = whole.gap - explained
    if drift:
        yield _of_batch(
            "books_differ",
            book.batch,
            {
                "stock": amount_said(whole.stock, whole.unit),
                "closing": amount_said(whole.closing + explained, whole.unit),
            },
            amount=drift,
            unit=whole.unit,
            of=book.batch.quantity,
        )


def _counted(book: Book, one: Movement) -> Finding:
    return _of_batch(
        "surplus" if one.amount > 0 else "shortage",
        book.batch,
        {"beyond": amount_said(abs(one.amount), book.batch.unit)},
        amount=one.amount,
        unit=book.batch.unit,
        of=book.batch.quantity,
        party_id=one.party_id,
        at=one.at,
        event=one.event,
    )


def of_labels(batch: BatchRow, labelled: Iterable[Labelled]) -> Iterator[Finding]:
    """More labels in force than the batch can have filled packages."""
    rule = balance_rules().labels
    lot = Quantity(batch.quantity, batch.unit)
    several = list(labelled)
    yield from _of_weighed(batch, lot, [one for one in several if one.weighed])
    for one in several:
        if one.weighed:
            continue
        net = read_net_content(one.net)
        most = most_labels(lot, net, rule.share) if net is not None else None
        if net is None or most is None or one.labels <= most:
            continue
        yield _of_batch(
            "labels_above",
            batch,
            {
                "printed": str(one.labels),
                "net": str(net),
                "lot": str(lot),
                "most": str(most),
                "beyond": str(one.labels - most),
            },
            provenance=rule.provenance,
            amount=Decimal(one.labels - most),
            of=Decimal(max(most, 1)),
        )


def _of_weighed(batch: BatchRow, lot: Quantity, weighed: Sequence[Labelled]) -> Iterator[Finding]:
    """More in packages that were weighed one by one than there is to fill them with."""
    rule = balance_rules().labels
    above = -room_left(lot, rule.share, [(one.net, one.labels) for one in weighed])
    if above <= 0:
        return
    beyond = as_amount(above)
    most = as_amount(Fraction(lot.amount) * (1 + Fraction(rule.share)))
    yield _of_batch(
        "labels_above",
        batch,
        {
            "printed": str(sum(one.labels for one in weighed)),
            "weight": amount_said(beyond + most, batch.unit),
            "lot": str(lot),
            "most": amount_said(most, batch.unit),
            "beyond": amount_said(beyond, batch.unit),
        },
        provenance=rule.provenance,
        amount=beyond,
        unit=batch.unit,
        of=most,
    )


def of_times(book: Book, family: Family, reports: Iterable[Sampled]) -> Iterator[Finding]:
    """Events and samples before there was anything, and harvests inside an interval."""
    made = made_when(book, family)
    for one in before_made(made, _happened(book)):
        yield _of_batch(
            "before_made",
            book.batch,
            {"day": day_of(one.at).isoformat(), "made": str(made.day)},
            at=one.at,
            event=one.event,
        )
    for report in reports:
        if sampled_early(made, report.sampled_on):
            yield _of_batch(
                "sampled_early",
                book.batch,
                {
                    "number": report.number,
                    "day": report.sampled_on.isoformat(),
                    "made": str(made.day),
                },
            )
    for interval in balance_rules().intervals:
        yield from _inside(book, interval)


def made_when(book: Book, family: Family) -> Made:
    """When the batch was made, so far as that is stated."""
    making = next((one.event for one in book.parts if one.role == "output"), None)
    if making is not None:
        return Made(at=making.at)
    asked = family.attributes
    facts = [(asked[key], value) for key, value in book.batch.attributes.items() if key in asked]
    registered = day_of(book.batch.registered_at)
    return Made(on=earliest_made(book.batch.produced_on, facts, registered))


def _happened(book: Book) -> Iterator[Happened]:
    kinds = EventKinds.load()
    known = set(kinds.keys())
    for part in book.parts:
        event = part.event
        if part.role == "output" or event.withdrawn or event.kind not in known:
            continue
        kind = kinds.get(event.kind)
        yield Happened(event.kind, event.at, event.uid, kind.may_come_before)


def _inside(book: Book, interval: Interval) -> Iterator[Finding]:
    told = [part.event for part in book.parts if not part.event.withdrawn]
    endings = [Ending(used.ends, used.event) for used in inputs_used(told) if used.ends is not None]
    stated = _day(book.batch.attributes, interval.ends)
    if stated is not None:
        endings.append(Ending(stated))
    done = {day_of(part.event.at): part.event.uid for part in _done(book, interval.done)}
    on = _day(book.batch.attributes, interval.done_on)
    days = {**({on: ""} if on is not None else {}), **done}
    last = sorted(endings, key=lambda one: one.ends)[-1:]
    for day, ending in inside(sorted(days), last):
        yield _of_batch(
            "inside_interval",
            book.batch,
            {"day": day.isoformat(), "ends": ending.ends.isoformat()},
            event=days[day] or ending.event,
            provenance=interval.provenance,
        )


def _done(book: Book, kind: str) -> list[PartRow]:
    return [
        part
        for part in book.parts
        if part.event.kind == kind and not part.event.withdrawn and part.role != "output"
    ]


def _day(said: Mapping[str, object], key: str) -> date | None:
    try:
        return date.fromisoformat(str(said[key])) if key in said else None
    except ValueError:
        return None


def of_places(book: Book, places: Places) -> Iterator[Finding]:
    """The same goods in two far places in too short a time."""
    speed = balance_rules().speed
    found = leaps(_stops(book, places), book.batch.quantity, speed)
    for pair in _shipped(book, places):
        one = leap(*pair, speed)
        if one is not None and one not in found:
            found.append(one)
    for one in found:
        yield _leap(book, one)


def _stops(book: Book, places: Places) -> list[Stop]:
    kinds = EventKinds.load()
    known = set(kinds.keys())
    stops = []
    for part in book.parts:
        event = part.event
        if event.withdrawn or event.kind not in known or kinds.get(event.kind).system:
            continue
        stop = _stop(part, book.batch.quantity, places)
        if stop is not None:
            stops.append(stop)
    return stops


def _stop(part: PartRow, whole: Decimal, places: Places) -> Stop | None:
    place = places.get(part.event.site_id or 0)
    if place is None:
        return None
    amount = whole if part.quantity is None else part.quantity
    return Stop(part.event.at, place[1], place[2], amount, place[0], part.event.uid)


def _shipped(book: Book, places: Places) -> Iterator[tuple[Stop, Stop]]:
    """Where each shipment was sent off and where it was received: those are the same goods."""
    by_event = {part.event.id: part for part in book.parts}
    for one in book.sent:
        ends = [by_event.get(id_) for id_ in (one.ship_event, one.receipt_event or 0)]
        stops = [_stop(part, book.batch.quantity, places) for part in ends if part is not None]
        known = [stop for stop in stops if stop is not None]
        if len(known) == 2:
            yield known[0], known[1]


def _leap(book: Book, one: Leap) -> Finding:
    speed = balance_rules().speed
    return _of_batch(
        "too_fast",
        book.batch,
        {
            "one": one.one.place,
            "other": one.other.place,
            "km": str(one.km),
            "hours": str(one.hours),
            "fastest": str(speed.fastest_kmh),
        },
        provenance=speed.provenance,
        at=one.other.at,
        event=one.other.event,
    )


def _of_batch(rule: str, batch: BatchRow, told: dict[str, str | Names], **more: object) -> Finding:
    given: dict[str, object] = {"at": batch.registered_at, "party_id": batch.party_id, **more}
    return finding(
        rule,
        told,
        trace_code=batch.trace_code,
        batch_id=batch.id,
        site_id=batch.site_id,
        **given,
    )
