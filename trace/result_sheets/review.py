"""A result sheet as its laboratory finds it: its tables, its layout, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from suyuan.trace.errors import Conflict
from suyuan.trace.intake.facts import TablePlace
from suyuan.trace.intake.headings import ColumnGuess, fingerprint, guess_columns
from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.review import tables_of
from suyuan.trace.intake.sheets import Workbook, workbook_from_wire
from suyuan.trace.parties.tables import Party
from suyuan.trace.result_sheets import queries
from suyuan.trace.result_sheets.columns import result_vocabulary, suggest_layout
from suyuan.trace.result_sheets.layout import ResultLayout
from suyuan.trace.result_sheets.reading import ResultReading, read_reports
from suyuan.trace.result_sheets.tables import KeptLayout, ResultSheet


@dataclass(frozen=True)
class ResultReview:
    """A sheet under the layout that was confirmed; ``layout`` is None as long as none was.

    ``kept``: the layout that the laboratory keeps for such headings.
    """

    tables: Mapping[TablePlace, Table]
    place: TablePlace
    laboratory: Party
    kept: KeptLayout | None
    layout: ResultLayout | None
    today: date

    @property
    def table(self) -> Table:
        """The table that is meant."""
        return self.tables[self.place]

    @property
    def fingerprint(self) -> str:
        """By which the layout of such a table is found again."""
        return fingerprint(self.table)

    @cached_property
    def guesses(self) -> tuple[ColumnGuess, ...]:
        """What the columns probably hold."""
        return guess_columns(self.table, result_vocabulary())

    @cached_property
    def suggested(self) -> ResultLayout:
        """The layout to confirm: as it stands, as such headings were read before, or guessed."""
        if self.layout is not None:
            return self.layout
        if self.kept is not None:
            return ResultLayout.from_json(self.kept.layout)
        return suggest_layout(self.table, self.guesses)

    @cached_property
    def reading(self) -> ResultReading:
        """Every row under the layout."""
        if self.layout is None:
            raise Conflict("Say first what the columns of the sheet mean.", "columns")
        return read_reports(self.table, self.layout, self.today)


def review_of(session: Session, sheet: ResultSheet, today: date) -> ResultReview:
    """The review of a sheet that is being worked on. ``today`` is the day in Asia/Shanghai."""
    book = workbook_from_wire(sheet.grid or {"name": sheet.name, "format": "", "sheets": []})
    layout = ResultLayout.from_json(sheet.layout) if sheet.layout is not None else None
    tables = tables_with_results(book)
    place = TablePlace(sheet.sheet, sheet.number)
    kept = kept_for(session, sheet.party_id, fingerprint(tables[place]))
    return ResultReview(tables, place, sheet.party, kept, layout, today)


def tables_with_results(book: Workbook) -> dict[TablePlace, Table]:
    """Every table of a workbook that may hold results. Raises Misread where there is none."""
    return tables_of(book, result_vocabulary())


def kept_for(session: Session, party_id: int, headings: str) -> KeptLayout | None:
    """The layout that a laboratory keeps for tables with these headings, the last used one."""
    kept = queries.layouts_of(session, party_id)
    return next((one for one in kept if one.fingerprint == headings), None)


def known_table(
    tables: Mapping[TablePlace, Table], kept: Sequence[KeptLayout]
) -> tuple[TablePlace, KeptLayout] | None:
    """The first table whose headings are those of a layout, and that layout."""
    for one in kept:
        for place, table in tables.items():
            if fingerprint(table) == one.fingerprint:
                return place, one
    return None
