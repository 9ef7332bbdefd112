"""Reading the log: its head, its tiles and entries, and proofs over them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.log import tiles
from suyuan.trace.log.append import newest_head, stored_hashes
from suyuan.trace.log.frontier import Frontier
from suyuan.trace.log.positions import index_at, number_at, start_of, tile_start
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.log.tiles import WIDTH, HashReader

_TILES = Tile.__table__.c
_FULL_TILE = sa.select(_TILES.hashes).where(
    _TILES.level == sa.bindparam("of"), _TILES.idx == sa.bindparam("place")
)
"""Made once and asked past the ORM, see ``append``."""


def head(session: Session) -> Head:
    """The head of the log that is open. Raises Misconfigured where there is none."""
    return newest_head(session)


def head_at(session: Session, position: int) -> Head:
    """The head of the log in which the entry at ``position`` stands. Raises NotFound."""
    return log_numbered(session, number_at(position))


def log_numbered(session: Session, number: int) -> Head:
    """The head of one of the logs of this installation; all but the newest are closed.

    Raises NotFound.
    """
    found = session.get(Head, number)
    if found is None:
        raise NotFound("There is no log {number} here.", number=number)
    return found


def hash_reader(session: Session, number: int = 0) -> HashReader:
    """Reads hashes of any tile level, a tile at a time, and keeps what it has read.

    Of log ``number``, the open one where none is named; counted from that log's beginning.
    """
    log = log_numbered(session, number) if number else head(session)
    read_row_by_row = row_reader(session, log.id)
    kept: dict[tuple[int, int], Sequence[bytes]] = {}

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        index = start // WIDTH
        first = index * WIDTH
        if (level, index) not in kept:
            last = min(first + WIDTH, tiles.tree_width(level, log.size))
            full = _full_tile(session, log, level, index) if last == first + WIDTH else None
            kept[level, index] = full or read_row_by_row(level, first, last)
        return kept[level, index][start - first : end - first]

    return read


def row_reader(session: Session, number: int) -> HashReader:
    """As ``hash_reader``, past the full tiles: what they were made of, each from its own row."""

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        first = tile_start(number, level)
        return stored_hashes(session, level, first + start, first + end)

    return read


def _full_tile(session: Session, log: Head, level: int, index: int) -> list[bytes] | None:
    place = tile_start(log.id, level + 1) + index
    found = session.connection().scalar(_FULL_TILE, {"of": level, "place": place})
    return None if found is None else tiles.parse_hashes(found, WIDTH)


def tile_content(session: Session, tile: tiles.Tile, number: int = 0) -> bytes:
    """What is served for a tile's or bundle's address. Raises NotFound beyond the tree."""
    log = log_numbered(session, number) if number else head(session)
    # any width up to what is there: an auditor may hold a checkpoint somewhat older than ours
    if tile.width > tiles.tree_width(tile.level, log.size) - tile.index * WIDTH:
        raise NotFound("The log has no such tile.")
    start = tile.index * WIDTH
    if tile.level == "entries":
        first = start_of(log.id) + start
        span = sa.select(Leaf.data).where(Leaf.index >= first, Leaf.index < first + tile.width)
        return tiles.write_entries(session.scalars(span.order_by(Leaf.index)).all())
    read = hash_reader(session, log.id)
    return tiles.write_hashes(read(tile.level, start, start + tile.width))


def inclusion_proof(session: Session, position: int, size: int) -> list[bytes]:
    """The audit path of the entry at ``position`` in its log's tree of the first ``size``."""
    log = head_at(session, position)
    # of the newest tree the right edge is at hand: no partial tile needs to be read
    edge = Frontier.from_bytes(log.size, log.frontier).spans() if size == log.size else {}
    return tiles.inclusion_proof(hash_reader(session, log.id), index_at(position), size, edge)


def record(session: Session, record_id: str) -> Record:
    """The record with this id. Raises NotFound."""
    found = session.get(Record, record_id)
    if found is None:
        raise NotFound("There is no record {id}.", id=record_id)
    return found
