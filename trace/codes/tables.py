"""The tables of the status list: each edition and each step between two, kept as published."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.codes.status import token_of
from suyuan.trace.database import Base, Moment


def _token(row: DefaultExecutionContext) -> str:
    given = row.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    return token_of(given["path"])


class PathState(Base):
    """What is wrong with a path now, and because of what; the status list is made of these rows.

    ``letter``: R recalled, H held, V voided, E expired early, P leans on a revoked paper.
    ``because``: the uid of the order, paper or print run, or the id of the record that withdrew
    the batch, so that each can be taken back alone.
    ``token``: what the list shows of the path (``status.status_token``).
    """

    __tablename__ = "path_state"

    path: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    letter: Mapped[str] = mapped_column(sa.String(1), primary_key=True)
    because: Mapped[str] = mapped_column(sa.String(26), primary_key=True, index=True)
    token: Mapped[str] = mapped_column(sa.String(11), index=True, default=_token)
    since: Mapped[datetime] = mapped_column(Moment)


class StatusEdition(Base):
    """A status list as published; ``seq`` only grows, and what was published never changes.

    ``delta`` is the step from the edition before, the whole history in little room; ``body`` is
    kept for the newest edition alone, because those before follow from it.
    """

    __tablename__ = "status_edition"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(sa.Text)
    delta: Mapped[str] = mapped_column(sa.Text, deferred=True)
    body: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    as_of: Mapped[datetime] = mapped_column(Moment)
    next_by: Mapped[datetime] = mapped_column(Moment)
