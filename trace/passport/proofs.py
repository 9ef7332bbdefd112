"""What a passport carries so that anybody can check it: for each shown value the record behind it.

Only public fields are opened, each by its own salt; the others stand there as commitments, and a
record's salt never leaves the database. How it is checked: ``log.passport_check``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy.orm import Session

from suyuan.trace.canonical import Json, write_base64
from suyuan.trace.keys.notes import parse_note, parse_verifier_key
from suyuan.trace.keys.queries import log_verifiers
from suyuan.trace.log.field_proofs import FORMAT
from suyuan.trace.log.shown_fields import LINKS, SHOWN, field_of, part_kind, places
from suyuan.trace.log.tables import Head
from suyuan.trace.passport.logged import Logged, LoggedRecords, Trees
from suyuan.trace.passport.verdict_records import verdict_records

_ALWAYS = frozenset({"id", "schema", "type"})
_ABOUT = frozenset({"trace_code", "batches", "covers", "party", "site", "product", "paper"})
"""Fields that say what a record is about, opened where it has them: a check leans on them."""
_STATE = frozenset({"/state"})
_GRADE = frozenset({"/evidence_grade"})
_REVOKED = frozenset({"/state", "/state_reason"})
_NAMES = frozenset({"/name", "/names", "/who", "/holder"})

Told = Mapping[str, Any]


@dataclass
class _Document:
    """Proofs in the making."""

    session: Session
    records: list[Logged] = field(default_factory=list)
    opened: dict[str, set[str]] = field(default_factory=dict)
    said_by: list[dict[str, Json]] = field(default_factory=list)
    mended: dict[str, tuple[Logged, str, str]] = field(default_factory=dict)

    def place(self, one: Logged) -> int:
        """Where a record stands in the list."""
        if one.id not in self.opened:
            self.records.append(one)
            self.opened[one.id] = {name for name in _ALWAYS | _ABOUT if one.public(name)}
        return next(at for at, record in enumerate(self.records) if record.id == one.id)

    def say(
        self,
        part: str,
        told: Told,
        one: Logged | None,
        of: tuple[Logged, str] | None = None,
        *,
        only: Collection[str] | None = None,
        but: Collection[str] = (),
    ) -> None:
        """Let a record say what a part shows; ``of``: the record and field that lead to it."""
        if one is None:
            return
        pairs = {
            shown: named
            for shown, named in _pairs(part, told, one)
            if shown not in but and (only is None or shown in only)
        }
        if not pairs:
            return
        entry: dict[str, Json] = {"part": part, "record": self.place(one), "fields": pairs}
        if of is not None:
            by, name = of
            entry["of"] = {"record": self.place(by), "field": name}
            self.opened[by.id].add(name)
            self.opened[one.id].add(LINKS[name][one.schema])
        self.opened[one.id].update(named.partition("/")[0] for named in pairs.values())
        self.said_by.append(entry)

    def to_json(self) -> dict[str, Any]:
        """The document as ``docs/formats.md`` describes it."""
        tree = Trees(self.session, (one.record.leaf_index for one in self.records))
        hashes: dict[bytes, int] = {}
        places = {one.id: at for at, one in enumerate(self.records)}
        listed = []
        for one in self.records:
            path = [
                hashes.setdefault(each, len(hashes)) for each in tree.path(one.record.leaf_index)
            ]
            log, index = tree.place(one.record.leaf_index)
            place = {"log": log, "index": index, "leaf": one.leaf, "path": path}
            entry = {**self._opened(one), **place}
            if one.id in self.mended:
                later, name, of = self.mended[one.id]
                entry["corrected_by"] = {"record": places[later.id], "field": name, "of": of}
            listed.append(entry)
        return {
            "format": FORMAT,
            "logs": [
                {"key": _log_key(self.session, head), "checkpoint": head.checkpoint}
                for head in tree.heads
            ],
            "hashes": [write_base64(one) for one in hashes],
            "records": listed,
            "said_by": self.said_by,
        }

    def _opened(self, one: Logged) -> dict[str, Any]:
        shown = sorted(name for name in self.opened[one.id] if one.public(name))
        fields = [one.contents.fields[name] for name in shown]
        closed = one.contents.commitments.by_field.items()
        return {
            "id": one.id,
            "fields": [
                {"name": each.field, "value": each.value, "salt": write_base64(each.salt)}
                for each in fields
            ],
            "commitments": {
                name: write_base64(value) for name, value in closed if name not in shown
            },
        }


def proofs_of(session: Session, told: Told) -> dict[str, Any]:
    """The proofs of a passport, against the checkpoint in force.

    ``told``: the passport as JSON has it. Raises NotFound where its batch has no record.
    """
    kept = LoggedRecords(session)
    steps = told["steps"]
    kept.load({told["record_id"], *(step["record_id"] for step in steps)})
    mended = kept.corrections({step["uid"] for step in steps if step["corrected_by"]})
    named = (one.says(name) for one in kept.by_id.values() for name in ("party", "site", "by"))
    uids = {one for one in named if isinstance(one, str)}
    own = kept.by_id[told["record_id"]]
    papers = [paper["uid"] for paper in told["papers"]]
    tests = [test["uid"] for test in told["tests"]]
    certificates = [one["number"] for one in told["certificates"]]
    kept.load_about(
        {*uids, *papers, *certificates, *tests, *(step["uid"] for step in steps)}
        | {_text(own, "product")}
    )
    kept.load_about({_text(one, "holder") for uid in papers for one in kept.about[uid]})
    document = _Document(session)
    _say_batch(document, told, own, kept)
    for number, step in enumerate(steps):
        _say_step(document, f"/steps/{number}", step, kept)
    _say_route(document, told, kept)
    for number, paper in enumerate(told["papers"]):
        _say_paper(document, f"/papers/{number}", paper, told, kept)
    for number, one in enumerate(told["certificates"]):
        _say_certificate(document, f"/certificates/{number}", one, kept)
    for number, test in enumerate(told["tests"]):
        _say_test(document, f"/tests/{number}", test, kept)
    for earlier, later in mended:
        _mend(document, earlier, later)
    return document.to_json()


def _say_batch(document: _Document, told: Told, own: Logged, kept: LoggedRecords) -> None:
    document.say("", told, own)
    document.say("", told, _last(kept.about[_text(own, "product")]), (own, "product"))
    producer = kept.about.get(_text(own, "party"), [])
    applied = _first(producer)
    of = (own, "party")
    document.say("/producer", told["producer"], applied, of, but=_STATE | _hidden(applied))
    stated = [one for one in producer if one.public("state")]
    document.say("/producer", told["producer"], _last(stated), of, only=_STATE)
    if told["origin"]:
        site = _first(kept.about.get(_text(own, "site"), []))
        document.say("/origin", told["origin"], site, (own, "site"))


def _say_step(document: _Document, part: str, step: Told, kept: LoggedRecords) -> None:
    own = kept.by_id[step["record_id"]]
    followed = [one for one in kept.about[step["uid"]] if one.schema == "event_evidence/1"]
    document.say(part, step, own, but=_GRADE if followed else ())
    if followed:
        document.say(part, step, _last(followed), (own, "event"))
    by = "party" if own.public("party") else "by"
    party = _first(kept.about.get(_text(own, by), []))
    document.say(part, step, party, (own, by), but=_hidden(party))
    site = _first(kept.about.get(_text(own, "site"), []))
    document.say(part, step, site, (own, "site"))


def _say_route(document: _Document, told: Told, kept: LoggedRecords) -> None:
    """Each stop by an event that was there."""
    there: dict[str, Logged] = {}
    for step in told["steps"]:
        one = kept.by_id[step["record_id"]]
        there.setdefault(_text(one, "site"), one)
    for number, stop in enumerate(told["route"]):
        uid = stop["place"]["uid"]
        if uid in there:
            site = _first(kept.about.get(uid, []))
            document.say(f"/route/{number}", stop, site, (there[uid], "site"))


def _say_paper(
    document: _Document, part: str, paper: Told, told: Told, kept: LoggedRecords
) -> None:
    """A paper, by the record that says that it covers something of this chain."""
    codes = {told["trace_code"], *(b["trace_code"] for s in told["steps"] for b in s["batches"])}
    about = kept.about[paper["uid"]]
    registered = _first(about)
    covering = [one for one in about if codes & _covered(one)]
    own = _first(covering) or registered
    if own is None or registered is None:
        return
    document.say(part, paper, own, but=_REVOKED)
    if own is not registered:
        said = {shown for shown, _ in _pairs(part, paper, own)}
        document.say(part, paper, registered, (own, "paper"), but=_REVOKED | said)
    if paper["state"] == "revoked":
        revoked = [one for one in about if one.says("state") == "revoked"]
        document.say(part, paper, _last(revoked), (own, "paper"), only=_REVOKED)
    if own is registered:
        holder = _first(kept.about.get(_text(own, "holder"), []))
        document.say(part, paper, holder, (own, "holder"), but=_hidden(holder))


def _say_certificate(document: _Document, part: str, one: Told, kept: LoggedRecords) -> None:
    """A certificate by the record of its issue, and where it is void by that which says so."""
    issued, *later = kept.about[one["number"]]
    document.say(part, one, issued, but=_REVOKED)
    if one["state"] == "void":
        document.say(part, one, _last(later), (issued, "certificate"), only=_REVOKED)


def _say_test(document: _Document, part: str, test: Told, kept: LoggedRecords) -> None:
    """A report by its own record, each verdict by the newest that tells of it."""
    about = kept.about[test["uid"]]
    report = _first([one for one in about if one.schema == "test-report/1"])
    if report is None:
        return
    document.say(part, test, report)
    for record, shown in verdict_records(about, test):
        document.say(part, test, record, (report, "report"), only=shown)


def _mend(document: _Document, one: Logged, later: Logged) -> None:
    """Say that a record was corrected, and by which: its own fields name the earlier one.

    A registration does not know its event's name; the step shows it.
    """
    if later.public("corrects"):
        name, of = "corrects", "event" if one.public("event") else ""
    else:
        name, of = "trace_code", "trace_code"
    for record, field_ in ((one, of), (later, name)):
        document.place(record)
        document.opened[record.id].update({field_} - {""})
    document.mended[one.id] = (later, name, of)


def _pairs(part: str, told: Told, one: Logged) -> Iterator[tuple[str, str]]:
    """Each shown value of a part with the public field of the record that says it."""
    for pattern, meant in SHOWN[part_kind(part)].get(one.schema, {}).items():
        for shown, value in places(cast("Json", told), pattern):
            named = field_of(meant, shown, cast("Json", told))
            if value not in (None, "", {}, []) and one.public(named.partition("/")[0]):
                yield shown, named


def _hidden(party: Logged | None) -> frozenset[str]:
    """What is not told of a family, whose name is a personal fact."""
    return _NAMES if party is not None and party.says("kind") == "household_group" else frozenset()


def _covered(one: Logged) -> set[str]:
    said = one.says("covers")
    rows = said if isinstance(said, list) else []
    return {str(row["key"]) for row in rows if isinstance(row, dict) and "key" in row}


def _first(some: list[Logged]) -> Logged | None:
    return some[0] if some else None


def _last(some: list[Logged]) -> Logged | None:
    return some[-1] if some else None


def _text(one: Logged, name: str) -> str:
    said = one.says(name)
    return said if isinstance(said, str) else ""


def _log_key(session: Session, head: Head) -> str:
    """The key that signed the checkpoint in force, of those that ever signed for this log."""
    keys = [parse_verifier_key(one) for one in log_verifiers(session)]
    signed = {(line.name, line.key_id) for line in parse_note(head.checkpoint).signatures}
    return next(str(key) for key in keys if (key.name, key.key_id) in signed)
