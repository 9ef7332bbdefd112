"""Checking the log against itself: records, leaves, tiles, head and checkpoint.

This is the installation's own check, over its own database. An outsider who trusts none of it
reads checkpoint and tiles under ``/log/`` instead.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import Fault, InvalidInput, Misconfigured
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.keys.queries import log_verifiers
from suyuan.trace.log import commitments, frontier, merkle, queries, tiles
from suyuan.trace.log.checkpoint import open_checkpoint
from suyuan.trace.log.contents import Contents, contents_of, misfiled, never_personal
from suyuan.trace.log.erasures import TYPE, erased_by_order
from suyuan.trace.log.frontier import CompletedTile, Frontier, Growth
from suyuan.trace.log.positions import SPAN, index_at, number_at, start_of, tile_start
from suyuan.trace.log.schemas import NO_SCHEMAS, Schemas
from suyuan.trace.log.tables import Head, Leaf, Record, Tile
from suyuan.trace.log.tiles import WIDTH

_BATCH = 4 * WIDTH
_MOST_FAULTS = 100
"""A log that is broken in more places than this is not described further."""


@dataclass(frozen=True)
class LogCheck:
    """What a check found: the size of the tree, how many records were looked at, the faults.

    ``erased``: how many of them have lost personal fields by an erasure that the log names.
    """

    size: int
    checked: int
    faults: tuple[Fault, ...]
    erased: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def check_log(session: Session, schemas: Schemas = NO_SCHEMAS) -> LogCheck:
    """Check every record, leaf and tile below each head, the heads and their signatures.

    ``schemas`` say of which class the fields of records are, and so what may have been erased.
    That is, of the log that is open and of those that were closed before it. What commits while
    this runs is left aside. Raises Misconfigured where there is no log.
    """
    heads = session.scalars(sa.select(Head).order_by(Head.id)).all() or [queries.head(session)]
    faults: list[Fault] = []
    count = 0
    for head in heads:
        edge = Frontier()
        for start in range(0, head.size, _BATCH):
            end = min(start + _BATCH, head.size)
            growth, found = _check_span(session, head.id, edge, start, end, schemas)
            edge, count = growth.frontier, count + end - start
            faults += found
            session.expunge_all()
            if len(faults) >= _MOST_FAULTS:
                return LogCheck(
                    heads[-1].size, count, tuple(faults[:_MOST_FAULTS]), _count_erased(session)
                )
        faults += _check_head(head, edge, log_key(session, head.origin))
    faults += _check_outside(session)
    return LogCheck(heads[-1].size, count, tuple(faults), _count_erased(session))


def check_sample(
    session: Session,
    count: int,
    rng: random.Random | None = None,
    schemas: Schemas = NO_SCHEMAS,
) -> LogCheck:
    """Check head, signature and ``count`` records drawn by lot, each with its inclusion proof.

    Of the log that is open. Raises Misconfigured where there is no log.
    """
    head = queries.head(session)
    edge = Frontier.from_bytes(head.size, head.frontier)
    faults = _check_head(head, edge, log_key(session))
    drawn = (rng or random.SystemRandom()).sample(range(head.size), min(count, head.size))
    for index in sorted(drawn):
        for position, leaf, record in _rows(session, head.id, index, index + 1):
            faults += _check_record(session, position, leaf, record, schemas)
            if leaf is not None and not _included(session, head.size, edge.root(), leaf):
                faults.append(_fault(position, "The leaf is not in the tree of the head."))
    return LogCheck(head.size, len(drawn), tuple(faults))


def log_key(session: Session, origin: str | None = None) -> VerifierKey:
    """The key that signs the checkpoints of the open log, or those of ``origin``.

    Raises Misconfigured.
    """
    name = origin or queries.head(session).origin
    found = [parse_verifier_key(one) for one in log_verifiers(session, name)]
    if not found:
        raise Misconfigured("The log has no key: run suyuan init first.")
    return found[0]


def _check_span(
    session: Session, number: int, edge: Frontier, start: int, end: int, schemas: Schemas
) -> tuple[Growth, list[Fault]]:
    faults, hashes = [], []
    for position, leaf, record in _rows(session, number, start, end):
        faults += _check_record(session, position, leaf, record, schemas)
        hashes.append(b"\0" * merkle.HASH_SIZE if leaf is None else leaf.hash)
    growth = frontier.append(edge, hashes)
    for tile in growth.completed:
        faults += _check_tile(session, number, tile)
    return growth, faults


def _rows(
    session: Session, number: int, start: int, end: int
) -> Iterator[tuple[int, Leaf | None, Record | None]]:
    """Each position of the span with its leaf and its record, None for what is missing."""
    start, end = start_of(number) + start, start_of(number) + end
    leaves = session.scalars(sa.select(Leaf).where(Leaf.index >= start, Leaf.index < end))
    records = session.scalars(
        sa.select(Record).where(Record.leaf_index >= start, Record.leaf_index < end)
    )
    leaf_at = {leaf.index: leaf for leaf in leaves}
    record_at = {record.leaf_index: record for record in records}
    for index in range(start, end):
        yield index, leaf_at.get(index), record_at.get(index)


def _check_record(
    session: Session, index: int, leaf: Leaf | None, record: Record | None, schemas: Schemas
) -> list[Fault]:
    if leaf is None or record is None:
        return [_fault(index, "A leaf or its record is missing.")]
    faults = []
    if leaf.hash != merkle.leaf_hash(leaf.data):
        faults.append(_fault(index, "The hash is not that of the leaf's data."))
    try:
        contents = contents_of(record)
        if commitments.leaf_data(contents.commitments.digest, record.at) != leaf.data:
            faults.append(_fault(index, "The record is not the one that was committed to."))
        elif columns := misfiled(record, contents, schemas):
            what = ", ".join(columns)
            faults.append(
                _fault(index, "The columns {what} do not say what the record says.", what=what)
            )
        if contents.missing:
            faults += _check_missing(session, index, record, contents, schemas)
    except InvalidInput as error:
        faults.append(_fault(index, "The record cannot be read: {why}", why=str(error)))
    return faults


def _check_missing(
    session: Session, index: int, record: Record, contents: Contents, schemas: Schemas
) -> list[Fault]:
    """Fields that are gone are erased where the log says so, else lost; only personal ones go."""
    missing = contents.missing
    lost = missing - erased_by_order(session, record)
    faults = []
    if lost:
        what = ", ".join(sorted(lost))
        faults.append(
            _fault(index, "The fields {what} are gone, and no erasure says so.", what=what)
        )
    others = {name for name in missing if record.classes.get(name) != "personal"}
    others = (others | never_personal(contents, schemas)) - lost
    if others:
        what = ", ".join(sorted(others))
        faults.append(
            _fault(index, "The fields {what} were erased and are no personal ones.", what=what)
        )
    return faults


def _check_outside(session: Session) -> list[Fault]:
    """A record beyond the end of its log has no leaf that anybody could check."""
    inside = sa.and_(
        Head.id == Record.leaf_index // SPAN + 1,
        Record.leaf_index % SPAN < Head.size,
    )
    beyond = sa.select(Record.leaf_index).where(~sa.exists().where(inside))
    found = session.scalars(beyond.limit(_MOST_FAULTS)).all()
    return [_fault(position, "A record stands beyond the end of the log.") for position in found]


def _count_erased(session: Session) -> int:
    named = sa.select(sa.func.count(Record.subject.distinct())).where(Record.type == TYPE)
    return session.scalar(named) or 0


def _check_tile(session: Session, number: int, tile: CompletedTile) -> list[Fault]:
    kept = session.get(Tile, (tile.level, tile_start(number, tile.level + 1) + tile.index))
    place = f"tile/{tile.level}/{tile.index}"
    if kept is None:
        return [Fault(place, "A full tile is missing.")]
    start = tile.index * WIDTH
    below = queries.row_reader(session, number)(tile.level, start, start + WIDTH)
    if kept.root != tile.root or kept.hashes != b"".join(below):
        return [Fault(place, "A full tile does not hold the hashes of its leaves.")]
    return []


def _check_head(head: Head, edge: Frontier, key: VerifierKey) -> list[Fault]:
    faults = []
    if head.frontier != edge.to_bytes():
        faults.append(Fault("head", "The head does not follow from the leaves."))
    try:
        signed = open_checkpoint(head.checkpoint, key)
        if (signed.origin, signed.size, signed.root) != (head.origin, head.size, edge.root()):
            faults.append(Fault("checkpoint", "The checkpoint is of another tree than the head."))
    except InvalidInput as error:
        faults.append(
            Fault("checkpoint", "The checkpoint cannot be believed: {why}", (("why", str(error)),))
        )
    return faults


def _included(session: Session, size: int, root: bytes, leaf: Leaf) -> bool:
    index = index_at(leaf.index)
    # from the rows themselves, so that a changed neighbour is found too
    proof = tiles.inclusion_proof(queries.row_reader(session, number_at(leaf.index)), index, size)
    try:
        merkle.verify_inclusion(leaf.hash, index, size, proof, root)
    except InvalidInput:
        return False
    return True


def _fault(position: int, message: str, **params: object) -> Fault:
    number = number_at(position)
    log = "" if number == 1 else f"log/{number}/"
    return Fault(f"{log}leaf/{index_at(position)}", message, tuple(params.items()))
