"""Reading a laboratory's table under its layout: reports with their lines, and every bad cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from suyuan.trace.errors import InvalidInput
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.sheets import column_letter
from suyuan.trace.quality.facts import TestItemFacts
from suyuan.trace.quality.parameters import Parameter, parameters
from suyuan.trace.quality.readings import read_number, read_result, read_results
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.result_sheets.cells import (
    CellFault,
    Place,
    Said,
    place_of,
    said_beside,
    said_for_file,
    said_in,
    says_ditto,
)
from suyuan.trace.result_sheets.layout import OF_LINE, OF_REPORT, ItemColumn, ResultLayout
from suyuan.trace.written import compacted

_MANY: Final = frozenset({"sample_number"})
"""What may differ between the rows of one report: the n samples of a batch."""


@dataclass(frozen=True)
class Line:
    """A result of a report, and the cell that it stands in."""

    facts: TestItemFacts
    place: Place


@dataclass
class Draft:
    """A report as the sheet tells it: what it says of the whole, its lines, its samples."""

    number: Said
    said: dict[str, Said] = field(default_factory=dict)
    samples: dict[str, Said] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def place(self, key: str) -> Place:
        """Where a fact of the report stands; that of its number for what nothing says."""
        return self.said.get(key, self.number).place


@dataclass(frozen=True)
class ResultReading:
    """What a table says. ``unknown``: the parameters and units that the standards kept here do
    not know and nobody has explained, with the first cell of each. ``untested``: how many cells
    say that nothing was tested."""

    drafts: tuple[Draft, ...]
    faults: tuple[CellFault, ...]
    unknown_words: Mapping[str, Place]
    unknown_units: Mapping[str, Place]
    untested: int


def word_key(word: str) -> str:
    """Under which a laboratory's word is remembered: spaces and letters' case do not matter."""
    return compacted(word)[:120]


def read_reports(table: Table, layout: ResultLayout, today: date) -> ResultReading:
    """Read every row of a table. Nothing is guessed; what cannot be read is named."""
    reader = _Reader(table, layout, today)
    for row in table.data:
        reader.read_row(row)
    return ResultReading(
        tuple(reader.drafts.values()),
        tuple(reader.faults),
        reader.unknown_words,
        reader.unknown_units,
        reader.untested,
    )


class _Reader:
    """The state of reading one table from top to bottom."""

    def __init__(self, table: Table, layout: ResultLayout, today: date) -> None:
        self.table, self.layout, self.today = table, layout, today
        self.headings = {one.column: one.text for one in table.headings}
        self.drafts: dict[str, Draft] = {}
        self.faults: list[CellFault] = []
        self.unknown_words: dict[str, Place] = {}
        self.unknown_units: dict[str, Place] = {}
        self.untested = 0
        self._above: dict[str, Said] = {}
        self._for_all = self._said_for_all()

    def read_row(self, row: int) -> None:
        """Take one row: a result, or the results of one sample."""
        said = {key: one for key in OF_REPORT if (one := self._of_report(row, key)) is not None}
        lines = list(self._lines(row))
        if not lines:
            return
        number = said.get("number")
        if number is None:
            at = self.layout.column_of("number")
            if not self._is_faulty(row, at):
                self._wrong(self._place(row, at or 0), InvalidInput("A test report has a number."))
            return
        draft = self.drafts.setdefault(compacted(number.text), Draft(number))
        for key, one in said.items():
            self._say(draft, key, one)
        draft.lines += lines

    def _say(self, draft: Draft, key: str, one: Said) -> None:
        if key in _MANY:
            draft.samples.setdefault(one.text, one)
        first = draft.said.setdefault(key, one)
        if key not in _MANY and not _agree(first, one):
            error = InvalidInput(
                "Report {number} says {first} in {place} and {other} here. What differs needs a "
                "report with its own number.",
                number=draft.number.text,
                first=first.text[:60],
                place=first.place.cell or first.place.heading,
                other=one.text[:60],
            )
            self._wrong(one.place, error)

    def _lines(self, row: int) -> Iterator[Line]:
        if self.layout.items:
            for at, item in self.layout.items.items():
                if line := self._crossed(row, at, item):
                    yield line
        elif line := self._listed(row):
            yield line

    def _crossed(self, row: int, at: int, item: ItemColumn) -> Line | None:
        """A result in the column of its parameter; an empty cell was not tested."""
        result = self._said(row, at, "result")
        if result is None:
            self.untested += not self._is_faulty(row, at)
            return None
        said = {name: self._said(row, self.layout.column_of(name), name) for name in ("method",)}
        method = said["method"].text if said["method"] else ""
        facts = TestItemFacts(
            item.parameter, result.text, item.unit, item.lod, method=item.method or method
        )
        return self._checked(facts, result.place, {})

    def _listed(self, row: int) -> Line | None:
        """The result that a row is; nothing where it says that it was not tested."""
        columns = {key: self.layout.column_of(key) for key in OF_LINE}
        said = {key: self._said(row, at, key) for key, at in columns.items() if at is not None}
        parameter, result = said.get("parameter"), said.get("result")
        if parameter is None or result is None:
            self._half(row, parameter, columns)
            return None
        text = {key: one.text for key, one in said.items() if one is not None}
        facts = TestItemFacts(
            text.pop("parameter"),
            text.pop("result"),
            conclusion=text.pop("line_conclusion", ""),
            **{"unit": self.layout.fixed.get("unit", ""), **text},
        )
        places = {key: one.place for key, one in said.items() if one is not None}
        return self._checked(facts, result.place, places)

    def _half(self, row: int, parameter: Said | None, columns: Mapping[str, int | None]) -> None:
        """A row without its parameter or result: not tested, or something is missing."""
        lacking = columns["result"] if parameter else columns["parameter"]
        if lacking is None or self._is_faulty(row, lacking):
            return
        if parameter and not self.table.value(row, lacking)[0].empty:
            self.untested += 1
        elif parameter:
            self._wrong(
                self._place(row, lacking),
                InvalidInput("No result stands here: write it, or / where nothing was tested."),
            )
        else:
            error = InvalidInput("Name the parameter of this result.")
            self._wrong(self._place(row, lacking), error)

    def _checked(self, facts: TestItemFacts, place: Place, places: Mapping[str, Place]) -> Line:
        """The line in words that the standards know, as far as they do."""
        parameter = self._parameter(facts.parameter, places.get("parameter", place))
        if parameter is not None:
            known = facts.parameter if _found(facts.parameter) else parameter.names.zh
            unit = self._unit(facts.unit, places.get("unit", place))
            facts = TestItemFacts(**{**vars(facts), "parameter": known, "unit": unit})
            self._require_readable(facts, place, places)
        return Line(facts, place)

    def _parameter(self, word: str, place: Place) -> Parameter | None:
        found = _found(word)
        if found is not None:
            return found
        said = self.layout.words.get(word_key(word))
        if said is None:
            self.unknown_words.setdefault(word, place)
        return parameters().by_key.get(said or "")

    def _unit(self, word: str, place: Place) -> str:
        if not word or result_units().find(word)[0] is not None:
            return word
        said = self.layout.units.get(word_key(word))
        if said is None:
            self.unknown_units.setdefault(word, place)
        return said or word

    def _require_readable(
        self, facts: TestItemFacts, place: Place, places: Mapping[str, Place]
    ) -> None:
        try:
            read_result(facts.result)
        except InvalidInput as error:
            try:
                # n samples in one cell: 3200、2800、4100
                read_results(facts.result)
            except InvalidInput:
                self._wrong(place, error)
        if facts.lod:
            try:
                read_number(facts.lod, "lod")
            except InvalidInput as error:
                self._wrong(places.get("lod", place), error)

    def _of_report(self, row: int, key: str) -> Said | None:
        own = self._said(row, self.layout.column_of(key), key)
        return own if own is not None else self._for_all.get(key)

    def _said(self, row: int, at: int | None, key: str) -> Said | None:
        """What a row says of ``key`` in column ``at``; a fault there is noted."""
        if at is None:
            return None
        cell, _ = self.table.value(row, at)
        above = f"{key} {at}"
        if says_ditto(cell) and above in self._above:
            return self._above[above]
        said = said_in(cell, key, self._place(row, at), self.today)
        if isinstance(said, CellFault):
            self.faults.append(said)
            return None
        if said is not None:
            self._above[above] = said
        return said

    def _said_for_all(self) -> dict[str, Said]:
        """What stands in cells beside the table or was written for the file."""
        found = {
            key: said_for_file(text, key)
            for key, text in self.layout.fixed.items()
            if key in OF_REPORT
        }
        for key in self.layout.cells:
            place = self.layout.place_of_cell(key)
            if place is None:
                continue
            shown = place_of(*place, heading=key)
            said = said_beside(self.table.sheet.cell(*place), key, shown, self.today)
            if isinstance(said, CellFault):
                self.faults.append(said)
            elif said is None:
                self._wrong(shown, InvalidInput("Nothing stands in cell {cell}.", cell=shown.cell))
            else:
                found[key] = said
        return found

    def _place(self, row: int, at: int) -> Place:
        return place_of(row, at, self.headings.get(at, ""))

    def _is_faulty(self, row: int, at: int | None) -> bool:
        if at is None:
            return False
        return any(
            one.place.row == row + 1 and one.place.column == column_letter(at)
            for one in reversed(self.faults[-20:])
        )

    def _wrong(self, place: Place, error: InvalidInput) -> None:
        self.faults.append(CellFault.of(place, error))


def _agree(one: Said, other: Said) -> bool:
    if one.day is not None:
        return one.day == other.day
    return compacted(one.text) == compacted(other.text)


def _found(word: str) -> Parameter | None:
    try:
        return parameters().find(word)
    except InvalidInput:
        return None
