"""The rows behind a log: each record against its leaf, each leaf against the tree that was signed.

For whoever may read the database beside the public log. The rows may be changed by whoever runs
the server; the tree that an outsider remembers may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import frontier
from suyuan.trace.log.checkpoint import Checkpoint
from suyuan.trace.log.closed_logs import closed_before, of_log
from suyuan.trace.log.commitments import leaf_data
from suyuan.trace.log.contents import Contents, contents_of, misfiled, never_personal
from suyuan.trace.log.erasures import erased_by_order
from suyuan.trace.log.findings import Finding, Kind, at_leaf
from suyuan.trace.log.frontier import Frontier
from suyuan.trace.log.merkle import HASH_SIZE, leaf_hash
from suyuan.trace.log.outside_audit import MOST, Remembered, Told
from suyuan.trace.log.positions import start_of
from suyuan.trace.log.schemas import NO_SCHEMAS, Schemas
from suyuan.trace.log.tables import Head, Leaf, Record
from suyuan.trace.log.tiles import WIDTH

_AT_ONCE = 4 * WIDTH
_NO_HASH = bytes(HASH_SIZE)


@dataclass(frozen=True)
class Row:
    """What stands at one index: its leaf and its record, None for what is missing."""

    index: int
    leaf: Leaf | None
    record: Record | None


def audit_rows(
    session: Session,
    signed: Checkpoint,
    last: Remembered | None = None,
    told: Told = lambda _done, _of: None,
    schemas: Schemas = NO_SCHEMAS,
) -> tuple[Finding, ...]:
    """Check all rows of the log that has ``signed``, and that their tree is the one it signed.

    And those of the logs that were closed before it, by the trees that its first entry and theirs
    commit to: their findings are at ``log/<number>/…``. ``schemas`` say of which class the fields
    of records are, and so what may have been erased. With ``last``, also that the first part of
    that log is the tree that was signed then. Raises InvalidInput where the database holds no such
    log.
    """
    head = session.scalar(sa.select(Head).where(Head.origin == signed.origin))
    if head is None or head.size < signed.size:
        raise InvalidInput("The database does not hold the log {origin} of {size} entries.",
            origin=signed.origin, size=signed.size)  # fmt: skip
    findings = _of_one_log(session, head, signed, last, told, schemas)
    for closed in closed_before(session, head):
        if isinstance(closed, Finding):
            findings.append(closed)
        elif len(findings) < MOST:
            found = _of_one_log(session, closed.head, closed.tree, last, told, schemas)
            findings += [of_log(closed.head.id, one) for one in found]
    findings += _inserted(session)
    return tuple(findings[:MOST])


def _of_one_log(
    session: Session,
    head: Head,
    tree: Checkpoint | None,
    last: Remembered | None,
    told: Told,
    schemas: Schemas,
) -> list[Finding]:
    """The rows of one log, whose tree is to be ``tree``."""
    findings: list[Finding] = []
    trees = {} if tree is None else {tree.size: tree.root}
    if last is not None and last.key.name == head.origin:
        trees[last.edge.size] = last.edge.root()
    edge = Frontier()
    for end in _steps(head.size, sorted(trees)):
        hashes = []
        for row in _rows(session, head.id, edge.size, end):
            findings += _check(session, head.id, row, schemas)
            hashes.append(row.leaf.hash if row.leaf else _NO_HASH)
        edge = frontier.append(edge, hashes).frontier
        session.expunge_all()
        if trees.get(edge.size, edge.root()) != edge.root():
            says = f"the rows of the first {edge.size} entries are not the tree that was signed"
            findings.append(Finding(Kind.FORKED, f"tree/{edge.size}", says))
        told(edge.size, head.size)
        if len(findings) >= MOST:
            break
    if not findings and head.frontier != edge.to_bytes():
        findings.append(Finding(Kind.CHANGED_ROW, "head", "it does not follow from the leaves"))
    return findings


def _steps(size: int, stops: list[int]) -> Iterator[int]:
    """Ends of spans up to ``size``, with each of ``stops`` among them."""
    start = 0
    while start < size:
        following = [stop for stop in stops if stop > start]
        start = min(start + _AT_ONCE, size, *following[:1])
        yield start


def _rows(session: Session, log: int, start: int, end: int) -> Iterator[Row]:
    first, beyond = start_of(log) + start, start_of(log) + end
    leaves = session.scalars(sa.select(Leaf).where(Leaf.index >= first, Leaf.index < beyond))
    records = session.scalars(
        sa.select(Record).where(Record.leaf_index >= first, Record.leaf_index < beyond)
    )
    leaf_at = {leaf.index - start_of(log): leaf for leaf in leaves}
    record_at = {record.leaf_index - start_of(log): record for record in records}
    for index in range(start, end):
        yield Row(index, leaf_at.get(index), record_at.get(index))


def _check(session: Session, log: int, row: Row, schemas: Schemas) -> Iterator[Finding]:
    if row.leaf is None:
        yield at_leaf(Kind.DELETED_ROW, row.index, "the leaf is not in the database")
    elif leaf_hash(row.leaf.data) != row.leaf.hash:
        yield at_leaf(Kind.CHANGED_ROW, row.index, "the leaf's hash is not that of its data")
    if row.record is None:
        yield at_leaf(Kind.DELETED_ROW, row.index, "the record is not in the database")
    elif row.leaf is not None:
        yield from _check_record(session, log, row.index, row.leaf, row.record, schemas)


def _check_record(
    session: Session, log: int, index: int, leaf: Leaf, record: Record, schemas: Schemas
) -> Iterator[Finding]:
    try:
        contents = contents_of(record)
        data = leaf_data(contents.commitments.digest, record.at)
    except InvalidInput as error:
        yield at_leaf(Kind.CHANGED_ROW, index, f"record {record.id} cannot be read: {error}")
        return
    if data != leaf.data:
        elsewhere = session.scalar(sa.select(Leaf.index).where(Leaf.data == data))
        if elsewhere is None:
            says = f"record {record.id} is not what was committed to"
            yield at_leaf(Kind.CHANGED_ROW, index, says)
        else:
            says = f"record {record.id} belongs at {elsewhere - start_of(log)}"
            yield at_leaf(Kind.REORDERED, index, says)
    else:
        yield from _check_columns(session, index, record, contents, schemas)


def _check_columns(
    session: Session, index: int, record: Record, contents: Contents, schemas: Schemas
) -> Iterator[Finding]:
    """What stands beside a record that is the one that was committed to."""
    if columns := misfiled(record, contents, schemas):
        says = f"the columns {', '.join(columns)} do not say what record {record.id} says"
        yield at_leaf(Kind.CHANGED_ROW, index, says)
    if contents.missing and contents.missing - erased_by_order(session, record):
        says = f"record {record.id} lacks fields that no erasure names"
        yield at_leaf(Kind.UNEXPLAINED_ERASURE, index, says)
    if public := never_personal(contents, schemas):
        says = f"record {record.id} lacks {', '.join(sorted(public))}: no erasure may drop these"
        yield at_leaf(Kind.UNEXPLAINED_ERASURE, index, says)


def _inserted(session: Session) -> Iterator[Finding]:
    """Rows beyond the end of every log: nothing that was signed tells of them."""
    heads = session.scalars(sa.select(Head)).all()
    for column, what in ((Record.leaf_index, "a record"), (Leaf.index, "a leaf")):
        outside = sa.and_(
            *(
                sa.or_(column < start_of(one.id), column >= start_of(one.id) + one.size)
                for one in heads
            )
        )
        for position in session.scalars(sa.select(column).where(outside).limit(MOST)):
            yield at_leaf(Kind.INSERTED_ROW, position, f"{what} that the log does not hold")
