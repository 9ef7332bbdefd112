"""From a code to the batch behind it: what must be looked up for each code by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.passport.facts import Copies, Issued, Unvouched
from suyuan.trace.printing.online import check_issuer
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.scans.tables import ScanTally

VOUCHED = frozenset({Verdict.GOOD, Verdict.UNSIGNED})


@dataclass(frozen=True)
class Found:
    """A code that can be vouched for, and the row of the batch that it stands for.

    ``voided_at`` and ``copies`` are of a package; codes of a batch have None.
    """

    batch_id: int
    path: CodePath
    issued: Issued
    voided_at: datetime | None = None
    copies: Copies | None = None


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
        return _package(session, path, issued)
    batch_id = session.scalar(_own_batch(path))
    return Unvouched("not-issued") if batch_id is None else Found(batch_id, path, issued)


def _package(session: Session, path: CodePath, issued: Issued) -> Found | Unvouched:
    tally = (ScanTally.count, ScanTally.first_at, ScanTally.last_at)
    query = (
        sa.select(
            _own_batch(path).scalar_subquery(), PrintRun.batch_id, IssuedCode.voided_at, *tally
        )
        .select_from(IssuedCode)
        .join(PrintRun, PrintRun.id == IssuedCode.print_run_id)
        .outerjoin(ScanTally, ScanTally.path == IssuedCode.path)
        .where(IssuedCode.path == str(path))
        .order_by(IssuedCode.id)
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return Unvouched("not-issued")
    own, of_run, voided_at, count, first_at, last_at = row
    # a roll's code is no batch's: the run says what it was bound to
    batch_id = of_run if own is None and isinstance(path, TracePath) else own
    if batch_id is None:
        return Unvouched("not-in-use" if of_run is None else "not-issued")
    return Found(batch_id, path, issued, voided_at, Copies(count or 0, first_at, last_at))


def _own_batch(path: CodePath) -> sa.Select[int]:
    """The row of the batch that a path names by itself."""
    if isinstance(path, GtinPath):
        return sa.select(Batch.id).where(Batch.path == str(path.batch))
    return sa.select(Batch.id).where(Batch.trace_code == path.code)
