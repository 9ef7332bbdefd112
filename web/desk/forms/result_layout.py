"""The forms in which a laboratory lays out its sheet of results, and explains its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from suyuan.trace.intake.headings import ColumnGuess
from suyuan.trace.result_sheets.columns import item_of
from suyuan.trace.result_sheets.layout import (
    DATES,
    OF_REPORT,
    ItemColumn,
    ResultLayout,
)
from suyuan.trace.result_sheets.reading import ResultReading, word_key
from suyuan.trace.result_sheets.review import ResultReview

AS_WRITTEN: Final = "="
"""What is chosen for a word that is kept as the laboratory writes it."""
SHOWN_ROWS: Final = 6


@dataclass(frozen=True)
class AskedColumn:
    """One column as it is asked about: what it holds, and the parameter where that is results."""

    guess: ColumnGuess
    chosen: str
    item: ItemColumn


@dataclass(frozen=True)
class AskedFact:
    """A fact of a report that stands in a cell or is written for the file."""

    key: str
    cell: str
    fixed: str
    date: bool


@dataclass(frozen=True)
class AskedWord:
    """A word that the standards kept here do not know: the field of the form, and its cell."""

    field: str
    word: str
    cell: str
    unit: bool


def asked_columns(review: ResultReview) -> list[AskedColumn]:
    """Every column of the table, as the layout in force or suggested has it."""
    layout = review.suggested
    return [
        AskedColumn(
            guess,
            layout.columns.get(guess.column, ""),
            layout.items.get(guess.column, item_of(guess.heading)),
        )
        for guess in review.guesses
    ]


def asked_facts(review: ResultReview) -> list[AskedFact]:
    """What may stand in a cell beside the table, or be the same for the whole file."""
    layout = review.suggested
    return [
        AskedFact(key, layout.cells.get(key, ""), layout.fixed.get(key, ""), key in DATES)
        for key in OF_REPORT
    ]


def first_rows(review: ResultReview) -> list[tuple[int, list[str]]]:
    """The rows above the table and its first ones, numbered as people count them."""
    table = review.table
    last = max(table.header_rows) + 1
    rows = [*range(last), *table.data[:SHOWN_ROWS]]
    width = max(table.columns) + 1
    cells = table.sheet
    return [(row + 1, [cells.cell(row, at).text for at in range(width)]) for row in rows]


def read_layout(given: Mapping[str, str], review: ResultReview) -> ResultLayout:
    """The layout as the form says. Raises InvalidInputs for each part that cannot be."""
    columns = [str(guess.column) for guess in review.guesses]
    said: dict[str, Any] = {
        "columns": {at: given.get(f"column.{at}", "") for at in columns},
        "items": {
            at: {name: given.get(f"{name}.{at}", "") for name in ("parameter", "unit", "lod")}
            for at in columns
        },
        "cells": {key: given.get(f"cell.{key}", "").replace(" ", "") for key in OF_REPORT},
        "fixed": {
            key: given.get(f"fixed.{key}", "").strip() for key in (*OF_REPORT, "kind", "unit")
        },
        "words": dict(review.suggested.words),
        "units": dict(review.suggested.units),
    }
    return ResultLayout.from_json(said)


def asked_words(reading: ResultReading) -> list[AskedWord]:
    """The words to explain, each once, however it is spelled."""
    asked: dict[str, AskedWord] = {}
    for words, unit in ((reading.unknown_words, False), (reading.unknown_units, True)):
        for word, place in words.items():
            field = f"{'unit' if unit else 'word'}.{word_key(word)}"
            asked.setdefault(field, AskedWord(field, word, place.cell, unit))
    return list(asked.values())


def read_words(
    given: Mapping[str, str], reading: ResultReading
) -> tuple[dict[str, str], dict[str, str]]:
    """What parameters and units were said to mean; those left open are asked again."""
    words: dict[str, str] = {}
    units: dict[str, str] = {}
    for one in asked_words(reading):
        chosen = given.get(one.field, "")
        if chosen:
            said = units if one.unit else words
            said[word_key(one.word)] = "" if chosen == AS_WRITTEN else chosen
    return words, units
