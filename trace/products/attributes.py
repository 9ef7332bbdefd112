"""Facts that a family wants to know of a batch or an event, and the check of a stated value.

A wrong value is an error, because somebody stated something that cannot be. A missing fact is a
gap, because non-standardised produce is the normal case and a batch must not wait for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from suyuan.trace.errors import Fault, InvalidInputs
from suyuan.trace.sourced import Provenance
from suyuan.trace.words import Names

ValueType = Literal["text", "integer", "decimal", "date", "choice", "boolean", "list"]
Stage = Literal["registration", "process", "pack", "release"]
Disclosure = Literal["public", "trade", "personal"]
FactValue = str | int | bool | list[str]

VALUE_TYPES: tuple[ValueType, ...] = (
    "text",
    "integer",
    "decimal",
    "date",
    "choice",
    "boolean",
    "list",
)
STAGES: tuple[Stage, ...] = ("registration", "process", "pack", "release")
DISCLOSURES: tuple[Disclosure, ...] = ("public", "trade", "personal")
# long enough for any weight or count, short enough that no number is work to read
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")


@dataclass(frozen=True)
class Choice:
    """One of the values that a fact of type ``choice`` may have."""

    key: str
    names: Names


@dataclass(frozen=True)
class Fact:
    """What is asked: its key, its names, and which values can be.

    ``minimum`` and ``maximum`` include themselves and count in ``unit``; ``max_length`` counts
    characters, in a list those of each element. ``variants`` empty means every variant.
    """

    key: str
    names: Names
    type: ValueType
    unit: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    max_length: int | None
    choices: tuple[Choice, ...]
    variants: frozenset[str]
    disclosure: Disclosure
    provenance: Provenance

    def applies_to(self, variant: str | None) -> bool:
        """Whether it is asked of this variant; of a batch of unknown variant all is asked."""
        return not self.variants or variant is None or variant in self.variants


@dataclass(frozen=True)
class Attribute(Fact):
    """A fact about a batch. ``required_at``: the stage from which on it is missed.

    ``may_be_ahead``: a day that may still be to come, such as the end of an interval. ``paper``:
    the kind of paper of which it is the number.
    """

    required_at: Stage | None
    may_be_ahead: bool = False
    paper: str | None = None

    def is_due(self, stage: Stage) -> bool:
        """Whether a batch that has come to this stage should have it."""
        return self.required_at is not None and STAGES.index(self.required_at) <= STAGES.index(
            stage
        )


@dataclass(frozen=True)
class KeyData(Fact):
    """A key data element of an event: what must be known beyond who, what, when and where."""

    required: bool


@dataclass(frozen=True)
class Gap:
    """A fact that should be known and is not."""

    key: str
    names: Names


def check_values(
    facts: Iterable[Fact], values: Mapping[str, object], variant: str | None = None
) -> dict[str, FactValue]:
    """The stated values in the form in which records keep them.

    Decimals and dates come back as text (``"0.35"``, ``"2026-06-01"``), because that is their
    form in a record. Values that are ``None`` or blank are not stated and are left out. Raises
    InvalidInputs with one fault for each value that cannot be and each key that is not asked.
    """
    known = {fact.key: fact for fact in facts if fact.applies_to(variant)}
    clean: dict[str, FactValue] = {}
    faults: list[Fault] = []
    for key, value in values.items():
        if key not in known:
            faults.append(_unknown(key, known))
        elif not is_blank(value):
            checked = check_value(known[key], value)
            if isinstance(checked, Fault):
                faults.append(checked)
            else:
                clean[key] = checked
    if faults:
        raise InvalidInputs(faults)
    return clean


def is_blank(value: object) -> bool:
    """Whether a value says nothing: absent, an empty text or an empty list."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple) and not value)


def check_value(fact: Fact, value: object) -> FactValue | Fault:
    """One value in the form of a record, or what is wrong with it."""
    if fact.type == "integer":
        return _integer(fact, value)
    if fact.type == "decimal":
        return _decimal(fact, value)
    if fact.type == "date":
        return _date(fact, value)
    if fact.type == "boolean":
        return value if isinstance(value, bool) else Fault(fact.key, "This must be yes or no.")
    if fact.type == "list":
        return _list(fact, value)
    text = _text(fact, value)
    if fact.type == "choice" and isinstance(text, str):
        return _choice(fact, text)
    return text


def _unknown(key: str, known: Mapping[str, Fact]) -> Fault:
    params = (("known", ", ".join(known) or "-"),)
    return Fault(key, "This fact is not asked for here; asked for are: {known}.", params)


def _number(value: object) -> Decimal | None:
    """The exact number, or nothing. Full-width digits count; a binary float as it is shown."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 18:
        value = format(value, "f")
    if not isinstance(value, str | int | float):
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _out_of_range(fact: Fact, number: Decimal) -> Fault | None:
    unit = f" {fact.unit}" if fact.unit else ""
    if fact.minimum is not None and number < fact.minimum:
        return Fault(
            fact.key,
            "This must be {minimum}{unit} or more.",
            (("minimum", fact.minimum), ("unit", unit)),
        )
    if fact.maximum is not None and number > fact.maximum:
        return Fault(
            fact.key,
            "This must be {maximum}{unit} or less.",
            (("maximum", fact.maximum), ("unit", unit)),
        )
    return None


def _integer(fact: Fact, value: object) -> int | Fault:
    number = _number(value)
    if number is None or number != number.to_integral_value():
        return Fault(fact.key, "This must be a whole number like 12.")
    return _out_of_range(fact, number) or int(number)


def _decimal(fact: Fact, value: object) -> str | Fault:
    number = _number(value)
    if number is None:
        return Fault(fact.key, "This must be a number like 12.5.")
    return _out_of_range(fact, number) or format(number, "f")


def _date(fact: Fact, value: object) -> str | Fault:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        return Fault(fact.key, "This must be a date like 2026-10-03.")


def _text(fact: Fact, value: object) -> str | Fault:
    if not isinstance(value, str):
        return Fault(fact.key, "This must be text.")
    text = unicodedata.normalize("NFC", value.strip())
    if fact.max_length is not None and len(text) > fact.max_length:
        return Fault(
            fact.key,
            "This must be at most {limit} characters; it has {length}.",
            (("limit", fact.max_length), ("length", len(text))),
        )
    return text


def _choice(fact: Fact, text: str) -> str | Fault:
    keys = [choice.key for choice in fact.choices]
    if text not in keys:
        return Fault(fact.key, "This must be one of: {choices}.", (("choices", ", ".join(keys)),))
    return text


def _list(fact: Fact, value: object) -> list[str] | Fault:
    if not isinstance(value, list | tuple):
        return Fault(fact.key, "This must be a list of texts.")
    elements: list[str] = []
    for element in value:
        text = _text(fact, element)
        if isinstance(text, Fault):
            return text
        elements.append(text)
    return elements
