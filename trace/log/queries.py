"""Reading the log: its head, its tiles and entries, and proofs over them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Misconfigured, NotFound
from suyuan.trace.log import tiles
from suyuan.trace.log.append import HEAD
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.log.tiles import WIDTH, HashReader


def head(session: Session) -> Head:
    """The head of the log. Raises Misconfigured where there is none."""
    found = session.get(Head, HEAD)
    if found is None:
        raise Misconfigured("The log has no head: run suyuan init first.")
    return found


def hash_reader(session: Session) -> HashReader:
    """Reads hashes of any tile level, from full tiles where they are and from rows elsewhere."""

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        if level == 0:
            span = sa.select(Leaf.hash).where(Leaf.index >= start, Leaf.index < end)
            return session.scalars(span.order_by(Leaf.index)).all()
        below = sa.select(Tile.root).where(
            Tile.level == level - 1, Tile.index >= start, Tile.index < end
        )
        return session.scalars(below.order_by(Tile.index)).all()

    return read


def tile_content(session: Session, tile: tiles.Tile) -> bytes:
    """What is served for a tile's or bundle's address. Raises NotFound beyond the tree."""
    # any width up to what is there: an auditor may hold a checkpoint somewhat older than ours
    if tile.width > tiles.tree_width(tile.level, head(session).size) - tile.index * WIDTH:
        raise NotFound("The log has no such tile.")
    start = tile.index * WIDTH
    if tile.level == "entries":
        span = sa.select(Leaf.data).where(Leaf.index >= start, Leaf.index < start + tile.width)
        return tiles.write_entries(session.scalars(span.order_by(Leaf.index)).all())
    return tiles.write_hashes(hash_reader(session)(tile.level, start, start + tile.width))


def inclusion_proof(session: Session, index: int, size: int) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree of the first ``size`` leaves."""
    return tiles.inclusion_proof(hash_reader(session), index, size)


def record(session: Session, record_id: str) -> Record:
    """The record with this id. Raises NotFound."""
    found = session.get(Record, record_id)
    if found is None:
        raise NotFound("There is no record {id}.", id=record_id)
    return found
