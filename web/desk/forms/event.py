"""The forms that record an event, correct one, or give the receiver's word on a shipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from werkzeug.datastructures import MultiDict

from suyuan.trace.errors import Fault
from suyuan.trace.events.facts import CorrectionFacts, EventFacts, Portion, ReceiptFacts
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.events.tables import Event
from suyuan.trace.products.attributes import KeyData
from suyuan.trace.products.family import Family
from suyuan.web.desk.forms.typed import FACT, PARAGRAPH, Typed, as_typed, here, when


def read_event(
    typed: Typed,
    kind: EventKind,
    party: str,
    trace_code: str,
    asked: Sequence[KeyData],
    sites: Sequence[str],
    now: datetime,
    *,
    to_party: str | None = None,
) -> EventFacts:
    """Something that happened to one batch. Raises Doubtful."""
    quantity = typed.quantity("quantity", required=kind.effect == "adjusts")
    happened_at, happened = when(typed, now)
    facts = EventFacts(
        kind=kind.key,
        party=party,
        batches=(Portion(trace_code, quantity),),
        happened_at=happened_at,
        happened=happened,
        site=typed.one_of("site", sites, required=False) or None,
        payload=typed.facts(asked),
        note=typed.text("note", most=PARAGRAPH),
        to_party=to_party,
    )
    typed.finish()
    return facts


def read_receipt(
    typed: Typed, shipment: str, asked: Sequence[KeyData], sites: Sequence[str], now: datetime
) -> ReceiptFacts:
    """The receiver's word: all of it, or so much and why not the rest. Raises Doubtful."""
    word = typed.one_of("word", ("accept", "dispute"))
    disputed = word == "dispute"
    # what was typed counts in either case: an act refuses "all of it" beside another quantity
    quantity = typed.quantity("quantity", required=disputed)
    reason = typed.text("reason", most=500, required=disputed)
    happened_at, _ = when(typed, now)
    facts = ReceiptFacts(
        shipment=shipment,
        happened_at=happened_at,
        accepted=not disputed,
        quantity=quantity,
        reason=reason,
        site=typed.one_of("site", sites, required=False) or None,
        payload=typed.facts(asked),
    )
    typed.finish()
    return facts


def read_correction(typed: Typed, event: Event, asked: Sequence[KeyData]) -> CorrectionFacts:
    """What was wrong in the telling of an event, and why. Raises Doubtful."""
    withdrawn = typed.ticked("withdrawn")
    moment = typed.moment("happened_at")
    payload = typed.facts(asked)
    changed = {key: value for key, value in payload.items() if event.payload.get(key) != value}
    note = typed.text("note", most=PARAGRAPH)
    reason = typed.text("reason", most=500, required=True)
    for key in set(event.payload) - set(payload):
        # what was said once is told anew, not left unsaid
        typed.note(Fault(FACT + key, "This was recorded: say what it should be."))
    facts = CorrectionFacts(
        event=event.uid,
        reason=reason,
        happened_at=moment if moment and here(moment) != here(event.happened_at) else None,
        payload=changed or None,
        note=note if note != event.note else None,
        withdrawn=withdrawn,
    )
    if not typed.faults and not (
        withdrawn or changed or facts.happened_at or facts.note is not None
    ):
        typed.note(Fault("reason", "Nothing was changed: change what was wrong."))
    typed.finish()
    return facts


def typed_from(payload: Mapping[str, object], asked: Sequence[KeyData]) -> MultiDict[str, str]:
    """Key data as a form shows them: of the last event of the kind, or of the one to correct."""
    typed = MultiDict[str, str]()
    for element in asked:
        value = payload.get(element.key)
        if value is not None:
            typed[FACT + element.key] = as_typed(value)
    return typed


def key_data(
    kind: EventKind, family: Family | None, variant: str | None = None
) -> tuple[KeyData, ...]:
    """The key data that are asked, those that are missed first."""
    return tuple(sorted(kind.all_key_data(family, variant), key=lambda one: not one.required))
