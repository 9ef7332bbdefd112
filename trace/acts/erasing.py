"""Erasing personal fields (个人信息保护法 Art. 47): the value goes, the log stays whole.

Everything else of a record stays, with its salts and with all commitments, so that its leaf still
follows from it; an erasure is itself a record, which names record and fields and no value. What
the database's files still hold of overwritten rows goes with ``scouring.scour``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.erased_files import erase_files
from suyuan.trace.acts.erased_rows import ROWS, clear_rows
from suyuan.trace.acts.erased_workings import clear_workings, mentions, texts_of
from suyuan.trace.acts.keeping import reckon_erased, require_erasable
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.queries import history
from suyuan.trace.events.records import EVENT, KDE
from suyuan.trace.events.tables import Event
from suyuan.trace.intake.records import SHEET, SHEET_WORK, WORK_ITEM
from suyuan.trace.log import queries
from suyuan.trace.log.contents import classes_told, contents_of
from suyuan.trace.log.dropping import drop_fields, require_reason
from suyuan.trace.log.erasures import ERASURE, TYPE
from suyuan.trace.log.tables import Record
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.records import PARTY, PERSON
from suyuan.trace.records import SCHEMAS

_OF_PERSON = ("name", "phone")
_OF_PARTY = ("name", "names", "phone")
_SHEETS = frozenset(map(str, (SHEET, SHEET_WORK, WORK_ITEM)))


def erase(w: Writing, record_id: str, fields: Collection[str], reason: str) -> list[str]:
    """Erase personal fields of a record, and of what it corrects or is corrected by.

    ``reason`` is a key of ``standards/erasure.json``. Returns the ids of the erasures' records.
    Raises NotFound, Forbidden for everybody but an operator, InvalidInput for a field that is not
    there, not personal, or erased already, and StillKept while a rule or a case keeps it.
    """
    w.actor.require("administer")
    if not fields:
        raise InvalidInput("Name the fields to erase.", "fields")
    record = queries.record(w.session, record_id)
    wanted = [(record, frozenset(fields)), *_other_tellings(w, record, fields)]
    return _erase(w, wanted, reason)


def erase_person(w: Writing, person_uid: str, reason: str) -> list[str]:
    """Erase the name and number of a person, who can then no longer sign in.

    What the person did stays under a uid that leads to nobody. Returns the ids of the erasures'
    records. Raises NotFound, Forbidden, InvalidInput where there is nothing left to erase.
    """
    w.actor.require("administer")
    parties.person(w.session, person_uid)
    return _erase(w, _about(w.session, str(PERSON), person_uid, _OF_PERSON), reason)


def erase_party(w: Writing, party_uid: str, reason: str) -> list[str]:
    """Erase what is personal of an organisation: its head's number, of a household its name too.

    Returns the ids of the erasures' records. Raises NotFound, Forbidden, InvalidInput where there
    is nothing left to erase.
    """
    w.actor.require("administer")
    parties.party(w.session, party_uid)
    return _erase(w, _about(w.session, str(PARTY), party_uid, _OF_PARTY), reason)


def _erase(w: Writing, wanted: Iterable[tuple[Record, frozenset[str]]], reason: str) -> list[str]:
    key = require_reason(reason)
    erased: list[str] = []
    waiting = list(wanted)
    while waiting:
        record, fields = waiting.pop(0)
        if record.schema not in ROWS:
            raise InvalidInput("Nothing of a record of the kind {schema} can be erased.", "record",
                               schema=record.schema)  # fmt: skip
        values = drop_fields(record, fields, SCHEMAS)
        require_erasable(w, record, fields)
        texts = texts_of(_without_uids(values).values())
        clear_workings(w, record, texts)
        clear_rows(w, record, fields)
        reckon_erased(w, record)
        said = {"record": record.id, "fields": sorted(fields), "reason": key}
        erased.append(w.record(ERASURE, TYPE, said, subject=record.id))
        files = erase_files(w, record)
        waiting += [(one, held) for one in files if (held := _personal(one))]
        if record.schema not in _SHEETS:
            waiting += _sheets_that_say(w, record, texts)
    if not erased:
        raise InvalidInput("There is nothing personal left to erase.", "record")
    w.session.flush()
    return erased


def _without_uids(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are looked for elsewhere: a uid says nothing without the row it names."""
    return {name: one for name, one in values.items() if name not in ("typed_by", "settled_by")}


def _other_tellings(
    w: Writing, record: Record, fields: Collection[str]
) -> Iterable[tuple[Record, frozenset[str]]]:
    """The other tellings of an event: a correction repeats what was right the first time."""
    facts = frozenset(name for name in fields if name.startswith(KDE))
    if record.schema != str(EVENT) or not facts:
        return
    told = w.session.scalars(sa.select(Event).where(Event.record_id == record.id)).one()
    for event in history(w.session, told):
        other = queries.record(w.session, event.record_id)
        there = facts & frozenset(contents_of(other).fields)
        if other.id != record.id and there:
            yield other, there


def _sheets_that_say(
    w: Writing, record: Record, texts: Collection[str]
) -> list[tuple[Record, frozenset[str]]]:
    """The records of an organisation's sheets that hold these texts too: a batch came by one."""
    query = sa.select(Record).where(Record.schema.in_(_SHEETS), Record.party == record.party)
    found = []
    for sheet in w.session.scalars(query) if texts else ():
        there, personal = contents_of(sheet).fields, _personal(sheet)
        held = frozenset(name for name in personal if mentions(there[name].value, texts))
        if held:
            found.append((sheet, held))
    return found


def personal_of(session: Session, record_id: str) -> tuple[str, ...]:
    """The personal fields that are there of a record. Raises NotFound."""
    return tuple(sorted(_personal(queries.record(session, record_id))))


def personal_of_party(session: Session, party_uid: str) -> tuple[str, ...]:
    """What ``erase_party`` would erase, by field."""
    held = (fields for _, fields in _about(session, str(PARTY), party_uid, _OF_PARTY))
    return tuple(sorted(frozenset[str]().union(*held)))


def _about(
    session: Session, schema: str, subject: str, fields: Collection[str]
) -> Iterable[tuple[Record, frozenset[str]]]:
    """The records about a person or an organisation that hold any of these as personal fields."""
    query = sa.select(Record).where(Record.subject == subject, Record.schema == schema)
    for record in session.scalars(query.order_by(Record.leaf_index)).all():
        held = _personal(record).intersection(fields)
        if held:
            yield record, held


def _personal(record: Record) -> frozenset[str]:
    """The personal fields that are there of a record, by what it says itself."""
    there = contents_of(record)
    classes = classes_told(there, SCHEMAS) or {}
    return frozenset(name for name in there.fields if classes.get(name) == "personal")
