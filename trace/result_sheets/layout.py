"""What a laboratory says of its sheets: what stands in which column, cell, or in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from suyuan.trace.errors import Fault, InvalidInputs
from suyuan.trace.intake.sheets import column_letter, column_number
from suyuan.trace.quality.facts import KINDS
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.result_units import result_units

ITEM: Final = "item"
"""What a column holds that has the results of one parameter under its name."""
DATES: Final = ("issued_on", "sampled_on", "valid_to")
OF_REPORT: Final = (
    "number", "trace_code", "sample_number", *DATES, "cma", "catl", "conclusion",
)  # fmt: skip
"""What is said of a whole report: in a column, in a cell, or once for the file."""
OF_LINE: Final = (
    "parameter", "result", "unit", "lod", "limit", "method", "standard", "line_conclusion",
)  # fmt: skip
LASTING: Final = ("cma", "catl", "kind", "unit")
"""What holds for the next file too, when it was written once for a file."""
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,5})")
_LONGEST: Final = 120
_MOST_WORDS: Final = 500


@dataclass(frozen=True)
class ItemColumn:
    """A column of results of one parameter, as the laboratory calls it."""

    parameter: str
    unit: str = ""
    lod: str = ""
    method: str = ""


@dataclass(frozen=True)
class ResultLayout:
    """How a laboratory's sheets are read.

    ``columns``: what each column holds, counted from 0; columns left out are not read. ``items``:
    the parameter of each column that is an ``ITEM``; then a row is a sample, else it is a result.
    ``cells``: where above or beside the table a fact stands, such as ``B2``. ``fixed``: what was
    written for the file. ``words``: the parameters that the laboratory's words mean, ``units`` the
    same for its units; empty where it is kept as written.
    """

    columns: Mapping[int, str]
    items: Mapping[int, ItemColumn] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, key: str) -> int | None:
        """The column that holds a field, None where none does."""
        return next((at for at, held in self.columns.items() if held == key), None)

    def lasting(self) -> ResultLayout:
        """What holds for the next file too: its number and days are its own."""
        return replace(
            self, fixed={key: text for key, text in self.fixed.items() if key in LASTING}
        )

    def place_of_cell(self, key: str) -> tuple[int, int] | None:
        """Row and column, from 0, of the cell that holds a fact."""
        match = _CELL.fullmatch(self.cells.get(key, ""))
        return (int(match[2]) - 1, column_number(match[1])) if match else None

    def missing(self) -> tuple[Fault, ...]:
        """What a report needs that no column, cell or text says."""
        return tuple(
            fault for keys, fault in _NEEDED.items() if not any(self._says(key) for key in keys)
        )

    def _says(self, key: str) -> bool:
        return key in self.columns.values() or bool(self.cells.get(key) or self.fixed.get(key))

    def to_json(self) -> dict[str, Any]:
        """The layout as it is kept."""
        return {
            "columns": {str(at): key for at, key in sorted(self.columns.items())},
            "items": {str(at): asdict(one) for at, one in sorted(self.items.items())},
            "cells": dict(self.cells),
            "fixed": dict(self.fixed),
            "words": dict(self.words),
            "units": dict(self.units),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> ResultLayout:
        """A layout as a form, the API or the memory gives it.

        Raises InvalidInputs that names each part that cannot be.
        """
        columns = {at: str(key) for at, key in _by_column(given.get("columns")) if key}
        said = {at: one for at, one in _by_column(given.get("items")) if isinstance(one, Mapping)}
        layout = cls(
            columns=columns,
            items={at: _item(said.get(at, {})) for at in columns if columns[at] == ITEM},
            cells=_texts(given.get("cells"), OF_REPORT),
            fixed=_texts(given.get("fixed"), (*OF_REPORT, *LASTING)),
            words=_texts(given.get("words"), None, empty=True),
            units=_texts(given.get("units"), None, empty=True),
        )
        faults = [*_column_faults(layout), *_text_faults(layout), *_word_faults(layout)]
        if faults:
            raise InvalidInputs(faults)
        return layout


_NEEDED: Final[Mapping[tuple[str, ...], Fault]] = {
    ("number",): Fault(
        "fixed.number",
        "Say where the number of the report stands: a column, a cell, or write it here.",
    ),
    ("issued_on",): Fault(
        "fixed.issued_on",
        "Say when the report was issued: a column, a cell, or write the day here.",
    ),
    ("trace_code", "sample_number"): Fault(
        "fixed.trace_code",
        "Say of which batch the results are: by a trace code or the number of a sample, in a "
        "column, a cell, or written here.",
    ),
}


def _column_faults(layout: ResultLayout) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, key in layout.columns.items():
        if key != ITEM and key not in (*OF_REPORT, *OF_LINE):
            yield Fault(f"column.{at}", "There is no field {key}.", (("key", key[:60]),))
        elif key != ITEM and key in seen:
            yield Fault(
                f"column.{at}",
                "Column {column} would hold what another column holds already.",
                (("column", column_letter(at)),),
            )
        seen.add(key)
    for at, item in layout.items.items():
        if not item.parameter:
            yield Fault(
                f"parameter.{at}",
                "Name the parameter whose results stand in column {column}.",
                (("column", column_letter(at)),),
            )
    by_line = {"parameter", "result"} & seen
    if layout.items and by_line:
        yield Fault(
            "columns", "A table has a result in each row or a parameter in each column: not both."
        )
    elif not layout.items and len(by_line) < 2:
        yield Fault(
            "columns",
            "Say which column holds the parameter and which the result; or, where each parameter "
            "has a column of its own, which columns those are.",
        )


def _text_faults(layout: ResultLayout) -> Iterator[Fault]:
    for key, text in layout.cells.items():
        if not _CELL.fullmatch(text):
            yield Fault(f"cell.{key}", "{given} is no cell: write it like B2.", (_given(text),))
    for key, text in layout.fixed.items():
        if key in DATES and not _is_day(text):
            yield Fault(
                f"fixed.{key}", "{given} is not a date: write it like 2026-10-03.", (_given(text),)
            )
    kind = layout.fixed.get("kind")
    if kind and kind not in KINDS:
        yield Fault("fixed.kind", "A report is one of: {kinds}.", (("kinds", ", ".join(KINDS)),))


def _word_faults(layout: ResultLayout) -> Iterator[Fault]:
    for known, said in (
        (parameters().by_key, layout.words),
        (result_units().by_symbol, layout.units),
    ):
        for word, key in said.items():
            if key and key not in known:
                yield Fault(
                    "words",
                    "{word} cannot be {given}: choose one of those offered.",
                    (("word", word[:40]), _given(key)),
                )


def _given(text: str) -> tuple[str, str]:
    return "given", text[:40]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _by_column(given: object) -> Iterator[tuple[int, Any]]:
    for column, value in given.items() if isinstance(given, Mapping) else ():
        text = str(column)
        if text.isascii() and text.isdigit() and len(text) < 6:
            yield int(text), value


def _item(given: Mapping[str, Any]) -> ItemColumn:
    names = (one.name for one in fields(ItemColumn))
    return ItemColumn(**{name: _line(given.get(name)) for name in names})


def _texts(given: object, known: tuple[str, ...] | None, *, empty: bool = False) -> dict[str, str]:
    """Texts by the names that are known, or by any where those are words of the laboratory."""
    items = list(given.items())[:_MOST_WORDS] if isinstance(given, Mapping) else []
    said = {str(name)[:_LONGEST]: _line(text) for name, text in items}
    return {
        name: text
        for name, text in said.items()
        if (known is None or name in known) and (text or empty)
    }


def _line(text: object) -> str:
    return " ".join(str(text or "").split())[:_LONGEST]
