"""Appending to the log inside somebody's transaction.

The head row is the last lock that a transaction takes, so that whatever took long before it did
not keep others waiting; with it in hand leaves, full tiles, head and checkpoint are written and
the transaction commits as one. What was acknowledged is therefore in the log, and the other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Misconfigured, Unavailable
from suyuan.trace.keys.notes import Signer
from suyuan.trace.log import frontier
from suyuan.trace.log.checkpoint import sign_checkpoint
from suyuan.trace.log.frontier import CompletedTile, Frontier
from suyuan.trace.log.merkle import leaf_hash
from suyuan.trace.log.positions import start_of, tile_start
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.log.tiles import WIDTH
from suyuan.trace.many_rows import insert_rows

# made once and asked past the ORM: a proof reads several spans, and building each query anew would
# take longer than the proof
_LEAVES, _TILES = Leaf.__table__.c, Tile.__table__.c
_LEAF_HASHES = (
    sa.select(_LEAVES.hash)
    .where(_LEAVES.idx >= sa.bindparam("first"), _LEAVES.idx < sa.bindparam("beyond"))
    .order_by(_LEAVES.idx)
)
_TILE_ROOTS = (
    sa.select(_TILES.root)
    .where(_TILES.level == sa.bindparam("below"))
    .where(_TILES.idx >= sa.bindparam("first"), _TILES.idx < sa.bindparam("beyond"))
    .order_by(_TILES.idx)
)
_HEADS = Head.__table__.c
_LOCKED_HEAD = (
    sa.select(_HEADS.id, _HEADS.origin, _HEADS.size, _HEADS.frontier, _HEADS.halted)
    .order_by(_HEADS.id.desc())
    .limit(1)
    .with_for_update()
)
_GROW_HEAD = (
    sa.update(cast("sa.Table", Head.__table__))
    .where(_HEADS.id == sa.bindparam("log"))
    .values(
        size=sa.bindparam("to"), frontier=sa.bindparam("edge"), checkpoint=sa.bindparam("signed")
    )
)


class LogHalted(Unavailable):
    """A witness knows of another history of this log: nothing may be appended to this one."""

    kind = "log-halted"


def open_log(session: Session, origin: str, signer: Signer, number: int = 1) -> None:
    """Write the head of an empty log and sign its first checkpoint.

    From then on entries go into this log; those of lower numbers are closed.
    """
    edge = Frontier()
    session.add(
        Head(
            id=number,
            origin=origin,
            size=0,
            frontier=b"",
            checkpoint=sign_checkpoint(origin, 0, edge.root(), signer),
        )
    )


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record before it has its place in the log: a row of ``Record``, and its leaf's data."""

    id: str
    schema: str
    type: str
    body: bytes
    salt: bytes
    classes: Mapping[str, str]
    at: datetime
    person: str | None
    party: str | None
    subject: str | None
    leaf_data: bytes


def append(session: Session, records: Sequence[NewRecord], *signers: Signer) -> None:
    """Write the records, and append a leaf for each. Raises as ``append_entries``."""
    first = append_entries(session, [record.leaf_data for record in records], *signers)
    insert_records(session, records, first)


def insert_records(session: Session, records: Sequence[NewRecord], first: int) -> None:
    """Write the rows of records whose leaves stand from position ``first`` on."""
    columns = (
        Record.id, Record.schema, Record.type, Record.body, Record.salt, Record.classes,
        Record.at, Record.person, Record.party, Record.subject, Record.leaf_index,
    )  # fmt: skip
    rows = [
        (
            one.id, one.schema, one.type, one.body, one.salt, one.classes,
            one.at, one.person, one.party, one.subject, first + offset,
        )
        for offset, one in enumerate(records)
    ]  # fmt: skip
    insert_rows(session, columns, rows)


def append_entries(session: Session, entries: Sequence[bytes], *signers: Signer) -> int:
    """Append leaves with the full tiles that they make, and return the position of the first.

    Raises Misconfigured where the log was never opened, LogHalted where nothing may be appended.
    """
    session.flush()  # whatever else waits to be written, before others have to wait for the head
    connection = session.connection()
    head = connection.execute(_LOCKED_HEAD).one_or_none()
    if head is None:
        raise _never_opened()
    if head.halted is not None:
        raise LogHalted("Nothing may be added to this log now: {why}", why=head.halted)
    first: int = start_of(head.id) + head.size
    hashes = [leaf_hash(entry) for entry in entries]
    leaves = [
        (first + offset, digest, entry)
        for offset, (digest, entry) in enumerate(zip(hashes, entries, strict=True))
    ]
    growth = frontier.append(Frontier.from_bytes(head.size, head.frontier), hashes)
    tiles = _full_tiles(session, head.id, head.size, hashes, growth.completed)
    insert_rows(session, (Leaf.index, Leaf.hash, Leaf.data), leaves)
    insert_rows(session, (Tile.level, Tile.index, Tile.hashes, Tile.root), tiles)
    checkpoint = sign_checkpoint(
        head.origin, growth.frontier.size, growth.frontier.root(), *signers
    )
    grown = {"to": growth.frontier.size, "edge": growth.frontier.to_bytes(), "signed": checkpoint}
    connection.execute(_GROW_HEAD, {"log": head.id, **grown})
    return first


def newest_head(session: Session, *, lock: bool = False) -> Head:
    """The head of the log that is open, locked if so asked. Raises Misconfigured without one."""
    query = sa.select(Head).order_by(Head.id.desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise _never_opened()
    return found


def _never_opened() -> Misconfigured:
    return Misconfigured("The log has no head: run suyuan init first.")


def _full_tiles(
    session: Session,
    log: int,
    size: int,
    leaves: Sequence[bytes],
    completed: Sequence[CompletedTile],
) -> list[tuple[int, int, bytes, bytes]]:
    """The rows of tiles that became full: of hashes that were there, and of those just made."""
    made: dict[int, tuple[int, list[bytes]]] = {0: (size, list(leaves))}
    for tile in completed:
        made.setdefault(tile.level + 1, (tile.index, []))[1].append(tile.root)
    rows = []
    for tile in completed:
        new_from, new = made[tile.level]
        start, end = tile.index * WIDTH, (tile.index + 1) * WIDTH
        place = tile_start(log, tile.level)
        before = stored_hashes(session, tile.level, place + start, place + min(end, new_from))
        below = b"".join((*before, *new[max(0, start - new_from) : end - new_from]))
        rows.append((tile.level, tile_start(log, tile.level + 1) + tile.index, below, tile.root))
    return rows


def stored_hashes(session: Session, level: int, start: int, end: int) -> Sequence[bytes]:
    """Hashes ``start`` to ``end`` of a tile level, each from a row of its own.

    They are leaf hashes at level 0, and roots of full tiles of the level below at the others;
    counted through all logs (``positions``).
    """
    if start >= end:
        return ()
    span = _LEAF_HASHES if level == 0 else _TILE_ROOTS
    values = {"below": level - 1, "first": start, "beyond": end}
    return session.connection().execute(span, values).scalars().all()
