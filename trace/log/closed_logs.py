"""The logs that were closed before one, and the trees that they were closed with.

The first entry of each log but the first commits to the checkpoint with which the one before it was
closed. So who believes the newest log has the tree of each, and needs none of their keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.canonical import Members
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import parse_note
from suyuan.trace.log.checkpoint import Checkpoint, parse_checkpoint
from suyuan.trace.log.contents import contents_of
from suyuan.trace.log.findings import Finding, Kind
from suyuan.trace.log.positions import start_of
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Head, Record

CONTINUED = RecordSchema(
    "log-continued", 1, public=("checkpoint", "closed", "kept", "origin"), trade=("reason",)
)
"""The first entry of a log that goes on for another: the other's last known ``checkpoint`` and the
one with which it was ``closed`` here (signed notes), and how many of its entries are ``kept``."""
TYPE = "log-continued"


@dataclass(frozen=True)
class ClosedLog:
    """A log's head, and the tree that its successor says it was closed with, where it says so."""

    head: Head
    tree: Checkpoint | None


def closed_before(session: Session, head: Head) -> Iterator[ClosedLog | Finding]:
    """The logs that were closed before the one with ``head``, newest first.

    A finding stands for a log that is not there, and beside one whose successor does not tell of
    it, or of another. Whether the telling record is what was committed to is for others to check.
    """
    for number in range(head.id, 1, -1):
        place = f"log/{number - 1}"
        closed = session.get(Head, number - 1)
        if closed is None:
            yield Finding(Kind.DELETED_ROW, place, "the closed log has no head in the database")
            continue
        tree = None
        try:
            tree = _tree_told_of(session, number)
        except InvalidInput as error:
            says = f"the first entry of log {number} does not say what it goes on from: {error}"
            yield Finding(Kind.CHANGED_ROW, place, says)
        if tree is not None and (tree.origin, tree.size) != (closed.origin, closed.size):
            says = (
                f"log {number} goes on from {tree.origin} of {tree.size} entries, and here is "
                f"{closed.origin} of {closed.size}"
            )
            yield Finding(Kind.FORKED, place, says)
        yield ClosedLog(closed, tree)


def of_log(number: int, finding: Finding) -> Finding:
    """A finding in a closed log, with the log's number before its place."""
    return replace(finding, at=f"log/{number}/{finding.at}")


def _tree_told_of(session: Session, number: int) -> Checkpoint:
    first = session.scalar(sa.select(Record).where(Record.leaf_index == start_of(number)))
    if first is None:
        raise InvalidInput("It is not in the database.")
    fields = {name: one.value for name, one in contents_of(first).fields.items()}
    said = Members(fields)
    if said.text("schema") != str(CONTINUED):
        raise InvalidInput("It is of another kind.")
    closed = parse_checkpoint(parse_note(said.text("closed")).text)
    if (closed.origin, closed.size) != (said.text("origin"), said.count("kept")):
        raise InvalidInput("It names two logs.")
    return closed
