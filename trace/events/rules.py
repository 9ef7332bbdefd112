"""The rules of events, apart from tables: grades of evidence, sameness, what quantity may do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from suyuan.trace.batches.rules import EAR_TAG_FACTS, require_within_memory
from suyuan.trace.canonical import write_canonical
from suyuan.trace.clock import day_of
from suyuan.trace.errors import Conflict, Fault, InvalidInput, InvalidInputs
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.products.attributes import FactValue
from suyuan.trace.products.identifiers import ear_tag
from suyuan.trace.quantities import Quantity
from suyuan.trace.spans import span
from suyuan.trace.stated_dates import StatedDate

GRADES = ("self_declared", "documented", "third_party")
"""How an event is known, the weakest first."""
THIRD_PARTIES = frozenset({"laboratory", "certifier", "regulator"})
"""Kinds of organisations whose word on another's goods is that of a third party."""
SAMPLED = frozenset({"test"})
"""Kinds that take a sample out of what is in hand, where a quantity is given."""
CONSERVING = frozenset({"split", "merge", "repack"})
"""Kinds that change neither what the goods are nor, upwards, how much there is of them."""
ASSORT = "assort"
"""Puts several batches into boxes, each as it was: the box is what it lists, and nothing else."""
_NEVER_MORE = CONSERVING | {"sort"}
"""Kinds of which no more comes out than went in; sorting may tell the goods apart."""
STOPPED_BY_ORDER = frozenset({"ship", "sell"})
"""Kinds that a hold or a recall forbids, besides all that make new batches."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class OtherContent(Conflict):
    """A client's event id came back with another content than the first time."""

    kind = "event-id-reused"


def require_client_id(id_: str | None) -> None:
    """Raises InvalidInput for an id that a client may not choose."""
    if id_ is not None and not _CLIENT_ID.fullmatch(id_):
        raise InvalidInput(
            "An event id has 8 to 64 letters, digits, hyphens and underscores.", "id"
        )


def require_happened(
    happened_at: datetime, now: datetime, stated: StatedDate | None = None
) -> None:
    """Raises InvalidInput for a moment without a zone, in the future, or before all trade."""
    if happened_at.tzinfo is None:
        raise InvalidInput(
            "The time must say its zone, as in 2026-06-01T08:00:00+08:00.", "happened_at"
        )
    if happened_at > now + span("clocks_differ"):
        raise InvalidInput("This is in the future: record it when it has happened.", "happened_at")
    require_within_memory(day_of(happened_at), "happened_at")
    if stated is not None and stated.latest is not None:
        require_within_memory(stated.latest, "happened")


def require_made_before(
    kind: EventKind, happened_at: datetime, batches: Iterable[tuple[str, date | None]]
) -> None:
    """Raises InvalidInput for an event before its batch was made, unless such events come before.

    ``batches``: trace codes, and the first day on which each can have been made.
    """
    day = day_of(happened_at)
    if kind.may_come_before:
        return
    for code, made in batches:
        if made is not None and day < made:
            raise InvalidInput(
                "This says {given}, but batch {code} was made on {made} at the earliest.",
                "happened_at",
                given=day.isoformat(),
                code=code,
                made=made.isoformat(),
            )


def is_third_party(party_kind: str, party_state: str) -> bool:
    """Whether an organisation's word on another's goods is that of a third party.

    Not before somebody has checked that it is what it says it is.
    """
    return party_kind in THIRD_PARTIES and party_state == "active"


def evidence_grade(third_party: bool, has_evidence: bool, claimed: str) -> str:
    """The grade that an event has. Raises InvalidInput where more is claimed than is there."""
    if claimed not in GRADES:
        raise InvalidInput(
            "There is no grade of evidence {grade}; there are: {known}.",
            "evidence_grade",
            grade=claimed,
            known=", ".join(GRADES),
        )
    grade = "self_declared"
    if third_party:
        grade = "third_party"
    elif has_evidence:
        grade = "documented"
    if GRADES.index(claimed) > GRADES.index(grade):
        raise InvalidInput(
            "This cannot be {claimed}: attach the document, or let the third party record it.",
            "evidence_grade",
            claimed=claimed,
        )
    return grade


def content_digest(facts: object) -> str:
    """What makes two requests the same: SHA-256 of what is said, without the id (hex)."""
    said = _as_json(facts)
    if isinstance(said, dict):
        said.pop("id", None)
    said = {type(facts).__name__: said}
    return hashlib.sha256(write_canonical(said)).hexdigest()


def _as_json(value: Any) -> Any:
    if hasattr(value, "to_json"):
        return value.to_json()
    if is_dataclass(value):
        return {field.name: _as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def tags_checked(payload: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """The payload with its ear tags in their one form. Raises InvalidInputs."""
    checked, faults = dict(payload), []
    for key in EAR_TAG_FACTS & set(payload):
        tags = payload[key]
        if not isinstance(tags, list):
            continue
        try:
            checked[key] = [ear_tag(tag, key).value for tag in tags]
        except InvalidInput as error:
            faults.append(Fault(key, error.message, tuple(error.params.items())))
    if faults:
        raise InvalidInputs(faults)
    return checked


def moved_quantity(kind: EventKind, quantities: Iterable[Decimal | None]) -> bool:
    """Whether an event of this kind changed what somebody has in hand."""
    if kind.key in SAMPLED:
        return any(quantity is not None for quantity in quantities)
    return kind.system or kind.effect in ("uses", "moves", "adjusts")


def went_into(
    kind: str, taken: Quantity, made: Quantity, inputs: int, outputs: int
) -> Decimal | None:
    """How much of what was taken of one input went into one output, in the input's unit.

    None where nobody knows: several came of it, and not by splitting that one alone.
    """
    if outputs == 1:
        return taken.amount
    if kind in CONSERVING and inputs == 1 and made.unit == taken.unit:
        return made.amount
    return None


def require_conserved(kind: str, inputs: Sequence[Quantity], outputs: Sequence[Quantity]) -> None:
    """Raises Conflict where splitting, merging, repacking or sorting makes more than went in.

    Where they are measured in different dimensions (kilograms into boxes) nothing can be said.
    """
    if kind not in _NEVER_MORE or len({q.dimension for q in (*inputs, *outputs)}) > 1:
        return
    taken = sum(inputs[1:], inputs[0])
    made = sum(outputs[1:], outputs[0])
    if made > taken:
        raise Conflict(
            "{made} cannot come out of {taken}: give what came out, and the rest as a loss.",
            "outputs",
            made=made.names,
            taken=taken.names,
        )


def require_shape(kind: str, inputs: int, outputs: int) -> None:
    """Raises InvalidInput unless as many batches go in and come out as the kind says."""
    if inputs < 1:
        raise InvalidInput("Say which batches went in.", "inputs")
    if outputs < 1:
        raise InvalidInput("Say which batches came out.", "outputs")
    if kind == "split" and inputs != 1:
        raise InvalidInput(
            "One batch is split at a time; several are merged or repacked.", "inputs"
        )
    if kind == "merge" and (inputs < 2 or outputs != 1):
        raise InvalidInput("Merging makes one batch of two or more.", "inputs")
    if kind == ASSORT and (inputs < 2 or outputs != 1):
        raise InvalidInput("An assortment is one batch of boxes, of two batches or more.", "inputs")
