"""Holding what a result sheet says against the register: which reports are new, and what is wrong.

What the act that enters a report would refuse is found here first, at the cell that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from suyuan.trace.batches.queries import batches_by_code
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.papers.numbers import laboratory_approval
from suyuan.trace.quality.facts import TestReportFacts, report_faults
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.result_sheets import queries
from suyuan.trace.result_sheets.cells import MOST_CHARACTERS, CellFault, Place, Said
from suyuan.trace.result_sheets.columns import most
from suyuan.trace.result_sheets.reading import Draft
from suyuan.trace.result_sheets.review import ResultReview
from suyuan.trace.samples.tables import Sample
from suyuan.trace.written import compacted

_BETWEEN_CODES = re.compile(r"[、,，;；/\n]")
_PLACES = {"batches": "trace_code"}
"""Where a fault of a report's field stands in a sheet, where that has another name."""


@dataclass(frozen=True)
class NewReport:
    """A report that would be entered, on these batches."""

    facts: TestReportFacts
    batches: tuple[Batch, ...]
    draft: Draft


@dataclass(frozen=True)
class Checked:
    """What became of a sheet's reports: ``new`` ones, those ``entered_before``, and faults."""

    new: tuple[NewReport, ...]
    entered_before: tuple[TestReport, ...]
    faults: tuple[CellFault, ...]

    @property
    def ready(self) -> bool:
        """Whether there are reports, and nothing is in their way."""
        return bool(self.new or self.entered_before) and not self.faults


def checked(session: Session, review: ResultReview) -> Checked:
    """The reports of a sheet held against the register. Raises Conflict before it is laid out."""
    return _Check(session, review).result()


class _Check:
    """Holding the drafts of a sheet against the register, with few questions to it."""

    def __init__(self, session: Session, review: ResultReview) -> None:
        self.review, self.drafts = review, review.reading.drafts
        self.faults: list[CellFault] = list(review.reading.faults)
        self.codes = {id(draft): self._codes_of(draft) for draft in self.drafts}
        own = review.laboratory
        self.batches = batches_by_code(session, {c for codes in self.codes.values() for c in codes})
        samples = {number for draft in self.drafts for number in draft.samples}
        self.samples = queries.samples_of_laboratory(session, own.id, samples)
        numbers = {draft.number.text for draft in self.drafts}
        self.known = queries.reports_numbered(session, own.name, numbers)

    def result(self) -> Checked:
        """New reports, known ones, and every fault in the order of the rows."""
        new, before = [], []
        self._require_few()
        for draft in self.drafts:
            known = self.known.get(draft.number.text)
            batches = self._batches_of(draft)
            facts = self._facts(draft, batches)
            if known is None:
                self.faults += self._faults_in(draft, facts, batches)
                new.append(NewReport(facts, batches, draft))
            elif _tells_the_same(known, facts):
                before.append(known)
            else:
                self._wrong(
                    draft.number.place,
                    InvalidInput(
                        "Report {number} was entered before with other results. A corrected report "
                        "has a number of its own.",
                        number=draft.number.text,
                    ),
                )
        self._require_words()
        faults = sorted(self.faults, key=lambda one: one.place.row)
        return Checked(tuple(new), tuple(before), tuple(dict.fromkeys(faults)))

    def _require_few(self) -> None:
        lines = sum(len(draft.lines) for draft in self.drafts)
        for count, limit in ((lines, most().results), (len(self.drafts), most().reports)):
            if count > limit:
                self._wrong(
                    Place(0, "", "file"),
                    InvalidInput(
                        "The sheet has {count} results or reports, at most {limit} go in at once: "
                        "send it in parts.",
                        count=count,
                        limit=limit,
                    ),
                )

    def _require_words(self) -> None:
        """What nobody has explained stops the sheet: it would be judged by nothing, unseen."""
        for word, place in self.review.reading.unknown_words.items():
            self._wrong(
                place,
                InvalidInput(
                    "The standards kept here know no parameter {word}: say what it means.",
                    word=word,
                ),
            )
        for word, place in self.review.reading.unknown_units.items():
            self._wrong(
                place,
                InvalidInput(
                    "The standards kept here know no unit {word}: say what it means.", word=word
                ),
            )

    def _codes_of(self, draft: Draft) -> tuple[str, ...]:
        """The trace codes that a report names; what is none is noted."""
        said = draft.said.get("trace_code")
        codes = []
        for typed in _BETWEEN_CODES.split(said.text) if said else ():
            try:
                codes += [parse_trace_code(typed)] if typed.strip() else []
            except InvalidInput as error:
                self._wrong(draft.place("trace_code"), error)
        return tuple(dict.fromkeys(codes))

    def _batches_of(self, draft: Draft) -> tuple[Batch, ...]:
        """By their codes, or where none are said by the samples that the laboratory was sent."""
        for code in self.codes[id(draft)]:
            if code not in self.batches:
                place = draft.place("trace_code")
                self._wrong(place, InvalidInput("There is no batch {code}.", code=code))
        if "trace_code" in draft.said:
            codes = self.codes[id(draft)]
            return tuple(self.batches[code] for code in codes if code in self.batches)
        found = {}
        for number, said in draft.samples.items():
            if (one := self._sample(number, said)) is not None:
                found[one.batch_id] = one.batch
        if len(found) > 1:
            self._wrong(
                draft.place("sample_number"),
                InvalidInput(
                    "The samples of report {number} are of different batches: each batch needs a "
                    "report with its own number.",
                    number=draft.number.text,
                ),
            )
        return tuple(found.values())

    def _sample(self, number: str, said: Said) -> Sample | None:
        some = self.samples.get(compacted(number), [])
        if len(some) == 1:
            return some[0]
        if some:
            error = InvalidInput(
                "Several samples that this laboratory was sent have the number {number}: write the "
                "trace code of the batch.",
                number=number,
            )
        else:
            error = InvalidInput(
                "No sample {number} was sent to this laboratory: write the trace code of the "
                "batch, or have the sample sent on its sampling sheet first.",
                number=number,
            )
        self._wrong(said.place, error)
        return None

    def _facts(self, draft: Draft, batches: tuple[Batch, ...]) -> TestReportFacts:
        said = draft.said
        layout = self.review.layout

        def text(key: str) -> str:
            return said[key].text if key in said else ""

        def day(key: str) -> date | None:
            return said[key].day if key in said else None

        samples = "、".join(draft.samples)
        return TestReportFacts(
            number=draft.number.text,
            laboratory=self.review.laboratory.name,
            issued_on=day("issued_on") or self.review.today,
            batches=tuple(one.trace_code for one in batches),
            items=tuple(line.facts for line in draft.lines),
            kind=(layout.fixed.get("kind") if layout else None) or "laboratory",
            sample_number=samples if len(samples) <= MOST_CHARACTERS["sample_number"] else "",
            sampled_on=day("sampled_on"),
            valid_to=day("valid_to"),
            cma=text("cma"),
            catl=text("catl"),
            conclusion=text("conclusion"),
        )

    def _faults_in(
        self, draft: Draft, facts: TestReportFacts, batches: tuple[Batch, ...]
    ) -> Iterator[CellFault]:
        """What the act that enters it would refuse, at the cells that say it."""
        for fault in report_faults(facts, self.review.today):
            if fault.field == "batches" and (self.codes[id(draft)] or draft.samples):
                continue  # said already, of the code or the sample itself
            yield self._placed(draft, fault)
        if "issued_on" not in draft.said and not self._faulty(draft, "issued_on"):
            yield self._placed(draft, Fault("issued_on", "Say on which day it was issued."))
        if facts.cma:
            try:
                laboratory_approval(facts.cma, "cma")
            except InvalidInput as error:
                yield CellFault.of(draft.place("cma"), error)

    def _faulty(self, draft: Draft, key: str) -> bool:
        """Whether a cell of a report's rows that holds ``key`` could not be read."""
        layout = self.review.layout
        at = layout.column_of(key) if layout else None
        heading = next((g.heading for g in self.review.guesses if g.column == at), key)
        return any(one.place.heading in (heading, key) for one in self.faults)

    def _placed(self, draft: Draft, fault: Fault) -> CellFault:
        place = draft.place(_PLACES.get(fault.field, fault.field))
        return CellFault(place, Fault(place.cell, fault.message, fault.params))

    def _wrong(self, place: Place, error: InvalidInput) -> None:
        self.faults.append(CellFault.of(place, error))


def _tells_the_same(known: TestReport, facts: TestReportFacts) -> bool:
    """Whether a report that was entered has the same results on the same batches."""
    then = [(one.parameter, one.result, one.unit) for one in known.items]
    now = [(one.parameter, one.result, one.unit) for one in facts.items]
    return then == now and {one.trace_code for one in known.batches} == set(facts.batches)
