"""Reading the graph of batches: where one came from, what became of it, what an order reaches.

A recursive query with ``UNION``, never ``UNION ALL``: each batch is met once however many ways
lead to it, so that blending and splitting many times over costs no more than the rows are many.
Both databases give what they find nearest first, so a capped answer holds the nearest batches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, BatchMark, Link
from suyuan.trace.errors import InvalidInput

Direction = Literal["back", "forward"]
DIRECTIONS: tuple[Direction, ...] = ("back", "forward")
_AT_ONCE = 500
"""Keys in one query: well below what either database takes as parameters."""


@dataclass(frozen=True, slots=True)
class Node:
    """A batch of a chain; ``depth`` counts the steps from where the walk began."""

    batch_id: int
    depth: int
    trace_code: str
    path: str
    name: str
    family: str
    variant: str
    division: str
    party_id: int
    site_id: int | None
    quantity: Decimal
    unit: str
    state: str
    produced_on: date | None


@dataclass(frozen=True, slots=True)
class Edge:
    """So much of the parent went into the child, where that is known, by the event with this id."""

    parent_id: int
    child_id: int
    quantity: Decimal | None
    event_id: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """One page of a walk: ``nodes`` nearest first, and the ``links`` between batches walked.

    ``links`` are those that lead to a node of this page. ``next_cursor`` opens the next page,
    None after the last. ``truncated``: there is more than the cap let us walk.
    """

    nodes: tuple[Node, ...]
    links: tuple[Edge, ...]
    truncated: bool
    next_cursor: str | None


def chain(
    session: Session,
    batch_id: int,
    direction: Direction,
    *,
    most: int,
    limit: int | None = None,
    cursor: str | None = None,
) -> Chain:
    """Walk from a batch, which is the first node, at most ``most`` batches far and wide.

    ``limit`` is how many nodes one page holds (all, where it is None). Raises InvalidInput for a
    cursor that no page gave.
    """
    start = _offset(cursor)
    edges = _walked(session, batch_id, direction, most + 1)
    depths = _depths(batch_id, edges, direction)
    reached = _in_order(depths)
    kept = reached[:most]
    page = kept[start:] if limit is None else kept[start : start + limit]
    end = start + len(page)
    shown, inside = set(page), set(kept)
    return Chain(
        nodes=tuple(_nodes(session, page, depths)),
        links=tuple(
            edge
            for edge in edges
            if _far_end(edge, direction) in shown and _near_end(edge, direction) in inside
        ),
        truncated=len(reached) > most,
        next_cursor=str(end) if end < len(kept) else None,
    )


def nearest(
    session: Session, batch_id: int, direction: Direction, *, most: int
) -> tuple[list[int], bool]:
    """The ids of the nodes of ``chain`` alone, nearest first; and whether there is more."""
    edges = _walked(session, batch_id, direction, most + 1)
    reached = _in_order(_depths(batch_id, edges, direction))
    return reached[:most], len(reached) > most


def nearest_linked(
    session: Session, batch_id: int, direction: Direction, *, most: int
) -> tuple[list[int], list[Edge]]:
    """The ids of the nodes of ``chain`` alone, nearest first, and the links among them."""
    edges = _walked(session, batch_id, direction, most + 1)
    reached = _in_order(_depths(batch_id, edges, direction))[:most]
    inside = set(reached)
    return reached, [one for one in edges if {one.parent_id, one.child_id} <= inside]


def closure(session: Session, batch_id: int) -> list[int]:
    """The ids of a batch and of all that was made of it, in ascending order, without any cap."""
    return sorted(session.scalars(closure_select(batch_id)))


def closure_select(batch_id: int) -> sa.Select[tuple[int]]:
    """The query behind ``closure``, for statements that work on all of it at once."""
    walk = _walk(batch_id, "forward")
    return sa.select(walk.c.id)


def closure_of(batch_ids: sa.Select[int], direction: Direction = "forward") -> sa.Select[int]:
    """As ``closure_select``, of all the batches that a query gives: each comes once. Or as
    ``ancestors_select``."""
    near, far = _ends(direction)
    start = batch_ids.subquery("start")
    walk = sa.select(start.c[0].label("id")).cte("walk", recursive=True)
    walk = walk.union(sa.select(far).join(walk, near == walk.c.id))
    return sa.select(walk.c.id)


def ancestors(session: Session, batch_id: int) -> list[int]:
    """The ids of a batch and of all that went into it, in ascending order, without any cap."""
    return sorted(session.scalars(ancestors_select(batch_id)))


def ancestors_select(batch_id: int) -> sa.Select[int]:
    """The query behind ``ancestors``, for statements that work on all of it at once."""
    walk = _walk(batch_id, "back")
    return sa.select(walk.c.id)


def inherited_marks(
    session: Session, batch_id: int, kind: str, *, most: int
) -> list[tuple[int, str]]:
    """The marks of a kind (ear tags) that a batch has of its own or by what went into it.

    Pairs of the batch that was marked and the mark; of at most ``most`` batches back.
    """
    walk = _walk(batch_id, "back")
    near = sa.select(walk.c.id).limit(most).subquery()
    marks = sa.select(BatchMark.batch_id, BatchMark.value).join(
        near, near.c.id == BatchMark.batch_id
    )
    found = session.execute(marks.where(BatchMark.kind == kind).order_by(BatchMark.id))
    return [(marked, value) for marked, value in found]


def _walk(start: int | sa.BindParameter[int], direction: Direction) -> sa.CTE:
    near, far = _ends(direction)
    if isinstance(start, int):
        start = sa.literal(start, sa.BigInteger)
    walk = sa.select(start.label("id")).cte("walk", recursive=True)
    return walk.union(sa.select(far).join(walk, near == walk.c.id))


def _ends(direction: Direction) -> tuple[Any, Any]:
    """The column of a link where the walk comes from, and the one it goes to."""
    link = Link.__table__.c
    if direction == "back":
        return link.child_id, link.parent_id
    return link.parent_id, link.child_id


def _far_end(edge: Edge, direction: Direction) -> int:
    return edge.parent_id if direction == "back" else edge.child_id


def _near_end(edge: Edge, direction: Direction) -> int:
    return edge.child_id if direction == "back" else edge.parent_id


def _walked(session: Session, batch_id: int, direction: Direction, most: int) -> list[Edge]:
    """The links leaving the first ``most`` batches that are met."""
    found = session.execute(_links_walked(direction), {"start": batch_id, "most": most})
    return [Edge(*row) for row in found]


@cache
def _links_walked(direction: Direction) -> sa.Select[Any]:
    """The statement of ``_walked``, put together once."""
    walk = _walk(sa.bindparam("start", type_=sa.BigInteger), direction)
    # the limit stands inside, so that the recursion itself stops there
    met = sa.select(walk.c.id).limit(sa.bindparam("most")).subquery("met")
    near, _ = _ends(direction)
    link = Link.__table__
    links = sa.select(link.c.parent_id, link.c.child_id, link.c.quantity, link.c.event_id)
    return links.join(met, near == met.c.id)


def _depths(batch_id: int, edges: Iterable[Edge], direction: Direction) -> Mapping[int, int]:
    """The fewest steps to each batch."""
    onward: defaultdict[int, list[int]] = defaultdict(list)
    for edge in edges:
        onward[_near_end(edge, direction)].append(_far_end(edge, direction))
    depths = {batch_id: 0}
    ring = [batch_id]
    while ring:
        ahead: list[int] = []
        for one in ring:
            for far in onward[one]:
                if far not in depths:
                    depths[far] = depths[one] + 1
                    ahead.append(far)
        ring = ahead
    return depths


def _in_order(depths: Mapping[int, int]) -> list[int]:
    """Nearest first: an order that a cursor can rely on, whatever the database found first."""
    return sorted(depths, key=lambda one: (depths[one], one))


def _nodes(session: Session, ids: Sequence[int], depths: Mapping[int, int]) -> list[Node]:
    rows: dict[int, tuple[Any, ...]] = {row[0]: tuple(row) for row in batch_rows(session, ids)}
    return [Node(one, depths[one], *rows[one][1:]) for one in ids]


def batch_rows(session: Session, ids: Collection[int]) -> list[sa.Row[Any]]:
    """What a node shows of each batch, read by primary key; the id comes first."""
    wanted = list(ids)
    columns = (
        Batch.id, Batch.trace_code, Batch.path, Batch.name, Batch.family, Batch.variant,
        Batch.division, Batch.party_id, Batch.site_id, Batch.quantity, Batch.unit, Batch.state,
        Batch.produced_on,
    )  # fmt: skip
    found: list[sa.Row[Any]] = []
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        found += session.execute(sa.select(*columns).where(Batch.id.in_(some)))
    return found


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise InvalidInput(
            "This is no cursor of a lineage answer: begin again without one.", "cursor"
        )
    return int(cursor)
