"""Reading test reports, and the verdicts on their lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import NotFound
from suyuan.trace.events.rules import is_third_party
from suyuan.trace.quality.grounds import Grounds, verdict_on
from suyuan.trace.quality.tables import KeptVerdict, Objection, TestReport, test_report_batch
from suyuan.trace.quality.verdicts import Verdict, Word

_AT_ONCE = 500


def report(session: Session, uid: str, field: str | None = "test_report") -> TestReport:
    """The report with this uid. Raises NotFound."""
    found = session.scalar(sa.select(TestReport).where(TestReport.uid == uid))
    if found is None:
        raise NotFound("There is no test report {uid}.", field=field, uid=uid)
    return found


def reports_of_batches(session: Session, batch_ids: Collection[int]) -> list[TestReport]:
    """The reports on any of these batches, the oldest first."""
    covered = sa.exists().where(
        test_report_batch.c.report_id == TestReport.id,
        test_report_batch.c.batch_id.in_(batch_ids),
    )
    query = (
        sa.select(TestReport)
        .where(covered)
        .options(
            selectinload(TestReport.items),
            selectinload(TestReport.batches),
            joinedload(TestReport.evidence),
            joinedload(TestReport.entered_by),
        )
        .order_by(TestReport.issued_on, TestReport.id)
    )
    return list(session.scalars(query))


def reports_entered_by(
    session: Session, party_id: int, *, after: int = 0, limit: int = 200
) -> list[TestReport]:
    """The reports that a party entered, in order of coming."""
    query = sa.select(TestReport).where(TestReport.entered_by_id == party_id, TestReport.id > after)
    return list(session.scalars(query.order_by(TestReport.id).limit(limit)))


@dataclass(frozen=True)
class Judged:
    """The verdict on one line of a report for one batch.

    ``stands``: no later report decided otherwise. ``rapid``: it is a rapid test's, no laboratory's.
    ``believed``: a failure stops the goods, as far as who entered the report goes.
    ``grounds`` are what it rests on, enough to tell it in a sentence (``as_verdict``).
    """

    uid: str
    batch_id: int
    report_uid: str
    rapid: bool
    issued_on: date
    valid_to: date | None
    position: int
    parameter: str
    verdict: Word
    unconfirmed: bool
    stands: bool
    overturned_by: str | None
    believed: bool
    standards: str
    grounds: Grounds

    @property
    def binds(self) -> bool:
        """Whether a failure stops the goods: not by a recommended standard nobody named."""
        return bool(self.grounds.get("binds", True))

    def as_verdict(self) -> Verdict:
        """The verdict as it was given, for ``explained`` and ``told``."""
        return verdict_on(self.verdict, self.grounds)


def judged(
    session: Session, batch_ids: Collection[int], *which: sa.ColumnElement[bool]
) -> list[Judged]:
    """Every verdict on these batches, by report (the oldest first), batch and line; ``which``: of
    which kept verdicts only."""
    later = aliased(TestReport)
    query = (
        sa.select(KeptVerdict, TestReport, later.uid, Batch.party_id)
        .join(TestReport, TestReport.id == KeptVerdict.report_id)
        .join(Batch, Batch.id == KeptVerdict.batch_id)
        .options(joinedload(TestReport.entered_by))
        .outerjoin(later, later.id == KeptVerdict.overturned_by_id)
        .order_by(TestReport.issued_on, TestReport.id, KeptVerdict.batch_id, KeptVerdict.position)
    )
    wanted = sorted(set(batch_ids))
    found: list[Judged] = []
    for at in range(0, len(wanted), _AT_ONCE):
        some = KeptVerdict.batch_id.in_(wanted[at : at + _AT_ONCE])
        found += [_judged(*row) for row in session.execute(query.where(some, *which))]
    return found


def failed_and_standing(session: Session, batch_id: int) -> list[Judged]:
    """The failed verdicts that stop a batch: they bind, and no later report decided otherwise."""
    standing = (KeptVerdict.verdict == "fail", KeptVerdict.overturned_by_id.is_(None))
    return [one for one in judged(session, [batch_id], *standing) if one.binds]


def judged_in(session: Session, report: TestReport) -> list[Judged]:
    """The verdicts on the lines of one report."""
    of_its = judged(session, [batch.id for batch in report.batches])
    return [one for one in of_its if one.report_uid == report.uid]


def stopping(session: Session, batch_id: int) -> list[Judged]:
    """As ``failed_and_standing``, without what nobody need believe."""
    return [one for one in failed_and_standing(session, batch_id) if one.believed]


def is_independent(report: TestReport) -> bool:
    """Whether a report was entered by somebody whose word decides over others' goods."""
    return is_third_party(report.entered_by.kind, report.entered_by.state)


def is_believed(report: TestReport, owner_id: int) -> bool:
    """Whether a failed result stops the goods of this owner.

    A laboratory that nobody has checked stops nobody else's goods; what whoever answers for the
    goods enters against them does.
    """
    own = report.entered_by.kind != "laboratory" or report.entered_by_id == owner_id
    return own or is_independent(report)


def _judged(
    kept: KeptVerdict, report: TestReport, overturned_by: str | None, owner_id: int
) -> Judged:
    return Judged(
        uid=kept.uid,
        batch_id=kept.batch_id,
        report_uid=report.uid,
        rapid=report.kind == "rapid",
        issued_on=report.issued_on,
        valid_to=report.valid_to,
        position=kept.position,
        parameter=kept.parameter,
        verdict=cast(Word, kept.verdict),
        unconfirmed=kept.unconfirmed,
        stands=kept.overturned_by_id is None,
        overturned_by=overturned_by,
        believed=is_believed(report, owner_id),
        standards=kept.standards,
        grounds=kept.grounds,
    )


def objections_to(session: Session, report: TestReport) -> list[Objection]:
    """The objections to a report, the oldest first."""
    query = sa.select(Objection).where(Objection.report_id == report.id)
    return list(session.scalars(query.order_by(Objection.id)))


def retests_of(session: Session, report: TestReport) -> list[TestReport]:
    """The reports that were made to decide this one."""
    query = sa.select(TestReport).where(TestReport.retest_of_id == report.id)
    return list(session.scalars(query.order_by(TestReport.id)))
