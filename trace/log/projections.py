"""What the rows of a table must hold, by the records that made and changed them.

The slices' tables are projections of the records: whoever may write to the database may change
them, and what pages, labels and recalls go by are the rows. So each slice says beside its tables
which field of which records stands in which column, and an audit compares the two. A column that
no record tells of is named nowhere here, and nothing vouches for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from suyuan.trace.database import Base
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tellings import Fields, Telling

Rows = Callable[[Session, Sequence[Any]], Mapping[Any, Any]]
"""What stands in the rows of another table, by the primary key of the row that they belong to."""


@dataclass(frozen=True)
class Word:
    """What must stand in a column, and the record that says so."""

    value: Any
    record: str


Says = Callable[[Sequence[Telling]], Word | None]
"""What all that was told of a row, in order, says of a column; None where it was erased."""


@dataclass(frozen=True)
class Column:
    """A column, or what rows of another table add to a row, that records tell of."""

    name: str
    value: sa.ColumnElement[Any] | InstrumentedAttribute[Any] | Rows
    says: Says


@dataclass(frozen=True)
class Projection:
    """The rows of ``table`` that records of ``schema`` make, each called ``key``.

    ``references``: the records that a row names; the first made it. Further records tell of it
    that are of the schemas ``later`` and have it as their subject (``subject``, else its key).
    ``names``: the rows that a record tells of, None where it names none or that was erased.
    ``called``: whether records of ``schema`` name the rows that they make; else each makes one.
    ``about``: what a record says of one row, where it tells of several or in other words.
    ``types``: which types of records of ``schema`` there must be a row for (any, where empty), and
    ``when``: of those, which.
    ``unsaid``: the rows that no record need tell of.
    """

    table: type[Base]
    key: InstrumentedAttribute[str]
    schema: RecordSchema
    columns: tuple[Column, ...]
    names: Callable[[Fields], Collection[str] | None]
    called: bool = True
    about: Callable[[Fields, str], Fields] = lambda said, _key: said
    references: tuple[Any, ...] = ()
    types: frozenset[str] = frozenset()
    later: tuple[RecordSchema, ...] = ()
    subject: Any = None
    unsaid: sa.ColumnElement[bool] | None = None
    when: Callable[[Fields], bool] = lambda _said: True

    def makes(self, one: Telling) -> bool:
        """Whether a record has a row here that names it."""
        of_these = one.schema == str(self.schema) and (not self.types or one.type in self.types)
        return of_these and self.when(one.fields)


def said_by(*fields: str) -> Callable[[Fields], Collection[str] | None]:
    """The names of rows as the first of these fields that a record has gives them."""

    def names(said: Fields) -> Collection[str] | None:
        for field in fields:
            if field in said:
                return said[field] if isinstance(said[field], list) else [str(said[field])]
        return None

    return names


def first(
    field: str, *, read: Callable[[Any], Any] = lambda value: value, absent: Any = None
) -> Says:
    """A column that holds what the record that made the row says, whatever was said later."""

    def says(tellings: Sequence[Telling]) -> Word | None:
        made = tellings[0]
        if field in made.gone:
            return None
        return Word(read(made.fields[field]) if field in made.fields else absent, made.id)

    return says


def newest(
    field: str,
    *,
    types: Collection[str] = (),
    read: Callable[[Any], Any] = lambda value: value,
    absent: Any = None,
    erased: Any = None,
) -> Says:
    """A column that holds what was last said of ``field``.

    That is said by the last record that has the field, or, where ``types`` are named, by the last
    of those, also by its silence. ``read`` makes of what was said what the column holds, which is
    ``absent`` where nothing was, and ``erased``, where that is known, after an erasure.
    """

    def says(tellings: Sequence[Telling]) -> Word | None:
        heard = [one for one in tellings if (one.type in types if types else one.speaks_of(field))]
        if not heard:
            return Word(absent, tellings[0].id)
        last = heard[-1]
        if field in last.gone:
            return None if erased is None else Word(erased, last.id)
        return Word(read(last.fields[field]) if field in last.fields else absent, last.id)

    return says


def gathered(field: str, read: Callable[[Any], Any] = lambda value: value) -> Says:
    """What all records together say of a field that is a list: each thing once, in no order."""

    def says(tellings: Sequence[Telling]) -> Word | None:
        heard = [one for one in tellings if one.speaks_of(field)]
        if any(field in one.gone for one in heard):
            return None
        found = [read(one) for telling in heard for one in telling.fields[field]]
        return Word(sorted(set(found)), (heard or tellings)[-1].id)

    return says


def whether(type_: str, then: Any, otherwise: Any) -> Says:
    """A column that depends on whether a record of a type was written."""

    def says(tellings: Sequence[Telling]) -> Word:
        heard = [one for one in tellings if one.type == type_]
        return Word(then, heard[-1].id) if heard else Word(otherwise, tellings[0].id)

    return says


def name_of(key: InstrumentedAttribute[str], reference: Any) -> sa.ScalarSelect[Any]:
    """The outside name of the row that a column refers to, as records name it."""
    other = aliased(key.class_)
    return sa.select(getattr(other, key.key)).where(other.id == reference).scalar_subquery()


def by_owner(session: Session, query: sa.Executable) -> dict[Any, list[tuple[Any, ...]]]:
    """The rows of a query by their first column, which is left out of them."""
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for owner, *rest in session.execute(query):
        found.setdefault(owner, []).append(tuple(rest))
    return found
