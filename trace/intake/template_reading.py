"""Reading back a sheet that we handed out ourselves.

Unlike a sheet of one's own nothing is guessed here: what does not fit is reported with row, column
and reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from suyuan.trace.batches.facts import MarkFacts, ShareFacts
from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.intake.attribute_values import attribute_value
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.plan import BatchProposal
from suyuan.trace.intake.sheets import Cell, Sheet, Workbook, column_letter
from suyuan.trace.intake.template import (
    EXAMPLE,
    INDEX,
    TABLE,
    VERSION,
    TemplateColumn,
    template_columns,
)
from suyuan.trace.intake.vocabulary import ATTRIBUTE, ColumnField, comparable
from suyuan.trace.products.attributes import Attribute, FactValue
from suyuan.trace.products.families import Families, Family
from suyuan.trace.products.identifiers import ear_tag
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.reading_dates import read_date
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.stated_quantities import read_quantity
from suyuan.trace.written import folded


@dataclass(frozen=True)
class RowFault:
    """One thing wrong in a filled sheet: row from 1, column letter, and the reason."""

    row: int
    column: str
    heading: str
    fault: Fault

    def __str__(self) -> str:
        text = self.fault.message.format_map(dict(self.fault.params))
        return f"{self.column}{self.row} ({self.heading}): {text}"


@dataclass(frozen=True)
class TemplateReading:
    """What a filled sheet tells; nothing of it may go in while there are faults."""

    family: str
    variant: str
    batches: tuple[BatchProposal, ...]
    faults: tuple[RowFault, ...]


def is_template(workbook: Workbook) -> bool:
    """Whether a workbook is one of the sheets that we hand out."""
    index = _sheet(workbook, INDEX)
    return index is not None and index.cell(0, 1).text == VERSION


def read_template(workbook: Workbook, families: Families) -> TemplateReading:
    """Read a filled sheet exactly; every bad cell is reported, nothing is guessed.

    Raises Misread when the workbook is no sheet of ours, or without its table; NotFound and
    InvalidInput when it is of a family or variant that is not known here.
    """
    index, table = _sheet(workbook, INDEX), _sheet(workbook, TABLE)
    if index is None or table is None or not is_template(workbook):
        raise Misread(
            "This is not a sheet that was downloaded here, or its sheet {table} was renamed.",
            field="file",
            table=TABLE,
        )
    family = families.get(index.cell(1, 1).text)
    variant = index.cell(2, 1).text
    family.variant(variant)
    columns = template_columns(family, variant)
    return _TemplateReader(table, family, variant, columns).read()


def _sheet(workbook: Workbook, name: str) -> Sheet | None:
    return next((sheet for sheet in workbook.sheets if sheet.name == name), None)


@dataclass
class _Row:
    """One row while it is read: its cells by key, and what was found wrong."""

    number: int
    cells: Mapping[str, tuple[int, Cell]]
    faults: list[RowFault] = field(default_factory=list)


class _TemplateReader:
    def __init__(
        self, table: Sheet, family: Family, variant: str, columns: tuple[TemplateColumn, ...]
    ) -> None:
        self._table = table
        self._family = family
        self._variant = variant
        self._columns = {column.key: column for column in columns}
        self._by_heading = {comparable(column.names.zh): column.key for column in columns}
        self._facts = {fact.key: fact for fact in family.asked(variant)}

    def read(self) -> TemplateReading:
        places, faults = self._places()
        batches: list[BatchProposal] = []
        for at in range(2, self._table.height):
            cells = {key: (column, self._table.cell(at, column)) for key, column in places.items()}
            mark = cells.get("mark", (0, Cell()))[1].text
            if mark == EXAMPLE or all(cell.empty for _, cell in cells.values()):
                continue
            row = _Row(at + 1, cells)
            batch = self._batch(row)
            faults.extend(row.faults)
            if batch is not None and not row.faults:
                batches.append(batch)
        return TemplateReading(self._family.key, self._variant, tuple(batches), tuple(faults))

    def _places(self) -> tuple[dict[str, int], list[RowFault]]:
        places: dict[str, int] = {}
        faults: list[RowFault] = []
        for column in range(self._table.width):
            heading = self._table.cell(0, column).text
            key = self._by_heading.get(comparable(heading))
            if key is None or key in places:
                if any(not self._table.cell(r, column).empty for r in range(self._table.height)):
                    faults.append(_heading_fault(column, heading, twice=key is not None))
            else:
                places[key] = column
        for column_wanted in self._columns.values():
            if column_wanted.needed and column_wanted.key not in places:
                message = "The column {name} is missing from row 1."
                fault = Fault(column_wanted.key, message, (("name", column_wanted.names.zh),))
                faults.append(RowFault(1, "", column_wanted.names.zh, fault))
        return places, faults

    def _batch(self, row: _Row) -> BatchProposal | None:
        quantity = self._quantity(row)
        attributes = dict(self._attributes(row))
        produced = self._produced(row)
        if quantity is None:
            return None
        household, lot = self._text(row, "household"), self._text(row, "lot")
        shares = (ShareFacts(household=household, quantity=quantity),) if household else ()
        tags = attributes.get("ear_tags")
        return BatchProposal(
            family=self._family.key,
            variant=self._variant,
            quantity=quantity,
            rows=(row.number,),
            lot=lot or None,
            produced=produced,
            attributes=attributes,
            shares=shares,
            marks=tuple(MarkFacts("ear_tag", t) for t in tags) if isinstance(tags, list) else (),
            note=self._text(row, "note"),
        )

    def _text(self, row: _Row, key: str) -> str:
        return " ".join(row.cells[key][1].text.split()) if key in row.cells else ""

    def _quantity(self, row: _Row) -> Quantity | None:
        unit = self._unit(row)
        if unit is None or "quantity" not in row.cells:
            return None
        cell = row.cells["quantity"][1]
        if cell.text == "":
            self._fault(row, "quantity", Fault("quantity", "This must be filled in."))
            return None
        try:
            stated = read_quantity(cell.text, unit=unit)
        except InvalidInput as error:
            self._fault(row, "quantity", Fault("quantity", error.message, _params(error)))
            return None
        for doubt in stated.doubts:
            self._fault(row, "quantity", Fault("quantity", doubt.message, doubt.params))
        if stated.quantity is not None and not stated.quantity:
            self._fault(row, "quantity", Fault("quantity", "This must be more than nothing."))
        return stated.quantity

    def _unit(self, row: _Row) -> Quantity | None:
        text = folded(self._text(row, "unit")).lower()
        for unit in units().values():
            both = folded(f"{unit.zh} {unit.en}").lower()
            if text in {unit.zh, unit.en.lower(), both, unit.code.lower(), *unit.words}:
                return Quantity.of(1, unit.code)
        message = "{given} is no unit: choose one from the list."
        self._fault(row, "unit", Fault("unit", message, (("given", text[:40] or "-"),)))
        return None

    def _produced(self, row: _Row) -> StatedDate | None:
        if "produced" not in row.cells or row.cells["produced"][1].text == "":
            return None
        try:
            stated = read_date(row.cells["produced"][1].text)
        except InvalidInput as error:
            self._fault(row, "produced", Fault("produced", error.message, _params(error)))
            return None
        for doubt in stated.doubts:
            self._fault(row, "produced", Fault("produced", doubt.message, doubt.params))
        return stated

    def _attributes(self, row: _Row) -> Iterator[tuple[str, FactValue]]:
        for key, (_, cell) in row.cells.items():
            fact = self._facts.get(key.removeprefix(ATTRIBUTE))
            if fact is None or not key.startswith(ATTRIBUTE) or cell.text == "":
                continue
            try:
                value = attribute_value(_as_field(key, fact), fact, _typed(fact, cell.text))
            except InvalidInput as error:
                value = Fault(fact.key, error.message, _params(error))
            if isinstance(value, Fault):
                self._fault(row, key, value)
            else:
                yield fact.key, value

    def _fault(self, row: _Row, key: str, fault: Fault) -> None:
        column = row.cells[key][0] if key in row.cells else None
        letter = "" if column is None else column_letter(column)
        row.faults.append(RowFault(row.number, letter, self._columns[key].names.zh, fault))


def _heading_fault(column: int, heading: str, *, twice: bool) -> RowFault:
    message = (
        "The heading {heading} stands here a second time."
        if twice
        else "The heading {heading} is not one of this sheet's. Put further facts into the note."
    )
    fault = Fault("heading", message, (("heading", heading[:40] or "-"),))
    return RowFault(1, column_letter(column), heading, fault)


def _typed(fact: Attribute, text: str) -> str | tuple[str, ...]:
    """A list's elements apart; ear tags checked."""
    if fact.type != "list":
        return text
    parts = tuple(p for p in folded(text).replace("、", ",").replace(";", ",").split(",") if p)
    if fact.key != "ear_tags":
        return tuple(part.strip() for part in parts)
    return tuple(ear_tag(part).value for part in parts)


def _as_field(key: str, fact: Attribute) -> ColumnField:
    return ColumnField(
        key=key, kind="attribute", names=fact.names, disclosure=fact.disclosure, words=()
    )


def _params(error: InvalidInput) -> tuple[tuple[str, object], ...]:
    return tuple(error.params.items())
