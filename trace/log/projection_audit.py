"""Comparing the rows of the slices' tables with the records, a page at a time.

The records are held against their leaves elsewhere (``row_audit``, ``audit``): what they say is
taken for true here. A finding names table, row, column and record, and no value.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.clock import utc_text
from suyuan.trace.database import Base
from suyuan.trace.log.append import newest_head
from suyuan.trace.log.findings import Finding, Kind
from suyuan.trace.log.outside_audit import MOST
from suyuan.trace.log.outside_audit import Told as Progress
from suyuan.trace.log.positions import start_of
from suyuan.trace.log.projections import Projection
from suyuan.trace.log.tables import Record
from suyuan.trace.log.tellings import UNREADABLE, Telling, read_tellings

_AT_ONCE = 500


@dataclass(frozen=True)
class _Row:
    """A row: its keys, the records that it names, and what is compared, by column."""

    id: Any
    key: str
    subject: str
    references: tuple[str | None, ...]
    values: Mapping[str, Any]


def audit_projections(
    session: Session,
    projections: Sequence[Projection],
    told: Progress = lambda _done, _of: None,
) -> tuple[Finding, ...]:
    """Compare every row with its records, and look for the row of every record."""
    findings: list[Finding] = []
    done, total = 0, _count(session, projections)
    for found, seen in _steps(session, projections):
        findings += found
        done += seen
        told(min(done, total), total)
        if len(findings) >= MOST:
            break
    return tuple(findings[:MOST])


def sample_projections(
    session: Session, projections: Sequence[Projection], count: int
) -> tuple[Finding, ...]:
    """Compare the rows that ``count`` records of the open log, drawn by lot, tell of."""
    head = newest_head(session)
    drawn = random.SystemRandom().sample(range(head.size), min(count, head.size))
    positions = [start_of(head.id) + index for index in drawn]
    tellings = read_tellings(session, Record.leaf_index.in_(positions))
    findings = list(_lacking(session, projections, tellings))
    for each in projections:
        schemas = {str(each.schema), *map(str, each.later)}
        for one in tellings:
            keys = each.names(one.fields) if one.schema in schemas else None
            if keys:
                findings += _compared(session, each, _rows(session, each, each.key.in_(keys)))
    return tuple(dict.fromkeys(findings))[:MOST]


def _count(session: Session, projections: Sequence[Projection]) -> int:
    tables: set[type[Base]] = {Record, *(each.table for each in projections)}
    counts = (session.scalar(sa.select(sa.func.count()).select_from(one)) for one in tables)
    return sum(count or 0 for count in counts)


def _steps(
    session: Session, projections: Sequence[Projection]
) -> Iterator[tuple[Sequence[Finding], int]]:
    """What is found in each page, and how many rows were in it."""
    for each in projections:
        last: str | None = None
        while page := _rows(session, each, each.key > last if last is not None else sa.true()):
            yield list(_compared(session, each, page)), len(page)
            last = page[-1].key
    yield list(_told_by_nothing(session, projections)), 0
    after = -1
    while True:
        beyond = sa.select(Record.leaf_index).where(Record.leaf_index > after)
        positions = session.scalars(beyond.order_by(Record.leaf_index).limit(_AT_ONCE)).all()
        if not positions:
            return
        tellings = read_tellings(session, Record.leaf_index.in_(positions))
        yield list(_lacking(session, projections, tellings)), len(positions)
        after = positions[-1]


def _rows(session: Session, each: Projection, which: sa.ColumnElement[bool]) -> list[_Row]:
    """The first rows of those asked for, in the order of their keys."""
    columns = [one for one in each.columns if isinstance(one.value, sa.SQLColumnExpression)]
    elsewhere = {
        one.name: one.value
        for one in each.columns
        if not isinstance(one.value, sa.SQLColumnExpression)
    }
    subject = each.key if each.subject is None else each.subject
    own_id = sa.inspect(each.table).primary_key[0]
    query = sa.select(own_id, each.key, subject, *each.references, *(one.value for one in columns))
    if each.references:
        query = query.outerjoin(Record, Record.id == each.references[0])
        query = query.where(Record.schema == str(each.schema))
    page = session.execute(query.where(which).order_by(each.key).limit(_AT_ONCE)).all()
    beside = {name: read(session, [row[0] for row in page]) for name, read in elsewhere.items()}
    start = 3 + len(each.references)
    return [
        _Row(
            id=row[0],
            key=row[1],
            subject=row[2],
            references=tuple(row[3:start]),
            values={one.name: value for one, value in zip(columns, row[start:], strict=True)}
            | {name: found.get(row[0], []) for name, found in beside.items()},
        )
        for row in page
    ]


def _compared(session: Session, each: Projection, page: Sequence[_Row]) -> Iterator[Finding]:
    named = {one for row in page for one in row.references if one is not None}
    tellings = {one.id: one for one in read_tellings(session, Record.id.in_(named))}
    if each.later:
        schemas, subjects = map(str, each.later), {row.subject for row in page}
        about = sa.and_(Record.schema.in_(list(schemas)), Record.subject.in_(subjects))
        tellings |= {one.id: one for one in read_tellings(session, about)}
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in tellings.values():
        for name in each.names(one.fields) or ():
            by_name[name].append(one.id)
    for row in page:
        ids = {*by_name[row.key], *row.references}
        heard = sorted((tellings[id_] for id_ in ids if id_ in tellings), key=lambda one: one.at)
        yield from _check(each, row, heard)


def _check(each: Projection, row: _Row, heard: Sequence[Telling]) -> Iterator[Finding]:
    place = _place(each, row.key)
    if not heard:
        yield Finding(Kind.INSERTED_ROW, place, "no record tells of it")
        return
    for one in heard:
        names = each.names(one.fields)
        if names is not None and row.key not in names:
            says = f"record {one.id}, which it names, does not tell of it"
            yield Finding(Kind.INSERTED_ROW, place, says)
            return
    try:
        told = [replace(one, fields=each.about(one.fields, row.key)) for one in heard]
    except UNREADABLE:
        yield Finding(Kind.CHANGED_ROW, place, f"record {heard[0].id} cannot tell of it")
        return
    for column in each.columns:
        try:
            word = column.says(told)
        except UNREADABLE:
            says = f"what its records say of {column.name} cannot be read"
            yield Finding(Kind.CHANGED_ROW, place, says)
            continue
        if word is not None and _plain(word.value) != _plain(row.values[column.name]):
            says = f"{column.name} is not what record {word.record} says"
            yield Finding(Kind.CHANGED_ROW, place, says)


def _told_by_nothing(session: Session, projections: Sequence[Projection]) -> Iterator[Finding]:
    """The rows whose record is of no kind that makes such rows, or is not there."""
    by_table: dict[Any, list[Projection]] = defaultdict(list)
    for each in projections:
        if each.references:
            by_table[each.table].append(each)
    for several in by_table.values():
        first = several[0]
        query = sa.select(first.key).outerjoin(Record, Record.id == first.references[0])
        known = Record.schema.in_([str(each.schema) for each in several])
        strange = query.where(sa.or_(Record.id.is_(None), ~known))
        if first.unsaid is not None:
            strange = strange.where(~first.unsaid)
        for key in session.scalars(strange.order_by(first.key).limit(MOST)):
            yield Finding(Kind.INSERTED_ROW, _place(first, key), "no record tells of it")


def _lacking(
    session: Session, projections: Sequence[Projection], tellings: Sequence[Telling]
) -> Iterator[Finding]:
    """What some records tell of and no row holds, or a row that would not be found by them."""
    for each in projections:
        made = [one for one in tellings if each.makes(one)]
        if not each.called:
            yield from _without_name(session, each, [one.id for one in made])
            made = []
        later = [one for one in tellings if one.schema in map(str, each.later)]
        named = {one.id: each.names(one.fields) or () for one in (*made, *later)}
        wanted = {key for several in named.values() for key in several}
        there = {row.key: row for row in _keys(session, each, wanted)}
        yield from _unheld(each, made, named, there)
        yield from _misfiled(each, later, named, there)


def _unheld(
    each: Projection,
    made: Sequence[Telling],
    named: Mapping[str, Collection[str]],
    there: Mapping[str, _Row],
) -> Iterator[Finding]:
    for one in made:
        for key in named[one.id]:
            if key not in there:
                says = f"record {one.id} tells of it"
                yield Finding(Kind.DELETED_ROW, _place(each, key), says)
            elif each.references and one.id not in there[key].references:
                says = f"it does not name its record {one.id}"
                yield Finding(Kind.CHANGED_ROW, _place(each, key), says)


def _misfiled(
    each: Projection,
    later: Sequence[Telling],
    named: Mapping[str, Collection[str]],
    there: Mapping[str, _Row],
) -> Iterator[Finding]:
    for one in later:
        for row in (there[key] for key in named[one.id] if key in there):
            if one.id not in row.references and one.subject != row.subject:
                says = f"record {one.id} tells of it and is filed under something else"
                yield Finding(Kind.CHANGED_ROW, _place(each, row.key), says)


def _keys(session: Session, each: Projection, wanted: Collection[str]) -> Iterator[_Row]:
    """The rows with these keys, with nothing of what they hold."""
    if wanted:
        own = each.key if each.subject is None else each.subject
        query = sa.select(each.key, own, *each.references).where(each.key.in_(wanted))
        for row in session.execute(query):
            yield _Row(None, row[0], row[1], tuple(row[2:]), {})


def _without_name(session: Session, each: Projection, ids: Collection[str]) -> Iterator[Finding]:
    if not ids:
        return
    reference = each.references[0]
    there = Counter(session.scalars(sa.select(reference).where(reference.in_(ids))))
    for id_ in ids:
        place = f"{each.table.__tablename__} of record {id_}"
        if there[id_] == 0:
            yield Finding(Kind.DELETED_ROW, place, "the record tells of it")
        elif there[id_] > 1:
            yield Finding(Kind.INSERTED_ROW, place, "the record tells of one row only")


def _place(each: Projection, key: str) -> str:
    return f"{each.table.__tablename__}/{key}"


def _plain(value: Any) -> Any:
    """A value as it is compared: moments to the second, as records have them."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
