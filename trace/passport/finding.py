"""From a code to the batch behind it: what must be looked up for each code by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.carriers.facts import BoundCarrier
from suyuan.trace.carriers.queries import carriers_on
from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.passport.facts import Copies, Issued, Unvouched
from suyuan.trace.pins.facts import Confirmation
from suyuan.trace.pins.queries import confirmation_of
from suyuan.trace.printing.online import check_issuer
from suyuan.trace.printing.rolls import ON_A_BATCH
from suyuan.trace.printing.tables import IssuedCode, PrintRun, RollBinding
from suyuan.trace.scans.tables import ScanTally

VOUCHED = frozenset({Verdict.GOOD, Verdict.UNSIGNED})


@dataclass(frozen=True)
class Found:
    """A code that can be vouched for, and the row of the batch that it stands for.

    ``voided_at``, ``copies``, ``pin`` and ``net_content`` are of a package; a batch has None.
    """

    batch_id: int
    path: CodePath
    issued: Issued
    voided_at: datetime | None = None
    copies: Copies | None = None
    pin: Confirmation | None = None
    carriers: tuple[BoundCarrier, ...] = ()
    net_content: str | None = None


_batch, _issued, _run = Batch.__table__.c, IssuedCode.__table__.c, PrintRun.__table__.c
_tally, _bound = ScanTally.__table__.c, RollBinding.__table__.c


def _of_a_batch(by_gtin: bool) -> sa.Select[Any]:
    own = _batch.path if by_gtin else _batch.trace_code
    return sa.select(_batch.id, _batch.path).where(own == sa.bindparam("own"))


def _of_a_package(by_gtin: bool) -> sa.Select[Any]:
    own = _of_a_batch(by_gtin).with_only_columns(_batch.id).scalar_subquery()
    tally = (_tally["count"], _tally.first_at, _tally.last_at)
    return (
        sa.select(
            own,
            sa.func.coalesce(_run.batch_id, _bound.batch_id),
            _run.pins,
            _issued.voided_at,
            _issued.net_content,
            *tally,
        )
        .select_from(IssuedCode.__table__)
        .join(PrintRun.__table__, _run.id == _issued.print_run_id)
        .outerjoin(RollBinding.__table__, ON_A_BATCH)
        .outerjoin(ScanTally.__table__, _tally.path == _issued.path)
        .where(_issued.path == sa.bindparam("path"))
        .order_by(_issued.id)
        .limit(1)
    )


# put together once: every scan asks one of these
_OF_A_BATCH = {by_gtin: _of_a_batch(by_gtin) for by_gtin in (True, False)}
_OF_A_PACKAGE = {by_gtin: _of_a_package(by_gtin) for by_gtin in (True, False)}


def find_code(session: Session, scanned: str, now: datetime) -> Found | Unvouched:
    """The batch behind the raw text of a code's URL, or behind its raw path."""
    checked = check_issuer(session, scanned, now)
    path, verdict = checked.path, checked.verdict
    if path is None or verdict not in VOUCHED:
        code = path.code if isinstance(path, TracePath) else None
        return Unvouched(str(verdict), checked.issuer, checked.host, code, checked.fault)
    revoked_at_size = checked.key.revoked_at_size if checked.key else None
    issued = Issued(str(verdict), checked.issuer, revoked_at_size=revoked_at_size)
    if path.serial is not None:
        return _package(session, path, issued, now)
    by_gtin = isinstance(path, GtinPath)
    row = session.execute(_OF_A_BATCH[by_gtin], {"own": _own(path)}).first()
    if row is None:
        return Unvouched("not-issued")
    batch_id, canonical = row
    return Found(batch_id, path, issued, carriers=carriers_on(session, canonical))


def _package(session: Session, path: CodePath, issued: Issued, now: datetime) -> Found | Unvouched:
    query = _OF_A_PACKAGE[isinstance(path, GtinPath)]
    row = session.execute(query, {"own": _own(path), "path": str(path)}).first()
    if row is None:
        return Unvouched("not-issued")
    own, of_run, pins, voided_at, net, count, first_at, last_at = row
    # a roll's code is no batch's: the run says what it was bound to
    batch_id = of_run if own is None and isinstance(path, TracePath) else own
    if batch_id is None:
        return Unvouched("not-in-use" if of_run is None else "not-issued")
    return Found(
        batch_id,
        path,
        issued,
        voided_at,
        Copies(count or 0, first_at, last_at),
        confirmation_of(session, str(path), now) if pins else None,
        carriers_on(session, str(path)),
        net,
    )


def _own(path: CodePath) -> str:
    """How the batch that a path names by itself is found: by path, or by its trace code."""
    return str(path.batch) if isinstance(path, GtinPath) else path.code
