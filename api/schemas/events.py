"""Events and shipments, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.batches import BatchInput, QuantityAnswer
from suyuan.api.schemas.fields import (
    Inner,
    Members,
    Moment,
    OneOf,
    Several,
    Stated,
    Text,
    Uid,
    YesNo,
    quantity,
)
from suyuan.api.schemas.parties import REASON
from suyuan.api.schemas.shapes import TRADE, Answer, Input
from suyuan.trace.events.facts import (
    CorrectionFacts,
    EventFacts,
    Portion,
    ReceiptFacts,
    TransformationFacts,
)
from suyuan.trace.events.tables import Event

GRADES = ("self_declared", "documented", "third_party")
MOST_BATCHES = 500


class PortionInput(Input):
    """So much of a batch; without a quantity, all that the party has in hand."""

    facts = Portion
    trace_code = Text(40, least=1, required=True)
    quantity = quantity(allow_none=True)


class HappeningInput(Input):
    """What all events have. ``id`` may be yours: sent again it is answered as the first time."""

    kind = Text(Event.kind, required=True, metadata={"examples": ["store"]})
    party = Uid(required=True)
    happened_at = Moment(required=True)
    id = Text(64, allow_none=True, metadata={"pattern": "^[A-Za-z0-9_-]{8,64}$"})
    happened = Stated(allow_none=True)
    site = Uid(allow_none=True)
    payload = Members()
    note = Text(Event.note)
    evidence = Several(Uid(), 50)
    evidence_grade = OneOf(*GRADES)


class EventInput(HappeningInput):
    """Something that happened to batches and makes no new ones."""

    facts = EventFacts
    batches = Several(Inner(PortionInput), MOST_BATCHES, least=1, required=True)
    to_party = Uid(allow_none=True)


class TransformationInput(HappeningInput):
    """Batches that go in and batches that come out."""

    facts = TransformationFacts
    inputs = Several(Inner(PortionInput), MOST_BATCHES, least=1, required=True)
    outputs = Several(Inner(BatchInput), MOST_BATCHES, least=1, required=True)


class CorrectionInput(Input):
    """What was told wrongly, told again; what is left out stays as it was."""

    reason = Text(Event.correction_reason, least=1, required=True)
    id = Text(64, allow_none=True, metadata={"pattern": "^[A-Za-z0-9_-]{8,64}$"})
    happened_at = Moment(allow_none=True)
    payload = Members(allow_none=True)
    note = Text(Event.note, allow_none=True)
    withdrawn = YesNo()

    def for_event(self, uid: str, body: dict[str, object]) -> CorrectionFacts:
        """The facts of a correction of this event."""
        return CorrectionFacts(event=uid, **body)  # type: ignore[arg-type]  # the fields above are its own


class ReceiptInput(Input):
    """The receiver's word: accepted whole, or disputed with what was taken and why."""

    happened_at = Moment(required=True)
    accepted = YesNo(required=True)
    id = Text(64, allow_none=True, metadata={"pattern": "^[A-Za-z0-9_-]{8,64}$"})
    quantity = quantity(allow_none=True)
    reason = Text(REASON)
    site = Uid(allow_none=True)
    payload = Members()
    evidence = Several(Uid(), 50)

    def for_shipment(self, uid: str, body: dict[str, object]) -> ReceiptFacts:
        """The facts of a receipt of this shipment."""
        return ReceiptFacts(shipment=uid, **body)  # type: ignore[arg-type]  # the fields above are its own


class EventQuery(PageQuery):
    """Which events: those of a batch as known now, or those a party told, the newest first."""

    trace_code = Text(40, least=1, load_default=None)
    party = Uid(load_default=None)


class EventBatchAnswer(Answer):
    """A batch in an event."""

    trace_code = fields.String(required=True)
    role = fields.String(required=True)
    quantity = fields.Nested(QuantityAnswer, allow_none=True, metadata=TRADE)


class EventAnswer(Answer):
    """Something that happened. ``missing`` names the key data that nobody recorded, ``warnings``
    what is hard to believe."""

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    happened_at = fields.AwareDateTime(required=True)
    happened = fields.Dict(allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)
    party = fields.String(required=True)
    site = fields.String(allow_none=True)
    payload = fields.Dict(required=True)
    batches = fields.List(fields.Dict(), required=True)
    evidence = fields.List(fields.String(), required=True)
    evidence_grade = fields.String(required=True)
    completeness = fields.Integer(required=True)
    missing = fields.List(fields.String(), required=True)
    warnings = fields.List(fields.Dict(), required=True)
    corrects = fields.String(allow_none=True)
    corrected_by = fields.String(allow_none=True)
    correction_reason = fields.String()
    withdrawn = fields.Boolean(required=True)
    record = fields.String(required=True)
    note = fields.String(metadata=TRADE)


class TransformedAnswer(Answer):
    """The event, and the batches that came of it in the order in which they were sent."""

    event = fields.String(required=True)
    batches = fields.List(fields.String(), required=True)


class ShipmentAnswer(Answer):
    """Goods on their way; ``open`` is what is with nobody now."""

    uid = fields.String(required=True)
    trace_code = fields.String(required=True)
    name = fields.String(required=True)
    from_party = fields.String(required=True)
    to_party = fields.String(required=True)
    quantity = fields.Nested(QuantityAnswer, required=True)
    open = fields.Nested(QuantityAnswer, required=True)
    state = fields.String(required=True)
    reason = fields.String()


class ShipmentQuery(Input):
    """Which way: what is on its way to us, or what we sent and is not settled."""

    direction = OneOf("in", "out", load_default="in")


class ShipmentsAnswer(Answer):
    """Shipments that are not settled, the oldest first."""

    items = fields.List(fields.Nested(ShipmentAnswer), required=True)
