"""The rows of a chain's events: one for each event, with a column for each key data element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from suyuan.trace.doubts import Doubt
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event, EventBatch, Shipment
from suyuan.trace.log.positions import index_at
from suyuan.trace.log.schemas import Class
from suyuan.trace.log.tables import Record
from suyuan.trace.oversight.chain_sight import events_sight
from suyuan.trace.oversight.sheets import SEPARATOR, Cell, Sheet, in_parts, local, plain
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.products.attributes import Fact
from suyuan.trace.products.families import Families
from suyuan.trace.words import Names

KDE = "kde."
EVENT_COLUMNS = (
    "hop", "happened_at", "happened", "kind", "party", "uscc", "site", "division", "subjects",
    "inputs", "input_quantity", "input_unit", "outputs", "quantity", "unit", "to_party",
    "evidence_grade", "evidence", "completeness", "missing", "warnings", "note", "event",
    "corrects", "recorded_at", "leaf_index", "record", "hidden",
)  # fmt: skip


def event_sheet(
    session: Session,
    families: Families,
    events: Sequence[Event],
    hops: Mapping[int, int],
    actor: Actor,
    seen: Mapping[int, frozenset[Class]],
) -> Sheet:
    """The rows of ``events``, of which the batches in ``hops`` are so many steps away."""
    ids = [one.id for one in events]
    receivers = _receivers(session, ids)
    leaves = _leaves(session, [one.record_id for one in events])
    corrected = _corrected(session, events)
    names: dict[str, Names] = {}
    words: dict[str, dict[str, Names]] = {"kind": {}, "missing": {}}
    rows = []
    for event in events:
        classes = events_sight(actor, event, seen)
        asked = asked_of(families, event)
        facts = {key: asked[key] for key in event.payload if key in asked}
        shown = {key: fact for key, fact in facts.items() if fact.disclosure in classes}
        names |= {KDE + key: fact.names for key, fact in shown.items()}
        words["kind"][event.kind] = EventKinds.load().get(event.kind).names
        words["missing"] |= {key: asked[key].names for key in event.missing if key in asked}
        for key, fact in shown.items():
            words.setdefault(KDE + key, {}).update({one.key: one.names for one in fact.choices})
        hidden = len(event.payload) - len(shown)
        row = _event_row(event, hops, classes)
        if "trade" in classes:
            row["to_party"] = receivers.get(event.id)
        row |= {KDE + key: plain(event.payload[key]) for key in shown}
        row |= {
            "leaf_index": leaves[event.record_id],
            "corrects": corrected.get(event.corrects_id or 0),
            "hidden": hidden + _hidden_of_event(event, classes),
        }
        rows.append(row)
    return Sheet("events", (*EVENT_COLUMNS, *sorted(names)), names, tuple(rows), words)


def asked_of(families: Families, event: Event) -> dict[str, Fact]:
    """The key data elements that an event of this kind may have, by key."""
    kind = EventKinds.load().get(event.kind)
    first = event.batches[0].batch if event.batches else None
    family = families.get(first.family) if first and first.family in families else None
    variant = first.variant if first else None
    return {one.key: one for one in kind.all_key_data(family, variant)}


def _event_row(event: Event, hops: Mapping[int, int], classes: frozenset[Class]) -> dict[str, Cell]:
    ours = [part for part in event.batches if part.batch_id in hops]
    trade = "trade" in classes
    files = [file.sha256 for file in event.evidence if file.disclosure in classes]
    put_in = [part for part in ours if part.role == "input"]
    made = [part for part in ours if part.role == "output"] or ours
    went_in, in_unit = _sum(put_in) if trade else (None, None)
    came_out, out_unit = _sum(made) if trade else (None, None)
    return {
        "hop": min((hops[part.batch_id] for part in ours), key=abs, default=0),
        "happened_at": local(event.happened_at),
        "happened": event.happened["text"] if event.happened else None,
        "kind": event.kind,
        "party": event.party.name,
        "uscc": event.party.uscc,
        "site": event.site.name if event.site else None,
        "division": divisions().name_path(event.site.division) if event.site else None,
        "subjects": _codes(event, "subject", hops),
        "inputs": _codes(event, "input", hops),
        "outputs": _codes(event, "output", hops),
        "input_quantity": went_in,
        "input_unit": in_unit,
        "quantity": came_out,
        "unit": out_unit,
        "evidence_grade": event.evidence_grade,
        "evidence": SEPARATOR.join(files) or None,
        "completeness": event.completeness,
        "missing": SEPARATOR.join(event.missing) or None,
        "warnings": SEPARATOR.join(str(Doubt.from_json(one)) for one in event.warnings) or None,
        "note": (event.note or None) if trade else None,
        "event": event.uid,
        "recorded_at": local(event.recorded_at),
        "record": event.record_id,
    }


def _sum(parts: Sequence[EventBatch]) -> tuple[Decimal | None, str | None]:
    """The quantity of these together and its unit; none where they cannot be added up."""
    amounts = [part.quantity for part in parts if part.quantity is not None]
    unit = {part.batch.unit for part in parts}
    if len(amounts) < len(parts) or len(unit) != 1:
        return None, None
    return sum(amounts, Decimal(0)), unit.pop()


def _hidden_of_event(event: Event, classes: frozenset[Class]) -> int:
    """How many facts of the row itself are not shown: note, quantities, files."""
    hidden = sum(file.disclosure not in classes for file in event.evidence)
    if "trade" not in classes:
        hidden += bool(event.note) + any(part.quantity is not None for part in event.batches)
    return hidden


def _codes(event: Event, role: str, hops: Mapping[int, int]) -> str | None:
    codes = [p.batch.trace_code for p in event.batches if p.role == role and p.batch_id in hops]
    return SEPARATOR.join(sorted(codes)) or None


def _receivers(session: Session, event_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in in_parts(event_ids):
        query = sa.select(Shipment).where(Shipment.ship_event_id.in_(part))
        for one in session.scalars(query.options(selectinload(Shipment.to_party))):
            found[one.ship_event_id] = one.to_party.name
    return found


def _leaves(session: Session, record_ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in in_parts(record_ids):
        query = sa.select(Record.id, Record.leaf_index).where(Record.id.in_(part))
        rows = session.execute(query)
        found |= {row[0]: index_at(row[1]) for row in rows}
    return found


def _corrected(session: Session, events: Sequence[Event]) -> dict[int, str]:
    """The uids of the tellings that these events corrected, by row."""
    wanted = [one.corrects_id for one in events if one.corrects_id is not None]
    found: dict[int, str] = {}
    for part in in_parts(wanted):
        rows = session.execute(sa.select(Event.id, Event.uid).where(Event.id.in_(part)))
        found |= {row[0]: row[1] for row in rows}
    return found
