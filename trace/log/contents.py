"""What is still there of a record: its fields with their salts, and all commitments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from suyuan.trace.canonical import Members, read_base64, read_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import commitments
from suyuan.trace.log.commitments import SALT_SIZE, Commitments, Disclosure
from suyuan.trace.log.schemas import ALWAYS, RecordSchema, Schemas, UnclassifiedField
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


def _schema(contents: Contents, schemas: Schemas) -> RecordSchema | None:
    named = contents.fields.get("schema")
    return schemas.get(str(named.value)) if named else None


def classes_told(contents: Contents, schemas: Schemas) -> Mapping[str, str] | None:
    """The class of each field that a record ever had, as its schema and the record itself say.

    None for a schema that is not among ``schemas``. Raises UnclassifiedField where neither says.
    """
    schema = _schema(contents, schemas)
    if schema is None:
        return None
    fields = contents.fields
    own: Any = fields["classes"].value if "classes" in fields else None
    return schema.classify(contents.commitments.by_field, own)


def never_personal(contents: Contents, schemas: Schemas) -> frozenset[str]:
    """The fields that are missing and were no personal ones: no erasure can have dropped them.

    Among them what says of which class the others are. Of a record whose schema is not among
    ``schemas`` nothing more is known.
    """
    if lost := contents.missing & frozenset(ALWAYS):
        return lost
    try:
        classes = classes_told(contents, schemas)
    except UnclassifiedField:
        return contents.missing
    if classes is None:
        return frozenset()
    return frozenset(name for name in contents.missing if classes[name] != "personal")


def misfiled(record: Record, contents: Contents, schemas: Schemas) -> tuple[str, ...]:
    """The columns of a record that do not say what the record itself says.

    Records are found, corrected, erased and shown by their columns, and the leaf is bound to the
    fields alone: so an audit holds the one against the other. Of a record whose schema is not among
    ``schemas``, ``classes`` has to name the same fields, and nobody knows which class each has.
    """
    schema = _schema(contents, schemas)
    fields = {name: one.value for name, one in contents.fields.items()}
    at = record.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    agrees = {
        "type": record.type == fields.get("type"),
        "schema": record.schema == fields.get("schema"),
        "at": at == fields.get("at"),
        "party": record.party == fields.get("by"),
        "person": record.person == fields.get("typed_by", record.person),
        "subject": (
            record.subject == schema.subject_of(fields)
            if schema is not None
            else record.subject is None or _is_told(record.subject, fields.values())
        ),
        "classes": _are_classes(record.classes, contents, schemas),
    }
    return tuple(column for column, right in agrees.items() if not right)


def _are_classes(classes: Mapping[str, str], contents: Contents, schemas: Schemas) -> bool:
    try:
        told = classes_told(contents, schemas)
    except UnclassifiedField:
        return False
    names = set(contents.commitments.by_field)
    return set(classes) == names if told is None else classes == told


def _is_told(subject: str, values: Iterable[Any]) -> bool:
    """Whether a record of an unknown kind speaks of its subject: a uid, a code, ``directory/7``."""
    number = subject.rpartition("/")[2]
    texts = [str(value) for value in values if isinstance(value, str | int)]
    return bool(subject) and any(text.startswith(subject) or text == number for text in texts)
