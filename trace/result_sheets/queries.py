"""Reading result sheets, the layouts that laboratories keep, and what their rows speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.errors import NotFound
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.result_sheets.tables import KeptLayout, ResultSheet
from suyuan.trace.samples.tables import Sample, SampleStep
from suyuan.trace.written import compacted


def result_sheet(session: Session, uid: str, *, for_update: bool = False) -> ResultSheet:
    """The sheet with this uid, kept to this transaction ``for_update``. Raises NotFound."""
    query = sa.select(ResultSheet).where(ResultSheet.uid == uid)
    found = session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise NotFound("There is no sheet {uid}.", field="result_sheet", uid=uid)
    return found


def result_sheets_of(session: Session, party_id: int, *, limit: int = 50) -> list[ResultSheet]:
    """A laboratory's sheets, the newest first, without what stands in them."""
    query = sa.select(ResultSheet).where(ResultSheet.party_id == party_id)
    return list(session.scalars(query.order_by(ResultSheet.id.desc()).limit(limit)))


def same_sheet(session: Session, party_id: int, sha256: str) -> ResultSheet | None:
    """The sheet by which a laboratory sent the very same file before, unless it was dropped."""
    return session.scalar(
        sa.select(ResultSheet)
        .join(ResultSheet.evidence)
        .where(
            ResultSheet.party_id == party_id,
            ResultSheet.state != "dropped",
            EvidenceFile.sha256 == sha256,
        )
        .order_by(ResultSheet.id)
        .limit(1)
    )


def layouts_of(session: Session, party_id: int) -> list[KeptLayout]:
    """The layouts that a laboratory keeps, the last used first."""
    query = sa.select(KeptLayout).where(KeptLayout.party_id == party_id)
    return list(session.scalars(query.order_by(KeptLayout.at.desc(), KeptLayout.id.desc())))


def layout_named(session: Session, party_id: int, name: str) -> KeptLayout | None:
    """A laboratory's layout of this name."""
    query = sa.select(KeptLayout).where(KeptLayout.party_id == party_id, KeptLayout.name == name)
    return session.scalar(query)


def samples_of_laboratory(
    session: Session, party_id: int, numbers: Collection[str]
) -> dict[str, list[Sample]]:
    """By their numbers the samples that a laboratory took itself or was sent."""
    wanted = {compacted(one) for one in numbers}
    sent = sa.select(SampleStep.sample_id).where(SampleStep.to_party_id == party_id)
    query = (
        sa.select(Sample)
        .where(Sample.number.in_(wanted))
        .where(sa.or_(Sample.taken_by_id == party_id, Sample.id.in_(sent)))
        .options(joinedload(Sample.batch))
        .order_by(Sample.id)
    )
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    for one in session.scalars(query):
        found[one.number].append(one)
    return dict(found)


def reports_numbered(
    session: Session, laboratory: str, numbers: Collection[str]
) -> dict[str, TestReport]:
    """By their numbers the reports of a laboratory that were entered."""
    query = (
        sa.select(TestReport)
        .where(TestReport.laboratory == laboratory, TestReport.number.in_(list(numbers)))
        .options(selectinload(TestReport.items), selectinload(TestReport.batches))
    )
    return {one.number: one for one in session.scalars(query)}
