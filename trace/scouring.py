"""Writing the database's files anew, so that nothing stays in them of what was overwritten.

A row that is changed or deleted leaves its bytes behind: in free room of SQLite's pages and in its
write-ahead log, in PostgreSQL's dead tuples. No query finds them; whoever has the file does.
"""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from suyuan.trace.database import Base, Database


def scour(database: Database) -> bool:
    """Write the tables anew, without what was deleted; whether all of it is gone from the files.

    False where somebody was reading an older moment all the while: do it again later. Backups,
    replicas' archives and copies of the files are out of reach. Takes about as long as a backup;
    on PostgreSQL nobody else gets at a table while it is written.
    """
    return _scour_sqlite(database) if database.is_sqlite else _scour_postgresql(database)


def _scour_sqlite(database: Database) -> bool:
    connection = database.engine.raw_connection()
    try:
        execute = cast(Any, connection.dbapi_connection).execute
        execute("PRAGMA query_only=0").close()
        execute("VACUUM").close()
        # the new pages went through the write-ahead log: into the file, and the log cut to nothing
        busy, _, _ = execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        connection.close()


def _scour_postgresql(database: Database) -> bool:
    with database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in Base.metadata.sorted_tables:
            alone.execute(sa.text(f'VACUUM (FULL) "{table.name}"'))
    return True
