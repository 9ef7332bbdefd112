"""The verdict about a code where the database is at hand: what a scan is answered with.

As ``suyuan.trace.codes.verify``, with what only the issuer can look up: what is wrong with a path
at this very moment, and the print run that a code of a revoked key was logged in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.codes.manifest import LoggedRun, PrintedItem, item_leaf, prove_among
from suyuan.trace.codes.paths import CodePath, parse_path
from suyuan.trace.codes.signed_code import parse_code
from suyuan.trace.codes.signing import label_host
from suyuan.trace.codes.status import State, StatusList, list_states
from suyuan.trace.codes.tables import PathState
from suyuan.trace.codes.verify import Verification, verify
from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.keys.directory import Directory, open_directory
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import DirectoryEdition, Instance
from suyuan.trace.log.tables import Record
from suyuan.trace.printing.queries import issued_codes
from suyuan.trace.printing.tables import IssuedCode, PrintRun


def check_online(session: Session, scanned: str, now: datetime) -> Verification:
    """The verdict about the raw text of a code, or about a raw path on the label host.

    The state is of this moment, so ``as_of`` is ``now`` and only an expired key directory is
    stale. Never raises for a bad code; Misconfigured where nothing is set up.
    """
    scanned, directory = _ground(session, scanned)
    status = _status_now(session, scanned, directory.origin, now)
    return verify(scanned, directory, status, now, lambda path: find_run(session, path))


def check_issuer(session: Session, scanned: str, now: datetime) -> Verification:
    """As ``check_online`` without the state, for those who look up themselves what is wrong."""
    scanned, directory = _ground(session, scanned)
    return verify(scanned, directory, None, now, lambda path: find_run(session, path))


def _ground(session: Session, scanned: str) -> tuple[str, Directory]:
    """The whole address that was scanned, and the key directory in force."""
    hosts, root, note = _installed(session)
    if scanned.startswith("/"):
        host = label_host(hosts)
        scanned = f"{host.scheme}://{host.host}{scanned}"
    return scanned, _opened(note, root)


def _installed(session: Session) -> tuple[Sequence[Mapping[str, Any]], str, str]:
    """Label hosts, root key and newest directory of this installation. Raises Misconfigured."""
    newest = sa.select(DirectoryEdition.note).order_by(DirectoryEdition.seq.desc()).limit(1)
    ground = sa.select(Instance.hosts, Instance.root, newest.scalar_subquery()).where(
        Instance.id == 1
    )
    row = session.execute(ground).first()
    if row is None or row[2] is None:
        raise Misconfigured("There is no key directory: run suyuan init first.")
    return row[0], row[1], row[2]


def find_run(session: Session, path: CodePath) -> LoggedRun | None:
    """The first logged run whose manifest holds ``path``, with the proof of it."""
    codes = issued_codes(session, str(path))
    if not codes:
        return None
    run = session.get_one(PrintRun, codes[0].print_run_id)
    rows = session.execute(
        sa.select(IssuedCode.path, IssuedCode.salt)
        .where(IssuedCode.print_run_id == run.id)
        .order_by(IssuedCode.position)
    )
    # a run may have tens of thousands of codes: only their leaves are needed
    leaves = [item_leaf(text, salt) for text, salt in rows]
    proof = prove_among(PrintedItem(path, codes[0].salt), codes[0].position, leaves)
    return LoggedRun(session.get_one(Record, run.record_id).leaf_index, run.manifest_root, proof)


def _status_now(session: Session, scanned: str, origin: str, now: datetime) -> StatusList:
    try:
        path = parse_code(scanned).path
    except InvalidInput:
        return list_states((), origin=origin, seq=0, as_of=now, next_by=now)
    rows = session.execute(
        sa.select(PathState.path, PathState.letter).where(
            PathState.path.in_({str(path), str(path.batch)})
        )
    )
    states = ((parse_path(text), State(letter)) for text, letter in rows)
    return list_states(states, origin=origin, seq=0, as_of=now, next_by=now)


@lru_cache(maxsize=4)
def _opened(note: str, root: str) -> Directory:
    """The directory of a note; kept, because every scan asks for the same one."""
    return open_directory(note, (parse_verifier_key(root),))
