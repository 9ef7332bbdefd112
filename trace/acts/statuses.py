"""Publishing the status list: with the commit that changes it, and again before it runs out.

What an act changes is worked into the last body, so a recall costs what it reaches and not what
is listed already, and a renewal, for which others wait, next to nothing. ``suyuan doctor`` compares
the body with all that is listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.paths import CodePath
from suyuan.trace.codes.queries import gravest_letters, listed_body
from suyuan.trace.codes.status import State, delta_between, note_text, token_of
from suyuan.trace.codes.status_steps import step
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.keys.notes import sign_note
from suyuan.trace.keys.tables import Instance
from suyuan.trace.log.append import newest_head


def mark_paths(w: Writing, paths: Iterable[CodePath | str], state: State, because: str) -> None:
    """List ``paths`` as ``state`` because of the order, run or withdrawal of this uid."""
    rows = [
        {
            "path": path,
            "letter": state.value,
            "because": because,
            "token": token_of(path),
            "since": w.now,
        }
        for path in map(str, paths)
    ]
    if rows:  # a recall may reach tens of thousands
        w.session.execute(sa.insert(PathState), rows)
    _publish_finally(w, (str(row["token"]) for row in rows))


def unmark_paths(w: Writing, because: str) -> None:
    """Take back all that was listed because of this order, run or withdrawal."""
    ours = PathState.because == because
    tokens = w.session.scalars(sa.select(PathState.token).where(ours)).all()
    w.session.execute(sa.delete(PathState).where(ours))
    _publish_finally(w, tokens)


def publish_status(w: Writing, least: int = 0) -> None:
    """Sign a new edition of the status list, made from all that is listed now.

    ``least``: the lowest number that it may have.
    """
    w.session.flush()
    origin, last = _origin_and_last(w)
    body = listed_body(w.session)
    _keep(w, origin, last, body, delta_between(last.body, body), least)


def renew_status(w: Writing) -> bool:
    """Publish again where half the time of the last edition is over; whether that was done.

    Not where the log is halted: this may be an old copy, and what it lists would be called in
    force although it knows nothing of a recall since.
    """
    if newest_head(w.session).halted is not None:
        return False
    last = w.session.scalar(sa.select(StatusEdition).order_by(StatusEdition.seq.desc()).limit(1))
    if last is not None and w.now < last.as_of + (last.next_by - last.as_of) / 2:
        return False
    _Changes()(w)
    return True


class Last(NamedTuple):
    """The newest edition, whose body is kept; 0 and an empty body where there is none yet."""

    seq: int
    body: str


@dataclass
class _Changes:
    """What a transaction changes of the list, published once before its commit."""

    tokens: set[str] = field(default_factory=set)

    def __call__(self, w: Writing) -> None:
        w.session.flush()
        origin, last = _origin_and_last(w)
        states: dict[str, State | None] = dict.fromkeys(self.tokens)
        listed = gravest_letters(w.session, sorted(self.tokens))
        states.update((token, State(letter)) for token, letter in listed.items())
        _keep(w, origin, last, *step(last.body, states))


def _publish_finally(w: Writing, tokens: Iterable[str]) -> None:
    changes = w.before_commit.get("status")
    if not isinstance(changes, _Changes):
        changes = _Changes()
        w.finally_do("status", changes)
    changes.tokens.update(tokens)


def _origin_and_last(w: Writing) -> tuple[str, Last]:
    # editions are numbered one after another: those who publish wait for each other here
    instance = w.session.scalars(sa.select(Instance).with_for_update()).one()
    newest = sa.select(StatusEdition.seq, StatusEdition.body).order_by(StatusEdition.seq.desc())
    row = w.session.execute(newest.limit(1)).first()
    return instance.origin, Last(0, "") if row is None else Last(row.seq, row.body or "")


def _keep(w: Writing, origin: str, last: Last, body: str, delta: str, least: int = 0) -> None:
    """Sign and keep an edition; the body of the one before follows from it and is dropped.

    Not as an object of the session, which would look through a body more than once.
    """
    seq = max(last.seq + 1, least)
    next_by = w.now + timedelta(hours=w.settings.status_hours)
    note = sign_note(note_text(origin, seq, w.now, next_by, body), (w.keys.status,))
    before = sa.update(StatusEdition).where(StatusEdition.seq == last.seq).values(body=None)
    w.session.execute(before.execution_options(synchronize_session=False))
    w.session.execute(
        sa.insert(StatusEdition).values(
            seq=seq, note=str(note), delta=delta, body=body, as_of=w.now, next_by=next_by
        )
    )
