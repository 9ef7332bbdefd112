"""Drawing numbers that nobody has yet: serials of packages, codes of blank rolls."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath
from suyuan.trace.codes.trace_code import new_serial, new_trace_code
from suyuan.trace.printing.queries import taken_serials
from suyuan.trace.printing.tables import PrintRun


def new_paths(w: Writing, base: CodePath, count: int) -> list[CodePath]:
    """Paths below that of a batch or a roll, for a package each."""
    serials: dict[str, None] = {}  # a set that keeps its order
    while lacking := count - len(serials):
        drawn = [new_serial() for _ in range(lacking)]
        taken = taken_serials(w.session, within(base), drawn)
        serials |= dict.fromkeys(serial for serial in drawn if serial not in taken)
    if isinstance(base, GtinPath):
        return [GtinPath(base.gtin, base.lot, serial) for serial in serials]
    return [TracePath(base.code, serial) for serial in serials]


def within(path: CodePath) -> str:
    """Where a serial must be unique: the GTIN, or else the trace or roll code."""
    return path.gtin if isinstance(path, GtinPath) else path.code


def new_roll_code(w: Writing, division: str) -> str:
    """The code of a blank roll, in this division."""
    while True:
        code = new_trace_code(division)
        batch = w.session.scalar(sa.select(Batch.id).where(Batch.trace_code == code))
        roll = w.session.scalar(sa.select(PrintRun.id).where(PrintRun.roll_code == code))
        if batch is None and roll is None:
            return code
