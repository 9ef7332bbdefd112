"""Files that stood behind what was erased: they go where nothing that is left leans on them.

The row says so first, with its record; the bytes go in a sweep, which finishes whatever was broken
off between the two, and never while another file has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.database import Base
from suyuan.trace.evidence import files
from suyuan.trace.evidence.queries import bytes_to_remove, hold_store
from suyuan.trace.evidence.records import EVIDENCE
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM

_WHO = frozenset({"typed_by", "settled_by", "checked_by"})
"""Fields that say who did it: a file is about what was done, and stays without them."""


def erase_files(w: Writing, record: Record) -> list[Record]:
    """Say of the files behind a record that was just erased that they go, where nothing leans on
    them any more; returns the records of their coming, which hold their names."""
    if not _is_erased(record):
        return []
    gone = []
    for file in _behind(w.session, record):
        if file.erased_at is None and not _is_leant_on(w.session, file):
            file.erased_at = w.now
            w.record(EVIDENCE, "evidence.erased", {"evidence": file.uid}, subject=file.uid)
            gone.append(file.uid)
    came = sa.select(Record).where(Record.schema == str(EVIDENCE), Record.subject.in_(gone))
    return list(w.session.scalars(came.where(Record.type == "evidence")))


def sweep_files(ledger: Ledger) -> int:
    """Remove the bytes that no file needs any more; returns how many lay there."""
    folder = ledger.settings.evidence_folder
    with ledger.database.read() as session:
        waiting = [one for one in bytes_to_remove(session) if files.path_of(folder, one).exists()]
    return ledger.perform(SYSTEM, _remove) if waiting else 0


def _remove(w: Writing) -> int:
    hold_store(w.session, alone=True)
    folder = w.settings.evidence_folder
    return sum(files.remove(folder, one) for one in bytes_to_remove(w.session))


def _is_erased(record: Record) -> bool:
    """Whether something of what a record says is gone, and not only who said it."""
    if record.kept is None or record.commitments is None:
        return False
    return bool(set(record.commitments) - set(record.kept) - _WHO)


def _behind(session: Session, record: Record) -> list[EvidenceFile]:
    """The files that rows made by a record name, or that it is itself the coming of."""
    ids = {id_ for query in _leaning() for id_, _, _ in session.execute(_of(query, record))}
    own = EvidenceFile.uid == record.subject if record.schema == str(EVIDENCE) else sa.false()
    query = sa.select(EvidenceFile).where(sa.or_(EvidenceFile.id.in_(ids), own))
    return list(session.scalars(query.order_by(EvidenceFile.id).with_for_update()))


def _of(query: sa.Select[int, str, str], record: Record) -> sa.Select[int, str, str]:
    _, uid, record_id = query.selected_columns
    return query.where(sa.or_(uid == record.subject, record_id == record.id))


def _is_leant_on(session: Session, file: EvidenceFile) -> bool:
    """Whether a row names the file of whose records none was erased."""
    for query in _leaning():
        id_ = next(iter(query.selected_columns))
        for _, uid, record_id in session.execute(query.where(id_ == file.id)):
            said = sa.or_(Record.id == record_id, Record.subject == uid)
            records = session.scalars(sa.select(Record).where(said))
            if not any(_is_erased(one) for one in records):
                return True
    return False


@cache
def _leaning() -> tuple[sa.Select[int, str, str], ...]:
    """For each table that names files: the file, with uid and record of what leans on it."""
    return tuple(_select_leaning())


def _select_leaning() -> Iterator[sa.Select[int, str, str]]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is EvidenceFile.__table__:
                yield _select_of(table, key.parent)


def _select_of(table: sa.Table, file: sa.Column[int]) -> sa.Select[int, str, str]:
    """Of a table that names files itself, or that lies between them and what leans on them."""
    if "uid" in table.c:
        return sa.select(file, table.c.uid, table.c.get("record_id", sa.null()))
    owner = next(one for one in table.foreign_keys if one.parent is not file)
    of = owner.column.table
    record_id = of.c.get("record_id", sa.null())
    return sa.select(file, of.c.uid, record_id).join(of, owner.parent == owner.column)
