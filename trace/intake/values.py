"""Reading one cell as what its column means, with the doubts that reading it raises.

Nothing is assumed: what can be read only by assuming comes back with a doubt, what cannot be read
at all comes back without a value and with the doubt that says why. The text as it stood is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from suyuan.trace import numerals
from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import InvalidInput
from suyuan.trace.intake.durations import Duration, read_duration
from suyuan.trace.intake.sheets import Cell
from suyuan.trace.intake.vocabulary import ColumnField, Vocabulary
from suyuan.trace.products.identifiers import ear_tag
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import read_date
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from suyuan.trace.stated_quantities import read_quantity, unit_in_heading
from suyuan.trace.written import folded

_LITERAL = re.compile(r'"([^"]*)"')
_LISTED = re.compile(r"[、,，;；/\s]+")
_EXACT_DIGITS = 15


Value = str | Decimal | Quantity | StatedDate | Duration | tuple[str, ...] | None


@dataclass(frozen=True)
class ColumnReading:
    """What reading a column needs to know beside its cells.

    ``unit`` is what one of a plain number is, and where that stands. ``settled`` says what words
    such as 克 mean here. ``year`` and ``calendar`` are the clerk's answers for dates.
    """

    field: ColumnField
    vocabulary: Vocabulary
    today: dt.date
    unit: Quantity | None = None
    unit_from: Literal["heading", "title"] = "heading"
    settled: Mapping[str, Quantity] | None = None
    year: int | None = None
    calendar: Calendar | None = None


@dataclass(frozen=True)
class CellReading:
    """A cell as it stood and as it was read; ``value`` None where nothing could be read."""

    stated: str
    value: Value = None
    doubts: tuple[Doubt, ...] = ()


def read_cell(cell: Cell, column: ColumnReading) -> CellReading:
    """Read one cell as the column's field. Never raises for what a cell may hold."""
    stated = cell.text
    if cell.error is not None:
        doubt = Doubt.of(
            "cell-error",
            "The spreadsheet could not compute this cell and shows {error}.",
            error=cell.error,
        )
        return CellReading(stated, doubts=(doubt,))
    if cell.value is None and cell.formula:
        doubt = Doubt.of(
            "formula-not-computed",
            "This cell holds a formula whose result was not saved. Type the value, or open the "
            "sheet in a spreadsheet program and save it again.",
        )
        return CellReading(stated, doubts=(doubt,))
    if column.vocabulary.says_nothing(stated, column.field):
        return CellReading(stated)
    try:
        value, doubts = _read(cell, column)
    except InvalidInput as error:
        doubt = Doubt.of(f"unreadable-{column.field.key}", error.message, **error.params)
        return CellReading(stated, doubts=(doubt,))
    return CellReading(stated, value, doubts)


def _read(cell: Cell, column: ColumnReading) -> tuple[Value, tuple[Doubt, ...]]:
    match column.field.kind:
        case "quantity":
            return _quantity(cell, column)
        case "number":
            return _number(cell, column)
        case "count":
            return _count(cell, column)
        case "date":
            return _date(cell, column)
        case "duration":
            return read_duration(cell.text), ()
        case "ear_tag":
            return _ear_tags(cell)
        case "sex":
            return _sex(cell.text, column.vocabulary), ()
        case _:
            return _text(cell)


def _quantity(cell: Cell, column: ColumnReading) -> tuple[Value, tuple[Doubt, ...]]:
    value = cell.value
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return None, (_turned_into_date(cell.text),)
    if isinstance(value, bool):
        value = cell.text
    unit, unit_from = column.unit, column.unit_from
    shown = _unit_shown(cell)
    if shown is not None:
        unit, unit_from = shown, "heading"
    if isinstance(value, Decimal) and value < 0:
        value = format(value, "f")
    if isinstance(value, str) and folded(value).startswith("-"):
        doubt = Doubt.of(
            "negative-quantity", "{text} is negative: say what it should be.", text=value
        )
        return None, (doubt,)
    assert isinstance(value, str | Decimal)
    read = read_quantity(value, unit=unit, unit_from=unit_from, settled=column.settled)
    if read.quantity is not None and not read.quantity:
        zero = Doubt.of(
            "zero-quantity", "{text} is nothing: say what it should be.", text=cell.text
        )
        return read.quantity, (*read.doubts, zero)
    return read.quantity, read.doubts


def _unit_shown(cell: Cell) -> Quantity | None:
    """The unit that a cell's number format shows behind the number, as 0.0"斤" does."""
    if cell.shown_as is None or not isinstance(cell.value, Decimal):
        return None
    return named_unit("".join(_LITERAL.findall(cell.shown_as)))


def named_unit(text: str, settled: Mapping[str, Quantity] | None = None) -> Quantity | None:
    """What one of the unit is that a text names; None where it names none, or several."""
    try:
        return unit_in_heading(text, settled=settled).quantity if text.strip() else None
    except InvalidInput:
        return None


def _turned_into_date(text: str) -> Doubt:
    return Doubt.of(
        "number-as-date",
        "The spreadsheet keeps this number as the date {text}: type what was weighed or counted.",
        text=text,
    )


def _number(cell: Cell, column: ColumnReading) -> tuple[Value, tuple[Doubt, ...]]:
    if isinstance(cell.value, Decimal):
        return cell.value, _negative(cell.value)
    if isinstance(cell.value, dt.date | dt.time | dt.timedelta):
        return None, (_turned_into_date(cell.text),)
    plain = folded(cell.text).lower().replace(" ", "").lstrip("¥")
    match = re.match(rf"-?(?:{numerals.ARABIC}|{numerals.CHINESE})", plain)
    if match is None:
        raise _no_number(cell.text)
    rest = plain[match.end() :]
    if rest and rest not in {folded(unit).lower() for unit in column.field.units}:
        if "age" in column.field.key:
            return read_duration(cell.text).months / 12, ()
        raise _no_number(cell.text)
    value = _decimal(match.group(), cell.text)
    return value, _negative(value)


def _negative(value: Decimal) -> tuple[Doubt, ...]:
    if value >= 0:
        return ()
    text = "{text} is negative: say what it should be."
    return (Doubt.of("negative-quantity", text, text=format(value, "f")),)


def _decimal(written: str, text: str) -> Decimal:
    try:
        return numerals.decimal(written.lstrip("-")) * (-1 if written.startswith("-") else 1)
    except ValueError as error:
        raise _no_number(text) from error


def _no_number(text: str) -> InvalidInput:
    return InvalidInput("{given} is not a number: write it like 12.5.", given=text[:40])


def _count(cell: Cell, column: ColumnReading) -> tuple[Value, tuple[Doubt, ...]]:
    """How many: a whole number, with or without a counting word behind it."""
    if isinstance(cell.value, dt.date | dt.time | dt.timedelta):
        return None, (_turned_into_date(cell.text),)
    plain = folded(cell.text).lower().replace(" ", "")
    match = re.fullmatch(rf"-?(?P<n>{numerals.ARABIC}|{numerals.CHINESE})[^\d.×*x/-]{{0,4}}", plain)
    if match is None:
        raise _no_count(cell.text)
    value = _decimal(match["n"], cell.text) * (-1 if plain.startswith("-") else 1)
    if value != value.to_integral_value():
        raise _no_count(cell.text)
    return value, _negative(value)


def _no_count(text: str) -> InvalidInput:
    return InvalidInput("{given} is not a whole number: write it like 12.", given=text[:40])


def _date(cell: Cell, column: ColumnReading) -> tuple[Value, tuple[Doubt, ...]]:
    value = cell.value
    if isinstance(value, bool | dt.time | dt.timedelta):
        raise InvalidInput("{given} is not a date: write it like 2026-10-03.", given=cell.text)
    if isinstance(value, Decimal):
        stated = read_date(float(value), year=column.year)
    else:
        assert value is not None
        stated = read_date(value, year=column.year)
    if any(doubt.code == "calendar-unknown" for doubt in stated.doubts) and column.calendar:
        stated = _in_calendar(cell.text, column.calendar, column.year)
    doubts = stated.doubts
    if isinstance(value, dt.date) and _shows_no_day(cell.shown_as):
        doubts = (*doubts, Doubt.of(
            "day-not-shown",
            "The sheet shows only a month here, the cell holds {day}: is the day meant?",
            day=value.isoformat()[:10],
        ))  # fmt: skip
    return stated, doubts


def _shows_no_day(shown_as: str | None) -> bool:
    """Whether a date format shows month or year, but no day."""
    signs = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shown_as or "").lower()
    return ("m" in signs or "y" in signs) and "d" not in signs and "h" not in signs


def _in_calendar(text: str, calendar: Calendar, year: int | None) -> StatedDate:
    """A wording whose calendar the clerk was asked: solar is read on, others are kept."""
    if calendar is not Calendar.SOLAR:
        doubt = Doubt.of("not-solar", "{text}: give the solar date as well.", text=text)
        return StatedDate(text, None, None, Precision.UNKNOWN, calendar, (doubt,))
    digits = re.sub(
        r"[一二三四五六七八九十]{1,3}(?=月)",
        lambda n: str(numerals.decimal(n.group())),
        folded(text),
    )
    stated = read_date(digits, year=year)
    return replace(stated, text=text)


def _ear_tags(cell: Cell) -> tuple[Value, tuple[Doubt, ...]]:
    tags: list[str] = []
    doubts: list[Doubt] = []
    for part in _LISTED.split(folded(cell.text)):
        if part:
            checked = ear_tag(part)
            tags.append(checked.value)
            doubts.extend(
                Doubt(warning.code, warning.message, warning.params) for warning in checked.warnings
            )
    return tuple(tags), tuple(doubts)


def _sex(text: str, vocabulary: Vocabulary) -> str:
    sex = vocabulary.sexes.get(folded(text).lower())
    if sex is None:
        raise InvalidInput("{given} is no sex: write 公, 母 or 阉.", given=text[:40])
    return sex


def _text(cell: Cell) -> tuple[Value, tuple[Doubt, ...]]:
    text = " ".join(cell.text.split())
    if isinstance(cell.value, Decimal) and len(text.replace(".", "")) > _EXACT_DIGITS:
        doubt = Doubt.of(
            "digits-lost",
            "A spreadsheet keeps only {digits} digits of a number: compare {text} with the paper "
            "and type it as text.",
            digits=_EXACT_DIGITS,
            text=text,
        )
        return text, (doubt,)
    return text, ()
