"""Dropping personal fields of a record for good, and the grounds on which the law asks for it.

What stays is every other field with its salt, and all commitments, so that the leaf still follows
from the record. That it went by order stands in the log: see ``erasures``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.canonical import write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log.contents import classes_told, contents_of
from suyuan.trace.log.schemas import Schemas
from suyuan.trace.log.tables import Record
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names


@dataclass(frozen=True)
class Reason:
    """A ground on which personal data are erased, with where it stands in the law."""

    key: str
    names: Names
    provenance: Provenance


@cache
def reasons() -> Mapping[str, Reason]:
    """The grounds by key (``standards/erasure.json``). Raises Misconfigured."""

    def read(row: Row) -> Reason:
        row.only("key", "names", *PROVENANCE)
        return Reason(row.get("key").text(), read_names(row), row.provenance())

    return keyed(read_standard("erasure.json").get("reasons").rows(), read, lambda one: one.key)


def require_reason(key: str) -> str:
    """The key of a known ground. Raises InvalidInput."""
    if key not in reasons():
        raise InvalidInput("A reason is one of: {known}.", "reason", known=", ".join(reasons()))
    return key


def drop_fields(record: Record, fields: Collection[str], schemas: Schemas) -> dict[str, object]:
    """Leave of a record what may stay; returns the values that were dropped, by field.

    Raises InvalidInput for a field that is not there, or not personal by what the record itself
    and its schema say: the column beside it may have been changed.
    """
    there = contents_of(record)
    classes = classes_told(there, schemas) or {}
    for name in sorted(fields):
        if name not in there.fields:
            raise InvalidInput("The record has no field {name}.", "fields", name=name)
        if classes.get(name) != "personal":
            raise InvalidInput(
                "The field {name} is no personal one: it stays, and is corrected if wrong.",
                "fields",
                name=name,
            )
    record.kept = {
        name: {"value": one.value, "salt": write_base64(one.salt)}
        for name, one in there.fields.items()
        if name not in fields
    }
    record.commitments = {
        name: write_base64(one) for name, one in there.commitments.by_field.items()
    }
    record.body = record.salt = None
    return {name: there.fields[name].value for name in fields}
