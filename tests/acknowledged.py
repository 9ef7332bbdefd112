"""That an acknowledged act is in the log, and that a refused one changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.tables import Holding
from suyuan.trace.database import Base
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.tables import PaperDraw
from suyuan.trace.parties.actor import Actor


def rows(ledger: Ledger) -> dict[str, int]:
    """How many rows each table has, and what is in hand and drawn in all."""
    tables = Base.metadata.sorted_tables
    counts = [sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in tables]
    held = sa.select(sa.func.sum(Holding.left)).scalar_subquery()
    drawn = sa.select(sa.func.sum(PaperDraw.amount)).scalar_subquery()
    with ledger.database.read() as session:
        row = session.execute(sa.select(*counts, held, drawn)).one()
    return dict(zip([*(one.name for one in tables), "in hand", "drawn"], row, strict=True))


def done(
    ledger: Ledger,
    actor: Actor,
    act: Callable[..., Any],
    *args: Any,
    expected: bool | None,
    **more: Any,
) -> Any:
    """Do something; returns its answer, or None where it was refused.

    ``expected``: whether it must be taken; None where that is not said.
    """
    before = rows(ledger)
    try:
        answer = ledger.perform(actor, act, *args, **more)
    except (Conflict, Forbidden, InvalidInput):
        if expected:
            raise
        after = rows(ledger)
        if after != before:
            raise AssertionError(f"{act.__name__} was refused and changed something") from None
        return None
    assert expected is not False, f"{act.__name__} was taken: {args}"
    with ledger.database.read() as session:
        assert (session.scalar(sa.select(sa.func.count(Record.id))) or 0) > before["record"]
    return answer
