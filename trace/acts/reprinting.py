"""Printing labels once more, on record: a label that is there twice looks like a copy."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.label_range import require_labels
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import print_run
from suyuan.trace.printing.records import LABELS_REPRINTED
from suyuan.trace.printing.tables import IssuedCode, Reprint

_NAMED = 10
"""So many labels are named one by one in a refusal."""


def reprint_labels(w: Writing, run_uid: str, first: int, last: int, reason: str) -> str:
    """Put on record that labels of a run are printed once more; returns the uid of the reprint.

    ``first`` and ``last`` (both included) count from 1 in the order of printing. Raises NotFound,
    Forbidden, InvalidInput for labels that there are not or without a reason, Conflict where some
    are void, and what forbids printing: StoppedByOrder, PaperRevoked.
    """
    run = print_run(w.session, run_uid)
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    if not reason.strip():
        raise InvalidInput("Say why the labels are printed again.", field="reason")
    require_labels(run.count, first, last)
    _require_in_force(w, run.id, first, last)
    facts_to_draw(w.session, run_uid)
    uid = w.new_uid()
    said = {
        "reprint": uid, "run": run.uid, "first": first, "last": last,
        "reason": reason.strip(), "channel": w.actor.channel,
    }  # fmt: skip
    record_id = w.record(LABELS_REPRINTED, "labels_reprinted", said, subject=uid)
    w.session.add(
        Reprint(
            uid=uid, print_run_id=run.id, first=first, last=last, reason=reason.strip(), at=w.now,
            person_uid=w.actor.person_uid, record_id=record_id,
        )
    )  # fmt: skip
    w.session.flush()
    return uid


def _require_in_force(w: Writing, run_id: int, first: int, last: int) -> None:
    rows = w.session.scalars(
        sa.select(IssuedCode.position)
        .where(
            IssuedCode.print_run_id == run_id,
            sa.or_(IssuedCode.serial.is_(None), IssuedCode.position.between(first - 1, last - 1)),
            IssuedCode.voided_at.is_not(None),
        )
        .order_by(IssuedCode.position)
    )
    void = [position + 1 for position in rows]
    if void:
        shown = ", ".join(map(str, void[:_NAMED]))
        raise Conflict(
            "Of these labels {count} are void: {labels}. They are not printed again; order new "
            "ones instead.",
            field="first",
            count=len(void),
            labels=shown if len(void) <= _NAMED else f"{shown} …",
        )
