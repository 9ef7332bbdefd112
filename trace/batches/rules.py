"""The rules of batches, apart from tables: shares, marks, and what quantity may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from suyuan.trace.batches.facts import BatchFacts, MarkFacts, ShareFacts
from suyuan.trace.clock import day_of
from suyuan.trace.errors import Conflict, Fault, InvalidInput, InvalidInputs
from suyuan.trace.products.attributes import Fact, FactValue
from suyuan.trace.products.identifiers import ear_tag
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.spans import earliest_day, span
from suyuan.trace.written import folded

MARK_KINDS = ("ear_tag", "jar", "foreign_lot")
EAR_TAG_FACTS = frozenset({"ear_tags", "ear_tags_in"})
"""Facts of families and events whose values are ear tags, and are checked and found as such."""

COUNTY_DIGITS = 6
_MARK_LENGTH = 64
_LOT_LENGTH = 20


class NotEnough(Conflict):
    """More of a batch was to be used than the party has in hand."""

    kind = "not-enough"


@dataclass(frozen=True, slots=True)
class Mark:
    """A checked mark, and what was odd about it, as rows keep warnings."""

    kind: str
    value: str
    stated: str = ""
    warnings: tuple[Mapping[str, object], ...] = ()


def require_positive(quantity: Quantity, field: str = "quantity") -> None:
    """Raises InvalidInput unless there is some of it, and whole ones of what has no halves."""
    if quantity.amount <= 0:
        raise InvalidInput("The quantity must be more than nothing.", field)
    if units()[quantity.unit].whole and quantity.amount != quantity.amount.to_integral_value():
        raise InvalidInput("{is_} cannot be: give a whole number.", field, is_=quantity.names)


def require_sensible_days(facts: BatchFacts, now: datetime) -> None:
    """Raises InvalidInput for goods of a day to come, or past their date before they were made.

    A stated span counts by its first day: what was surely not yet made cannot be registered.
    """
    made = facts.produced.earliest if facts.produced else None
    if made is None:
        return
    if made > day_of(now + span("calendars_differ")):
        raise InvalidInput("This day is still to come: register what has been made.", "produced")
    require_within_memory(made, "produced")
    if facts.best_before is not None and facts.best_before < made:
        raise InvalidInput(
            "The best-before date lies before the production date, {made}.",
            "best_before",
            made=made.isoformat(),
        )


def require_within_memory(day: date, field: str) -> None:
    """Raises InvalidInput for a day before anything in the trade can have been made."""
    if day < earliest_day():
        raise InvalidInput(
            "This says {given}; nothing before {earliest} is recorded here: look at the year.",
            field,
            given=day.isoformat(),
            earliest=earliest_day().isoformat(),
        )


def earliest_made(
    produced_on: date | None, facts: Iterable[tuple[Fact, FactValue]], registered: date
) -> date | None:
    """The first day on which a batch can have been made: of its production day and the days among
    its facts (gathered from, slaughtered on) the earliest, at the latest that of its registration.
    None where no day is stated."""
    days = [date.fromisoformat(str(value)) for fact, value in facts if fact.type == "date"]
    if produced_on is not None:
        days.append(produced_on)
    return min(*days, registered) if days else None


def require_lot(lot: str | None) -> str | None:
    """The lot without stray spaces, or None. Raises InvalidInput when it is too long."""
    text = folded(lot or "")
    if len(text) > _LOT_LENGTH:
        raise InvalidInput(
            "A lot has at most {limit} characters; this has {length}.",
            "lot",
            limit=_LOT_LENGTH,
            length=len(text),
        )
    return text or None


def shares_in_unit(facts: BatchFacts) -> list[tuple[ShareFacts, Quantity | None]]:
    """Each household's share in the unit of the batch.

    Raises InvalidInputs for shares that name nobody, cannot be given in that unit, or together
    are more than the batch.
    """
    faults: list[Fault] = []
    checked: list[tuple[ShareFacts, Quantity | None]] = []
    total = Quantity.of(0, facts.quantity.unit)
    for number, share in enumerate(facts.shares):
        field = f"shares.{number}"
        if not (share.party or share.household.strip()):
            faults.append(Fault(field, "A share names its household or party."))
        try:
            part = share.quantity.to(facts.quantity.unit) if share.quantity is not None else None
            if part is not None:
                require_positive(part)
                total += part
            checked.append((share, part))
        except InvalidInput as error:
            faults.append(Fault(field, error.message, tuple(error.params.items())))
    if not faults and total > facts.quantity:
        faults.append(
            Fault(
                "shares",
                "The shares are {is_} together, more than the batch of {should}.",
                (("is_", total.names), ("should", facts.quantity.names)),
            )
        )
    if faults:
        raise InvalidInputs(faults)
    return checked


def checked_marks(marks: Iterable[MarkFacts], attributes: Mapping[str, Any]) -> list[Mark]:
    """The marks given, and the ear tags that stand among the family's facts, each once.

    Raises InvalidInputs for a mark of unknown kind or an ear tag of the wrong form.
    """
    given = [(f"marks.{number}", mark) for number, mark in enumerate(marks)]
    given += [
        (key, MarkFacts("ear_tag", str(tag)))
        for key in sorted(EAR_TAG_FACTS & set(attributes))
        for tag in attributes[key]
    ]
    faults: list[Fault] = []
    checked: dict[tuple[str, str], Mark] = {}
    for field, one in given:
        try:
            mark = _checked_mark(field, one)
            checked.setdefault((mark.kind, mark.value), mark)
        except InvalidInput as error:
            faults.append(Fault(field, error.message, tuple(error.params.items())))
    if faults:
        raise InvalidInputs(faults)
    return list(checked.values())


def _checked_mark(field: str, given: MarkFacts) -> Mark:
    kind, value = given.kind, given.value
    if kind == "ear_tag":
        tag = ear_tag(value, field)
        warnings = tuple({"field": "ear_tag", **one.to_json()} for one in tag.warnings)
        return Mark(kind, tag.value, given.stated, warnings)
    if kind not in MARK_KINDS:
        raise InvalidInput(
            "There is no kind of mark {kind}; there are: {known}.",
            field,
            kind=kind,
            known=", ".join(MARK_KINDS),
        )
    text = folded(value)
    if not 0 < len(text) <= _MARK_LENGTH:
        raise InvalidInput("A mark has 1 to {limit} characters.", field, limit=_MARK_LENGTH)
    return Mark(kind, text, given.stated)
