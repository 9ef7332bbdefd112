"""From what a column said to the attribute of the family that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.values import Value
from suyuan.trace.intake.vocabulary import ATTRIBUTE, ColumnField, Vocabulary
from suyuan.trace.products.attributes import Attribute, FactValue, check_value
from suyuan.trace.products.families import Family
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.written import folded


def kept_as(mapping: ColumnMapping, vocabulary: Vocabulary, family: Family) -> dict[str, Attribute]:
    """The family's attribute that keeps what each mapped field says, where it has one."""
    asked = {fact.key: fact for fact in family.asked(mapping.variant or None)}
    kept: dict[str, Attribute] = {}
    for key in mapping.columns.values():
        field = vocabulary.fields[key]
        names = (key.removeprefix(ATTRIBUTE),) if field.kind == "attribute" else field.attributes
        fact = next((asked[name] for name in names if name in asked), None)
        if fact is not None:
            kept[key] = fact
    return kept


def attribute_value(field: ColumnField, fact: Attribute, value: Value) -> FactValue | Fault:
    """The value as the attribute keeps it, or what is wrong with it."""
    plain = _plain(field, fact, value)
    if isinstance(plain, Fault):
        return plain
    return check_value(fact, plain)


def unfit(
    values: Mapping[str, Value], kept: Mapping[str, Attribute], vocabulary: Vocabulary
) -> Iterator[tuple[str, Doubt]]:
    """A doubt for each value that the attribute which keeps it cannot hold."""
    for key, value in values.items():
        # a date kept as stated is asked about already
        if key not in kept or value is None or isinstance(value, StatedDate):
            continue
        fitting = attribute_value(vocabulary.fields[key], kept[key], value)
        if isinstance(fitting, Fault):
            yield key, Doubt.of("does-not-fit", fitting.message, **dict(fitting.params))


def _plain(field: ColumnField, fact: Attribute, value: Value) -> object:
    if fact.type == "list":
        return list(value) if isinstance(value, tuple) else [_text(value)]
    if isinstance(value, Quantity):
        return _in_unit(fact, value)
    if isinstance(value, Decimal):
        return value * field.times
    if isinstance(value, StatedDate):
        day: date | None = value.day
        return day if fact.type == "date" else value.text
    if fact.type == "boolean" and isinstance(value, str):
        return {"是": True, "yes": True, "否": False, "no": False}.get(folded(value).split()[0])
    if fact.type == "choice" and isinstance(value, str):
        return _choice(fact, value)
    return _text(value)


def _in_unit(fact: Attribute, value: Quantity) -> object:
    code = next((u.code for u in units().values() if fact.unit in (u.symbol, u.en, u.zh)), None)
    if code is None:
        return value.amount
    try:
        return value.to(code).amount
    except InvalidInput as error:
        return Fault(fact.key, error.message, tuple(error.params.items()))


def _choice(fact: Attribute, text: str) -> str:
    """The key of the choice that a word names in any language, or the word itself."""
    plain = folded(text).lower()
    for choice in fact.choices:
        names = (choice.key, choice.names.zh, choice.names.en, choice.names.bo or choice.key)
        both = f"{choice.names.zh} {choice.names.en}"
        if plain in {folded(name).lower() for name in (*names, both)}:
            return choice.key
    return text


def _text(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
