"""A table's rows as lines of JSON, the same for both databases.

Bytes are base64, moments and days ISO 8601 (UTC), exact amounts decimal strings.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from suyuan.trace.database import Amount, Moment

ROWS_AT_ONCE = 1000

_Way = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


_WAYS: tuple[tuple[type[Any], _Way, _Way], ...] = (
    (sa.LargeBinary, lambda value: b64encode(value).decode("ascii"), b64decode),
    (Moment, datetime.isoformat, datetime.fromisoformat),
    (sa.Date, date.isoformat, date.fromisoformat),
    (Amount, str, Decimal),
)
"""Column types whose values JSON has no form for: the way out and the way back."""


def _ways(table: sa.Table) -> list[tuple[str, _Way, _Way]]:
    ways = []
    for column in table.columns:
        kind = column.type
        out, back = next(
            ((out, back) for known, out, back in _WAYS if isinstance(kind, known)),
            (_as_it_is, _as_it_is),
        )
        ways.append((column.name, out, back))
    return ways


def write_rows(session: Session, table: sa.Table) -> Iterator[bytes]:
    """Each row of ``table`` as a line, in the order of its key; only some rows in memory."""
    ways = _ways(table)
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
        line = {
            name: None if value is None else out(value)
            for (name, out, _back), value in zip(ways, row, strict=True)
        }
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_rows(table: sa.Table, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of ``lines`` as values for ``insert_of``. Raises ValueError, KeyError."""
    ways = _ways(table)
    for line in lines:
        row = json.loads(line)
        yield {
            f"v_{name}": None if row[name] is None else back(row[name]) for name, _out, back in ways
        }


def insert_of(table: sa.Table) -> sa.Insert:
    """An insert that gives every column itself: no default of the model speaks for a row."""
    return sa.insert(table).values(
        {
            # a name of its own: SQLAlchemy keeps those of the columns for itself
            column.name: sa.bindparam(f"v_{column.name}", type_=_missing_is_missing(column))
            for column in table.columns
        }
    )


def _missing_is_missing(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """A JSON value that may be missing is then missing, and not the JSON word null."""
    if isinstance(column.type, sa.JSON) and column.nullable:
        return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return column.type


def in_portions(rows: Iterable[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Rows in lists of at most ``ROWS_AT_ONCE``."""
    portion: list[dict[str, Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == ROWS_AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
