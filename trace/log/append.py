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
from suyuan.trace.log.frontier import CompletedTile, Frontier
from suyuan.trace.log.merkle import leaf_hash
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.log.tiles import WIDTH

HEAD = 1
"""The only row of ``head``."""


class LogHalted(Unavailable):
    """A witness knows of another history of this log: nothing may be appended to this one."""

    kind = "log-halted"


def open_log(session: Session, origin: str, signer: Signer) -> None:
    """Write the head of an empty log and sign its first checkpoint."""
    edge = Frontier()
    session.add(
        Head(
            id=HEAD,
            origin=origin,
            size=0,
            frontier=b"",
            checkpoint=sign_checkpoint(origin, 0, edge.root(), signer),
        )
    )


def append(
    session: Session, records: Sequence[Record], entries: Sequence[bytes], signer: Signer
) -> int:
    """Append one entry a record, write the records, and return the index of the first.

    ``records`` come without ``leaf_index``; it is set here, under the lock of the head. Raises
    Misconfigured where the log was never opened, LogHalted where nothing may be appended.
    """
    head = session.scalar(sa.select(Head).where(Head.id == HEAD).with_for_update())
    if head is None:
        raise Misconfigured("The log has no head: run suyuan init first.")
    if head.halted is not None:
        raise LogHalted("Nothing may be added to this log now: {why}", why=head.halted)
    first = head.size
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
        session.add(
            Tile(level=tile.level, index=tile.index, hashes=_hashes(session, tile), root=tile.root)
        )
        session.flush()
    head.size = growth.frontier.size
    head.frontier = growth.frontier.to_bytes()
    head.checkpoint = sign_checkpoint(head.origin, head.size, growth.frontier.root(), signer)
    return first


def _hashes(session: Session, tile: CompletedTile) -> bytes:
    """The 256 hashes of a tile that has just become full, from the level below."""
    start, end = tile.index * WIDTH, (tile.index + 1) * WIDTH
    if tile.level == 0:
        below = (
            sa.select(Leaf.hash).where(Leaf.index >= start, Leaf.index < end).order_by(Leaf.index)
        )
    else:
        below = (
            sa.select(Tile.root)
            .where(Tile.level == tile.level - 1, Tile.index >= start, Tile.index < end)
            .order_by(Tile.index)
        )
    return b"".join(session.scalars(below))
