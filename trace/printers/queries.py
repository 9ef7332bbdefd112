"""Reading printers and what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.jobs.tables import PrintJob
from suyuan.trace.printers.tables import Printer, PrinterJob
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.printing.tables import IssuedCode

_SHOWN = 20
_MAY_BE_OUT = ("printing", "printed", "partly", "unsure")


def printer(session: Session, uid: str, party_id: int | None) -> Printer:
    """The printer of a party, removed or not; another's is not found. Raises NotFound."""
    query = sa.select(Printer).where(Printer.uid == uid, Printer.party_id == party_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("Your organisation has no printer {uid}.", field="printer", uid=uid)
    return found


def printers_of(session: Session, party_id: int | None) -> Sequence[Printer]:
    """The printers of a party that are there, in order of their names."""
    query = sa.select(Printer).where(Printer.party_id == party_id, Printer.removed_at.is_(None))
    return session.scalars(query.order_by(Printer.name, Printer.id)).all()


def printer_job(session: Session, uid: str, party_id: int | None) -> PrinterJob:
    """What was sent to a printer of a party; another's is not found. Raises NotFound."""
    query = sa.select(PrinterJob).join(Printer, Printer.id == PrinterJob.printer_id)
    found = session.scalar(query.where(PrinterJob.uid == uid, Printer.party_id == party_id))
    if found is None:
        raise NotFound("Nothing of that name was sent to your printers.", field="printer_job")
    return found


def jobs_of_printer(session: Session, printer_id: int) -> Sequence[PrinterJob]:
    """What was sent to a printer, the newest first."""
    query = sa.select(PrinterJob).where(PrinterJob.printer_id == printer_id)
    return session.scalars(query.order_by(PrinterJob.id.desc()).limit(_SHOWN)).all()


def jobs_of_run(session: Session, print_run_id: int) -> Sequence[PrinterJob]:
    """When a run was sent to printers, the newest first."""
    query = sa.select(PrinterJob).where(PrinterJob.print_run_id == print_run_id)
    return session.scalars(query.order_by(PrinterJob.id.desc())).all()


def sent_again(session: Session, code: IssuedCode) -> int:
    """How often printers were given a label once more: each job that may have brought it out,
    but the first."""
    number = code.position + 1
    query = (
        sa.select(sa.func.count())
        .select_from(PrinterJob)
        .where(
            PrinterJob.print_run_id == code.print_run_id,
            PrinterJob.first <= number,
            sa.func.coalesce(PrinterJob.last_out, PrinterJob.last) >= number,
            PrinterJob.state.in_(_MAY_BE_OUT),
        )
    )
    return max(0, (session.scalar(query) or 0) - 1)


def to_draw(
    session: Session, job: PrinterJob, secret: bytes, number: int | None = None
) -> tuple[LabelFacts, list[IssuedLabel]] | None:
    """What stands on the labels of a job, and the labels; None for test labels.

    ``number``: only that label of the run, which is in no part of the list where it is void.
    ``secret``: the installation's, for scratch PINs: that these are drawn was put on record when
    the job was sent. Raises what ``facts_to_draw`` raises.
    """
    if job.run is None:
        return None
    first, last = (job.first, job.last) if number is None else (number, number)
    codes = codes_of(session, job.run.uid, secret, first=first, last=last)
    return facts_to_draw(session, job.run.uid).beginning_at(first), codes


def next_job(session: Session, printer_id: int, now: datetime) -> PrinterJob | None:
    """The oldest job that no agent has, locked; passed over are those that another transaction has,
    and those whose file is being drawn."""
    drawing = sa.select(PrintJob.id).where(PrintJob.state.in_(("waiting", "running")))
    is_drawn = sa.or_(PrinterJob.print_job_id.is_(None), PrinterJob.print_job_id.not_in(drawing))
    let_go = sa.and_(PrinterJob.state == "fetched", PrinterJob.held_until <= now)
    query = sa.select(PrinterJob).where(
        PrinterJob.printer_id == printer_id,
        sa.or_(PrinterJob.state == "waiting", let_go),
        is_drawn,
    )
    oldest = query.order_by(PrinterJob.id).limit(1)
    return session.scalar(oldest.with_for_update(skip_locked=True, of=PrinterJob))
