"""What is still there of a record: its fields with their salts, and all commitments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suyuan.trace.canonical import Members, read_base64, read_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import commitments
from suyuan.trace.log.commitments import SALT_SIZE, Commitments, Disclosure
from suyuan.trace.log.tables import Record


@dataclass(frozen=True)
class Contents:
    """The fields of a record, by name, and the commitments of all fields that it ever had."""

    fields: Mapping[str, Disclosure]
    commitments: Commitments

    @property
    def missing(self) -> frozenset[str]:
        """The names of the fields that were dropped."""
        return frozenset(self.commitments.by_field) - frozenset(self.fields)


def contents_of(record: Record) -> Contents:
    """What a record holds, whole or after an erasure; nothing of it is checked against the leaf.

    Raises InvalidInput where what is kept does not hold together.
    """
    if record.body is not None and record.salt is not None:
        body: Any = read_canonical(record.body)
        if Members(body).text("id") != record.id:
            raise InvalidInput("The body names another record.", field="id")
        shown = commitments.disclose_all(body, record.salt)
        return Contents({one.field: one for one in shown}, commitments.commit(body, record.salt))
    if record.body is not None or record.salt is not None or record.commitments is None:
        raise InvalidInput("The record is neither whole nor what an erasure leaves.")
    named = {name: read_base64(value, 32) for name, value in record.commitments.items()}
    fields = {
        name: Disclosure(name, entry["value"], read_base64(entry["salt"], SALT_SIZE))
        for name, entry in (record.kept or {}).items()
    }
    whole = Commitments(named)
    commitments.check_disclosures(fields.values(), whole, whole.digest)
    return Contents(fields, whole)
