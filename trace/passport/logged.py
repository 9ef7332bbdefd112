"""The records behind a passport, read in a handful of queries, and where they stand in the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.canonical import Json, read_canonical
from suyuan.trace.events.tables import Event
from suyuan.trace.log import queries, tiles
from suyuan.trace.log.contents import Contents, contents_of
from suyuan.trace.log.positions import index_at, number_at
from suyuan.trace.log.tables import Leaf, Record

_AT_ONCE = 500
"""Keys in one query: well below what either database takes as parameters."""
_ABOUT = (
    "party/1", "site/1", "product/1", "paper/1", "commitment_certificate/1", "test-report/1",
    "verdict/1", "event_evidence/1",
)  # fmt: skip
"""What tells of parties, places, papers, certificates and reports that a passport shows."""


@dataclass(frozen=True)
class Logged:
    """A record with what is still there of it, and its leaf."""

    record: Record
    leaf: dict[str, Json]
    contents: Contents

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def schema(self) -> str:
        return self.record.schema

    def public(self, name: str) -> bool:
        """Whether the field is there and for everybody."""
        return name in self.contents.fields and self.record.classes.get(name) == "public"

    def says(self, name: str) -> Json:
        """The value of a public field; None where there is none."""
        return self.contents.fields[name].value if self.public(name) else None


@dataclass
class LoggedRecords:
    """Records by id, and by what they are about in the order in which they were logged."""

    session: Session
    by_id: dict[str, Logged] = field(default_factory=dict)
    about: dict[str, list[Logged]] = field(default_factory=dict)

    def load(self, ids: Collection[str]) -> None:
        """Read these records."""
        for part in _parts(set(ids) - set(self.by_id)):
            for one in self._read(Record.id.in_(part)):
                self.by_id[one.id] = one

    def load_about(self, subjects: Collection[str]) -> None:
        """Read what tells of these parties, sites, products, papers, reports and events."""
        for part in _parts(set(subjects) - set(self.about)):
            self.about.update({one: [] for one in part})
            for one in self._read(Record.subject.in_(part), Record.schema.in_(_ABOUT)):
                self.by_id[one.id] = one
                self.about[str(one.record.subject)].append(one)

    def corrections(self, uids: Collection[str]) -> list[tuple[Logged, Logged]]:
        """The records of corrected events, each with that of what corrected it, to the newest."""
        later = aliased(Event)
        query = sa.select(Event.record_id, later.record_id, later.uid).join(
            later, later.id == Event.corrected_by_id
        )
        found: dict[str, str] = {}
        fresh = set(uids)
        while fresh:
            rows = [
                row
                for part in _parts(fresh)
                for row in self.session.execute(query.where(Event.uid.in_(part)))
            ]
            fresh = {row[2] for row in rows if row[1] not in found}
            found |= {row[0]: row[1] for row in rows}
        self.load({*found, *found.values()})
        return [(self.by_id[one], self.by_id[other]) for one, other in found.items()]

    def _read(self, *conditions: sa.ColumnElement[bool]) -> Iterator[Logged]:
        query = sa.select(Record, Leaf.data).join(Leaf, Leaf.index == Record.leaf_index)
        for record, data in self.session.execute(
            query.where(*conditions).order_by(Record.leaf_index)
        ):
            leaf: Any = read_canonical(data)
            yield Logged(record, leaf, contents_of(record))


class Trees:
    """The trees of the logs in which some leaves stand; ``heads`` are theirs, the oldest first."""

    def __init__(self, session: Session, positions: Iterable[int]) -> None:
        numbers = sorted({number_at(position) for position in positions})
        self.heads = [queries.log_numbered(session, number) for number in numbers]
        self._at = {number: at for at, number in enumerate(numbers)}
        # one reader a log, because paths share tiles
        self._readers = [queries.hash_reader(session, number) for number in numbers]

    def place(self, position: int) -> tuple[int, int]:
        """The place of a leaf: its log's among ``heads``, and the leaf's index there."""
        return self._at[number_at(position)], index_at(position)

    def path(self, position: int) -> list[bytes]:
        """The audit path of a leaf."""
        log, index = self.place(position)
        return tiles.inclusion_proof(self._readers[log], index, self.heads[log].size)


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(keys)
    for at in range(0, len(listed), _AT_ONCE):
        yield listed[at : at + _AT_ONCE]
