"""Recognising a table's columns by what stands above them and, where that says little, in them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from suyuan.trace.intake.header_rows import Heading
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.sheets import column_letter
from suyuan.trace.intake.vocabulary import Likeness, Vocabulary, comparable
from suyuan.trace.written import compacted, folded

_EXAMPLES = 3
_LOOKED_AT = 50
_MOST = 0.8
_BY_VALUES = 0.85
_IN_BRACKETS = re.compile(r"[(\[{【〔]([^)\]}】〕]{1,12})[)\]}】〕]")
_AFTER_SLASH = re.compile(r"[/:：]\s*([^/:：\s()]{1,8})\s*$")
_LAST_WORD = re.compile(r"\s([A-Za-z]{1,5})$")


@dataclass(frozen=True)
class ColumnGuess:
    """What a column probably means.

    ``field`` is None when nothing is like the heading. ``confidence`` goes from 0 to 1.
    ``others`` are the next likely fields, ``examples`` the first values, for the clerk to compare.
    ``unit_words`` stand in the heading where a unit may (``kg`` in 投料(kg)).
    """

    column: int
    heading: str
    field: str | None
    confidence: float
    others: tuple[str, ...]
    examples: tuple[str, ...]
    unit_words: tuple[str, ...]

    @property
    def letter(self) -> str:
        """The column as people name it."""
        return column_letter(self.column)


def guess_columns(table: Table, vocabulary: Vocabulary) -> tuple[ColumnGuess, ...]:
    """One guess for each column of the table; no field is guessed for two columns."""
    return _each_field_once([_guess(table, heading, vocabulary) for heading in table.headings])


def fingerprint(table: Table) -> str:
    """32 hexadecimal digits that are the same for tables with the same headings in this order.

    Under it the confirmed mapping of an organisation is remembered.
    """
    texts = "\n".join(comparable(heading.text) for heading in table.headings)
    return hashlib.sha256(texts.encode()).hexdigest()[:32]


def unit_words(heading: str) -> tuple[str, ...]:
    """What may be a unit in a heading: in brackets, after a slash or colon, or its last word."""
    plain = folded(heading)
    found = [
        *_IN_BRACKETS.findall(plain),
        *_AFTER_SLASH.findall(_IN_BRACKETS.sub("", plain)),
        *_LAST_WORD.findall(plain),
    ]
    # "单位:斤" within brackets names the unit after the colon
    return tuple(dict.fromkeys(re.split(r"[:：]", word)[-1].strip() for word in found))


def _guess(table: Table, heading: Heading, vocabulary: Vocabulary) -> ColumnGuess:
    values = _values(table, heading.column)
    likely = [(one.field, one.confidence) for one in _likely(heading, vocabulary)]
    proven = _proven(values, vocabulary)
    if proven is not None and (not likely or likely[0][1] < _BY_VALUES):
        likely = [(proven, _BY_VALUES), *(one for one in likely if one[0] != proven)]
    field, confidence = likely[0] if likely else (None, 0.0)
    return ColumnGuess(
        column=heading.column,
        heading=heading.text,
        field=field,
        confidence=round(confidence, 2),
        others=tuple(key for key, _ in likely[1:4]),
        examples=tuple(values[:_EXAMPLES]),
        unit_words=unit_words(heading.text),
    )


def _likely(heading: Heading, vocabulary: Vocabulary) -> tuple[Likeness, ...]:
    """By the whole heading or, of two levels, by the lower and then the upper one."""
    best: dict[str, Likeness] = {}
    for text in (heading.text, *reversed(heading.parts)):
        for one in vocabulary.likely(text):
            if one.field not in best or one.confidence > best[one.field].confidence:
                best[one.field] = one
    return tuple(sorted(best.values(), key=lambda one: -one.confidence))


def _values(table: Table, column: int) -> list[str]:
    texts = (table.sheet.cell(row, column).text for row in table.data[:_LOOKED_AT])
    return [text for text in texts if text]


def _proven(values: list[str], vocabulary: Vocabulary) -> str | None:
    """The field whose form nearly all values have, such as the 15 digits of ear tags."""
    for field in vocabulary.fields.values():
        if field.proof and values:
            fitting = sum(bool(re.fullmatch(field.proof, compacted(value))) for value in values)
            if fitting >= _MOST * len(values):
                return field.key
    return None


def _each_field_once(guesses: list[ColumnGuess]) -> tuple[ColumnGuess, ...]:
    """Where two columns are like one field, the surer keeps it and the other takes its next."""
    taken: set[str] = set()
    settled: dict[int, ColumnGuess] = {}
    for guess in sorted(guesses, key=lambda one: (-one.confidence, one.column)):
        free = [key for key in (guess.field, *guess.others) if key and key not in taken]
        first = free[0] if free else None
        if first != guess.field:
            guess = replace(guess, field=first, confidence=0.3 if first else 0.0)
        if first:
            taken.add(first)
        settled[guess.column] = guess
    return tuple(settled[guess.column] for guess in guesses)
