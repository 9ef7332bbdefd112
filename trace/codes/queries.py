"""Reading what is published about codes: the key directory and the status list."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.codes.status import State, StatusList
from suyuan.trace.codes.tables import StatusEdition
from suyuan.trace.errors import Misconfigured, NotFound
from suyuan.trace.keys.tables import DirectoryEdition


def newest_directory(session: Session) -> DirectoryEdition:
    """The key directory in force. Raises Misconfigured where there is none."""
    newest = sa.select(DirectoryEdition).order_by(DirectoryEdition.seq.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise Misconfigured("There is no key directory: run suyuan init first.")
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


def status_delta(session: Session, older: int, newer: int) -> str:
    """What to take out of one edition's body and put in to make another's. Raises NotFound."""
    return _states(status_edition(session, older)).delta_to(_states(status_edition(session, newer)))


def _states(edition: StatusEdition) -> StatusList:
    lines = (line.split(" ") for line in edition.body.splitlines())
    states = {token: State(letter) for token, letter in lines}
    return StatusList("", edition.seq, edition.as_of, edition.next_by, states)
