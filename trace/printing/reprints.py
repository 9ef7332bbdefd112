"""Reading which labels were printed more than once."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.printing.tables import IssuedCode, Reprint


def reprint(session: Session, uid: str) -> Reprint:
    """The reprint with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Reprint).where(Reprint.uid == uid))
    if found is None:
        raise NotFound("There is no reprint {uid}.", field="reprint", uid=uid)
    return found


def reprints_of(session: Session, run_id: int) -> list[Reprint]:
    """The reprints of a run, the first one first."""
    query = sa.select(Reprint).where(Reprint.print_run_id == run_id).order_by(Reprint.id)
    return list(session.scalars(query))


def times_printed(session: Session, code: IssuedCode) -> int:
    """How often a label was printed, so far as that is on record: once, and each reprint."""
    query = (
        sa.select(sa.func.count())
        .select_from(Reprint)
        .where(
            Reprint.print_run_id == code.print_run_id,
            Reprint.first - 1 <= code.position,
            Reprint.last - 1 >= code.position,
        )
    )
    return 1 + (session.scalar(query) or 0)
