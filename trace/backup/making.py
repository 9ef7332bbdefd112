"""Making a backup while others read and write: one snapshot of all tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan import __version__
from suyuan.trace.backup.archive import ArchiveWriter, writing_archive
from suyuan.trace.backup.rows import write_rows
from suyuan.trace.clock import Clock, utc_text
from suyuan.trace.database import Database
from suyuan.trace.errors import NotFound
from suyuan.trace.evidence import files
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.queries import head
from suyuan.trace.settings import Settings
from suyuan.trace.tables import metadata

Watched = Callable[[str], None]
"""Told the name of each part as it is begun."""


@dataclass(frozen=True)
class Made:
    """A backup that was made: the size of the log in it, and evidence files that were not there."""

    log_size: int
    checkpoint: str
    missing: tuple[str, ...]


def make_backup(
    database: Database, settings: Settings, clock: Clock, revision: str, out: Path, watched: Watched
) -> Made:
    """Write the whole installation, as it is at one moment, into the file ``out``.

    ``revision`` is that of the tables. Evidence that is missing or was changed on disk is named,
    and the rest is kept all the same. Raises Misconfigured where the file cannot be written.
    """
    with _snapshot(database) as session, writing_archive(out) as archive:
        log = head(session)
        for table in metadata.sorted_tables:
            watched(table.name)
            archive.add(f"tables/{table.name}.jsonl", write_rows(session, table))
        watched("evidence")
        missing = _add_evidence(session, settings, archive)
        for family in sorted(settings.families_folder.glob("*.json")):
            archive.add(f"families/{family.name}", [family.read_bytes()])
        made = Made(log.size, log.checkpoint, tuple(missing))
        archive.close_with(
            {
                "suyuan": __version__,
                "revision": revision,
                "made_at": utc_text(clock.now()),
                "log_size": made.log_size,
                "checkpoint": made.checkpoint,
                "missing": list(missing),
            }
        )
    return made


@contextmanager
def _snapshot(database: Database) -> Iterator[Session]:
    """A reader for whom nothing changes any more; nobody waits for it."""
    if database.is_sqlite:
        with database.read() as session:
            yield session
        return
    frozen = database.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with Session(frozen) as session:
        yield session


def _add_evidence(session: Session, settings: Settings, archive: ArchiveWriter) -> list[str]:
    """The files by their hashes: they were on disk before their rows were, and never change."""
    missing = []
    there = EvidenceFile.erased_at.is_(None)
    kept = sa.select(EvidenceFile.sha256).where(there).distinct().order_by(EvidenceFile.sha256)
    for sha256 in session.scalars(kept):
        try:
            data = files.load(settings.evidence_folder, sha256)
        except NotFound:
            missing.append(sha256)
        else:
            archive.add(f"evidence/{sha256}", [data], packed=False)
    return missing
