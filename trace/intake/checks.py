"""What only shows when a row's cells, or a table's rows, are laid beside each other."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from suyuan.trace.doubts import Doubt
from suyuan.trace.intake.durations import Duration
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.sheets import column_letter
from suyuan.trace.intake.values import Value
from suyuan.trace.intake.vocabulary import ColumnField, Vocabulary
from suyuan.trace.numerals import is_number
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.written import compacted, folded

_USUAL = Decimal("0.8")
_ENOUGH_TO_COMPARE = 5

Found = tuple[str | None, Doubt]
"""The field that is doubtful, None for the whole row, and the doubt."""


class ReadRow(Protocol):
    """What the checks need of a row."""

    @property
    def row(self) -> int: ...
    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def stated(self) -> Mapping[str, str]: ...


def within_row(row: ReadRow, fields: Mapping[str, ColumnField], today: dt.date) -> Iterator[Found]:
    """Doubts that a row's own values raise against each other and against today."""
    for key, value in row.values.items():
        if isinstance(value, StatedDate):
            yield from _date_doubts(row, fields[key], value, today)
        if fields[key].since:
            yield from _age_doubts(row, fields[key], value, today)


def _date_doubts(
    row: ReadRow, field: ColumnField, value: StatedDate, today: dt.date
) -> Iterator[Found]:
    first, last = value.earliest, value.latest
    if first is not None and first > today:
        yield field.key, Doubt.of(
            "date-in-future", "{text} has not come yet; today is {today}.",
            text=row.stated[field.key], today=today,
        )  # fmt: skip
    for key in field.after:
        other = row.values.get(key)
        begin = other.earliest if isinstance(other, StatedDate) else None
        if begin is not None and last is not None and last < begin:
            yield field.key, Doubt.of(
                "dates-out-of-order", "{text} lies before {other}, which should come first.",
                text=row.stated[field.key], other=row.stated[key],
            )  # fmt: skip


def _age_doubts(row: ReadRow, field: ColumnField, value: Value, today: dt.date) -> Iterator[Found]:
    """An age cannot be longer than the time since the day it is counted from."""
    age = Duration(value * 12) if isinstance(value, Decimal) else value
    if not isinstance(age, Duration):
        return
    for key in field.since:
        since = row.values.get(key)
        begin = since.earliest if isinstance(since, StatedDate) else None
        if begin is None:
            continue
        if begin > age.before(today):
            yield field.key, Doubt.of(
                "age-exceeds-dates",
                "{text} is longer than the time since {since} ({today} is today).",
                text=row.stated[field.key], since=row.stated[key], today=today,
            )  # fmt: skip
        return


def across_rows(
    rows: Sequence[ReadRow], mapping: ColumnMapping, vocabulary: Vocabulary
) -> dict[int, list[Found]]:
    """Doubts by row number: repeated ear tags and lot numbers, papers unlike all others."""
    doubts: dict[int, list[Found]] = defaultdict(list)
    held = set(mapping.columns.values())
    for key in held & {"ear_tag"}:
        _repeated(rows, key, "repeated-ear-tag", doubts)
    if mapping.row_is == "batch" and "batch_number" in held:
        _repeated(rows, "batch_number", "repeated-batch-number", doubts)
    for key in sorted(held):
        if vocabulary.fields[key].kind == "paper":
            _unlike_others(rows, key, doubts)
    if "note" in held:
        _doubtful_notes(rows, vocabulary, doubts)
    return doubts


def _repeated(rows: Sequence[ReadRow], key: str, code: str, doubts: dict[int, list[Found]]) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        value = row.values.get(key)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                places[compacted(one)].append(row.row)
    for value, numbers in places.items():
        for number in numbers if len(numbers) > 1 else ():
            others = ", ".join(str(other) for other in numbers if other != number) or str(number)
            doubts[number].append(
                (key, Doubt.of(code, "{value} stands in row {others} too.",
                               value=value, others=others))
            )  # fmt: skip


def _unlike_others(rows: Sequence[ReadRow], key: str, doubts: dict[int, list[Found]]) -> None:
    """A number whose letters and length differ from nearly all others is probably mistyped."""
    shapes = {
        row.row: re.sub(r"\d", "9", compacted(value))
        for row in rows
        if isinstance(value := row.values.get(key), str)
    }
    if len(shapes) < _ENOUGH_TO_COMPARE:
        return
    usual, count = Counter(shapes.values()).most_common(1)[0]
    if count < _USUAL * len(shapes):
        return
    for number, shape in shapes.items():
        if shape != usual:
            doubts[number].append(
                (key, Doubt.of("unlike-others",
                               "The number is formed unlike the others, which look like {usual}.",
                               usual=usual))
            )  # fmt: skip


def _doubtful_notes(
    rows: Sequence[ReadRow], vocabulary: Vocabulary, doubts: dict[int, list[Found]]
) -> None:
    for row in rows:
        text = folded(row.stated.get("note", "")).lower()
        if any(word in text for word in vocabulary.doubtful_notes):
            doubts[row.row].append(
                ("note", Doubt.of("note-raises-question", 'The note says "{text}".', text=text))
            )


def totals(
    table: Table, mapping: ColumnMapping, vocabulary: Vocabulary, rows: Sequence[ReadRow]
) -> Iterator[tuple[int, str, str, Doubt]]:
    """Totals that are neither the sum of all rows nor of those since the last total."""
    for column, key in sorted(mapping.columns.items()):
        if vocabulary.fields[key].kind not in ("quantity", "count", "number"):
            continue
        since = -1
        for at in table.totals:
            stated = _plain_number(table.sheet.cell(at, column).text)
            if stated is not None:
                wanted = [row for row in rows if row.row <= at]
                part = [row for row in wanted if row.row - 1 > since]
                sums = {*_sums(wanted, key), *_sums(part, key)}
                if sums and stated not in sums:
                    yield (
                        at + 1,
                        column_letter(column),
                        key,
                        Doubt.of(
                            "total-differs",
                            "The total says {stated}, the rows give {sums}.",
                            stated=format(stated, "f"),
                            sums=" / ".join(sorted(format(one, "f") for one in sums)),
                        ),
                    )
            since = at


def _sums(rows: Sequence[ReadRow], key: str) -> set[Decimal]:
    """The sum of the figures as they stand and, where units differ, of the quantities."""
    found = [_plain_number(row.stated.get(key, "")) for row in rows]
    figures = [one for one in found if one is not None]
    sums = {sum(figures, Decimal(0)).normalize() + 0} if len(figures) == len(rows) else set()
    values = [row.values.get(key) for row in rows]
    quantities = [one for one in values if isinstance(one, Quantity)]
    if quantities and len({one.dimension for one in quantities}) == 1:
        total = sum(quantities[1:], quantities[0])
        sums.add(total.amount)
        if total.dimension == "mass":
            sums |= {total.to("KGM").amount, total.to("KGM").amount * 2}
    counts = [one for one in values if isinstance(one, Decimal)]
    return sums | {sum(counts, Decimal(0))} if counts else sums


def _plain_number(text: str) -> Decimal | None:
    plain = re.sub(r"[^\d.]+$", "", folded(text).replace(",", "").replace(" ", ""))
    return Decimal(plain) if is_number(plain) and re.fullmatch(r"[\d.]+", plain) else None
