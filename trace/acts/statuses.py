"""Publishing the status list: with the commit that changes it, and again before it runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.paths import CodePath, parse_path
from suyuan.trace.codes.status import State, list_states
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.keys.notes import sign_note
from suyuan.trace.keys.tables import Instance


def mark_paths(w: Writing, paths: Iterable[CodePath | str], state: State, because: str) -> None:
    """List ``paths`` as ``state`` because of the order, paper or run with this uid."""
    rows = [
        {"path": str(path), "letter": state.value, "because": because, "since": w.now}
        for path in paths
    ]
    if rows:  # a recall may reach tens of thousands
        w.session.execute(sa.insert(PathState), rows)
    w.finally_do("status", publish_status)


def unmark_paths(w: Writing, because: str) -> None:
    """Take back all that was listed because of this order, paper or run."""
    w.session.execute(sa.delete(PathState).where(PathState.because == because))
    w.finally_do("status", publish_status)


def publish_status(w: Writing) -> None:
    """Sign a new edition of the status list from what is listed now."""
    w.session.flush()
    # editions are numbered one after another: those who publish wait for each other here
    instance = w.session.scalars(sa.select(Instance).with_for_update()).one()
    last = w.session.scalar(sa.select(sa.func.max(StatusEdition.seq))) or 0
    rows = w.session.execute(sa.select(PathState.path, PathState.letter))
    edition = list_states(
        ((parse_path(path), State(letter)) for path, letter in rows),
        origin=instance.origin,
        seq=last + 1,
        as_of=w.now,
        next_by=w.now + timedelta(hours=w.settings.status_hours),
    )
    w.session.add(
        StatusEdition(
            seq=edition.seq,
            note=str(sign_note(edition.text(), (w.keys.status,))),
            body=edition.body(),
            as_of=edition.as_of,
            next_by=edition.next_by,
        )
    )


def renew_status(w: Writing) -> bool:
    """Publish again where half the time of the last edition is over; whether it was needed."""
    last = w.session.scalar(sa.select(StatusEdition).order_by(StatusEdition.seq.desc()).limit(1))
    if last is not None and w.now < last.as_of + (last.next_by - last.as_of) / 2:
        return False
    publish_status(w)
    return True
