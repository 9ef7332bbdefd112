"""Which batches a record concerns: what was told of all others is still true after it.

Only kinds of records that change rows of their own subject alone are named here. All else (an
organisation, a place, a paper, an order, a key, an erasure, a kind that is new) concerns everybody.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.records import BATCH
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.records import EVENT, EVENT_EVIDENCE
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.evidence.records import EVIDENCE
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.records import ACCESS, PERSON
from suyuan.trace.pins.records import PIN_CONFIRMED, PINS_DRAWN
from suyuan.trace.printing.records import PRINT_RUN
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.quality.records import TEST_REPORT
from suyuan.trace.quality.tables import TestReport, test_report_batch

OF_AN_EVENT: Final = frozenset({str(EVENT), str(EVENT_EVIDENCE)})
"""Concern the batches of the event that is their subject. A correction has those of the first
telling; what splits or blends has all parents and all children."""
OF_A_BATCH: Final = frozenset({str(BATCH), str(PRINT_RUN)})
"""Concern the batch whose trace code is their subject."""
OF_A_REPORT: Final = frozenset({str(TEST_REPORT)})
"""Concern the batches of the report that is their subject."""
OF_A_RUN: Final = frozenset({str(PINS_DRAWN), str(PIN_CONFIRMED)})
"""Concern the batch of the print run that is their subject."""
OF_NO_BATCH: Final = frozenset({str(EVIDENCE), str(PERSON), str(ACCESS)})
"""Concern none: a file that stands behind nothing yet, and who may sign in."""

_record, _event, _part = Record.__table__.c, Event.__table__, EventBatch.__table__
_batch, _report, _run = Batch.__table__, TestReport.__table__, PrintRun.__table__
_tested = test_report_batch


def _subject(kinds: frozenset[str], name: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(_record.schema.in_(kinds), name == _record.subject)


_CONCERNED: sa.Select[Any] = (
    sa.select(
        _record.leaf_index,
        _record.schema,
        sa.func.coalesce(_part.c.batch_id, _batch.c.id, _tested.c.batch_id, _run.c.batch_id),
    )
    .outerjoin(_event, _subject(OF_AN_EVENT, _event.c.uid))
    .outerjoin(_part, _part.c.event_id == _event.c.id)
    .outerjoin(_batch, _subject(OF_A_BATCH, _batch.c.trace_code))
    .outerjoin(_report, _subject(OF_A_REPORT, _report.c.uid))
    .outerjoin(_tested, _tested.c.report_id == _report.c.id)
    .outerjoin(_run, _subject(OF_A_RUN, _run.c.uid))
    .where(_record.leaf_index >= sa.bindparam("first"), _record.leaf_index < sa.bindparam("end"))
)


def concerned(session: Session, first: int, end: int) -> dict[int, frozenset[int] | None]:
    """The ids of the batches that each record concerns; None for one that concerns everybody.

    By position, from ``first`` to before ``end`` (``log.positions``).
    """
    found: dict[int, frozenset[int] | None] = {}
    for position, schema, batch_id in session.execute(_CONCERNED, {"first": first, "end": end}):
        if schema in OF_NO_BATCH:
            found[position] = frozenset()
        elif batch_id is None:  # a kind not named here, or its subject stands for no batch
            found[position] = None
        else:
            found[position] = (found.get(position) or frozenset()) | {batch_id}
    return found
