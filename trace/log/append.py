"""Appending to the log inside somebody's transaction.

The head row is the last lock that a transaction takes, so that whatever took long before it did
not keep others waiting; with it in hand leaves, full tiles, head and checkpoint are written and
the transaction commits as one. What was acknowledged is therefore in the log, and the other way.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Misconfigured, Unavailable
from suyuan.trace.keys.notes import Signer
from suyuan.trace.log import frontier
from suyuan.trace.log.checkpoint import sign_checkpoint
from suyuan.trace.log.frontier import Frontier
from suyuan.trace.log.merkle import leaf_hash
from suyuan.trace.log.positions import start_of, tile_start
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.log.tiles import WIDTH


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


def append(
    session: Session, records: Sequence[Record], entries: Sequence[bytes], *signers: Signer
) -> int:
    """Append one entry a record, write the records, and return the position of the first.

    ``records`` come without ``leaf_index``; it is set here, under the lock of the head. Raises
    Misconfigured where the log was never opened, LogHalted where nothing may be appended.
    """
    head = newest_head(session, lock=True)
    if head.halted is not None:
        raise LogHalted("Nothing may be added to this log now: {why}", why=head.halted)
    first = start_of(head.id) + head.size
    hashes = [leaf_hash(entry) for entry in entries]
    for offset, record in enumerate(records):
        record.leaf_index = first + offset
    session.add_all(records)
    session.execute(
        sa.insert(Leaf),
        [
            {"index": first + offset, "hash": digest, "data": entry}
            for offset, (digest, entry) in enumerate(zip(hashes, entries, strict=True))
        ],
    )
    growth = frontier.append(Frontier.from_bytes(head.size, head.frontier), hashes)
    for tile in growth.completed:
        place = tile_start(head.id, tile.level + 1) + tile.index
        hashes_below = _hashes(session, tile.level, place)
        session.add(Tile(level=tile.level, index=place, hashes=hashes_below, root=tile.root))
        session.flush()
    head.size = growth.frontier.size
    head.frontier = growth.frontier.to_bytes()
    head.checkpoint = sign_checkpoint(head.origin, head.size, growth.frontier.root(), *signers)
    return first


def newest_head(session: Session, *, lock: bool = False) -> Head:
    """The head of the log that is open, locked if so asked. Raises Misconfigured without one."""
    query = sa.select(Head).order_by(Head.id.desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Misconfigured("The log has no head: run suyuan init first.")
    return found


def _hashes(session: Session, level: int, place: int) -> bytes:
    """The 256 hashes of a tile that has just become full, from the level below."""
    start, end = place * WIDTH, (place + 1) * WIDTH
    if level == 0:
        below = (
            sa.select(Leaf.hash).where(Leaf.index >= start, Leaf.index < end).order_by(Leaf.index)
        )
    else:
        below = (
            sa.select(Tile.root)
            .where(Tile.level == level - 1, Tile.index >= start, Tile.index < end)
            .order_by(Tile.index)
        )
    return b"".join(session.scalars(below))
