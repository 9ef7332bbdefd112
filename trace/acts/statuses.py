"""Publishing the status list: with the commit that changes it, and again before it runs out.

What an act changes is worked into the last body, so a recall costs what it reaches and not what
is listed already. A renewal makes the whole list anew from what is listed, which also shows
whether the two agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.paths import CodePath
from suyuan.trace.codes.status import State, delta_between, gravest, note_text, token_of
from suyuan.trace.codes.status_steps import step
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.keys.notes import sign_note
from suyuan.trace.keys.tables import Instance

_AT_ONCE = 5_000
"""Values in one IN list: both databases' drivers take more, but not without end."""


def mark_paths(w: Writing, paths: Iterable[CodePath | str], state: State, because: str) -> None:
    """List ``paths`` as ``state`` because of the order, paper or run with this uid."""
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
    """Take back all that was listed because of this order, paper or run."""
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
    body = "".join(sorted(f"{token} {state}\n" for token, state in _gravest(w, None).items()))
    _keep(w, origin, last, body, delta_between(_body(last), body), least)


def renew_status(w: Writing) -> bool:
    """Publish again where half the time of the last edition is over; whether it was needed."""
    last = w.session.scalar(sa.select(StatusEdition).order_by(StatusEdition.seq.desc()).limit(1))
    if last is not None and w.now < last.as_of + (last.next_by - last.as_of) / 2:
        return False
    publish_status(w)
    return True


@dataclass
class _Changes:
    """What a transaction changes of the list, published once before its commit."""

    tokens: set[str] = field(default_factory=set)

    def __call__(self, w: Writing) -> None:
        w.session.flush()
        origin, last = _origin_and_last(w)
        states: dict[str, State | None] = dict.fromkeys(self.tokens)
        states.update(_gravest(w, sorted(self.tokens)))
        _keep(w, origin, last, *step(_body(last), states))


def _publish_finally(w: Writing, tokens: Iterable[str]) -> None:
    changes = w.before_commit.get("status")
    if not isinstance(changes, _Changes):
        changes = _Changes()
        w.finally_do("status", changes)
    changes.tokens.update(tokens)


def _origin_and_last(w: Writing) -> tuple[str, StatusEdition | None]:
    # editions are numbered one after another: those who publish wait for each other here
    instance = w.session.scalars(sa.select(Instance).with_for_update()).one()
    newest = sa.select(StatusEdition).order_by(StatusEdition.seq.desc()).limit(1)
    return instance.origin, w.session.scalar(newest.options(undefer(StatusEdition.body)))


def _gravest(w: Writing, tokens: Sequence[str] | None) -> dict[str, State]:
    """The gravest state of each of these tokens that is listed; of every one, where None."""
    found: dict[str, State] = {}
    for token, letter in _listed(w, tokens):
        state = State(letter)
        found[token] = gravest((state, found[token])) or state if token in found else state
    return found


def _listed(w: Writing, tokens: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    query = sa.select(PathState.token, PathState.letter)
    if tokens is None:
        yield from w.session.execute(query)
        return
    for at in range(0, len(tokens), _AT_ONCE):
        yield from w.session.execute(query.where(PathState.token.in_(tokens[at : at + _AT_ONCE])))


def _body(last: StatusEdition | None) -> str:
    return (last.body or "") if last is not None else ""


def _keep(
    w: Writing, origin: str, last: StatusEdition | None, body: str, delta: str, least: int = 0
) -> None:
    """Sign and keep an edition; the body of the one before follows from it and is dropped."""
    seq = max(last.seq + 1 if last is not None else 1, least)
    next_by = w.now + timedelta(hours=w.settings.status_hours)
    text = note_text(origin, seq, w.now, next_by, body)
    if last is not None:
        last.body = None
    w.session.add(
        StatusEdition(
            seq=seq,
            note=str(sign_note(text, (w.keys.status,))),
            delta=delta,
            body=body,
            as_of=w.now,
            next_by=next_by,
        )
    )
