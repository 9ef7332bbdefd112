"""How a record is bound to its leaf, so that single fields can be shown, or erased, later.

Each top-level field is committed to under a salt of its own, derived from the record's salt:

    field salt  = HMAC-SHA256(record salt, field name)[:16]
    commitment  = SHA-256(field salt ‖ RFC 8785 of the value)
    digest      = SHA-256 of the RFC 8785 object {field name: base64 commitment}
    leaf        = RFC 8785 of {"at": UTC minute, "digest": base64, "v": 1}

To show a field, give its value and its field salt; the record salt would open every field. The
leaf tells nobody what kind of thing happened.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from suyuan.trace.canonical import Json, write_base64, write_canonical
from suyuan.trace.errors import InvalidInput

SALT_SIZE = 16
LEAF_VERSION = 1


class CommitmentError(InvalidInput):
    """A field that is shown is not what was logged, or cannot be committed to."""


@dataclass(frozen=True)
class Disclosure:
    """One field as it is shown: name, value, and the salt that opens this field alone."""

    field: str
    value: Json
    salt: bytes


@dataclass(frozen=True)
class Commitments:
    """The commitment of each field, by name. They may be public; alone they show no value."""

    by_field: Mapping[str, bytes]

    @property
    def digest(self) -> bytes:
        """The 32 bytes that the leaf holds."""
        encoded = {name: write_base64(value) for name, value in self.by_field.items()}
        return hashlib.sha256(write_canonical(encoded)).digest()


def field_salt(record_salt: bytes, field: str) -> bytes:
    """The 16 bytes that open one field. Raises CommitmentError for a salt of another size."""
    if len(record_salt) != SALT_SIZE:
        raise CommitmentError("A record's salt has {should} bytes.", should=SALT_SIZE)
    return hmac.digest(record_salt, _name(field), "sha256")[:SALT_SIZE]


def commitment(disclosure: Disclosure) -> bytes:
    """The commitment that a shown field leads to. Raises CommitmentError and NotCanonical."""
    if len(disclosure.salt) != SALT_SIZE:
        raise CommitmentError("A field's salt has {should} bytes.", should=SALT_SIZE)
    return hashlib.sha256(disclosure.salt + write_canonical(disclosure.value)).digest()


def disclose(record: Mapping[str, Json], record_salt: bytes, field: str) -> Disclosure:
    """What to give so that others can check one field. Raises CommitmentError if there is none."""
    if field not in record:
        raise CommitmentError("The record has no field {name}.", field=field, name=field)
    return Disclosure(field, record[field], field_salt(record_salt, field))


def disclose_all(record: Mapping[str, Json], record_salt: bytes) -> tuple[Disclosure, ...]:
    """Every field. To erase some of them, keep the others and all commitments, drop the rest."""
    return tuple(disclose(record, record_salt, field) for field in record)


def commit(record: Mapping[str, Json], record_salt: bytes) -> Commitments:
    """The commitments of a record; ``record_salt``: 16 random bytes, used for it alone.

    Raises CommitmentError for an empty record, NotCanonical for what RFC 8785 cannot write
    (a Decimal: quantities are texts).
    """
    if not record:
        raise CommitmentError("A record has at least one field.")
    shown = disclose_all(record, record_salt)
    return Commitments({item.field: commitment(item) for item in shown})


def check_disclosure(disclosure: Disclosure, commitments: Commitments, digest: bytes) -> None:
    """Checks that the shown field belongs to the record whose leaf holds ``digest``.

    Raises CommitmentError.
    """
    check_disclosures((disclosure,), commitments, digest)


def check_disclosures(
    disclosures: Iterable[Disclosure], commitments: Commitments, digest: bytes
) -> None:
    """Checks several fields of one record; the digest is computed once. Raises CommitmentError."""
    if commitments.digest != digest:
        raise CommitmentError("These commitments are not those of the logged record.")
    for shown in disclosures:
        if commitments.by_field.get(shown.field) != commitment(shown):
            raise CommitmentError(
                "The field {name} is not what was logged.", field=shown.field, name=shown.field
            )


def leaf_data(digest: bytes, at: datetime) -> bytes:
    """The entry of the log; its leaf hash is ``merkle.leaf_hash`` of it.

    Raises CommitmentError for a digest that is not 32 bytes or a time without a zone.
    """
    if len(digest) != hashlib.sha256().digest_size or at.tzinfo is None:
        raise CommitmentError("A leaf is made of a 32-byte digest and a time with its zone.")
    minute = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return write_canonical({"at": minute, "digest": write_base64(digest), "v": LEAF_VERSION})


def _name(field: str) -> bytes:
    try:
        return field.encode()
    except UnicodeError as error:
        raise CommitmentError("The name of a field is written in UTF-8.") from error
