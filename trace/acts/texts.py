"""What a text must be to be kept, asked of every row before it is written.

Edges have limits of their own and say them kindly; this is the last guard, the same whatever the
database: PostgreSQL would fail without naming a field, SQLite would keep anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.database import Base
from suyuan.trace.errors import InvalidInput


def require_fitting(session: Session, *_of_the_flush: Any) -> None:
    """Raises InvalidInput for the first text of a row to be written that its column cannot hold."""
    for row in (*session.new, *session.dirty):
        require_texts(type(row), sa.inspect(row).dict)


def require_texts(table: type[Base], row: Mapping[str, Any]) -> None:
    """As ``require_fitting``, of one row of ``table`` that is no object of the session's."""
    for field, limit in _texts(table):
        value = row.get(field)
        if isinstance(value, str):
            _require_text(value, field, limit)


def _require_text(value: str, field: str, limit: int | None) -> None:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput("A text must not hold NUL characters or halves of characters.", field)
    if limit is not None and len(value) > limit:
        raise InvalidInput(
            "At most {limit} characters are kept here; this has {length}.",
            field,
            limit=limit,
            length=len(value),
        )


@cache
def _texts(table: type[Base]) -> tuple[tuple[str, int | None], ...]:
    """The text columns of a table by their attribute, with the most characters each holds."""
    return tuple(
        (attribute.key, attribute.columns[0].type.length)
        for attribute in sa.inspect(table).column_attrs
        if isinstance(attribute.columns[0].type, sa.String)
    )
