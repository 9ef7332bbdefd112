"""The 24-hour package: everything recorded about a chain as rows that can be sorted.

One row for each event over all hops, with a column for each key data element that any of them
has; beside it one row for each batch and each link. What the asker may not see is left empty and
counted, so that nobody takes an empty cell for a fact that was never recorded. After the sortable
spreadsheet within 24 hours that FSMA 204 (21 CFR 1.1455) asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.tables import Batch, BatchMark, Share
from suyuan.trace.events.queries import events_of
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.chain_sight import chain_sight
from suyuan.trace.oversight.package_events import event_sheet
from suyuan.trace.oversight.sheets import SEPARATOR, Cell, Sheet, in_parts, plain
from suyuan.trace.oversight.whole_chain import WholeChain, whole_chain
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.products.attributes import Fact
from suyuan.trace.products.families import Families, Family
from suyuan.trace.release.tables import Order, Stopped
from suyuan.trace.words import Names

FACT = "fact."

BATCH_COLUMNS = (
    "hop", "trace_code", "name", "family", "variant", "lot", "gtin", "party", "uscc", "division",
    "site", "quantity", "unit", "produced", "best_before", "state", "orders", "marks", "shares",
    "gaps", "hidden",
)  # fmt: skip
LINK_COLUMNS = ("parent", "input_quantity", "child", "quantity", "unit", "event")


@dataclass(frozen=True)
class Package:
    """The package of a batch's chain. ``hidden`` counts the facts that the asker may not see."""

    trace_code: str
    made_at: datetime
    events: Sheet
    batches: Sheet
    links: Sheet
    truncated: bool
    hidden: int


def package_of(
    session: Session, families: Families, actor: Actor, batch: Batch, *, now: datetime
) -> Package:
    """Everything about the chain of ``batch`` that the actor may see, over all hops."""
    walked = whole_chain(session, batch.id)
    rows = _rows(session, walked.batch_ids)
    seen = chain_sight(session, actor, batch, rows.values(), now=now)
    hops = {node.batch_id: node.depth for node in walked.nodes}
    events = [one for part in in_parts(walked.batch_ids) for one in events_of(session, part)]
    told = sorted({one.id: one for one in events}.values(), key=lambda e: (e.happened_at, e.id))
    told_sheet = event_sheet(session, families, told, hops, actor, seen)
    batch_sheet = _batch_sheet(session, families, walked, rows, seen)
    return Package(
        trace_code=batch.trace_code,
        made_at=now,
        events=told_sheet,
        batches=batch_sheet,
        links=_link_sheet(session, walked, rows, seen),
        truncated=walked.truncated,
        hidden=sum(
            count
            for sheet in (told_sheet, batch_sheet)
            for row in sheet.rows
            if isinstance(count := row["hidden"], int)
        ),
    )


def _rows(session: Session, ids: Sequence[int]) -> dict[int, Batch]:
    wanted = sa.select(Batch).options(
        joinedload(Batch.party), joinedload(Batch.site), joinedload(Batch.product)
    )
    return {
        row.id: row
        for part in in_parts(ids)
        for row in session.scalars(wanted.where(Batch.id.in_(part)))
    }


def _batch_sheet(
    session: Session,
    families: Families,
    walked: WholeChain,
    rows: Mapping[int, Batch],
    seen: Mapping[int, frozenset[Class]],
) -> Sheet:
    marks, shares, orders = _beside(session, walked.batch_ids)
    names: dict[str, Names] = {}
    words: dict[str, dict[str, Names]] = {"family": {}, "variant": {}, "gaps": {}}
    sheet = []
    for node in walked.nodes:
        batch, classes = rows[node.batch_id], seen[node.batch_id]
        family = families.get(batch.family) if batch.family in families else None
        asked = family.attributes if family else {}
        shown = {
            key: asked[key]
            for key in batch.attributes
            if key in asked and asked[key].disclosure in classes
        }
        names |= {FACT + key: fact.names for key, fact in shown.items()}
        _add_words(words, batch, family, shown)
        row = {**_batch_row(batch, node.depth), "orders": SEPARATOR.join(orders.get(batch.id, ()))}
        hidden = len(batch.attributes) - len(shown)
        for key, lists, needed in (("marks", marks, "trade"), ("shares", shares, "personal")):
            said = lists.get(batch.id, [])
            row[key] = SEPARATOR.join(said) if needed in classes else None
            hidden += len(said) if needed not in classes else 0
        row |= {FACT + key: plain(batch.attributes[key]) for key in shown}
        sheet.append({**row, "hidden": hidden})
    return Sheet("batches", (*BATCH_COLUMNS, *sorted(names)), names, tuple(sheet), words)


def _add_words(
    words: dict[str, dict[str, Names]],
    batch: Batch,
    family: Family | None,
    shown: Mapping[str, Fact],
) -> None:
    """Add what the keys in the row of ``batch`` are called."""
    if family is None:
        return
    words["family"][family.key] = family.names
    if batch.variant in family.variants:
        words["variant"][batch.variant] = family.variant(batch.variant).names
    asked = family.attributes
    words["gaps"] |= {key: asked[key].names for key in batch.gaps if key in asked}
    for key, fact in shown.items():
        words.setdefault(FACT + key, {}).update({one.key: one.names for one in fact.choices})


def _batch_row(batch: Batch, hop: int) -> dict[str, Cell]:
    return {
        "hop": hop,
        "trace_code": batch.trace_code,
        "name": batch.name,
        "family": batch.family,
        "variant": batch.variant,
        "lot": batch.lot,
        "gtin": batch.product.gtin if batch.product else None,
        "party": batch.party.name,
        "uscc": batch.party.uscc,
        "division": divisions().name_path(batch.division),
        "site": batch.site.name if batch.site else None,
        "quantity": batch.quantity,
        "unit": batch.unit,
        "produced": batch.produced["text"] if batch.produced else None,
        "best_before": batch.best_before.isoformat() if batch.best_before else None,
        "state": batch.state,
        "gaps": SEPARATOR.join(batch.gaps) or None,
    }


def _beside(
    session: Session, ids: Sequence[int]
) -> tuple[dict[int, list[str]], dict[int, list[str]], dict[int, list[str]]]:
    """Marks, households' shares, and orders in force of these batches, as texts."""
    marks: dict[int, list[str]] = {}
    shares: dict[int, list[str]] = {}
    orders: dict[int, list[str]] = {}
    for part in in_parts(ids):
        for mark in session.scalars(sa.select(BatchMark).where(BatchMark.batch_id.in_(part))):
            marks.setdefault(mark.batch_id, []).append(mark.value)
        for share in session.scalars(sa.select(Share).where(Share.batch_id.in_(part))):
            said = f"{share.household} {share.quantity or ''}".strip()
            shares.setdefault(share.batch_id, []).append(said)
        stopped = sa.select(Stopped.batch_id, Order.kind, Order.reason).join(
            Order, Order.id == Stopped.order_id
        )
        in_force = stopped.where(Stopped.batch_id.in_(part), Order.lifted_at.is_(None))
        for batch_id, kind, reason in session.execute(in_force.order_by(Order.id)):
            orders.setdefault(batch_id, []).append(f"{kind}: {reason}")
    return marks, shares, orders


def _link_sheet(
    session: Session,
    walked: WholeChain,
    rows: Mapping[int, Batch],
    seen: Mapping[int, frozenset[Class]],
) -> Sheet:
    made_by = [one.event_id for one in walked.links if one.event_id is not None]
    uids: dict[int, str] = {}
    for part in in_parts(made_by):
        found = session.execute(sa.select(Event.id, Event.uid).where(Event.id.in_(part)))
        uids |= {row[0]: row[1] for row in found}
    put_in = _put_in(session, made_by)
    sheet = []
    for link in walked.links:
        parent, child = rows[link.parent_id], rows[link.child_id]
        trade = "trade" in seen[parent.id] & seen[child.id]
        quantity = link.quantity if trade else None
        sheet.append(
            {
                "parent": parent.trace_code,
                "input_quantity": put_in.get((link.event_id, parent.id)) if trade else None,
                "child": child.trace_code,
                "quantity": quantity,
                "unit": parent.unit if trade else None,
                "event": uids.get(link.event_id or 0),
            }
        )
    return Sheet("links", LINK_COLUMNS, {}, tuple(sheet))


def _put_in(session: Session, event_ids: Sequence[int]) -> dict[tuple[int | None, int], Decimal]:
    """How much of a batch went into an event, by event and batch: all its outputs share in it."""
    found: dict[tuple[int | None, int], Decimal] = {}
    for part in in_parts(event_ids):
        query = sa.select(EventBatch.event_id, EventBatch.batch_id, EventBatch.quantity).where(
            EventBatch.event_id.in_(part), EventBatch.role == "input"
        )
        found |= {(row[0], row[1]): row[2] for row in session.execute(query) if row[2] is not None}
    return found
