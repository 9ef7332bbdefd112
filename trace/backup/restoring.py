"""Bringing a backup back, into a database whose tables are there and empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from suyuan.trace.backup.archive import Archive, BadBackup
from suyuan.trace.backup.rows import in_portions, insert_of, read_rows
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict, Misconfigured
from suyuan.trace.evidence import files
from suyuan.trace.log.append import newest_head
from suyuan.trace.settings import Settings
from suyuan.trace.tables import metadata

RESTORED = "this database was restored from a backup, and its log was not continued yet."
"""Why nothing may be appended to a restored log: ``acts.continuing`` opens the next one."""

Watched = Callable[[str], None]
"""Told the name of each part as it is begun."""


@dataclass(frozen=True)
class Restored:
    """What came back: how many rows, and how many evidence files."""

    rows: int
    evidence: int


def restore_backup(
    database: Database, settings: Settings, archive: Archive, revision: str, watched: Watched
) -> Restored:
    """Put back every row, in one transaction, and every file. The archive was checked before.

    The log comes back halted: another copy may have gone on with it.

    ``revision`` is that of the tables. Raises Conflict where the database holds an installation,
    Misconfigured for a backup of other tables, BadBackup for rows that do not fit together.
    """
    if archive.about.get("revision") != revision:
        raise Misconfigured(
            "This backup was made by Suyuan {version} with tables {there}; these are {here}. "
            "Restore it with that version, then run suyuan init --migrate with this one.",
            version=archive.about.get("suyuan"),
            there=archive.about.get("revision"),
            here=revision,
        )
    kept = _put_files(settings, archive, watched)
    try:
        with database.write() as session, session.begin(), _checked_at_the_end(session):
            rows = _put_rows(session, archive, watched)
            newest_head(session).halted = RESTORED
    except (IntegrityError, DataError) as error:
        raise BadBackup("The backup's rows do not fit together.", "file") from error
    return Restored(rows, kept)


def _put_rows(session: Session, archive: Archive, watched: Watched) -> int:
    rows = 0
    for table in metadata.sorted_tables:
        watched(table.name)
        if session.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise Conflict(
                "This database holds an installation already. Restore into an empty one: give "
                "another --data folder, or another database."
            )
        insert = insert_of(table)
        try:
            for portion in in_portions(
                read_rows(table, archive.lines(f"tables/{table.name}.jsonl"))
            ):
                session.execute(insert, portion)
                rows += len(portion)
        except (KeyError, ValueError) as error:
            raise BadBackup(
                "{member} in the backup is damaged.", "file", member=table.name
            ) from error
    return rows


@contextmanager
def _checked_at_the_end(session: Session) -> Iterator[None]:
    """References are checked when all rows are there: some point at rows of their own table."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        yield
        return
    strict = [
        (table.name, str(key.name))
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if not key.deferrable
    ]
    _alter_keys(session, strict, "DEFERRABLE INITIALLY DEFERRED")
    yield
    session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    _alter_keys(session, strict, "NOT DEFERRABLE")
    _count_on(session)


def _alter_keys(session: Session, keys: list[tuple[str, str]], how: str) -> None:
    for table, key in keys:
        session.execute(sa.text(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" {how}'))


def _count_on(session: Session) -> None:
    """Numbers that PostgreSQL gives itself go on after the highest that came back."""
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is not None:
            session.execute(
                sa.select(
                    sa.func.setval(
                        sa.func.pg_get_serial_sequence(table.name, key.name),
                        sa.select(sa.func.coalesce(sa.func.max(key), 0) + 1).scalar_subquery(),
                        False,
                    )
                )
            )


def _put_files(settings: Settings, archive: Archive, watched: Watched) -> int:
    """Files first: a row whose file is not there would be a promise that is not kept."""
    watched("evidence")
    names = archive.names("evidence")
    for name in names:
        sha256 = name.removeprefix("evidence/")
        data = b"".join(archive.pieces(name))
        if archive.members[name] != sha256:
            raise BadBackup("{member} in the backup is damaged.", "file", member=name)
        files.store(settings.evidence_folder, files.Evidence(data, "", sha256))
    for name in archive.names("families"):
        settings.families_folder.mkdir(parents=True, exist_ok=True)
        place = settings.families_folder / name.rpartition("/")[2]
        place.write_bytes(b"".join(archive.pieces(name)))
    return len(names)
