"""What is done in the background: runs that are issued, and labels that are drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.printing.tables import PrintRun


class IssueJob(Base):
    """A long print run that is to be issued in the background, as its fields say
    (``suyuan.trace.acts.printing.issue_print_run``), in the name of who ordered it.

    ``state``, ``tries``, ``holder``, ``held_until`` and ``trouble``: as of ``PrintJob``. It is
    ``done`` with the transaction that issues the run, and names it from then on.
    """

    __tablename__ = "issue_job"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    template: Mapped[str] = mapped_column(sa.String(40))
    count: Mapped[int]
    per_package: Mapped[bool]
    unbound: Mapped[bool]
    pins: Mapped[bool]
    person_uid: Mapped[str] = mapped_column(sa.String(26))
    party_uid: Mapped[str] = mapped_column(sa.String(26))
    channel: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(sa.String(26))
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    print_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("print_run.id"))
    trouble: Mapped[dict[str, Any] | None] = mapped_column(Json)

    batch: Mapped[Batch] = relationship()
    run: Mapped[PrintRun | None] = relationship()

    __table_args__ = (sa.Index("ix_issue_job_state_id", "state", "id"),)


class PrintJob(Base):
    """Labels of a run that are to be drawn into a file, from the codes that were issued and logged
    with it: ``first`` to ``last``, both included and counted from 1 in the order of printing.

    ``output``: the form of the file. ``state``: ``waiting`` → ``running`` → ``done``, ``failed`` or
    ``cancelled``. ``labels``: how many there are to draw, and ``made`` how many are drawn.
    ``tries``: how often a worker took it; the last one did so as ``holder``, was heard of at
    ``beat_at`` and has it until ``held_until``: then it is anybody's. ``sha256`` (hex) and ``size``
    are of the file, which lies in the labels folder until ``kept_until``; ``dropped_at``: since
    when it does no longer. ``trouble``: why the job failed (``facts.Trouble``).
    """

    __tablename__ = "print_job"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    print_run_id: Mapped[int] = mapped_column(sa.ForeignKey("print_run.id"), index=True)
    output: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    first: Mapped[int]
    last: Mapped[int]
    labels: Mapped[int]
    made: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(sa.String(26))
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    kept_until: Mapped[datetime | None] = mapped_column(Moment)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)
    trouble: Mapped[dict[str, Any] | None] = mapped_column(Json)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))

    run: Mapped[PrintRun] = relationship()

    __table_args__ = (sa.Index("ix_print_job_state_id", "state", "id"),)
