"""Looking for codes of single packages that were opened so often that there may be copies."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.printing.rolls import ON_A_BATCH
from suyuan.trace.printing.tables import IssuedCode, PrintRun, RollBinding
from suyuan.trace.scans.tables import ScanTally


def opened_often(session: Session, look: Look) -> Page:
    """Packages whose code was opened as often as the rule says, or oftener."""
    openings = look.rule.fact("openings").integer()
    rows = session.execute(
        sa.select(ScanTally.path, ScanTally.count)
        .where(ScanTally.count >= openings, ScanTally.path > str(look.after or ""))
        .order_by(ScanTally.path)
        .limit(PAGE)
    ).all()
    counts = {row.path: row.count for row in rows}
    codes = (
        sa.select(
            IssuedCode.path,
            Batch.id.label("batch_id"),
            PrintRun.party_id,
            Batch.trace_code,
        )
        .join(PrintRun, PrintRun.id == IssuedCode.print_run_id)
        .outerjoin(RollBinding, ON_A_BATCH)
        .outerjoin(Batch, Batch.id == sa.func.coalesce(PrintRun.batch_id, RollBinding.batch_id))
        .where(IssuedCode.path.in_(list(counts)), IssuedCode.serial.is_not(None))
        .order_by(IssuedCode.path)
    )
    found = [
        Found(
            code.path,
            code.batch_id,
            code.party_id,
            {"path": code.path, "openings": counts[code.path]}
            | ({"trace_code": code.trace_code} if code.trace_code else {}),
        )
        for code in session.execute(codes)
    ]
    return Page(found, rows[-1].path if len(rows) == PAGE else None)
