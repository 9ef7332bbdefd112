"""What laboratories themselves conclude against goods, where no failed verdict says it already.

The standards kept here do not know everything that a laboratory judges by; its word stands until a
later report decides. For a rapid test that is the result of an independent laboratory, either way;
for a laboratory's report the re-test that passes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.quality.conclusions import is_against, is_for
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.queries import (
    Judged,
    is_believed,
    is_independent,
    judged,
    judged_in,
    reports_of_batches,
)
from suyuan.trace.quality.tables import TestItem, TestReport, test_report_batch
from suyuan.trace.written import compacted


@dataclass(frozen=True)
class Against:
    """The word of a laboratory that stands against a batch.

    ``word``: what it concludes; ``tested``: of which items, as it names them; ``parameters``: the
    same as they are compared. ``retest``: the report is a re-test, whose result is final.
    """

    report_uid: str
    trace_code: str
    number: str
    laboratory: str
    rapid: bool
    retest: bool
    word: str
    tested: tuple[str, ...]
    parameters: frozenset[str]


def words_against(session: Session, batch_ids: Collection[int]) -> list[Against]:
    """The words that stand against these batches, by report, the oldest first.

    Nothing is said of what a failed verdict stops already, nor of what nobody need believe.
    """
    tested = _with_words(session, batch_ids)
    if not tested:
        return []
    reports = reports_of_batches(session, tested)
    verdicts: defaultdict[tuple[str, int], dict[int, Judged]] = defaultdict(dict)
    for one in judged(session, tested):
        verdicts[one.report_uid, one.batch_id][one.position] = one
    found = []
    for batch_id in sorted(tested):
        on_it = [
            _Tested(report, batch, verdicts[report.uid, batch_id])
            for report in reports
            for batch in report.batches
            if batch.id == batch_id
        ]
        found += [told for one in on_it if (told := _standing(one, on_it)) is not None]
    return found


def words_of(session: Session, report: TestReport) -> list[Against]:
    """The words of one report that stand, for each of its batches."""
    on_its = words_against(session, [batch.id for batch in report.batches])
    return [one for one in on_its if one.report_uid == report.uid]


def contested(session: Session, report: TestReport) -> bool:
    """Whether anything in a report stands against the goods, so that there is ground to object."""
    failed = (one for one in judged_in(session, report) if one.verdict == "fail" and one.stands)
    return any(failed) or bool(words_of(session, report))


@dataclass(frozen=True)
class _Tested:
    """A report on one of its batches, with the verdicts on its lines by their places."""

    report: TestReport
    batch: Batch
    verdicts: Mapping[int, Judged]

    def against(self) -> list[TestItem]:
        """The lines that the laboratory's word is against: those it marks, else, where only the
        whole is, those that fail by the standards, else all."""
        items = self.report.items
        marked = [one for one in items if is_against(one.conclusion)]
        if marked or not is_against(self.report.conclusion):
            return marked
        return [one for one in items if self._verdict(one) == "fail"] or list(items)

    def stopped(self, item: TestItem) -> bool:
        """Whether a failed verdict stops the goods for a line."""
        one = self.verdicts.get(item.position)
        return one is not None and one.verdict == "fail" and one.stands and one.binds

    def decides(self, rapid: bool, item: TestItem) -> bool:
        """Whether this report decides what another says on a line: a rapid test, either way."""
        same = [one for one in self.report.items if _key(one) == _key(item)]
        lost = any(is_against(one.conclusion) or self._verdict(one) == "fail" for one in same)
        won = any(
            self._verdict(one) == "pass" or is_for(one.conclusion) or is_for(self.report.conclusion)
            for one in same
        )
        return (lost and rapid) or (won and not lost)

    def _verdict(self, item: TestItem) -> str | None:
        one = self.verdicts.get(item.position)
        return one.verdict if one is not None else None


def _standing(one: _Tested, on_it: Sequence[_Tested]) -> Against | None:
    report = one.report
    if not is_believed(report, one.batch.party_id):
        return None
    rapid = report.kind == "rapid"
    deciding = [
        later
        for later in on_it
        if later.report.id > report.id
        and later.report.kind == "laboratory"
        and is_independent(later.report)
        and (rapid or later.report.retest_of_id == report.id)
    ]
    lines = [
        item
        for item in one.against()
        if not one.stopped(item) and not any(later.decides(rapid, item) for later in deciding)
    ]
    if not lines:
        return None
    marked = [item.conclusion for item in lines if is_against(item.conclusion)]
    return Against(
        report_uid=report.uid,
        trace_code=one.batch.trace_code,
        number=report.number,
        laboratory=report.laboratory,
        rapid=rapid,
        retest=report.retest_of_id is not None,
        word=(marked or [report.conclusion])[0].strip(),
        tested=tuple(dict.fromkeys(item.parameter for item in lines)),
        parameters=frozenset(map(_key, lines)),
    )


def _key(item: TestItem) -> str:
    return parameters().known_key(item.parameter) or compacted(item.parameter)


def _with_words(session: Session, batch_ids: Collection[int]) -> set[int]:
    """Those of the batches on which there is a report with such a word."""
    on, of = test_report_batch.c.batch_id, test_report_batch.c.report_id
    query = (
        sa.select(on, TestReport.conclusion, TestItem.conclusion)
        .join(TestReport, TestReport.id == of)
        .join(TestItem, TestItem.report_id == of)
        .where(
            on.in_(list(batch_ids)), sa.or_(TestReport.conclusion != "", TestItem.conclusion != "")
        )
        .distinct()
    )
    return {batch_id for batch_id, *words in session.execute(query) if any(map(is_against, words))}
