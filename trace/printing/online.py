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

from suyuan.trace.codes.manifest import (
    LoggedRun,
    ManifestProof,
    PrintedItem,
    item_leaf,
    prove_in_parts,
)
from suyuan.trace.codes.paths import CodePath, parse_path
from suyuan.trace.codes.signed_code import parse_code
from suyuan.trace.codes.signing import label_host
from suyuan.trace.codes.status import State, StatusList, list_states
from suyuan.trace.codes.tables import PathState
from suyuan.trace.codes.verify import Verification, verify
from suyuan.trace.errors import InvalidInput, Misconfigured, NotFound
from suyuan.trace.keys.directory import Directory, open_directory
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import DirectoryEdition, Instance, SigningKey
from suyuan.trace.log.contents import contents_of
from suyuan.trace.log.policy import Policy
from suyuan.trace.log.positions import index_at, number_at
from suyuan.trace.log.tables import Record
from suyuan.trace.log.tiles import WIDTH
from suyuan.trace.log.witnesses import proof_file_of
from suyuan.trace.printing.queries import first_issued
from suyuan.trace.printing.run_proof import OPENED, RunProof
from suyuan.trace.printing.tables import IssuedCode, PrintRun

_instance, _edition = Instance.__table__.c, DirectoryEdition.__table__.c
_NEWEST = sa.select(_edition.note).order_by(_edition.seq.desc()).limit(1)
_INSTALLED: sa.Select[Any] = sa.select(
    _instance.hosts, _instance.root, _NEWEST.scalar_subquery()
).where(_instance.id == 1)
"""Put together once: every scan asks it."""


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
    row = session.execute(_INSTALLED).first()
    if row is None or row[2] is None:
        raise Misconfigured("There is no key directory: run suyuan init first.")
    return row[0], row[1], row[2]


def find_run(session: Session, path: CodePath) -> LoggedRun | None:
    """The first logged run whose manifest holds ``path``, with the proof of it."""
    code = first_issued(session, str(path))
    if code is None:
        return None
    position = session.get_one(Record, code.run.record_id).leaf_index
    return LoggedRun(position, code.run.manifest_root, _proof_of(session, path, code))


def run_proof(session: Session, path: CodePath, policy: Policy) -> RunProof:
    """The proof for a code of a revoked key, to be checked without this installation.

    Of other codes there is none: it would show their salts, which scratch PINs lean on too, and
    nobody needs it. Raises NotFound.
    """
    code = first_issued(session, str(path))
    if code is None or not _is_revoked(session, code.run):
        raise NotFound("No print run under a key that was revoked since holds this code.")
    record = session.get_one(Record, code.run.record_id)
    number, index = number_at(record.leaf_index), index_at(record.leaf_index)
    contents = contents_of(record)
    return RunProof(
        _proof_of(session, path, code),
        {name: contents.fields[name] for name in OPENED},
        contents.commitments,
        proof_file_of(session, index, policy, number),
    )


def _proof_of(session: Session, path: CodePath, code: IssuedCode) -> ManifestProof:
    """The place of a code in the manifest of its run, from at most 512 of the run's codes."""
    of_run = IssuedCode.print_run_id == code.print_run_id
    last = session.scalars(sa.select(sa.func.max(IssuedCode.position)).where(of_run)).one()
    kept: dict[int, list[bytes]] = {}

    def leaves(start: int, end: int) -> Sequence[bytes]:
        first = start // WIDTH * WIDTH
        if first not in kept:
            there = sa.select(IssuedCode.path, IssuedCode.salt).where(
                of_run, IssuedCode.position >= first, IssuedCode.position < first + WIDTH
            )
            rows = session.execute(there.order_by(IssuedCode.position))
            kept[first] = [item_leaf(text, salt) for text, salt in rows]
        return kept[first][start - first : end - first]

    item = PrintedItem(path, code.salt)
    return prove_in_parts(item, code.position, last + 1, code.run.manifest_parts, leaves)


def _is_revoked(session: Session, run: PrintRun) -> bool:
    states = sa.select(SigningKey.state).where(SigningKey.name == run.key_name)
    return "revoked" in session.scalars(states)


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
