"""Which batches a record concerns: what was told of all others is still true after it.

Only kinds of records that change rows of their own subject alone are named here, or of what it
covers. All else (an organisation, a place, a paper, an order, a key, an erasure, a new kind)
concerns everybody.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.records import BATCH
from suyuan.trace.batches.tables import Batch
from suyuan.trace.bilingual.records import TIBETAN_TEXT
from suyuan.trace.cartons.records import CARTONS_NUMBERED
from suyuan.trace.certificates.records import CERTIFICATE, CERTIFICATE_ISSUER, COLLECTED
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.credit.records import CREDIT
from suyuan.trace.events.records import EVENT, EVENT_EVIDENCE
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.evidence.records import EVIDENCE
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.records import PAPER_DRAW
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.parties.records import ACCESS, PERSON
from suyuan.trace.pins.records import PIN_CONFIRMED, PINS_DRAWN
from suyuan.trace.printers.records import PRINTER, PRINTER_JOB
from suyuan.trace.printing.records import LABELS_REPRINTED, PRINT_RUN
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.quality.records import TEST_REPORT, VERDICT
from suyuan.trace.quality.tables import TestReport, test_report_batch
from suyuan.trace.release.records import RELEASE
from suyuan.trace.samples.records import SAMPLE, SAMPLE_STEP

OF_AN_EVENT: Final = frozenset({str(EVENT), str(EVENT_EVIDENCE)})
"""Concern the batches of the event that is their subject. A correction has those of the first
telling; what splits or blends has all parents and all children."""
OF_A_BATCH: Final = frozenset({str(BATCH), str(PRINT_RUN), str(RELEASE)})
"""Concern the batch whose trace code is their subject."""
OF_A_REPORT: Final = frozenset({str(TEST_REPORT), str(VERDICT)})
"""Concern the batches of the report that is their subject."""
OF_A_CERTIFICATE: Final = frozenset({str(CERTIFICATE)})
"""Concern the batch of the certificate that is their subject."""
OF_WHAT_WAS_COLLECTED: Final = frozenset({str(COLLECTED)})
"""Concern the batch with which the certificate that is their subject was collected."""
OF_A_PAPER: Final = frozenset({str(PAPER_DRAW)})
"""Concern all batches that the paper that is their subject covers: their pages, and those of what
was made of them, show how much of it is left."""
OF_A_RUN: Final = frozenset({str(PINS_DRAWN), str(PIN_CONFIRMED), str(CARTONS_NUMBERED)})
"""Concern the batch of the print run that is their subject."""
OF_NO_BATCH: Final = frozenset(
    map(
        str,
        (
            EVIDENCE,
            PERSON,
            ACCESS,
            CERTIFICATE_ISSUER,
            SAMPLE,
            SAMPLE_STEP,
            PRINTER,
            PRINTER_JOB,
            LABELS_REPRINTED,
            CREDIT,
            TIBETAN_TEXT,
        ),
    )
)
"""Concern none: a file that stands behind nothing yet, who may sign in, under which number somebody
issues certificates, samples, of which the page of a batch tells by their reports alone, which
printer was sent labels that are issued already, which were printed again, how an
organisation was assessed, and what may stand in Tibetan on labels that are printed later."""

MOST_COVERED = 5000
"""Of papers that cover more batches together everybody is concerned, which is quicker told."""

_record, _part = Record.__table__.c, EventBatch.__table__.c
_event, _batch = Event.__table__.c, Batch.__table__.c
_certificate, _collected = Certificate.__table__.c, CollectedCertificate.__table__.c
_report, _run = TestReport.__table__.c, PrintRun.__table__.c
_paper, _scope = Paper.__table__.c, PaperScope.__table__.c
_SUBJECTS: sa.BindParameter[Any] = sa.bindparam("subjects", expanding=True)

_RECORDS: sa.Select[Any] = sa.select(_record.leaf_index, _record.schema, _record.subject).where(
    _record.leaf_index >= sa.bindparam("first"), _record.leaf_index < sa.bindparam("end")
)
_BATCHES: dict[frozenset[str], sa.Select[Any]] = {
    OF_AN_EVENT: sa.select(_event.uid, _part.batch_id)
    .join(EventBatch.__table__, _part.event_id == _event.id)
    .where(_event.uid.in_(_SUBJECTS)),
    OF_A_BATCH: sa.select(_batch.trace_code, _batch.id).where(_batch.trace_code.in_(_SUBJECTS)),
    OF_A_REPORT: sa.select(_report.uid, test_report_batch.c.batch_id)
    .join(test_report_batch, test_report_batch.c.report_id == _report.id)
    .where(_report.uid.in_(_SUBJECTS)),
    OF_A_CERTIFICATE: sa.select(_certificate.number, _certificate.batch_id).where(
        _certificate.number.in_(_SUBJECTS)
    ),
    OF_WHAT_WAS_COLLECTED: sa.select(_collected.uid, _collected.batch_id).where(
        _collected.uid.in_(_SUBJECTS)
    ),
    OF_A_RUN: sa.select(_run.uid, _run.batch_id).where(
        _run.uid.in_(_SUBJECTS), _run.batch_id.is_not(None)
    ),
}
"""What a subject of each of these kinds names: pairs of the subject and a batch."""
_TARGETS: dict[str, sa.ColumnElement[Any]] = {
    "batch": _batch.id, "product": _batch.product_id, "site": _batch.site_id,
    "party": _batch.party_id,
}  # fmt: skip
_COVERED: sa.Select[Any] = sa.select(
    sa.union(
        *(
            sa.select(_paper.uid, _batch.id)
            .join(PaperScope.__table__, _scope.paper_id == _paper.id)
            .join(Batch.__table__, column == _scope.target_id)
            .where(_scope.target == target, _paper.uid.in_(_SUBJECTS))
            for target, column in _TARGETS.items()
        )
    ).subquery()
).limit(MOST_COVERED + 1)
"""The same of papers: whatever way they cover a batch."""


def concerned(session: Session, first: int, end: int) -> dict[int, frozenset[int] | None]:
    """The ids of the batches that each record concerns; None for one that concerns everybody.

    By position, from ``first`` to before ``end`` (``log.positions``).
    """
    rows = session.execute(_RECORDS, {"first": first, "end": end}).all()
    found: dict[int, frozenset[int] | None] = {
        position: frozenset() if schema in OF_NO_BATCH else None for position, schema, _ in rows
    }
    for kinds, query in (*_BATCHES.items(), (OF_A_PAPER, _COVERED)):
        subjects = {position: subject for position, schema, subject in rows if schema in kinds}
        if not subjects:
            continue
        pairs = session.execute(query, {"subjects": list(subjects.values())}).all()
        if query is _COVERED and len(pairs) > MOST_COVERED:
            continue
        batches: defaultdict[str | None, set[int]] = defaultdict(set)
        for subject, batch_id in pairs:
            batches[subject].add(batch_id)
        # a subject that names no batch is not what we know it to be
        found |= {position: frozenset(batches[one]) or None for position, one in subjects.items()}
    return found
