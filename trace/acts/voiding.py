"""Declaring the codes of packages void: a single one, or all of a run."""

from __future__ import annotations

from fractions import Fraction

import sqlalchemy as sa

from suyuan.trace.acts.giving_back import give_back
from suyuan.trace.acts.statuses import mark_paths
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.status import State
from suyuan.trace.errors import Conflict, InvalidInput, NotFound
from suyuan.trace.papers.queries import drawn_for
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import issued_codes, print_run
from suyuan.trace.printing.records import CODE_VOIDED, RUN_VOIDED
from suyuan.trace.printing.tables import IssuedCode, PrintRun


def void_code(w: Writing, path: str, reason: str) -> str:
    """Declare the code of one package void; returns its path. The status list says so.

    Raises InvalidInput for the code of a whole batch, NotFound for one that was never issued,
    Conflict where it is void already.
    """
    read = parse_path(path)
    if read.serial is None:
        raise _of_a_whole_batch("path")
    _require_reason(reason)
    code = next(iter(issued_codes(w.session, path)), None)
    if code is None:
        raise NotFound("No label with this code was printed here.", field="path")
    run = code.run
    # a blank roll is of no batch, but it is somebody's
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    if code.voided_at is not None:
        raise Conflict("This code is void already.", field="path")
    code.voided_at = w.now
    said = {"run": run.uid, "path": path, "reason": reason.strip()}
    w.record(CODE_VOIDED, "code_voided", said, subject=run.uid)
    mark_paths(w, (read,), State.VOIDED, run.uid)
    if run.batch is not None and drawn_for(w.session, run.batch.id, run.uid):
        left = _in_force(w, run)
        give_back(w, run.batch, "voided", print_run=run.uid, stays=Fraction(left, left + 1))
    return path


def void_run(w: Writing, run_uid: str, reason: str) -> str:
    """Declare every code of a run void that is not so yet; returns the run's uid.

    The status list then holds each of its packages. Raises NotFound, Forbidden, InvalidInput for
    a run of batch labels, Conflict where the run is void already.
    """
    run = print_run(w.session, run_uid)
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    _require_reason(reason)
    w.session.refresh(run, with_for_update={"key_share": True, "of": PrintRun})
    if run.state == "voided":
        raise Conflict("This run is void already.", field="print_run")
    in_force = (IssuedCode.print_run_id == run.id, IssuedCode.voided_at.is_(None))
    query = sa.select(IssuedCode.path, IssuedCode.serial).where(*in_force)
    codes = w.session.execute(query.order_by(IssuedCode.position)).all()
    if any(serial is None for _, serial in codes):
        raise _of_a_whole_batch("print_run")
    run.state = "voided"
    w.session.execute(
        sa.update(IssuedCode).where(*in_force).values(voided_at=w.now),
        execution_options={"synchronize_session": False},
    )
    said = {"run": run.uid, "codes": len(codes), "reason": reason.strip()}
    w.record(RUN_VOIDED, "run_voided", said, subject=run.uid)
    mark_paths(w, (path for path, _ in codes), State.VOIDED, run.uid)
    if run.batch is not None:
        give_back(w, run.batch, "voided", print_run=run.uid)
    return run.uid


def _in_force(w: Writing, run: PrintRun) -> int:
    """How many codes of a run are not void."""
    w.session.flush()
    good = sa.and_(IssuedCode.print_run_id == run.id, IssuedCode.voided_at.is_(None))
    query = sa.select(sa.func.count()).select_from(IssuedCode).where(good)
    return w.session.scalar(query) or 0


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why the code is void.", field="reason")


def _of_a_whole_batch(field: str) -> InvalidInput:
    return InvalidInput(
        "The code of a whole batch is not declared void: hold, recall or withdraw the batch.",
        field=field,
    )
