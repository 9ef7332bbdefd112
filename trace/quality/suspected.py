"""What is forbidden in goods and may have been found: a suspicion, until a laboratory decides.

A screening that says 疑似阳性 proves nothing, and its verdict is inconclusive; but of what may not
be there at all a suspicion is enough to have it tested first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.quality.conclusions import is_suspected
from suyuan.trace.quality.grounds import verdict_on
from suyuan.trace.quality.parameters import Parameter
from suyuan.trace.quality.queries import is_believed, is_independent
from suyuan.trace.quality.tables import KeptVerdict, TestItem, TestReport


@dataclass(frozen=True)
class Suspected:
    """What a report leaves suspected in a batch; ``result`` as it says so."""

    report_uid: str
    number: str
    laboratory: str
    parameter: Parameter
    result: str


def suspected_in(session: Session, batch_ids: Collection[int]) -> list[Suspected]:
    """What is forbidden and suspected in these batches, by report, the oldest first.

    An independent laboratory's result on the same, in that report or a later one, decides it,
    either way. Nothing is said of what nobody need believe.
    """
    query = (
        sa.select(KeptVerdict, TestItem)
        .join(
            TestItem,
            sa.and_(
                TestItem.report_id == KeptVerdict.report_id,
                TestItem.position == KeptVerdict.position,
            ),
        )
        .where(KeptVerdict.batch_id.in_(list(batch_ids)), KeptVerdict.verdict == "inconclusive")
        .options(
            joinedload(KeptVerdict.report).joinedload(TestReport.entered_by),
            joinedload(KeptVerdict.batch),
        )
        .order_by(KeptVerdict.report_id, KeptVerdict.batch_id, KeptVerdict.position)
    )
    said = [
        (kept, result.strip())
        for kept, item in session.execute(query)
        if (result := next(filter(is_suspected, (item.result, item.conclusion)), None))
        and _matters(kept)
    ]
    decided = _decided(session, {kept.batch_id for kept, _ in said})
    found: dict[tuple[str, str], Suspected] = {}
    for kept, result in said:
        if decided.get((kept.batch_id, kept.parameter), 0) < kept.report_id:
            report, asked = kept.report, verdict_on(kept.verdict, kept.grounds)
            one = Suspected(report.uid, report.number, report.laboratory, asked.parameter, result)
            found.setdefault((report.uid, kept.parameter), one)
    return list(found.values())


def _matters(kept: KeptVerdict) -> bool:
    """Whether the law forbids it in these goods, and the report need be believed."""
    forbidden = kept.grounds.get("limit", {}).get("forbidden", False)
    binds = kept.grounds.get("binds", True)
    return forbidden and binds and is_believed(kept.report, kept.batch.party_id)


def _decided(session: Session, batch_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """The newest report of an independent laboratory that says of a batch whether something is
    there, by batch and parameter."""
    if not batch_ids:
        return {}
    query = (
        sa.select(KeptVerdict.batch_id, KeptVerdict.parameter, TestReport)
        .join(TestReport, TestReport.id == KeptVerdict.report_id)
        .where(
            KeptVerdict.batch_id.in_(batch_ids),
            KeptVerdict.verdict.in_(("pass", "fail")),
            TestReport.kind == "laboratory",
        )
        .options(joinedload(TestReport.entered_by))
        .order_by(TestReport.id)
    )
    return {
        (batch_id, parameter): report.id
        for batch_id, parameter, report in session.execute(query)
        if is_independent(report)
    }
