"""An upload as its clerk finds it: the tables in it, what their columns may mean, what is open.

Everything is derived again from the grid that is kept and the decisions made so far, so that a
page that lost its connection finds all of it where it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.intake.decisions import (
    Amount,
    Decided,
    Decision,
    decide,
    decision_from_json,
)
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.facts import TablePlace
from suyuan.trace.intake.headings import ColumnGuess, fingerprint, guess_columns
from suyuan.trace.intake.layout import Table, find_tables
from suyuan.trace.intake.mapping import ColumnMapping, suggest_mapping
from suyuan.trace.intake.plan import BatchProposal, propose
from suyuan.trace.intake.rows import SheetReading, read_rows
from suyuan.trace.intake.sheets import Workbook, workbook_from_wire
from suyuan.trace.intake.tables import Upload
from suyuan.trace.intake.vocabulary import Vocabulary, shipped_vocabulary
from suyuan.trace.products.families import Families
from suyuan.trace.products.family import Family
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_quantities import read_quantity

Recall = Callable[[str], Mapping[str, Any] | None]


def _nothing_recalled(_fingerprint: str) -> None:
    return None


def tables_of(book: Workbook, vocabulary: Vocabulary) -> dict[TablePlace, Table]:
    """Every table of a workbook with rows in it, by place. Raises Misread where there is none."""
    found: dict[TablePlace, Table] = {}
    refused: Misread | None = None
    for at, sheet in enumerate(book.sheets):
        if sheet.hidden and len(book.sheets) > 1:
            continue
        try:
            tables = find_tables(sheet, vocabulary)
        except Misread as error:
            refused = refused or error
            continue
        found.update({TablePlace(at, n): table for n, table in enumerate(tables) if table.data})
    if not found:
        raise refused or Misread(
            "The file has no table: a row of headings with rows below it was not found.",
            field="file",
        )
    return found


def likeliest(tables: Mapping[TablePlace, Table]) -> TablePlace:
    """The table with most rows: what a clerk most likely means."""
    return max(tables, key=lambda place: len(tables[place].data))


@dataclass(frozen=True)
class Review:
    """A sheet of an organisation's own under the mapping confirmed so far, or the suggested one.

    ``recall`` answers with the mapping that the organisation has confirmed for a table with the
    same headings, by their fingerprint.
    """

    book: Workbook
    family: Family
    variant: str
    place: TablePlace
    confirmed: ColumnMapping | None
    decisions: tuple[Decision, ...]
    today: dt.date
    recall: Recall = field(default=_nothing_recalled, compare=False)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words by which this family's sheets are read."""
        return shipped_vocabulary().of_family(self.family, self.variant)

    @cached_property
    def tables(self) -> dict[TablePlace, Table]:
        """All tables that may be meant."""
        return tables_of(self.book, self.vocabulary)

    @property
    def table(self) -> Table:
        """The table that is meant. Raises NotFound."""
        if self.place not in self.tables:
            raise NotFound("There is no such table in this file.", field="table")
        return self.tables[self.place]

    @cached_property
    def guesses(self) -> tuple[ColumnGuess, ...]:
        """What the columns probably mean."""
        return guess_columns(self.table, self.vocabulary)

    @property
    def fingerprint(self) -> str:
        """Under which the mapping of this table is remembered."""
        return fingerprint(self.table)

    @cached_property
    def remembered(self) -> Mapping[str, Any] | None:
        """How the organisation had a table with the same headings read, if it had."""
        return self.recall(self.fingerprint)

    @cached_property
    def mapping(self) -> ColumnMapping:
        """The mapping confirmed; else the one to suggest, as remembered where it still fits."""
        if self.confirmed is not None:
            return self.confirmed
        fresh = suggest_mapping(self.table, self.guesses, self.family.key, self.variant)
        if self.remembered is None:
            return fresh
        try:
            known = ColumnMapping.from_json(self.remembered, self.vocabulary)
        except InvalidInput:
            return fresh  # it was made for another variant, or in the words of an older version
        # the year and the title's unit are this sheet's own, never last year's
        return replace(
            known,
            family=self.family.key,
            variant=self.variant,
            year=fresh.year,
            unit=fresh.unit or known.unit,
        )

    @cached_property
    def reading(self) -> SheetReading:
        """Every row under the mapping, before any decision."""
        return read_rows(self.table, self.mapping, self.vocabulary, self.today, family=self.family)

    @cached_property
    def decided(self) -> Decided:
        """Where each row is now. Raises InvalidInputs for decisions that cannot be."""
        return decide(self.reading, self.decisions)

    @cached_property
    def proposals(self) -> tuple[BatchProposal, ...]:
        """The batches of the rows accepted so far, with the quantities that were given for them.

        Raises InvalidInput for a quantity that cannot be read.
        """
        given = {one.row: one.quantity for one in self.decisions if isinstance(one, Amount)}
        return tuple(
            _with_amount(proposal, given)
            for proposal in propose(self.decided, self.family, self.vocabulary)
        )

    def require_fitting(self) -> None:
        """Raises InvalidInputs for decisions that cannot be, InvalidInput for such an amount."""
        for one in self.decisions:
            if isinstance(one, Amount):
                read_amount(one.quantity, one.row)
        if self.decisions:
            self.decided  # noqa: B018  # asked for what it refuses


def review_of(
    upload: Upload, families: Families, today: dt.date, recall: Recall = _nothing_recalled
) -> Review:
    """The review of a sheet that was sent in. ``today`` is the day in Asia/Shanghai."""
    review = Review(
        book=workbook_from_wire(upload.grid),
        family=families.get(upload.family),
        variant=upload.variant,
        place=TablePlace(upload.sheet, upload.number),
        confirmed=None,
        decisions=decisions_of(upload.decisions),
        today=today,
        recall=recall,
    )
    if upload.mapping is None:
        return review
    return replace(review, confirmed=ColumnMapping.from_json(upload.mapping, review.vocabulary))


def decisions_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Decision, ...]:
    """Decisions as an upload keeps them."""
    return tuple(decision_from_json(one) for one in kept)


def read_amount(text: str, row: int) -> Quantity:
    """The quantity that was given for the batch beginning with this row. Raises InvalidInput."""
    name = f"amount.{row}"
    stated = read_quantity(text, field=name)
    if stated.quantity is None or stated.doubts or stated.quantity.amount <= 0:
        raise InvalidInput("Write an amount with its unit, such as 120 kg.", field=name)
    return stated.quantity


def _with_amount(proposal: BatchProposal, given: Mapping[int, str]) -> BatchProposal:
    text = given.get(proposal.rows[0])
    if proposal.quantity is not None or not text:
        return proposal
    return replace(proposal, quantity=read_amount(text, proposal.rows[0]))
