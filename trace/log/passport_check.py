"""Checking a passport as JSON by itself: which of the values it shows are in the log.

Needs the passport with its proofs and the log's key: no database, no network, no installation.
What is said of now (recalled, by whom issued) the status list and the code's signature answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from suyuan.trace.canonical import Json, Members, write_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.log.checkpoint import Checkpoint
from suyuan.trace.log.field_proofs import (
    FieldProofs,
    ProvenRecord,
    UnprovenField,
    check_field_proofs,
    value_at,
)
from suyuan.trace.log.shown_fields import (
    EXPECTED,
    LINKS,
    MENDS,
    SHOWN,
    field_of,
    is_untold,
    part_kind,
    places,
    step_kind,
)

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}(?:Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True)
class FieldCheck:
    """One shown value, by its JSON pointer, and the field of a record that says it.

    ``wrong``: why it is not proven. ``corrected_by``: the id of the newest record that corrects
    the one that says it.
    """

    shown: str
    value: Json
    record: str | None = None
    field: str | None = None
    wrong: InvalidInput | None = None
    corrected_by: str | None = None

    @property
    def proven(self) -> bool:
        return self.wrong is None


@dataclass(frozen=True)
class PassportCheck:
    """Every shown value that comes from a record, against the trees of these checkpoints."""

    trace_code: str
    checkpoints: tuple[Checkpoint, ...]
    fields: tuple[FieldCheck, ...]

    @property
    def proven(self) -> bool:
        """Whether there is something, and nothing of it is unproven."""
        return bool(self.fields) and all(one.proven for one in self.fields)

    @property
    def not_proven(self) -> tuple[FieldCheck, ...]:
        return tuple(one for one in self.fields if not one.proven)


def verify_passport(passport: Any, *log_keys: VerifierKey | str) -> PassportCheck:
    """Check what a passport (the value of its JSON) shows against the proofs that it carries.

    ``log_keys`` are known from elsewhere: the key directory, a label, a newspaper. Raises
    UnprovenField, NoteError or CheckpointError where there are no proofs or the checkpoint is not
    the log's; a value that does not hold is named in the answer.
    """
    if not isinstance(passport, dict) or not isinstance(passport.get("proofs"), dict):
        raise UnprovenField("This passport carries no proofs: ask for it with proofs=1.")
    keys = [parse_verifier_key(one) if isinstance(one, str) else one for one in log_keys]
    said_by = passport["proofs"].get("said_by")
    if not isinstance(said_by, list):
        raise UnprovenField("The proofs do not say which record says what.")
    proofs = check_field_proofs(passport["proofs"], keys)
    checker = _Checker(cast("dict[str, Json]", passport), proofs)
    checked = {one.shown: one for entry in said_by for one in checker.entry(entry)}
    for pattern in EXPECTED:
        for shown, value in places(passport, pattern):
            if value and shown not in checked and not is_untold(shown, passport):
                nothing = UnprovenField("Nothing was given that proves this.")
                checked[shown] = FieldCheck(shown, value, wrong=nothing)
    code = str(passport.get("trace_code"))
    return PassportCheck(code, proofs.checkpoints, tuple(checked.values()))


@dataclass
class _Checker:
    """The passport, its records, and which record each part was found to rest on."""

    passport: Mapping[str, Json]
    proofs: FieldProofs
    owners: dict[str, int] = field(default_factory=dict)
    chain: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.chain = _chain(str(self.passport.get("trace_code")), self.proofs)

    def entry(self, given: Any) -> Iterator[FieldCheck]:
        """Each value that one entry of ``said_by`` speaks of."""
        said = given if isinstance(given, dict) else {}
        part, fields = said.get("part"), said.get("fields")
        if not isinstance(part, str) or not isinstance(fields, dict):
            raise UnprovenField("An entry of said_by has part, record and fields.")
        record, wrong = None, None
        try:
            record = self._record(part, Members(said).count("record"), said.get("of"))
        except InvalidInput as error:
            wrong = error
        for shown, named in fields.items():
            check = FieldCheck(f"{part}{shown}", None, field=str(named))
            yield self._value(check, part, shown, record) if record else replace(check, wrong=wrong)

    def _value(self, check: FieldCheck, part: str, shown: str, record: ProvenRecord) -> FieldCheck:
        found = replace(check, record=record.id)
        try:
            told = value_at(self.passport, part)
            value = value_at(told, shown)
            found = replace(found, value=value, corrected_by=self._newest(part, record))
            name = found.field or ""
            meant = SHOWN[part_kind(part)][record.schema].get(
                re.sub(r"/[0-9]+(?=/|$)", "/*", shown)
            )
            if meant is None or field_of(meant, shown, told) != name:
                raise UnprovenField("The field {name} does not say this.", name=name)
            top, _, below = name.partition("/")
            if top not in record.fields:
                raise UnprovenField("The field {name} is not opened.", name=top)
            logged = value_at(record.fields[top], f"/{below}" if below else "")
            if not _same(value, logged):
                raise UnprovenField("The log says otherwise: {logged}", logged=_text(logged))
        except InvalidInput as error:
            return replace(found, wrong=error)
        return found

    def _record(self, part: str, index: int, of: Any) -> ProvenRecord:
        """The record, believed, and found to be about this part of this passport."""
        record = self.proofs.record(index)
        if record.schema not in SHOWN.get(part_kind(part), {}):
            raise UnprovenField("A record of the kind {schema} says nothing of this.",
                                schema=record.schema)  # fmt: skip
        if of is None:
            if not self._is_about(part, record) or self.owners.setdefault(part, index) != index:
                raise UnprovenField("This record is about something else.")
            return record
        said = of if isinstance(of, dict) else {}
        at, name = Members(said).count("record"), Members(said).text("field")
        same = LINKS.get(name, {}).get(record.schema)
        if same is None or at not in self._owners_for(part):
            raise UnprovenField("This record is about something else.")
        if not _is_one(self.proofs.record(at).fields.get(name), record.fields.get(same)):
            raise UnprovenField("This record is about something else.")
        return record

    def _owners_for(self, part: str) -> set[int]:
        """The records that may name what a part is about."""
        if part_kind(part) == "/route/*":
            return {at for of, at in self.owners.items() if of.startswith("/steps/")}
        own = self.owners.get("" if part in ("/producer", "/origin") else part)
        return set() if own is None else {own}

    def _is_about(self, part: str, record: ProvenRecord) -> bool:
        told, said = value_at(self.passport, part), record.fields
        told = told if isinstance(told, Mapping) else {}
        match part_kind(part):
            case "":
                own = _is_one(told.get("record_id"), record.id)
                return own and _is_one(told.get("trace_code"), said.get("trace_code"))
            case "/steps/*":
                own = _is_one(told.get("record_id"), record.id)
                kind = _is_one(told.get("kind"), step_kind(said))
                return own and kind and bool(_codes(said) & self.chain)
            case "/papers/*":
                return _is_one(told.get("uid"), said.get("paper")) and self._covers(said)
            case "/certificates/*":
                own = bool(_codes(said) & self.chain)
                return own and _is_one(told.get("number"), said.get("certificate"))
            case "/tests/*":
                about = {one for one in _listed(said.get("batches")) if isinstance(one, str)}
                return _is_one(told.get("uid"), said.get("report")) and bool(about & self.chain)
        return False

    def _covers(self, said: Mapping[str, Json]) -> bool:
        """Whether a paper covers a batch of the chain, or what its records name."""
        known = set(self.chain)
        for record in self.proofs.records:
            if isinstance(record, ProvenRecord) and _codes(record.fields) & self.chain:
                named = (record.fields.get(name) for name in ("party", "site", "product"))
                known |= {one for one in named if isinstance(one, str)}
        keys = (one.get("key") for one in _listed(said.get("covers")) if isinstance(one, Mapping))
        return any(key in known for key in keys)

    def _newest(self, part: str, record: ProvenRecord) -> str | None:
        """The newest record that corrects this one. Raises what is wrong with its proof."""
        told = value_at(self.passport, part)
        said = told if isinstance(told, Mapping) else {}
        own = _is_one(said.get("record_id"), record.id)
        if own and said.get("corrected_by") is not None and record.mended is None:
            raise UnprovenField("The record that corrects this is not given.")
        at, seen = record, {record.id}
        while at.mended is not None:
            later = self.proofs.record(at.mended.record)
            names = (at.mended.field, at.mended.of)
            named = at.fields.get(names[1]) if names[1] else self._event_of(at)
            right = names in MENDS and later.place > at.place and later.id not in seen
            if not right or not _is_one(later.fields.get(names[0]), named):
                raise UnprovenField("The record that should correct this is about something else.")
            at = later
            seen.add(at.id)
        return None if at is record else at.id

    def _event_of(self, record: ProvenRecord) -> Json:
        """The name of the event of a registration or an order, as the passport shows it."""
        for step in _listed(self.passport.get("steps")):
            if isinstance(step, Mapping) and _is_one(step.get("record_id"), record.id):
                return step.get("uid")
        return None


def _chain(trace_code: str, proofs: FieldProofs) -> frozenset[str]:
    """The batch and all that the proven events say it was made of."""
    made: dict[str, set[str]] = {}
    for record in proofs.records:
        if isinstance(record, ProvenRecord) and record.schema == "event/1":
            for output in _codes(record.fields, "output"):
                made.setdefault(output, set()).update(_codes(record.fields, "input"))
    found, fresh = {trace_code}, [trace_code]
    while fresh:
        fresh = [one for one in made.get(fresh.pop(), ()) if one not in found] + fresh
        found.update(fresh)
    return frozenset(found)


def _codes(said: Mapping[str, Json], role: str | None = None) -> set[str]:
    """The trace codes that a record names (in a role): as its own, or in its list of batches."""
    own = {said["trace_code"]} if role is None and "trace_code" in said else set()
    listed = {
        one.get("code")
        for one in _listed(said.get("batches"))
        if isinstance(one, Mapping) and role in (None, one.get("role"))
    }
    return {one for one in own | listed if isinstance(one, str)}


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _is_one(one: Json, other: Json) -> bool:
    """Whether both are the same text: a name that is missing is no name."""
    return isinstance(one, str) and one != "" and one == other


def _same(shown: Json, logged: Json) -> bool:
    """Equal as JSON; times to the second; the batches of a step by code and role."""
    moments = _second(shown), _second(logged)
    if moments[0] is not None and moments[0] == moments[1]:
        return True
    batches = _batches(shown, "trace_code"), _batches(logged, "code")
    if all(batches):
        return batches[0] == batches[1]
    return write_canonical(shown) == write_canonical(logged)


def _second(text: Json) -> float | None:
    """The second that a text names, where it is a time with its zone."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp() // 1
    except ValueError:
        return None


def _batches(value: Json, name: str) -> set[tuple[str, str]]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        return set()
    rows = cast("list[Mapping[str, Json]]", value)
    return {(str(one[name]), str(one.get("role"))) for one in rows if name in one}


def _text(value: Json) -> str:
    return write_canonical(value).decode()
