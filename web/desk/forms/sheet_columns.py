"""The form in which a clerk says what the columns of a sheet mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suyuan.trace.intake.headings import ColumnGuess
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.review import Review
from suyuan.trace.intake.vocabulary import ColumnField, Vocabulary
from suyuan.trace.quantities import unit_table

_NOT_READ = frozenset({"sequence", "ignore"})


@dataclass(frozen=True)
class AskedColumn:
    """One column as it is asked about: what it probably means, and what was said of it."""

    guess: ColumnGuess
    chosen: str
    unit: str
    sure: bool


@dataclass(frozen=True)
class AskedWord:
    """A unit word that means more than one thing, and how much one of it was said to be."""

    word: str
    offered: tuple[str, ...]
    answer: str


def asked_columns(review: Review) -> list[AskedColumn]:
    """Every column of the table, as the mapping in force or suggested has it."""
    mapping = review.mapping
    return [
        AskedColumn(
            guess=guess,
            chosen=mapping.columns.get(guess.column, ""),
            unit=mapping.units.get(guess.column, ""),
            sure=guess.confidence >= 0.9,
        )
        for guess in review.guesses
    ]


def asked_words(review: Review) -> list[AskedWord]:
    """The words of the table that are never assumed to mean one thing: 克, 藏克, 只."""
    texts = " ".join(_texts(review))
    rows = [row for row in unit_table()["asked"] if row["word"] in texts]
    # 藏克 holds 克: where only the longer word stands, the shorter one is not asked
    words = [row["word"] for row in rows]
    return [
        AskedWord(row["word"], _offered(row), review.mapping.unit_answers.get(row["word"], ""))
        for row in rows
        if _stands_alone(row["word"], texts, words)
    ]


def fields_offered(vocabulary: Vocabulary) -> list[ColumnField]:
    """The fields that a column can be said to hold."""
    return [field for field in vocabulary.fields.values() if field.kind not in _NOT_READ]


def grouping_offered(review: Review) -> list[ColumnField]:
    """The fields by whose equal values rows can make one batch."""
    fields = (review.vocabulary.fields[key] for key in review.mapping.columns.values())
    return [one for one in fields if one.kind in ("text", "date", "paper", "sex")]


def read_mapping(given: Mapping[str, str], review: Review) -> ColumnMapping:
    """The mapping as the form says. Raises InvalidInputs for each part that cannot be."""
    columns = [str(guess.column) for guess in review.guesses]
    group = given.get("batch_by", "")
    said: dict[str, Any] = {
        "family": review.family.key,
        "variant": review.variant,
        "row_is": given.get("row_is"),
        "columns": {at: given.get(f"column.{at}", "") for at in columns},
        "units": {at: given.get(f"unit.{at}", "").strip() for at in columns},
        "batch_by": [group] if group else [],
        "unit": given.get("unit", "").strip(),
        "year": given.get("year", "").strip(),
        "calendar": given.get("calendar") or None,
        "unit_answers": {
            one.word: given.get(f"word.{one.word}", "").strip() for one in asked_words(review)
        },
    }
    return ColumnMapping.from_json(said, review.vocabulary)


def _texts(review: Review) -> Iterator[str]:
    table = review.table
    yield from (heading.text for heading in table.headings)
    yield from (text for _, text in table.titles)
    for row in table.data:
        for column in table.columns:
            value = table.sheet.cell(row, column).value
            if isinstance(value, str):
                yield value


def _stands_alone(word: str, texts: str, words: Sequence[str]) -> bool:
    for longer in (*words, "千克", "毫克"):
        if word != longer and word in longer:
            texts = texts.replace(longer, "")
    return word in texts


def _offered(row: Mapping[str, Any]) -> tuple[str, ...]:
    known = {"GRM": "1 g", "HEA": "1头", "H87": "1个"}
    return tuple(known[code] for code in row["might_be"] if code in known)
