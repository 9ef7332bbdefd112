"""What rows of test reports hold, by their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.projections import (
    Column,
    Projection,
    by_owner,
    gathered,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.parties.tables import Party
from suyuan.trace.quality.records import TEST_REPORT
from suyuan.trace.quality.tables import TestItem, TestReport, test_report_batch

_LINE = ("parameter", "result", "unit", "lod", "limit", "method", "standard", "conclusion")


def _items(session: Session, reports: Sequence[int]) -> dict[int, list[Any]]:
    columns = (getattr(TestItem, name) for name in _LINE)
    query = sa.select(TestItem.report_id, *columns).where(TestItem.report_id.in_(reports))
    return by_owner(session, query.order_by(TestItem.report_id, TestItem.position))


def _items_said(said: Sequence[Mapping[str, str]]) -> list[list[str]]:
    return [[one.get(name, "") for name in _LINE] for one in said]


def _batches(session: Session, reports: Sequence[int]) -> dict[int, list[str]]:
    of, batch = test_report_batch.c.report_id, test_report_batch.c.batch_id
    query = sa.select(of, Batch.trace_code).join(Batch, Batch.id == batch).where(of.in_(reports))
    rows = by_owner(session, query)
    return {owner: sorted(code for (code,) in several) for owner, several in rows.items()}


REPORTS = Projection(
    TestReport,
    TestReport.uid,
    TEST_REPORT,
    names=said_by("report"),
    references=(TestReport.record_id,),
    columns=(
        Column("number", TestReport.number, newest("number")),
        Column("kind", TestReport.kind, newest("kind")),
        Column("laboratory", TestReport.laboratory, newest("laboratory")),
        Column(
            "laboratory_id",
            name_of(Party.uid, TestReport.laboratory_id),
            newest("laboratory_party"),
        ),
        Column("cma", TestReport.cma, newest("cma", absent="")),
        Column("catl", TestReport.catl, newest("catl", absent="")),
        Column("sample_number", TestReport.sample_number, newest("sample_number", absent="")),
        Column("sampled_on", TestReport.sampled_on, newest("sampled_on")),
        Column("issued_on", TestReport.issued_on, newest("issued_on")),
        Column("valid_to", TestReport.valid_to, newest("valid_to")),
        Column("conclusion", TestReport.conclusion, newest("conclusion", absent="")),
        Column(
            "evidence_id", name_of(EvidenceFile.uid, TestReport.evidence_id), newest("evidence")
        ),
        Column("made_at", TestReport.made_at, newest("at")),
        Column("entered_by_id", name_of(Party.uid, TestReport.entered_by_id), newest("entered_by")),
        Column("test_item", _items, newest("items", read=_items_said, absent=[])),
        Column("test_report_batch", _batches, gathered("batches")),
    ),
)
PROJECTIONS = (REPORTS,)
