"""A table's rows under a confirmed mapping: typed values, and every doubt with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from suyuan.trace.doubts import Doubt
from suyuan.trace.intake import checks
from suyuan.trace.intake.attribute_values import kept_as, unfit
from suyuan.trace.intake.column_readings import column_readings, essential_fields
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.mapping import ColumnMapping, settled_units
from suyuan.trace.intake.sheets import EMPTY, Cell, Merged, column_letter
from suyuan.trace.intake.values import CellReading, Value, named_unit, read_cell
from suyuan.trace.intake.vocabulary import ColumnField, Vocabulary
from suyuan.trace.products.families import Family
from suyuan.trace.quantities import Quantity
from suyuan.trace.written import folded

Places = Mapping[tuple[int, str], str]
"""Values typed in place of what a cell says, by row (from 1) and column letter."""


@dataclass(frozen=True)
class RowDoubt:
    """A doubt and where it stands: row as in the sheet (from 1), column letter if one cell.

    ``acceptable`` is False where nothing can go in until the value is fixed or the row set aside.
    """

    row: int
    column: str | None
    field: str | None
    doubt: Doubt
    acceptable: bool = True

    @property
    def id(self) -> str:
        """What a decision names it by, such as ``45D:repeated-ear-tag``."""
        return f"{self.row}{self.column or ''}:{self.doubt.code}"

    @property
    def code(self) -> str:
        """The kind of the doubt."""
        return self.doubt.code

    def __str__(self) -> str:
        return f"{self.row}{self.column or ''}: {self.doubt}"

    def to_json(self) -> dict[str, Any]:
        """The doubt as a work item keeps it."""
        return {
            "id": self.id,
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "acceptable": self.acceptable,
            **self.doubt.to_json(),
        }


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the sheet (from 1), its values by field, and its doubts.

    ``stated`` holds every mapped cell's own text by field, whether it could be read or not.
    """

    row: int
    values: Mapping[str, Value]
    stated: Mapping[str, str]
    doubts: tuple[RowDoubt, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The row as a work item keeps it: its words and its doubts."""
        return {
            "row": self.row,
            "stated": dict(self.stated),
            "doubts": [doubt.to_json() for doubt in self.doubts],
        }


@dataclass(frozen=True)
class SheetReading:
    """All data rows of a table, read. ``doubts`` concern the table as a whole (its totals)."""

    table: Table
    mapping: ColumnMapping
    vocabulary: Vocabulary
    today: dt.date
    rows: tuple[SheetRow, ...]
    doubts: tuple[RowDoubt, ...] = ()
    fixes: Places = field(default_factory=dict)
    family: Family | None = None


def read_rows(
    table: Table,
    mapping: ColumnMapping,
    vocabulary: Vocabulary,
    today: dt.date,
    *,
    fixes: Places | None = None,
    without: Collection[int] = (),
    family: Family | None = None,
) -> SheetReading:
    """Read every data row.

    ``today`` is the day by the injected clock, in Asia/Shanghai. ``fixes`` replace what cells
    say. Rows ``without`` (from 1) are read, but do not count against others: where one of two
    rows with the same ear tag is set aside, the other is no longer doubtful. ``family`` adds a
    doubt for each value that the family's attribute cannot hold (130 % of water).
    """
    reader = _Reader(table, mapping, vocabulary, today, fixes or {})
    rows = [reader.row(at) for at in table.data]
    counted = [row for row in rows if row.row not in without]
    across = checks.across_rows(counted, mapping, vocabulary)
    fields = vocabulary.fields
    kept = kept_as(mapping, vocabulary, family) if family is not None else {}
    rows = [
        replace(
            row,
            doubts=(
                *row.doubts,
                *(reader.place(row.row, found) for found in checks.within_row(row, fields, today)),
                *(reader.place(row.row, found) for found in across.get(row.row, ())),
                *(reader.place(row.row, found) for found in unfit(row.values, kept, vocabulary)),
            ),
        )
        for row in rows
    ]
    totals = tuple(
        RowDoubt(row, letter, key, doubt)
        for row, letter, key, doubt in checks.totals(table, mapping, vocabulary, counted)
    )
    return SheetReading(table, mapping, vocabulary, today, tuple(rows), totals, fixes or {}, family)


class _Reader:
    """Holds what is the same for every row of one table."""

    def __init__(
        self,
        table: Table,
        mapping: ColumnMapping,
        vocabulary: Vocabulary,
        today: dt.date,
        fixes: Places,
    ) -> None:
        self._table = table
        self._mapping = mapping
        self._fixes = fixes
        self._previous: dict[int, Cell] = {}
        self._vocabulary = vocabulary
        self._columns = column_readings(table, mapping, vocabulary, today)
        self._essential = essential_fields(mapping, vocabulary)

    def row(self, at: int) -> SheetRow:
        """Read the row at this place, counted from 0."""
        values: dict[str, Value] = {}
        stated: dict[str, str] = {}
        doubts: list[RowDoubt] = []
        unit = self._unit_of_row(at)
        if at in self._table.sheet.hidden_rows:
            hidden = Doubt.of("hidden-row", "This row is hidden in the sheet: is it meant?")
            doubts.append(RowDoubt(at + 1, None, None, hidden))
        for column, how in self._columns.items():
            if how.field.kind in ("sequence", "ignore"):
                continue
            cell, carried = self._cell(at, column)
            if unit is not None and how.field.kind == "quantity":
                how = replace(how, unit=unit, unit_from="heading")
            read = read_cell(cell, how)
            found = [*carried, *read.doubts, *self._missing(how.field, read)]
            key = how.field.key
            stated[key] = read.stated
            if read.value is not None:
                values[key] = read.value
            doubts.extend(
                self._doubt(at, column, how.field, doubt, known=read.value is not None)
                for doubt in found
            )
        return SheetRow(at + 1, values, stated, tuple(doubts))

    def place(self, row: int, found: tuple[str | None, Doubt]) -> RowDoubt:
        """A doubt about a field's value, put into that field's column."""
        key, doubt = found
        column = self._mapping.column_of(key) if key is not None else None
        letter = None if column is None else column_letter(column)
        return RowDoubt(row, letter, key, doubt)

    def _doubt(
        self, at: int, column: int, field: ColumnField, doubt: Doubt, *, known: bool
    ) -> RowDoubt:
        acceptable = known or field.key not in self._essential
        if doubt.code in ("zero-quantity", "negative-quantity"):
            acceptable = field.key not in self._essential
        return RowDoubt(at + 1, column_letter(column), field.key, doubt, acceptable)

    def _cell(self, at: int, column: int) -> tuple[Cell, list[Doubt]]:
        """The cell as fixed, as it stands, or as a merged range or a ditto mark repeats it."""
        typed = self._fixes.get((at + 1, column_letter(column)))
        if typed is not None:
            self._previous[column] = Cell(value=typed) if typed.strip() else EMPTY
            return self._previous[column], []
        cell, doubts = self._standing(at, column)
        self._previous[column] = cell
        return cell, doubts

    def _standing(self, at: int, column: int) -> tuple[Cell, list[Doubt]]:
        cell, area = self._table.value(at, column)
        if area is not None:
            return cell, [_merged_doubt(cell, area)]
        before = self._previous.get(column)
        if before is not None and folded(cell.text).lower() in self._vocabulary.ditto:
            doubt = Doubt.of(
                "ditto", "A mark repeats the cell above: {text}.", text=before.text or "-"
            )
            return before, [doubt]
        return cell, []

    def _missing(self, field: ColumnField, read: CellReading) -> Iterator[Doubt]:
        if read.value is not None or read.doubts:
            return
        if field.kind == "ear_tag" and self._mapping.row_is == "animal":
            yield Doubt.of(
                "missing-ear-tag", "The animal has no ear tag: {stated}.", stated=read.stated or "-"
            )
        elif field.paper is not None:
            yield Doubt.of(
                "missing-certificate", "The paper's number is missing: {stated}.",
                stated=read.stated or "-",
            )  # fmt: skip
        elif field.key in self._essential:
            yield Doubt.of(
                f"missing-{field.kind}",
                "{field} is missing: without it the row cannot go in.",
                field=field.names.zh,
            )

    def _unit_of_row(self, at: int) -> Quantity | None:
        column = self._mapping.column_of("unit")
        if column is None:
            return None
        cell, _ = self._cell(at, column)
        return named_unit(cell.text, settled_units(self._mapping))


def _merged_doubt(cell: Cell, area: Merged) -> Doubt:
    return Doubt.of(
        "merged-value",
        "The cell is merged over rows {first} to {last}; {text} was taken for each of them. "
        "Is it the value of each, or of all together?",
        first=area.top + 1,
        last=area.bottom + 1,
        text=cell.text,
    )
