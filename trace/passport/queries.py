"""The rows that a passport is made of: the columns that it shows, in a fixed number of statements.

Rows and not objects, from statements that are put together once: a scan page of which nothing is
remembered is read through here, and objects would cost several times the reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.tables import Event, EventBatch, event_evidence
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.quality.tables import KeptVerdict, TestItem, TestReport, test_report_batch
from suyuan.trace.release.tables import Order, Stopped

Row = sa.Row[Any]
Column = sa.ColumnElement[Any]

_event, _part, _batch, _record = (table.__table__.c for table in (Event, EventBatch, Batch, Record))
_party, _site = Party.__table__, Site.__table__
_parent, _checker = _party.alias("parent"), _party.alias("checker")
_checkers_parent = _party.alias("checkers_parent")
_first, _later = Event.__table__.alias("first"), Event.__table__.alias("later")
_paper, _scope = Paper.__table__.c, PaperScope.__table__.c
_report, _item, _verdict = (table.__table__.c for table in (TestReport, TestItem, KeptVerdict))
_file, _order, _stopped = (table.__table__.c for table in (EvidenceFile, Order, Stopped))
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)


def _of(
    column: sa.ColumnElement[Any], key: sa.ColumnElement[Any], by: sa.ColumnElement[Any]
) -> Any:
    """A column of the row with this key, where there is one.

    Not joined: PostgreSQL takes 20 ms to plan a join of eight tables, and may plan it anew for
    each page.
    """
    return sa.select(column).where(key == by).scalar_subquery()


_EVENTS: sa.Select[Any] = (
    sa.select(
        *Event.__table__.c,
        _party.c.name.label("party_name"),
        _party.c.kind.label("party_kind"),
        _of(_parent.c.name, _parent.c.id, _party.c.parent_id).label("parent_name"),
        _record.leaf_index,
        _of(_first.c.uid, _first.c.id, _event.corrects_id).label("corrects"),
        _of(_later.c.uid, _later.c.id, _event.corrected_by_id).label("corrected_by"),
        _site.c.uid.label("site_uid"),
        *(
            _site.c[name].label(f"site_{name}")
            for name in (
                "name", "names", "kind", "division", "altitude_m", "latitude", "longitude",
            )
        ),
    )
    .join(_party, _party.c.id == _event.party_id)
    .join(Record.__table__, _record.id == _event.record_id)
    .outerjoin(_site, _site.c.id == _event.site_id)
    .order_by(_event.happened_at, _event.id)
)  # fmt: skip
_EVENTS_BY_ID: sa.Select[Any] = _EVENTS.where(_event.id.in_(_IDS))
_EVENTS_OF: sa.Select[Any] = _EVENTS.where(
    _event.id.in_(sa.select(_part.event_id).where(_part.batch_id.in_(_IDS)))
).limit(sa.bindparam("most"))
_PARTS: sa.Select[Any] = (
    sa.select(
        _part.event_id, _part.batch_id, _part.role, _part.quantity, _batch.trace_code, _batch.name,
        _batch.unit, _batch.family, _batch.variant, _batch.product_id,
    )
    .join(Batch.__table__, _batch.id == _part.batch_id)
    .where(_part.event_id.in_(_IDS))
    .order_by(_part.role, _part.batch_id)
)  # fmt: skip
_FILES: sa.Select[Any] = (
    sa.select(event_evidence.c.event_id, _file.uid, _file.disclosure)
    .join(EvidenceFile.__table__, _file.id == event_evidence.c.evidence_id)
    .where(event_evidence.c.event_id.in_(_IDS), _file.erased_at.is_(None))
    .order_by(event_evidence.c.event_id, _file.id)
)
_BATCHES: sa.Select[Any] = sa.select(
    _batch.id, _batch.name, _batch.product_id, _batch.site_id, _batch.party_id
).where(_batch.id.in_(_IDS))
_COVERING = sa.or_(
    *(
        sa.and_(_scope.target == target, _scope.target_id.in_(sa.bindparam(target, expanding=True)))
        for target in ("batch", "product", "site", "party")
    )
)
_PAPERS: sa.Select[Any] = (
    sa.select(
        *Paper.__table__.c,
        _party.c.name.label("holder_name"),
        _party.c.kind.label("holder_kind"),
        _of(_parent.c.name, _parent.c.id, _party.c.parent_id).label("holder_parent"),
        _checker.c.name.label("checker_name"),
        _checker.c.kind.label("checker_kind"),
        _of(_checkers_parent.c.name, _checkers_parent.c.id, _checker.c.parent_id).label(
            "checker_parent"
        ),
        _file.uid.label("file_uid"),
        _file.disclosure.label("file_disclosure"),
    )
    .join(_party, _party.c.id == _paper.holder_id)
    .outerjoin(_checker, _checker.c.id == _paper.checked_by_party_id)
    .outerjoin(EvidenceFile.__table__, _file.id == _paper.evidence_id)
    .where(_paper.id.in_(sa.select(_scope.paper_id).where(_COVERING)))
    .order_by(_paper.kind, _paper.id)
)
_SCOPES: sa.Select[Any] = sa.select(_scope.paper_id, _scope.target, _scope.target_id).where(
    _scope.paper_id.in_(_IDS)
)
_REPORTS: sa.Select[Any] = (
    sa.select(
        *TestReport.__table__.c,
        _party.c.kind.label("entered_by_kind"),
        _party.c.state.label("entered_by_state"),
        _file.uid.label("file_uid"),
        _file.disclosure.label("file_disclosure"),
    )
    .join(_party, _party.c.id == _report.entered_by_id)
    .outerjoin(EvidenceFile.__table__, _file.id == _report.evidence_id)
    .where(
        _report.id.in_(
            sa.select(test_report_batch.c.report_id).where(test_report_batch.c.batch_id.in_(_IDS))
        )
    )
    .order_by(_report.issued_on, _report.id)
)
_ITEMS: sa.Select[Any] = (
    sa.select(*TestItem.__table__.c).where(_item.report_id.in_(_IDS)).order_by(_item.position)
)
_TESTED: sa.Select[Any] = (
    sa.select(test_report_batch.c.report_id, _batch.id, _batch.trace_code)
    .join(Batch.__table__, _batch.id == test_report_batch.c.batch_id)
    .where(test_report_batch.c.report_id.in_(_IDS))
    .order_by(_batch.id)
)
_overturning = TestReport.__table__.alias("overturning")
_VERDICTS: sa.Select[Any] = (
    sa.select(
        _verdict.report_id, _verdict.position, _verdict.verdict, _verdict.unconfirmed,
        _verdict.grounds, _verdict.standards, _batch.trace_code,
        _overturning.c.uid.label("overturned_by"),
    )
    .join(Batch.__table__, _batch.id == _verdict.batch_id)
    .outerjoin(_overturning, _overturning.c.id == _verdict.overturned_by_id)
    .where(_verdict.report_id.in_(_IDS), _verdict.batch_id.in_(sa.bindparam("of", expanding=True)))
    .order_by(_verdict.position, _verdict.batch_id)
)  # fmt: skip
_ORDERS: sa.Select[Any] = (
    sa.select(_order.kind, _order.reason, _order.at, _order.rule, _party.c.name.label("by"))
    .join(Stopped.__table__, _stopped.order_id == _order.id)
    .join(_party, _party.c.id == _order.by_party_id)
    .where(_stopped.batch_id == sa.bindparam("batch_id"), _order.lifted_at.is_(None))
    .order_by(_order.id.desc())
)


@dataclass(frozen=True)
class EventRows:
    """An event with its party, site, place in the log and corrections; its batches; its files."""

    event: Row
    batches: Sequence[Row]
    files: Sequence[Row]


@dataclass(frozen=True)
class ReportRows:
    """A test report with who entered it; its items in order; the batches that it is about; the
    verdicts for those that were asked about."""

    report: Row
    items: Sequence[Row]
    batches: Sequence[Row]
    verdicts: Sequence[Row]


def events_of(session: Session, batch_ids: Collection[int], most: int) -> list[EventRows]:
    """The events that concern these batches, the earliest first; at most ``most`` of them."""
    rows = session.execute(_EVENTS_OF, {"ids": list(batch_ids), "most": most})
    return _whole(session, rows.all())


def events_by_id(session: Session, event_ids: Collection[int]) -> dict[int, EventRows]:
    """The events with these ids."""
    rows = session.execute(_EVENTS_BY_ID, {"ids": list(event_ids)}).all()
    return {told.event.id: told for told in _whole(session, rows)}


def _whole(session: Session, events: Sequence[Row]) -> list[EventRows]:
    ids = [event.id for event in events]
    parts, files = _grouped(session, _PARTS, ids), _grouped(session, _FILES, ids)
    return [EventRows(event, parts[event.id], files[event.id]) for event in events]


def batch_rows(session: Session, batch_ids: Collection[int]) -> Sequence[Row]:
    """Of some batches the name, and the ids of what papers may cover: product, site and party."""
    return session.execute(_BATCHES, {"ids": list(batch_ids)}).all()


def papers_of(session: Session, batches: Iterable[Row]) -> list[tuple[Row, Sequence[Row]]]:
    """The papers that cover one of these batches: itself, its product, its site or its party.

    With their holders, who checked them, and each with all that it covers.
    """
    targets: Mapping[str, set[int | None]] = {
        "batch": set(), "product": set(), "site": set(), "party": set()
    }  # fmt: skip
    for batch in batches:
        targets["batch"].add(batch.id)
        targets["product"].add(batch.product_id)
        targets["site"].add(batch.site_id)
        targets["party"].add(batch.party_id)
    given = {target: [one for one in ids if one] for target, ids in targets.items()}
    papers = session.execute(_PAPERS, given).all()
    scopes = _grouped(session, _SCOPES, [paper.id for paper in papers])
    return [(paper, scopes[paper.id]) for paper in papers]


def reports_of(session: Session, batch_ids: Collection[int]) -> list[ReportRows]:
    """The test reports on any of these batches, the oldest first."""
    reports = session.execute(_REPORTS, {"ids": list(batch_ids)}).all()
    ids = [report.id for report in reports]
    items, batches = _grouped(session, _ITEMS, ids), _grouped(session, _TESTED, ids)
    verdicts = _grouped(session, _VERDICTS, ids, of=list(batch_ids))
    return [
        ReportRows(report, items[report.id], batches[report.id], verdicts[report.id])
        for report in reports
    ]


def orders_on(session: Session, batch_id: int) -> Sequence[Row]:
    """The orders that reach a batch and are not lifted, the newest first, with who gave them."""
    return session.execute(_ORDERS, {"batch_id": batch_id}).all()


def _grouped(
    session: Session, query: sa.Select[Any], ids: Sequence[int], **more: Sequence[int]
) -> Mapping[int, Sequence[Row]]:
    """The rows that belong to these ids, by the id that is their first column."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    if ids:
        for row in session.execute(query, {"ids": ids, **more}):
            found[row[0]].append(row)
    return found
