"""Records as one reads them who asks what they say, and not whether they are in the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.canonical import read_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log.tables import Record

Fields = Mapping[str, Any]
UNREADABLE = (InvalidInput, LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What comes of reading a record that nobody of us has written."""


@dataclass(frozen=True)
class Telling:
    """One record that speaks of a row: what it says, and the fields of it that were erased.

    ``at`` is its position in the log, ``subject`` what it is filed under.
    """

    id: str
    schema: str
    type: str
    at: int
    subject: str | None
    fields: Fields
    gone: frozenset[str]

    def speaks_of(self, field: str) -> bool:
        """Whether it says the field, or said it before an erasure."""
        return field in self.fields or field in self.gone


def read_tellings(session: Session, which: sa.ColumnElement[bool]) -> list[Telling]:
    """Some records in order; those that cannot be read are left to the audit of the records."""
    columns = (Record.id, Record.schema, Record.type, Record.leaf_index, Record.subject)
    kept = (Record.body, Record.kept, Record.commitments)
    found = []
    for row in session.execute(sa.select(*columns, *kept).where(which)):
        try:
            fields = _fields(row.body, row.kept)
        except UNREADABLE:
            continue
        gone = frozenset(row.commitments or fields) - frozenset(fields)
        found.append(
            Telling(row.id, row.schema, row.type, row.leaf_index, row.subject, fields, gone)
        )
    return sorted(found, key=lambda one: one.at)


def _fields(body: bytes | None, kept: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if body is None:
        if kept is None:
            raise InvalidInput("The record is neither whole nor what an erasure leaves.")
        return {name: entry["value"] for name, entry in kept.items()}
    fields: Any = read_canonical(body)
    return dict(fields)
