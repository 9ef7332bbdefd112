"""A batch with what it was made of, read once for all that judges goods by where they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.lineage.queries import nearest_linked

_ANCESTORS = 400
"""How far back is looked; what lies beyond proves nothing."""


@dataclass(frozen=True)
class Ancestry:
    """A batch and what it was made of: rows by id, and those of them each was made of and went
    into, by id too; of what has none there is no entry."""

    rows: Mapping[int, Batch]
    parents: Mapping[int, Sequence[int]]
    children: Mapping[int, Sequence[int]]


def ancestry_of(session: Session, batch: Batch) -> Ancestry:
    """What a batch was made of, the nearest first where there is very much of it."""
    ids, links = nearest_linked(session, batch.id, "back", most=_ANCESTORS)
    rows = {one.id: one for one in session.scalars(sa.select(Batch).where(Batch.id.in_(ids)))}
    parents: defaultdict[int, list[int]] = defaultdict(list)
    children: defaultdict[int, list[int]] = defaultdict(list)
    for link in links:
        parents[link.child_id].append(link.parent_id)
        children[link.parent_id].append(link.child_id)
    return Ancestry(rows, dict(parents), dict(children))
