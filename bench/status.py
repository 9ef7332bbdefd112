"""A recall with its status list published, at 100 000 entries, against what cannot be saved.

Ours: one more path is listed, worked into the last body, hashed, signed and committed with its
record: what a recall waits for. The other, which is the floor: the finished body of the same size
hashed, signed, stored and committed, and nothing else. Beside it the renewal that the worker does
twice a day, for which a recall may have to wait.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import sqlalchemy as sa
from _measure import KINDS, Figure, in_turn, keep, opened
from sqlalchemy.orm import undefer

from suyuan.trace.acts.statuses import mark_paths, renew_status
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.status import State, note_text
from suyuan.trace.codes.tables import StatusEdition
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.keys.notes import sign_note
from suyuan.trace.parties.actor import SYSTEM

ENTRIES = 100_000
RUNS = 40


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as ledger:
            figures += measure(ledger, kind)
    keep("status", figures)


def measure(ledger: Ledger, kind: str) -> list[Figure]:
    """The figures for one kind of database."""
    paths = {str(TracePath(new_trace_code("540626"))) for _ in range(ENTRIES)}
    ledger.perform(SYSTEM, mark_paths, paths, State.HELD, "many")
    numbers = count(10**6)

    def one_more(run: int) -> object:
        path = TracePath(new_trace_code("540626"))
        return ledger.perform(SYSTEM, mark_paths, (path,), State.RECALLED, f"order {run}")

    def renewed(_run: int) -> object:
        assert isinstance(ledger.clock, SetClock)
        ledger.clock.move(ledger.clock.now() + timedelta(hours=ledger.settings.status_hours))
        assert ledger.perform(SYSTEM, renew_status)
        return None

    def floor(_run: int) -> object:
        return ledger.perform(SYSTEM, publish_ready, next(numbers))

    return [
        in_turn(
            f"a path more in a status list of {ENTRIES} entries, {kind}",
            one_more,
            floor,
            other_is="the ready body hashed, signed and stored",
            runs=RUNS,
        ),
        in_turn(
            f"a status list of {ENTRIES} entries renewed, {kind}",
            renewed,
            floor,
            other_is="the ready body hashed, signed and stored",
            runs=RUNS,
        ),
    ]


def publish_ready(w: Writing, seq: int) -> None:
    """Store a body that is ready under a number of its own; it is gone before the next."""
    query = sa.select(StatusEdition).order_by(StatusEdition.seq.desc()).limit(1)
    last = w.session.scalars(query.options(undefer(StatusEdition.body))).one()
    body = last.body or ""
    text = note_text("bench", seq, w.now, last.next_by, body)
    note = str(sign_note(text, (w.keys.status,)))
    w.session.execute(
        sa.insert(StatusEdition).values(
            seq=-seq, note=note, delta="", body=body, as_of=w.now, next_by=last.next_by
        )
    )


if __name__ == "__main__":
    main()
