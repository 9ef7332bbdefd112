"""Reading what a balance is drawn from: for many batches at once, in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, BatchMark, Holding, Link
from suyuan.trace.events.tables import Event, EventBatch, Shipment
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.tables import Site
from suyuan.trace.printing.rolls import bound_by_net_content
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.quality.tables import TestReport, test_report_batch

AT_ONCE: Final = 500
"""Keys in one query: well below what either database takes as parameters."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What the balance needs of a batch."""

    id: int
    trace_code: str
    party_id: int
    site_id: int | None
    name: str
    family: str
    variant: str
    division: str
    quantity: Decimal
    unit: str
    produced_on: date | None
    attributes: Mapping[str, Any]
    state: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """An event as it was told first, with the moment, payload and standing it has by now."""

    id: int
    uid: str
    kind: str
    party_id: int
    site_id: int | None
    at: datetime
    payload: Mapping[str, Any]
    withdrawn: bool

    @property
    def happened_at(self) -> datetime:
        """As other readers of events call the moment."""
        return self.at


@dataclass(frozen=True, slots=True)
class PartRow:
    """A batch's part in an event."""

    event: Telling
    role: str
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A shipment of a batch, by the ids of its events."""

    ship_event: int
    receipt_event: int | None
    open: Decimal


@dataclass(frozen=True, slots=True)
class Labelled:
    """How many labels of a batch are in force that say one net content.

    ``weighed``: their packages were weighed one by one, so no two need say the same.
    """

    net: str
    labels: int
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class Sampled:
    """A report on a batch whose sample has a day."""

    number: str
    report: str
    sampled_on: date


_BATCH = (
    Batch.id, Batch.trace_code, Batch.party_id, Batch.site_id, Batch.name, Batch.family,
    Batch.variant, Batch.division, Batch.quantity, Batch.unit, Batch.produced_on,
    Batch.attributes, Batch.state, Batch.registered_at,
)  # fmt: skip


def batch_rows(session: Session, ids: Iterable[int]) -> dict[int, BatchRow]:
    """These batches by id, those that were withdrawn left out."""
    found: dict[int, BatchRow] = {}
    for some in parts_of(ids):
        query = sa.select(*_BATCH).where(Batch.id.in_(some), Batch.state != "withdrawn")
        found |= {row[0]: BatchRow(*row) for row in session.execute(query)}
    return found


def part_rows(session: Session, ids: Collection[int]) -> dict[int, list[PartRow]]:
    """What these batches had a part in, by batch, in the order of recording.

    One statement: corrections name the same batches, so the newest word on each event is there.
    """
    event = Event.__table__.c
    query = (
        sa.select(
            event.id, event.uid, event.kind, event.party_id, event.site_id, event.happened_at,
            event.payload, event.withdrawn, event.corrects_id, event.corrected_by_id,
            EventBatch.batch_id, EventBatch.role, EventBatch.quantity,
        )
        .join(EventBatch, EventBatch.event_id == event.id)
        .join(Record, Record.id == event.record_id)
        .where(EventBatch.batch_id.in_(ids))
        .order_by(Record.leaf_index, event.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    by_id = {row.id: row for row in rows}
    told: dict[int, Telling] = {}
    found: defaultdict[int, list[PartRow]] = defaultdict(list)
    for row in rows:
        if row.corrects_id is not None:
            continue  # a correction moves nothing
        telling = told.setdefault(row.id, _telling(row, by_id))
        found[row.batch_id].append(PartRow(telling, row.role, row.quantity))
    return found


def _telling(row: Any, by_id: Mapping[int, Any]) -> Telling:
    newest = row
    while newest.corrected_by_id in by_id:
        newest = by_id[newest.corrected_by_id]
    return Telling(
        row.id, row.uid, row.kind, row.party_id, row.site_id, newest.happened_at, newest.payload,
        newest.withdrawn,
    )  # fmt: skip


def goods_of_events(
    session: Session, event_ids: Collection[int]
) -> dict[int, list[tuple[str, Decimal | None, int]]]:
    """The parts of these events: role, quantity, batch; of all their batches."""
    found: defaultdict[int, list[tuple[str, Decimal | None, int]]] = defaultdict(list)
    part = EventBatch.__table__.c
    for some in parts_of(event_ids):
        query = sa.select(part.event_id, part.role, part.quantity, part.batch_id)
        for row in session.execute(query.where(part.event_id.in_(some)).order_by(part.batch_id)):
            found[row[0]].append((row[1], row[2], row[3]))
    return found


def sent(session: Session, ids: Collection[int]) -> dict[int, list[Sent]]:
    """The shipments of these batches, by batch."""
    found: defaultdict[int, list[Sent]] = defaultdict(list)
    query = sa.select(
        Shipment.batch_id, Shipment.ship_event_id, Shipment.receipt_event_id, Shipment.open
    ).where(Shipment.batch_id.in_(ids))
    for row in session.execute(query.order_by(Shipment.id)):
        found[row[0]].append(Sent(row[1], row[2], row[3]))
    return found


def in_hands(session: Session, ids: Collection[int]) -> dict[int, dict[int, Decimal]]:
    """How much of each of these batches each party has in hand."""
    found: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    query = sa.select(Holding.batch_id, Holding.party_id, Holding.left)
    for batch, party, left in session.execute(query.where(Holding.batch_id.in_(ids))):
        found[batch][party] = left
    return found


def tags(session: Session, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The ear tags on each of these batches that has some."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for some in parts_of(ids):
        query = sa.select(BatchMark.batch_id, BatchMark.value).where(
            BatchMark.batch_id.in_(some), BatchMark.kind == "ear_tag"
        )
        for batch, value in session.execute(query):
            found[batch].add(value)
    return {batch: frozenset(several) for batch, several in found.items()}


def bearers(session: Session, values: Iterable[str]) -> dict[str, list[int]]:
    """Of these ear tags those that more than one batch bears, with the batches in order."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for some in parts_of(values):
        query = (
            sa.select(BatchMark.value, BatchMark.batch_id)
            .join(Batch, Batch.id == BatchMark.batch_id)
            .where(BatchMark.value.in_(some), BatchMark.kind == "ear_tag")
            .where(Batch.state != "withdrawn")
            .order_by(BatchMark.batch_id)
        )
        for value, batch in session.execute(query):
            found[value].append(batch)
    return {value: several for value, several in found.items() if len(several) > 1}


def parents(session: Session, ids: Iterable[int]) -> dict[int, set[int]]:
    """What each of these batches was made of, one step back."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for some in parts_of(ids):
        query = sa.select(Link.child_id, Link.parent_id).where(Link.child_id.in_(some))
        for child, parent in session.execute(query):
            found[child].add(parent)
    return found


def labelled(session: Session, ids: Collection[int]) -> dict[int, list[Labelled]]:
    """How many package labels of these batches are in force, by the net content they say, if any;
    those of blank rolls for the batch that they are bound to."""
    issued = sa.select(PrintRun.id, PrintRun.batch_id, PrintRun.content)
    runs = session.execute(issued.where(PrintRun.batch_id.in_(ids))).all()
    shared = {row.id: (row.batch_id, _net_said(row.content)) for row in runs}
    sums: defaultdict[tuple[int, str, bool], int] = defaultdict(int)
    for some in parts_of(shared):
        code = IssuedCode.__table__.c
        query = (
            sa.select(code.print_run_id, code.net_content, sa.func.count())
            .where(code.print_run_id.in_(some), code.serial.is_not(None), code.voided_at.is_(None))
            .group_by(code.print_run_id, code.net_content)
            .order_by(code.print_run_id, code.net_content)
        )
        for run, own, count in session.execute(query):
            batch, of_all = shared[run]
            sums[batch, own or of_all, own is not None] += count
    for batch, net, count in bound_by_net_content(session, ids):
        sums[batch, net, False] += count
    found: defaultdict[int, list[Labelled]] = defaultdict(list)
    for (batch, net, own_net), count in sums.items():
        found[batch].append(Labelled(net, count, own_net))
    return found


def _net_said(content: Mapping[str, Any]) -> str:
    """The net content on a label, as it was frozen."""
    items = (item for item in content.get("items", ()) if item["key"] == "net_content")
    return next((str(item["text"]["zh"]) for item in items), "")


def sampled(session: Session, ids: Collection[int]) -> dict[int, list[Sampled]]:
    """The reports on these batches that say when the sample was taken."""
    found: defaultdict[int, list[Sampled]] = defaultdict(list)
    covered = test_report_batch.c
    query = (
        sa.select(covered.batch_id, TestReport.number, TestReport.uid, TestReport.sampled_on)
        .join(TestReport, TestReport.id == covered.report_id)
        .where(covered.batch_id.in_(ids), TestReport.sampled_on.is_not(None))
    )
    for row in session.execute(query.order_by(TestReport.id)):
        found[row[0]].append(Sampled(row[1], row[2], row[3]))
    return found


def places(session: Session, site_ids: Iterable[int]) -> dict[int, tuple[str, float, float]]:
    """Name, latitude and longitude of those of these sites that have coordinates."""
    found: dict[int, tuple[str, float, float]] = {}
    for some in parts_of(site_ids):
        query = sa.select(Site.id, Site.name, Site.latitude, Site.longitude).where(
            Site.id.in_(some), Site.latitude.is_not(None), Site.longitude.is_not(None)
        )
        for id_, name, latitude, longitude in session.execute(query):
            found[id_] = (name, float(latitude or 0), float(longitude or 0))
    return found


def parts_of(keys: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The keys, each once, in parts that either database takes as parameters of one query."""
    several = sorted(set(keys))
    return (several[at : at + AT_ONCE] for at in range(0, len(several), AT_ONCE))
