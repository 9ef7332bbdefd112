"""Many rows at once are the rows that the session would have written one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from suyuan.trace.database import Database
from suyuan.trace.log.tables import Record
from suyuan.trace.many_rows import COPY_FROM, insert_rows

AT = datetime(2026, 11, 1, 8, 30, 15, 250, tzinfo=UTC)
FIELDS = ("id", "schema", "type", "body", "salt", "classes", "at", "person", "leaf_index")
COLUMNS = tuple(getattr(Record, field) for field in FIELDS)


def _row(number: int) -> tuple[Any, ...]:
    classes = {"name": "public", "价": "trade"}
    person = None if number % 2 else "岗龙牦牛合作社"
    body = bytes(range(256)) + str(number).encode()
    return (f"uid-{number}", "remark/1", "remark", body, b"s" * 16, classes, AT, person, number)


def _kept(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as session:
        found = session.scalars(sa.select(Record).order_by(Record.leaf_index))
        return [tuple(getattr(one, field) for field in FIELDS) for one in found]


@pytest.mark.parametrize("count", [0, 1, 2, COPY_FROM, 3 * COPY_FROM])
def test_they_are_read_as_they_were_given(database: Database, count: int) -> None:
    rows = [_row(number) for number in range(count)]
    with database.write() as session:
        insert_rows(session, COLUMNS, rows)
        session.commit()
    assert _kept(database) == rows


def test_they_are_kept_as_the_session_would_keep_them(database: Database) -> None:
    with database.write() as session:
        session.add(Record(**dict(zip(FIELDS, _row(0), strict=True))))
        insert_rows(session, COLUMNS, [_row(number) for number in range(1, COPY_FROM + 1)])
        insert_rows(session, COLUMNS, [_row(COPY_FROM + 1)])
        session.commit()
    of_each = sa.text("SELECT schema, CAST(classes AS TEXT), CAST(at AS TEXT) FROM record")
    with database.read() as session:
        assert len(set(session.execute(of_each).all())) == 1


@pytest.mark.parametrize("count", [1, 2, COPY_FROM])
def test_all_or_none_of_them_are_kept(database: Database, count: int) -> None:
    rows = [_row(number) for number in range(count)]
    with database.write() as session:
        insert_rows(session, COLUMNS, rows)
        session.commit()
    with database.write() as session:
        insert_rows(session, COLUMNS, [_row(number + count) for number in range(count)])
        with pytest.raises(IntegrityError):
            insert_rows(session, COLUMNS, rows)
        session.rollback()
    assert _kept(database) == rows


@pytest.mark.parametrize("count", [1, COPY_FROM])
def test_what_the_database_refuses_is_told_as_the_session_tells_it(
    database: Database, count: int
) -> None:
    if database.is_sqlite:
        return  # keeps a text of any length: acts.texts is the guard there
    rows = [(*_row(number)[:1], "x" * 41, *_row(number)[2:]) for number in range(count)]
    with database.write() as session, pytest.raises(DataError):
        insert_rows(session, COLUMNS, rows)
