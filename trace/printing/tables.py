"""The tables of print runs and of the codes that were issued in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.batches.tables import Batch
from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in


class PrintRun(Base):
    """A run of labels: its codes were signed and its manifest logged before anything was drawn.

    ``manifest_root`` is the RFC 6962 root over ``SHA-256(salt ‖ path)`` in order of position.
    ``manifest_parts`` are the roots of each 256 of them, so that a proof reads few codes.
    ``count`` is the number of labels; those of a batch label all carry one and the same code.
    ``content`` is the label content as frozen at that moment, so that a reprint is the same.
    ``roll_code`` is there for a blank roll, which belongs to no batch yet. ``pins``: its labels
    carry scratch PINs. ``state`` is ``issued``, or ``voided`` once the whole run was declared void.
    """

    __tablename__ = "print_run"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    roll_code: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    template: Mapped[str] = mapped_column(sa.String(40))
    count: Mapped[int]
    key_name: Mapped[str] = mapped_column(sa.String(255))
    host: Mapped[str] = mapped_column(sa.String(255))
    manifest_root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    manifest_parts: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    pins: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default="issued")
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    record_id: Mapped[str] = mapped_column(said_in())

    batch: Mapped[Batch | None] = relationship()


class RollBinding(Base):
    """Labels of a blank roll that were stuck on a batch, one after the other.

    ``first`` and ``last`` (both included) count from 1 in the order of printing. ``net_content``:
    what one package holds in the words of the batch's product, empty where it does not say; so
    labels are weighed up against the goods. No label is bound twice at a time.
    """

    __tablename__ = "roll_binding"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    print_run_id: Mapped[int] = mapped_column(sa.ForeignKey("print_run.id"), index=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    net_content: Mapped[str] = mapped_column(sa.Text)
    bound_at: Mapped[datetime] = mapped_column(Moment)
    unbound_at: Mapped[datetime | None] = mapped_column(Moment)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    record_id: Mapped[str] = mapped_column(said_in())

    run: Mapped[PrintRun] = relationship()
    batch: Mapped[Batch] = relationship()


class Reprint(Base):
    """Labels of a run that were printed once more: ``first`` to ``last`` (both included, from 1 in
    the order of printing), and why."""

    __tablename__ = "reprint"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    print_run_id: Mapped[int] = mapped_column(sa.ForeignKey("print_run.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(Moment)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    record_id: Mapped[str] = mapped_column(said_in())

    run: Mapped[PrintRun] = relationship()


class IssuedCode(Base):
    """One code of a run: the path that was signed and its salt in the manifest.

    A serial is unique ``within`` its GTIN, or else its trace or roll code. The path of a batch
    comes again in each run of its batch labels. ``ended_as``: what became of a label that is void
    (``suyuan.trace.printing.account.Fate``), where more is known than that. ``net_content``: that
    of a package that was weighed by itself, as its label says it.
    """

    __tablename__ = "issued_code"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    print_run_id: Mapped[int] = mapped_column(sa.ForeignKey("print_run.id"))
    position: Mapped[int]
    path: Mapped[str] = mapped_column(sa.String(96), index=True)
    within: Mapped[str] = mapped_column(sa.String(16))
    serial: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    voided_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_as: Mapped[str | None] = mapped_column(sa.String(10))
    net_content: Mapped[str | None] = mapped_column(sa.String(24))

    run: Mapped[PrintRun] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("print_run_id", "position"),
        sa.UniqueConstraint("within", "serial"),
        sa.Index(
            "ix_issued_code_voided_at",
            "voided_at",
            sqlite_where=sa.text("voided_at IS NOT NULL"),
            postgresql_where=sa.text("voided_at IS NOT NULL"),
        ),
    )
