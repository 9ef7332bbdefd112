"""The tables of printers and of what was sent to them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Moment
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.printing.tables import PrintRun


class Printer(Base):
    """A label printer of a party (``facts.PrinterFacts``); ``removed_at``: it is there no more."""

    __tablename__ = "printer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    language: Mapped[str] = mapped_column(sa.String(4))
    dpi: Mapped[int]
    head_dots: Mapped[int]
    gap_mm: Mapped[int]
    shift_right: Mapped[int]
    shift_down: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()
    site: Mapped[Site] = relationship()


class PrinterJob(Base):
    """Labels that were sent to a printer: ``first`` to ``last`` of a print run, both included and
    counted from 1 in the order of printing; or, of no run, test labels of the size ``template``.

    ``state``: ``waiting`` → ``fetched`` by an agent → ``printing`` once its first byte may go out →
    ``printed``, ``failed`` (nothing came out), or ``unsure`` how many labels came out; ``dropped``
    where somebody called it off, ``partly`` where somebody saw that those up to the number
    ``last_out`` came out. An agent has it as ``holder`` until ``held_until``; what that
    means for the state is ``rules.state_at``. ``again``: some of them had been sent before.
    ``why`` and ``detail``: ``facts.Ending``. ``print_job_id``: so many that their file is drawn in
    the background, and fetched once it is whole.
    """

    __tablename__ = "printer_job"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"))
    print_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("print_run.id"), index=True)
    template: Mapped[str | None] = mapped_column(sa.String(60))
    first: Mapped[int]
    last: Mapped[int]
    last_out: Mapped[int | None]
    print_job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("print_job.id"))
    labels: Mapped[int]
    again: Mapped[bool]
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    holder: Mapped[str | None] = mapped_column(sa.String(26))
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    why: Mapped[str | None] = mapped_column(sa.String(20))
    detail: Mapped[str] = mapped_column(sa.String(300), default="")
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    record_id: Mapped[str] = mapped_column(said_in())

    printer: Mapped[Printer] = relationship()
    run: Mapped[PrintRun | None] = relationship()
    print_job: Mapped[PrintJob | None] = relationship()

    __table_args__ = (sa.Index("ix_printer_job_printer_id_state", "printer_id", "state"),)
