"""What a batch, a chain or an event looks like to the one who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.api.current import actor, ledger
from suyuan.api.schemas.batches import BatchAnswer, LineageAnswer
from suyuan.api.schemas.events import EventAnswer, ShipmentAnswer
from suyuan.api.words import remark_told
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.doubts import Remark
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.lineage.queries import Chain, batch_rows
from suyuan.trace.log.schemas import Class
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.attributes import Fact
from suyuan.trace.products.family import Family
from suyuan.trace.quantities import Quantity

Sight = frozenset[Class]


def amount(value: Decimal | None, unit: str) -> dict[str, str] | None:
    """A stored quantity as answers give it."""
    return None if value is None else Quantity(value, unit).to_json()


def doubts_told(doubts: Iterable[Remark]) -> list[dict[str, str]]:
    """Doubts, each with its code and as a sentence in the asker's language."""
    return [{"code": one.code, "text": remark_told(one)} for one in doubts]


def batch_as_seen(session: Session, batch: Batch, sight: Sight) -> dict[str, Any]:
    """A batch with the fields that this sight opens."""
    shares = batches.shares(session, batch.id)
    family = _family(batch.family)
    facts: Mapping[str, Fact] = family.attributes if family else {}
    party_id = actor().party_id
    in_hand = batches.left(session, batch.id, party_id) if party_id is not None else Decimal(0)
    whole = {
        **{name: getattr(batch, name) for name in _OWN},
        "party": batch.party.uid,
        "site": batch.site.uid if batch.site else None,
        "product": batch.product.uid if batch.product else None,
        "quantity": amount(batch.quantity, batch.unit),
        "attributes": open_facts(batch.attributes, facts, sight),
        "households": len(shares),
        "sight": sorted(sight),
        "in_hand": amount(in_hand, batch.unit),
        "marks": batches.marks(session, batch.id),
        "shares": [
            {
                "household": share.household,
                "party": session.get_one(Party, share.party_id).uid if share.party_id else None,
                "quantity": amount(share.quantity, batch.unit),
                "note": share.note,
            }
            for share in shares
        ],
    }
    return BatchAnswer.seen(whole, sight)


_OWN = (
    "trace_code", "path", "family", "variant", "name", "division", "lot", "produced",
    "best_before", "gaps", "warnings", "state", "registered_at",
)  # fmt: skip
"""The columns of a batch that are answered as they are."""


def lineage_as_seen(session: Session, walked: Chain) -> dict[str, Any]:
    """One page of a walk, with trace codes and uids in place of our own keys."""
    ends = {one for link in walked.links for one in (link.parent_id, link.child_id)}
    shown = {row[0]: (row.trace_code, row.unit) for row in batch_rows(session, ends)}
    parties = _uids(session, {node.party_id for node in walked.nodes})
    return LineageAnswer.seen(
        {
            "items": [
                {
                    "trace_code": node.trace_code,
                    "depth": node.depth,
                    "name": node.name,
                    "family": node.family,
                    "variant": node.variant,
                    "division": node.division,
                    "party": parties[node.party_id],
                    "quantity": amount(node.quantity, node.unit),
                    "state": node.state,
                    "produced_on": node.produced_on,
                }
                for node in walked.nodes
            ],
            "links": [
                {
                    "parent": shown[link.parent_id][0],
                    "child": shown[link.child_id][0],
                    "quantity": amount(link.quantity, shown[link.parent_id][1]),
                }
                for link in walked.links
            ],
            "truncated": walked.truncated,
            "next": walked.next_cursor,
        }
    )


def event_as_seen(session: Session, event: Event, sight: Sight) -> dict[str, Any]:
    """An event with the fields, key data and quantities that this sight opens."""
    first = next(iter(event.batches), None)
    family = _family(first.batch.family) if first else None
    asked = {one.key: one for one in EventKinds.load().get(event.kind).all_key_data(family)}
    whole = {
        **{name: getattr(event, name) for name in _TOLD},
        "party": event.party.uid,
        "site": event.site.uid if event.site else None,
        "payload": open_facts(event.payload, asked, sight),
        "batches": [
            {
                "trace_code": one.batch.trace_code,
                "role": one.role,
                **({"quantity": amount(one.quantity, one.batch.unit)} if "trade" in sight else {}),
            }
            for one in event.batches
        ],
        "evidence": [file.uid for file in event.evidence],
        "corrects": _uid(session, event.corrects_id),
        "corrected_by": _uid(session, event.corrected_by_id),
        "record": event.record_id,
    }
    return EventAnswer.seen(whole, sight)


_TOLD = (
    "uid", "kind", "happened_at", "happened", "recorded_at", "evidence_grade", "completeness",
    "missing", "warnings", "correction_reason", "withdrawn", "note",
)  # fmt: skip
"""The columns of an event that are answered as they are."""


def shipment_as_seen(shipment: Shipment) -> dict[str, Any]:
    """A shipment, as its two parties see it."""
    unit = shipment.batch.unit
    return ShipmentAnswer.seen(
        {
            "uid": shipment.uid,
            "trace_code": shipment.batch.trace_code,
            "name": shipment.batch.name,
            "from_party": shipment.from_party.uid,
            "to_party": shipment.to_party.uid,
            "quantity": amount(shipment.quantity, unit),
            "open": amount(shipment.open, unit),
            "state": shipment.state,
            "reason": shipment.reason,
        }
    )


def open_facts(
    values: Mapping[str, Any], asked: Mapping[str, Fact], sight: Sight
) -> dict[str, Any]:
    """The facts that this sight opens; one that is asked for no more counts as trade."""
    return {
        key: value
        for key, value in values.items()
        if (asked[key].disclosure if key in asked else "trade") in sight
    }


def _family(key: str) -> Family | None:
    families = ledger().families
    return families.get(key) if key in families else None


def _uids(session: Session, ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(sa.select(Party.id, Party.uid).where(Party.id.in_(list(ids))))
    return {row[0]: row[1] for row in rows}


def _uid(session: Session, event_id: int | None) -> str | None:
    return None if event_id is None else session.get_one(Event, event_id).uid
