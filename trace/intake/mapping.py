"""What a clerk confirms about a sheet: what its columns mean, and what a row of it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs
from suyuan.trace.intake.headings import ColumnGuess
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.values import named_unit
from suyuan.trace.intake.vocabulary import Vocabulary
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar
from suyuan.trace.stated_quantities import read_quantity

RowIs = Literal["batch", "animal", "share"]
_CALENDARS = tuple(one.value for one in Calendar if one is not Calendar.UNKNOWN)
SURE_ENOUGH = 0.55
"""From this confidence on a guessed column is put into the suggested mapping."""


@dataclass(frozen=True)
class ColumnMapping:
    """How one organisation's sheet is read.

    ``columns``: the field of each column, counted from 0; columns left out are not read.
    ``row_is``: what one row tells of: a batch, an animal, or one household's share in a batch.
    ``batch_by``: the fields whose equal values make rows of animals or shares one batch; none
    means that the whole table is one batch.
    ``unit``: the unit of numbers that carry none, as written (``公斤``), taken from the title;
    ``units``: the same for single columns, as the clerk said.
    ``year``: the year of dates that carry none. ``calendar``: the calendar of dates such as
    六月初, which the clerk was asked. ``unit_answers``: how much one of an ambiguous unit word is
    on this sheet, such as 克 ``1 g`` or 藏克 ``14 kg``. None of these is ever assumed.
    """

    family: str
    variant: str
    row_is: RowIs
    columns: Mapping[int, str]
    batch_by: tuple[str, ...] = ()
    unit: str | None = None
    units: Mapping[int, str] = field(default_factory=dict)
    year: int | None = None
    calendar: Calendar | None = None
    unit_answers: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, key: str) -> int | None:
        """The column that holds a field, None when there is none."""
        return next((column for column, held in self.columns.items() if held == key), None)

    def to_json(self) -> dict[str, Any]:
        """The mapping as it is remembered."""
        return {
            "family": self.family,
            "variant": self.variant,
            "row_is": self.row_is,
            "columns": {str(column): key for column, key in sorted(self.columns.items())},
            "batch_by": list(self.batch_by),
            "unit": self.unit,
            "units": {str(column): unit for column, unit in sorted(self.units.items())},
            "year": self.year,
            "calendar": self.calendar.value if self.calendar else None,
            "unit_answers": dict(self.unit_answers),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any], vocabulary: Vocabulary) -> ColumnMapping:
        """A mapping as a form, the API or the memory gives it.

        Raises InvalidInputs that names each part that cannot be.
        """
        faults: list[Fault] = []
        columns = _by_column(given.get("columns"), "columns", faults)
        faults.extend(_field_faults(columns, vocabulary))
        row_is = _one_of(given.get("row_is"), "row_is", get_args(RowIs), faults)
        calendar = given.get("calendar") or None
        if calendar is not None:
            _one_of(calendar, "calendar", _CALENDARS, faults)
        year = _year(given.get("year"), faults)
        batch_by = tuple(str(key) for key in given.get("batch_by") or ())
        for key in batch_by:
            if key not in columns.values():
                message = "Rows cannot be put together by {key}: no column holds it."
                faults.append(Fault("batch_by", message, (("key", key),)))
        units = _by_column(given.get("units"), "units", faults)
        answers = _texts(given.get("unit_answers"))
        unit = str(given["unit"]) if given.get("unit") else None
        faults.extend(_unit_faults(unit, units, answers))
        if faults:
            raise InvalidInputs(faults)
        return cls(
            family=str(given.get("family") or ""),
            variant=str(given.get("variant") or ""),
            row_is=row_is,
            columns=columns,
            batch_by=batch_by,
            unit=unit,
            units=units,
            year=year,
            calendar=Calendar(calendar) if calendar else None,
            unit_answers=answers,
        )


def settled_units(mapping: ColumnMapping) -> dict[str, Quantity]:
    """What the words are that the clerk was asked about.

    Raises InvalidInput where an answer is no quantity.
    """
    return {
        word: answer
        for word, text in mapping.unit_answers.items()
        if (answer := read_quantity(text, field=f"unit_answers.{word}").quantity) is not None
    }


def suggest_mapping(
    table: Table, guesses: Sequence[ColumnGuess], family: str, variant: str = ""
) -> ColumnMapping:
    """A mapping for the clerk to confirm: sure columns filled in, everything asked left open.

    The year is suggested only where the titles state exactly one, and the unit that they name
    first: rows that lean on either are doubtful and say so.
    """
    columns = {
        guess.column: guess.field
        for guess in guesses
        if guess.field is not None and guess.confidence >= SURE_ENOUGH
    }
    return ColumnMapping(
        family=family,
        variant=variant,
        row_is=_likely_row(set(columns.values())),
        columns=columns,
        unit=_title_unit(table),
        year=table.years[0] if len(table.years) == 1 else None,
    )


def _likely_row(fields: set[str]) -> RowIs:
    if "ear_tag" in fields:
        return "animal"
    if "household" in fields and "batch_number" not in fields:
        return "share"
    return "batch"


def _by_column(given: object, name: str, faults: list[Fault]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for column, value in (given if isinstance(given, Mapping) else {}).items():
        text = str(column)
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            message = "{column} is no column; columns are counted from 0."
            faults.append(Fault(name, message, (("column", text[:20]),)))
        elif value:
            columns[int(text)] = str(value)
    return columns


def _field_faults(columns: Mapping[int, str], vocabulary: Vocabulary) -> list[Fault]:
    faults = []
    seen: dict[str, int] = {}
    for column, key in columns.items():
        if key not in vocabulary.fields:
            message = "There is no field {key}."
            faults.append(Fault(f"columns.{column}", message, (("key", key[:60]),)))
        elif key in seen:
            message = "The field {key} was given to two columns; one can hold it."
            faults.append(Fault(f"columns.{column}", message, (("key", key),)))
        seen[key] = column
    if not columns:
        faults.append(Fault("columns", "No column was given a meaning; at least one needs it."))
    return faults


def _unit_faults(
    unit: str | None, units: Mapping[int, str], answers: Mapping[str, str]
) -> Iterator[Fault]:
    settled: dict[str, Quantity] = {}
    for word, text in answers.items():
        quantity = _quantity(text)
        if quantity is None or not quantity:
            message = "{given} does not say how much one {word} is: write it like 1 g."
            params = (("given", text[:40]), ("word", word[:20]))
            yield Fault(f"unit_answers.{word[:20]}", message, params)
        else:
            settled[word] = quantity
    named: dict[str, str | None] = {
        "unit": unit,
        **{f"units.{column}": text for column, text in units.items()},
    }
    for place, written in named.items():
        if written is not None and named_unit(written, settled) is None:
            message = "{given} is not one unit: write one like 公斤, 斤 or 袋×50kg."
            yield Fault(place, message, (("given", written[:40]),))


def _quantity(text: str) -> Quantity | None:
    try:
        return read_quantity(text).quantity
    except InvalidInput:
        return None


def _title_unit(table: Table) -> str | None:
    """The unit that the titles name first after 单位, None where they name none."""
    for _, title in table.titles:
        for part in re.findall(r"(?:单位|unit)s?\s*[:：]\s*(\S+)", title, re.IGNORECASE):
            words = re.split(r"[(（]", part)[0]
            if named_unit(words) is not None:
                return str(words)
    return None


def _one_of(value: object, name: str, known: tuple[Any, ...], faults: list[Fault]) -> Any:
    if value not in known:
        message = "{name} is {is_}, it should be one of: {known}."
        params = (("name", name), ("is_", str(value)[:40]), ("known", ", ".join(known)))
        faults.append(Fault(name, message, params))
    return value


def _year(value: object, faults: list[Fault]) -> int | None:
    if value in (None, ""):
        return None
    text = str(value)
    if text.isascii() and text.isdigit() and 1950 <= int(text[:6]) <= 2100:
        return int(text)
    faults.append(Fault("year", "{is_} is no year; a year is written 2026.", (("is_", text[:20]),)))
    return None


def _texts(given: object) -> dict[str, str]:
    items = given.items() if isinstance(given, Mapping) else ()
    return {str(word): str(answer) for word, answer in items if answer}
