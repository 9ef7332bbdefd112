"""Reading the log: its head, its tiles and entries, and proofs over them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.log import tiles
from suyuan.trace.log.append import newest_head, stored_hashes
from suyuan.trace.log.positions import index_at, number_at, start_of, tile_start
from suyuan.trace.log.tables import Head, Leaf, Record
from suyuan.trace.log.tiles import WIDTH, HashReader


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
    """Reads hashes of any tile level, from full tiles where they are and from rows elsewhere.

    Of log ``number``, the open one where none is named; counted from that log's beginning.
    """
    log = number or head(session).id

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        first = tile_start(log, level)
        return stored_hashes(session, level, first + start, first + end)

    return read


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
    read = hash_reader(session, number_at(position))
    return tiles.inclusion_proof(read, index_at(position), size)


def record(session: Session, record_id: str) -> Record:
    """The record with this id. Raises NotFound."""
    found = session.get(Record, record_id)
    if found is None:
        raise NotFound("There is no record {id}.", id=record_id)
    return found
