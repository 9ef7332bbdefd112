"""The two databases Suyuan runs on, and the ways in: a reader that cannot write, and a writer;
and a glance, for a single question that needs no transaction.

SQLite (embedded default): WAL, ``synchronous=FULL``, foreign keys on, and ``BEGIN IMMEDIATE`` for
each write transaction, because a transaction that reads first and then asks for the write lock
fails under concurrency. PostgreSQL 15+ through psycopg 3 (production).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = sa.JSON().with_variant(JSONB(), "postgresql")
"""A JSON value; quantities inside it are decimal strings."""

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A key that only this database knows. What outsiders see is a ``uid`` or a code."""

_IDLE = 0
"""libpq's PQTRANS_IDLE: no transaction is open on a connection."""

RESTED_SECONDS = 1.0
"""How long a connection to PostgreSQL may have lain unused before it is tried first: the server
may have gone in the meantime."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, with microseconds; refuses datetimes that do not say their zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must say its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """An exact quantity, kept as a whole number of millionths of its unit.

    Both databases then compare, add and check it exactly; SQLite's own numeric type would not.
    """

    impl = sa.BigInteger
    cache_ok = True
    SCALE = 1_000_000

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value * self.SCALE
        if scaled != scaled.to_integral_value():
            raise ValueError("a stored quantity has at most six decimals")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        # PostgreSQL sums bigints to a numeric, which arrives as Decimal
        return None if value is None else Decimal(int(value)) / self.SCALE


class Base(DeclarativeBase):
    """Every table. Tables come to be by alembic migrations only."""

    metadata = sa.MetaData(naming_convention=NAMING)


@dataclass(frozen=True)
class Database:
    """One database: ``read()`` gives a session that cannot write, ``write()`` one that can.

    ``glances`` gives connections that open no transaction, for ``glance``.
    """

    engine: Engine
    read: sessionmaker[Session]
    write: sessionmaker[Session]
    glances: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def glance(self, query: sa.SelectBase, **values: str | int) -> Sequence[Any] | None:
        """The first row of a query that needs no transaction: one round trip.

        Nothing of SQLAlchemy is used but its pool, which costs a tenth. So columns come as the
        driver gives them: ask for numbers and texts only. Keep ``query``: it is compiled once.
        """
        sql, names = _compiled(query, self.engine.dialect)
        connection = self.glances.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(sql, [values[name] for name in names] if names else values)
            # all of them: a row that is left unread would keep SQLite's snapshot open
            rows = cursor.fetchall()
            cursor.close()
        finally:
            connection.close()
        return rows[0] if rows else None

    def close(self) -> None:
        self.engine.dispose()
        self.glances.dispose()


def open_database(url: str) -> Database:
    """Open the database at ``url`` (a SQLAlchemy address)."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, connect_args={"timeout": 30}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _leave_nothing_open)
        reading: Engine = engine
        writing: Engine = engine.execution_options(sqlite_begin="IMMEDIATE")
        glances: Engine = engine
    else:
        # an error names the statement, and never what somebody typed
        engine = sa.create_engine(address, hide_parameters=True)
        glances = sa.create_engine(address, isolation_level="AUTOCOMMIT", hide_parameters=True)
        event.listen(engine, "checkin", _leave_nothing_open)
        _try_rested(engine)
        _try_rested(glances)
        reading = engine.execution_options(postgresql_readonly=True)
        writing = engine
    return Database(
        engine=engine,
        read=sessionmaker(reading, expire_on_commit=False),
        write=sessionmaker(writing, expire_on_commit=False),
        glances=glances,
    )


@lru_cache(maxsize=64)
def _compiled(query: sa.SelectBase, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """A query as its driver takes it, and its values' names where they go by position."""
    compiled = query.compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup or ())


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # the driver must not open transactions of its own: the begin listener says which kind
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    # past SQLAlchemy: these stand before everything that is read, and need nothing of it
    execute = cast(Any, connection.connection.dbapi_connection).execute
    execute(f"PRAGMA query_only={0 if kind == 'IMMEDIATE' else 1}").close()
    execute(f"BEGIN {kind}").close()


def _leave_nothing_open(connection: Any, record: ConnectionPoolEntry) -> None:
    """Undo what a commit that failed has left open.

    SQLAlchemy takes a transaction for ended whose commit was begun. Kept in the pool it would hold
    SQLite's write lock, and on PostgreSQL the next commit would bring it along.
    """
    if connection is None:  # it was lost
        return
    if isinstance(connection, sqlite3.Connection):
        is_open = connection.in_transaction
    else:
        is_open = connection.info.transaction_status != _IDLE
    if is_open:
        try:
            connection.rollback()
        except Exception:  # whatever it is, nobody may get this connection again
            record.invalidate()


def _try_rested(engine: Engine) -> None:
    """Try a connection that has rested before it is used; a busy one is spared the round trip."""

    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    def attempt(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get("rests_since")
        if since is None or time.monotonic() - since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", attempt)
