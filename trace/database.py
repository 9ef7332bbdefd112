"""The two databases Suyuan runs on, and the ways in: a reader that cannot write, and a writer.

SQLite (embedded default): WAL, ``synchronous=FULL``, foreign keys on, and ``BEGIN IMMEDIATE`` for
each write transaction, because a transaction that reads first and then asks for the write lock
fails under concurrency. PostgreSQL 15+ through psycopg 3 (production).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
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
    """One database: ``read()`` gives a session that cannot write, ``write()`` one that can."""

    engine: Engine
    read: sessionmaker[Session]
    write: sessionmaker[Session]

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at ``url`` (a SQLAlchemy address)."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        reading: Engine = engine
        writing: Engine = engine.execution_options(sqlite_begin="IMMEDIATE")
    else:
        engine = sa.create_engine(address, pool_pre_ping=True)
        reading = engine.execution_options(postgresql_readonly=True)
        writing = engine
    return Database(
        engine=engine,
        read=sessionmaker(reading, expire_on_commit=False),
        write=sessionmaker(writing, expire_on_commit=False),
    )


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
    immediate = connection.get_execution_options().get("sqlite_begin") == "IMMEDIATE"
    connection.exec_driver_sql(f"PRAGMA query_only={0 if immediate else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN DEFERRED")
