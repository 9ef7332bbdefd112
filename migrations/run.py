"""Bring a database's tables to the newest revision: the only way tables come to be."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from suyuan.trace.database import Database


def alembic_config(connection: Connection | None = None) -> Config:
    """An alembic configuration that needs no file; the scripts come from the package."""
    config = Config()
    config.set_main_option("script_location", "suyuan:migrations")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to ``revision``; does nothing where they are there already."""
    with database.write.kw["bind"].connect() as connection:
        command.upgrade(alembic_config(connection), revision)
        connection.commit()


def is_current(database: Database) -> bool:
    """Whether the tables are at the newest revision."""
    with database.read() as session:
        at = MigrationContext.configure(session.connection()).get_current_revision()
    return at == newest()


def newest() -> str:
    """The newest revision of the tables."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())
