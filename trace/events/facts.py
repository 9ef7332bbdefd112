"""What is said of an event, as the acts take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate


@dataclass(frozen=True)
class Portion:
    """So much of the batch with this trace code; None is all that the party has in hand."""

    trace_code: str
    quantity: Quantity | None = None


@dataclass(frozen=True)
class EventFacts:
    """Something that happened to batches and makes no new ones.

    ``kind`` is a key of ``standards/event_kinds.json``. ``id`` may be chosen by the client: the
    same id with the same content is answered as the first time, with another content refused.
    ``party`` (uid) answers for the act. ``payload`` holds the key data elements of the kind.
    ``to_party`` is the receiver of a shipment.
    """

    kind: str
    party: str
    batches: tuple[Portion, ...]
    happened_at: datetime
    id: str | None = None
    happened: StatedDate | None = None
    site: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    evidence: tuple[str, ...] = ()
    evidence_grade: str = "self_declared"
    to_party: str | None = None


@dataclass(frozen=True)
class TransformationFacts:
    """Batches that go in and batches that come out: split, merge, repack, sort, process …"""

    kind: str
    party: str
    inputs: tuple[Portion, ...]
    outputs: tuple[BatchFacts, ...]
    happened_at: datetime
    id: str | None = None
    happened: StatedDate | None = None
    site: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    evidence: tuple[str, ...] = ()
    evidence_grade: str = "self_declared"


@dataclass(frozen=True)
class ReceiptFacts:
    """The receiver's word on a shipment: accepted whole, or disputed with quantity and reason."""

    shipment: str
    happened_at: datetime
    accepted: bool
    id: str | None = None
    quantity: Quantity | None = None
    reason: str = ""
    site: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class CorrectionFacts:
    """A later record that mends the event ``event``: an EPCIS error declaration.

    ``payload``, ``note``, ``happened_at`` replace what they name; None leaves as it was.
    ``withdrawn`` says the event never happened (only where no quantity was moved by it).
    """

    event: str
    reason: str
    id: str | None = None
    happened_at: datetime | None = None
    payload: Mapping[str, Any] | None = None
    note: str | None = None
    withdrawn: bool = False
