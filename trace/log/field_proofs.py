"""Proofs of single fields of several records, as they are handed out, and how they are checked.

The form (``suyuan.field-proofs/1``) is described in ``docs/formats.md``. Each record opens some of
its fields and stands behind commitments with the others; one checkpoint serves all records of a
log, and a hash that several audit paths share is written once. Checking needs the log's key and
nothing else: no database, no network, none of the tables of this installation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from suyuan.trace.canonical import Json, Members, NotCanonical, read_base64, write_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import VerifierKey, parse_note
from suyuan.trace.log import commitments
from suyuan.trace.log.checkpoint import Checkpoint, open_checkpoint
from suyuan.trace.log.commitments import LEAF_VERSION, SALT_SIZE, Commitments, Disclosure
from suyuan.trace.log.merkle import HASH_SIZE, leaf_hash, verify_inclusion

FORMAT = "suyuan.field-proofs/1"
MAX_LOGS = 100
MAX_RECORDS = 5000
"""Records of one document: beyond any passport, so that a hostile file ends early."""


class UnprovenField(InvalidInput):
    """A proof of fields is not written as it should be, or does not hold."""

    kind = "unproven-field"


@dataclass(frozen=True)
class Mended:
    """A later record that corrects this one: its place in the list, and the fields that say so.

    ``field`` of the later record holds what ``of`` holds in the earlier one.
    """

    record: int
    field: str
    of: str


@dataclass(frozen=True)
class ProvenRecord:
    """A record that is in the log: the opened fields, believed.

    ``at`` is the leaf's minute, ``place`` its log's number in the document and its index there.
    """

    id: str
    at: str
    place: tuple[int, int]
    fields: Mapping[str, Json]
    mended: Mended | None = None

    @property
    def schema(self) -> str:
        """The kind of record, ``batch/1``; '' where that is not opened."""
        said = self.fields.get("schema")
        return said if isinstance(said, str) else ""


@dataclass(frozen=True)
class FieldProofs:
    """The records of a document, each with what is wrong with its proof where something is.

    ``checkpoints`` are of the logs that they stand in, the oldest first: one, unless the
    installation was once brought back from a backup.
    """

    checkpoints: tuple[Checkpoint, ...]
    records: tuple[ProvenRecord | InvalidInput, ...] = field(default=())

    def record(self, index: int) -> ProvenRecord:
        """The record at a place of the list. Raises what is wrong with it."""
        if not 0 <= index < len(self.records):
            raise UnprovenField("There is no record {number} in this proof.", number=index)
        found = self.records[index]
        if isinstance(found, InvalidInput):
            raise found
        return found


def check_field_proofs(document: Any, log_keys: Sequence[VerifierKey]) -> FieldProofs:
    """Check the checkpoints, and each record's opened fields, digest, leaf and inclusion.

    Raises UnprovenField, NoteError or CheckpointError where nothing of it can be believed; what
    is wrong with one record alone stands in its place.
    """
    said = _members(document)
    if said.get("format") != FORMAT:
        raise UnprovenField("This is no proof of the form {form}.", form=FORMAT)
    logs = _list(said, "logs")
    if len(logs) > MAX_LOGS:
        raise UnprovenField("A proof is of at most {most} logs.", most=MAX_LOGS)
    heads = tuple(_head(_text(_members(log), "checkpoint"), log_keys) for log in logs)
    listed = said.get("records")
    if not isinstance(listed, list) or len(listed) > MAX_RECORDS:
        raise UnprovenField("A proof has a list of at most {most} records.", most=MAX_RECORDS)
    try:
        hashes = [read_base64(one, HASH_SIZE) for one in Members(said).texts("hashes")]
    except NotCanonical as error:
        raise UnprovenField("The hashes of a proof are 32 bytes each, in base64.") from error
    return FieldProofs(heads, tuple(_record(one, hashes, heads) for one in listed))


def value_at(value: Json, pointer: str) -> Json:
    """What a JSON pointer (RFC 6901) finds in a value. Raises UnprovenField."""
    found = value
    for step in pointer.split("/")[1:] if pointer.startswith("/") else ():
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isascii() and name.isdigit() and len(name) < 6:
            if int(name) >= len(found):
                raise UnprovenField("There is nothing at {pointer}.", pointer=pointer)
            found = found[int(name)]
        else:
            raise UnprovenField("There is nothing at {pointer}.", pointer=pointer)
    return found


def _head(checkpoint: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """A checkpoint that the key of its own log signed. Raises NoteError, CheckpointError."""
    note = parse_note(checkpoint)
    return open_checkpoint(note, note.signed_by(keys)[0])


def _record(
    entry: Any, hashes: Sequence[bytes], heads: Sequence[Checkpoint]
) -> ProvenRecord | InvalidInput:
    try:
        said = _members(entry)
        opened = [_opened(one) for one in _list(said, "fields")]
        committed = _commitments(said, opened)
        leaf = _members(said.get("leaf"))
        if leaf.get("v") != LEAF_VERSION or _digest(leaf) != committed.digest:
            raise UnprovenField("The digest is not that of the record's commitments.")
        log, index = Members(said).count("log"), Members(said).count("index")
        if log >= len(heads):
            raise UnprovenField("There is no log {number} in this proof.", number=log)
        path = [_hash(hashes, at) for at in _list(said, "path")]
        entry_hash = leaf_hash(write_canonical(dict(leaf)))
        verify_inclusion(entry_hash, index, heads[log].size, path, heads[log].root)
        fields = {one.field: one.value for one in opened}
        if fields.get("id") != said.get("id"):
            raise UnprovenField("The record has another id than is said.")
        place = (log, index)
        return ProvenRecord(_text(said, "id"), _text(leaf, "at"), place, fields, _mended(said))
    except InvalidInput as error:
        return error


def _commitments(said: Mapping[str, Json], opened: Sequence[Disclosure]) -> Commitments:
    """All commitments: those that are given, and those that the opened fields lead to."""
    closed = _members(said.get("commitments"))
    by_field = {name: read_base64(_text(closed, name), HASH_SIZE) for name in closed}
    for one in opened:
        if one.field in by_field:
            raise UnprovenField(
                "The field {name} stands there twice.", field=one.field, name=one.field
            )
        by_field[one.field] = commitments.commitment(one)
    return Commitments(by_field)


def _opened(entry: Json) -> Disclosure:
    said = _members(entry)
    if "value" not in said:
        raise UnprovenField("An opened field has name, value and salt.")
    salt = read_base64(_text(said, "salt"), SALT_SIZE)
    return Disclosure(_text(said, "name"), said["value"], salt)


def _digest(leaf: Mapping[str, Json]) -> bytes:
    if set(leaf) != {"at", "digest", "v"}:
        raise UnprovenField("A leaf says at, digest and v, and nothing else.")
    return read_base64(_text(leaf, "digest"), HASH_SIZE)


def _mended(said: Mapping[str, Json]) -> Mended | None:
    if said.get("corrected_by") is None:
        return None
    later = _members(said["corrected_by"])
    return Mended(Members(later).count("record"), _text(later, "field"), _text(later, "of"))


def _hash(hashes: Sequence[bytes], at: Json) -> bytes:
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < len(hashes):
        raise UnprovenField("An audit path names hashes by their place in the list.")
    return hashes[at]


def _members(value: Any) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise UnprovenField("Here should be a JSON object with named members.")
    return cast("dict[str, Json]", value)


def _list(said: Mapping[str, Json], name: str) -> list[Json]:
    value = said.get(name)
    if not isinstance(value, list):
        raise UnprovenField('The member "{name}" should be a list.', field=name, name=name)
    return value


def _text(said: Mapping[str, Json], name: str) -> str:
    return Members(said).text(name)
