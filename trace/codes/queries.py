"""Reading what is published about codes: the key directory and the status list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.codes.status import State
from suyuan.trace.codes.status_steps import applied, joined, undone
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.errors import Misconfigured, NotFound
from suyuan.trace.keys.tables import DirectoryEdition

_AT_ONCE = 5_000
"""Values in one IN list: both databases' drivers take more, but not without end."""
_GRAVENESS = {state.value: rank for rank, state in enumerate(State)}


def newest_directory(session: Session) -> DirectoryEdition:
    """The key directory in force. Raises Misconfigured where there is none."""
    newest = sa.select(DirectoryEdition).order_by(DirectoryEdition.seq.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise Misconfigured("There is no key directory: run suyuan init first.")
    return found


def directory_edition(session: Session, seq: int) -> DirectoryEdition:
    """The key directory with this number. Raises NotFound."""
    found = session.get(DirectoryEdition, seq)
    if found is None:
        raise NotFound("There is no key directory {seq}.", field="seq", seq=seq)
    return found


def newest_status(session: Session) -> StatusEdition:
    """The status list in force. Raises Misconfigured where there is none."""
    newest = sa.select(StatusEdition).order_by(StatusEdition.seq.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise Misconfigured("There is no status list: run suyuan init first.")
    return found


def status_edition(session: Session, seq: int) -> StatusEdition:
    """The edition with this number. Raises NotFound."""
    found = session.get(StatusEdition, seq)
    if found is None:
        raise NotFound("There is no status list {seq}.", field="seq", seq=seq)
    return found


def status_body(session: Session, seq: int) -> str:
    """The body of the edition with this number. Raises NotFound.

    That of the newest is kept; an older one follows from it by the steps in between.
    """
    own = status_edition(session, seq).body
    if own is not None:
        return own
    newest = sa.select(StatusEdition.seq, StatusEdition.body)
    last, body = session.execute(newest.order_by(StatusEdition.seq.desc()).limit(1)).one()
    return applied(body or "", undone(_steps(session, seq, last)))


def status_delta(session: Session, older: int, newer: int) -> str:
    """What to take out of one edition's body and put in to make another's. Raises NotFound."""
    for seq in (older, newer):
        status_edition(session, seq)
    if older > newer:
        return undone(_steps(session, newer, older))
    return _steps(session, older, newer)


def listed_body(session: Session) -> str:
    """The body as it should be: made from everything that is listed now."""
    letters = gravest_letters(session, None)
    return "".join(sorted(f"{token} {letter}\n" for token, letter in letters.items()))


def gravest_letters(session: Session, tokens: Sequence[str] | None) -> dict[str, str]:
    """The letter of the gravest state of each token that is listed: of these, or of all."""
    found: dict[str, str] = {}
    for token, letter in _listed(session, tokens):
        if token not in found or _GRAVENESS[letter] < _GRAVENESS[found[token]]:
            found[token] = letter
    return found


def _listed(session: Session, tokens: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    query = sa.select(PathState.token, PathState.letter)
    if tokens is None:
        yield from session.execute(query)
        return
    for at in range(0, len(tokens), _AT_ONCE):
        yield from session.execute(query.where(PathState.token.in_(tokens[at : at + _AT_ONCE])))


def _steps(session: Session, older: int, newer: int) -> str:
    """The one step that leads from an edition to a later one."""
    between = sa.and_(StatusEdition.seq > older, StatusEdition.seq <= newer)
    deltas = sa.select(StatusEdition.delta).where(between).order_by(StatusEdition.seq)
    return joined(session.scalars(deltas))
