"""What stands in the columns of a laboratory's sheet: the words by which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from suyuan.trace.errors import InvalidInput
from suyuan.trace.intake.header_rows import filled_cells
from suyuan.trace.intake.headings import ColumnGuess, unit_words
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.sheets import column_letter
from suyuan.trace.intake.vocabulary import ColumnField, Vocabulary, plain_words, read_fields
from suyuan.trace.intake.vocabulary import shipped_vocabulary as words_of_sheets
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.result_sheets.layout import ITEM, OF_REPORT, ItemColumn, ResultLayout
from suyuan.trace.sourced import Row, read_standard
from suyuan.trace.written import folded

_FILE: Final = "intake/result_headings.json"
_SURE: Final = 0.75
"""From this confidence on a heading is taken for a field."""
_SURE_OF_LABEL: Final = 0.95


@dataclass(frozen=True)
class Most:
    """How many results and reports of one sheet go in at once."""

    results: int
    reports: int


@cache
def result_vocabulary() -> Vocabulary:
    """The words of ``standards/intake/result_headings.json``. Raises Misconfigured."""
    file = read_standard(_FILE)
    return replace(
        words_of_sheets(),
        fields={field.key: field for field in read_fields(file)},
        nothing=plain_words(file.list_of("nothing", Row.text)),
    )


@cache
def most() -> Most:
    """The bounds of the same file. Raises Misconfigured."""
    row = read_standard(_FILE).get("most")
    return Most(row.get("results").integer(), row.get("reports").integer())


def fields_offered() -> list[ColumnField]:
    """What a column can be said to hold, beside the results of one parameter."""
    fields = result_vocabulary().fields.values()
    return [one for one in fields if one.kind not in ("sequence", "ignore")]


def suggest_layout(table: Table, guesses: Sequence[ColumnGuess]) -> ResultLayout:
    """A layout for the laboratory to confirm.

    A heading that is no field and names a parameter is a column of its results.
    """
    cells = _labelled_cells(table)
    columns: dict[int, str] = {}
    items: dict[int, ItemColumn] = {}
    for guess in guesses:
        item = item_of(guess.heading)
        sure = guess.field is not None and guess.confidence >= _SURE
        kind = result_vocabulary().fields[guess.field].kind if guess.field else ""
        if sure and (guess.confidence >= 1 or not _is_parameter(item.parameter)):
            if guess.field and kind not in ("sequence", "ignore"):
                columns[guess.column] = guess.field
        elif _is_parameter(item.parameter):
            columns[guess.column], items[guess.column] = ITEM, item
    fixed = {} if items else _unit_of_results(guesses, columns)
    if items:
        columns = {at: key for at, key in columns.items() if key not in ("parameter", "result")}
    cells = {key: at for key, at in cells.items() if key not in columns.values()}
    return ResultLayout(columns=columns, items=items, cells=cells, fixed=fixed)


def _labelled_cells(table: Table) -> dict[str, str]:
    """The cells above the table that say what they hold, or beside which that stands."""
    found: dict[str, str] = {}
    for row in range(min(table.header_rows)):
        for at, text in filled_cells(table.sheet, row):
            label, _, behind = folded(text).partition(":")
            likely = result_vocabulary().likely(label)
            if not likely or likely[0].confidence < _SURE_OF_LABEL:
                continue
            column = at if behind.strip() else at + 1
            if likely[0].field in OF_REPORT and not table.sheet.cell(row, column).empty:
                found.setdefault(likely[0].field, f"{column_letter(column)}{row + 1}")
    return found


def item_of(heading: str) -> ItemColumn:
    """The parameter of a column of results, with the unit that its heading names:
    ``铅(mg/kg)`` is lead in mg/kg, ``铅(以Pb计)`` lead without a unit."""
    bare, unit = folded(heading).replace(" / ", " "), ""
    for word in unit_words(heading):
        if result_units().find(word)[0] is not None:
            unit = word
            for one in (f"({word})", f"[{word}]", f"/{word}", f",{word}", word):
                if bare.endswith(one):
                    bare = bare.removesuffix(one)
                    break
    return ItemColumn(bare.strip(" ,:/") or heading, unit)


def _unit_of_results(guesses: Sequence[ColumnGuess], columns: dict[int, str]) -> dict[str, str]:
    """The unit that the heading over the results names, where no column holds units."""
    if "unit" in columns.values():
        return {}
    for guess in guesses:
        if columns.get(guess.column) == "result":
            unit = item_of(guess.heading).unit
            return {"unit": unit} if unit else {}
    return {}


def _is_parameter(word: str) -> bool:
    try:
        return bool(parameters().find(word))
    except InvalidInput:
        return False
