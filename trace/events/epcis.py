"""Events as EPCIS 2.0 JSON-LD (GS1 EPCIS 2.0, CBV 2.0): a pure mapping, facts in, JSON out.

Everything has a permanent name under ``site``, the label host with its scheme
(``https://t.example.cn``): events ``/e/``, places ``/s/``, parties ``/p/``, batches their canonical
path, which for a GTIN with a lot is a GS1 Digital Link. Key data elements stand in a namespace of
ours, ``suyuan:``; personal ones never come here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from suyuan.trace.clock import SHANGHAI, utc_text
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.products.attributes import FactValue

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SCHEMA_VERSION = "2.0"
PREFIX = "suyuan"

ErrorReason = Literal["incorrect_data", "did_not_occur"]


@dataclass(frozen=True, slots=True)
class EpcisBatch:
    """A batch in an event: its canonical path, ``subject``, ``input`` or ``output``, how much."""

    path: str
    role: str
    quantity: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class EpcisError:
    """An error declaration; ``corrected_by`` is the uid of the event that tells it rightly."""

    declared_at: datetime
    reason: ErrorReason
    corrected_by: str | None


@dataclass(frozen=True, slots=True)
class EpcisSource:
    """All that EPCIS says of one event. ``payload`` holds no personal key data.

    ``from_party`` and ``to_party`` are uids, where goods change hands.
    """

    uid: str
    kind: EventKind
    happened_at: datetime
    recorded_at: datetime
    party: str
    site: str | None
    batches: tuple[EpcisBatch, ...]
    evidence_grade: str
    completeness: int
    payload: Mapping[str, FactValue] = field(default_factory=dict)
    from_party: str | None = None
    to_party: str | None = None
    error: EpcisError | None = None


def epcis_event(source: EpcisSource, site: str) -> dict[str, Any]:
    """The event as an EPCIS 2.0 JSON-LD object, without its context."""
    kind = source.kind
    event: dict[str, Any] = {
        "type": kind.epcis_type,
        "eventID": f"{site}/e/{source.uid}",
        "eventTime": utc_text(source.happened_at),
        "eventTimeZoneOffset": _offset(source.happened_at),
        "recordTime": utc_text(source.recorded_at),
        "bizStep": kind.biz_step,
        "disposition": kind.disposition,
    }
    if kind.action is not None:
        event["action"] = kind.action
    if source.error is not None:
        event["errorDeclaration"] = _error(source.error, site)
    event |= _what(source, site)
    if source.site is not None:
        place = {"id": f"{site}/s/{source.site}"}
        event |= {"readPoint": place, "bizLocation": place}
    event |= _hands(source, site)
    event[f"{PREFIX}:party"] = {"id": f"{site}/p/{source.party}"}
    event[f"{PREFIX}:kind"] = kind.key
    event[f"{PREFIX}:evidenceGrade"] = source.evidence_grade
    event[f"{PREFIX}:completeness"] = source.completeness
    event |= {f"{PREFIX}:{key}": value for key, value in source.payload.items()}
    return event


def context(site: str) -> list[Any]:
    """The JSON-LD context of a document or of an event that stands alone."""
    return [CONTEXT, {PREFIX: f"{site}/vocab#"}]


def epcis_document(events: Sequence[EpcisSource], site: str, created: datetime) -> dict[str, Any]:
    """An EPCIS document of these events."""
    return _document([epcis_event(event, site) for event in events], site, created)


def document_pieces(events: Iterable[EpcisSource], site: str, created: datetime) -> Iterator[str]:
    """The text of an EPCIS document, an event at a time, so that none is too long to write."""
    opening, closing = json.dumps(_document([], site, created), indent=1).rsplit("[]", 1)
    yield opening + "["
    comma = "\n"
    for event in events:
        yield comma + json.dumps(epcis_event(event, site), ensure_ascii=False)
        comma = ",\n"
    yield "\n]" + closing + "\n"


def _document(events: list[dict[str, Any]], site: str, created: datetime) -> dict[str, Any]:
    return {
        "@context": context(site),
        "type": "EPCISDocument",
        "schemaVersion": SCHEMA_VERSION,
        "creationDate": utc_text(created),
        "epcisBody": {"eventList": events},
    }


def _offset(moment: datetime) -> str:
    text = moment.astimezone(SHANGHAI).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _what(source: EpcisSource, site: str) -> dict[str, Any]:
    """The lists of batches, by the names that the type of event has for them."""

    def listed(role: str) -> list[dict[str, Any]]:
        return [_quantity(batch, site) for batch in source.batches if batch.role == role]

    if source.kind.epcis_type == "TransformationEvent":
        return {"inputQuantityList": listed("input"), "outputQuantityList": listed("output")}
    if source.kind.epcis_type == "AggregationEvent":
        parents = [batch for batch in source.batches if batch.role == "output"]
        parent = {"parentID": f"{site}{parents[0].path}"} if parents else {}
        return {**parent, "childQuantityList": listed("input") or listed("subject")}
    what: dict[str, Any] = {"quantityList": listed("subject")}
    if source.kind.epcis_type == "TransactionEvent":
        what["bizTransactionList"] = [{"bizTransaction": f"{site}/e/{source.uid}"}]
    return what


def _quantity(batch: EpcisBatch, site: str) -> dict[str, Any]:
    element: dict[str, Any] = {"epcClass": f"{site}{batch.path}"}
    if batch.quantity is not None:
        element |= {"quantity": _number(batch.quantity), "uom": batch.unit}
    return element


def _number(amount: Decimal) -> int | float:
    """A JSON number: exact to fifteen digits; the record holds every digit as text."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _hands(source: EpcisSource, site: str) -> dict[str, Any]:
    """From whom to whom, where goods change hands."""
    hands: dict[str, Any] = {}
    if source.from_party is not None:
        party = f"{site}/p/{source.from_party}"
        hands["sourceList"] = [{"type": "possessing_party", "source": party}]
    if source.to_party is not None:
        party = f"{site}/p/{source.to_party}"
        hands["destinationList"] = [{"type": "possessing_party", "destination": party}]
    return hands


def _error(error: EpcisError, site: str) -> dict[str, Any]:
    declaration: dict[str, Any] = {
        "declarationTime": utc_text(error.declared_at),
        "reason": error.reason,
    }
    if error.corrected_by is not None:
        declaration["correctiveEventIDs"] = [f"{site}/e/{error.corrected_by}"]
    return declaration
