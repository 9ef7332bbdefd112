"""Declaring the codes of packages void: a single one, some one after the other, or all of a run."""

from __future__ import annotations

from collections.abc import Sequence
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
from suyuan.trace.printing.account import FATES, Fate, stays_of
from suyuan.trace.printing.label_range import require_labels
from suyuan.trace.printing.queries import issued_codes, print_run
from suyuan.trace.printing.records import CODE_VOIDED, LABELS_ENDED, RUN_VOIDED
from suyuan.trace.printing.rolls import bindings_of_run, in_force_of
from suyuan.trace.printing.tables import IssuedCode, PrintRun

_NAMED = 10
"""So many labels are named one by one in a refusal."""


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
    _give_back(w, run, code.position, code.position, [code.net_content])
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
    for bound in bindings_of_run(w.session, run.id):
        give_back(w, bound.batch, "voided", print_run=bound.uid)
    return run.uid


def end_labels(w: Writing, run_uid: str, first: int, last: int, fate: Fate, reason: str) -> str:
    """Say that labels of a run were spoiled, returned or lost; returns the run's uid.

    ``first`` and ``last`` (both included) count from 1 in the order of printing. Their codes are
    void from then on, and the status list says so. Raises NotFound, Forbidden, InvalidInput for
    labels that there are not, Conflict where some of them are void already.
    """
    run = print_run(w.session, run_uid)
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    _require_reason(reason)
    if fate not in FATES:
        raise InvalidInput("Choose one of those offered.", field="fate")
    require_labels(run.count, first, last)
    w.session.refresh(run, with_for_update={"key_share": True, "of": PrintRun})
    ended = _to_end(w, run, first, last)
    w.session.execute(
        sa.update(IssuedCode)
        .where(*_between(run, first, last))
        .values(voided_at=w.now, ended_as=fate),
        execution_options={"synchronize_session": False},
    )
    said = {"run": run.uid, "first": first, "last": last, "ended_as": fate}
    w.record(LABELS_ENDED, "labels_ended", {**said, "reason": reason.strip()}, subject=run.uid)
    mark_paths(w, (path for path, _ in ended), State.VOIDED, run.uid)
    _give_back(w, run, first - 1, last - 1, [net for _, net in ended])
    return run.uid


def _give_back(w: Writing, run: PrintRun, start: int, end: int, gone: Sequence[str | None]) -> None:
    """Give back what was drawn for the labels from one position to another, void since just now;
    ``gone``: the net content of each, where it has its own."""
    w.session.flush()
    if run.batch is not None and drawn_for(w.session, run.batch.id, run.uid):
        stays = stays_of(w.session, run, gone)
        give_back(w, run.batch, "voided", print_run=run.uid, stays=stays)
    for bound in bindings_of_run(w.session, run.id):
        count = min(end, bound.last - 1) - max(start, bound.first - 1) + 1
        if count > 0 and drawn_for(w.session, bound.batch_id, bound.uid):
            left = in_force_of(w.session, bound)
            stays = Fraction(left, left + count)
            give_back(w, bound.batch, "voided", print_run=bound.uid, stays=stays)


def _to_end(w: Writing, run: PrintRun, first: int, last: int) -> list[tuple[str, str | None]]:
    """The path of each of these labels, and its own net content where it has one.

    Raises Conflict where some are void already.
    """
    labels = w.session.execute(
        sa.select(
            IssuedCode.position,
            IssuedCode.path,
            IssuedCode.serial,
            IssuedCode.voided_at,
            IssuedCode.net_content,
        ).where(*_between(run, first, last))
    ).all()
    if any(one.serial is None for one in labels):
        raise _of_a_whole_batch("print_run")
    void = sorted(one.position + 1 for one in labels if one.voided_at is not None)
    if void:
        shown = ", ".join(map(str, void[:_NAMED]))
        raise Conflict(
            "Of these labels {count} are void already: {labels}. Leave them out.",
            field="first",
            count=len(void),
            labels=shown if len(void) <= _NAMED else f"{shown} …",
        )
    return [(one.path, one.net_content) for one in labels]


def _between(run: PrintRun, first: int, last: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        IssuedCode.print_run_id == run.id,
        IssuedCode.position.between(first - 1, last - 1),
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why the code is void.", field="reason")


def _of_a_whole_batch(field: str) -> InvalidInput:
    return InvalidInput(
        "The code of a whole batch is not declared void: hold, recall or withdraw the batch.",
        field=field,
    )
