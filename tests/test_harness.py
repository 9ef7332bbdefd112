"""The ground the other tests stand on: a fresh, migrated database for each test, on both kinds."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.database import Database, open_database
from tests import missing


def _tables(database: Database) -> list[str]:
    return sa.inspect(database.engine).get_table_names()


def test_a_test_database_is_migrated(database: Database) -> None:
    assert "alembic_version" in _tables(database)


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    opened = open_database(empty_database_url)
    assert _tables(opened) == []
    opened.close()


def _write_a_table(database: Database) -> None:
    with database.write.begin() as session:
        session.execute(sa.text("CREATE TABLE left_by_a_test (id INTEGER)"))


def test_two_tests_never_share_a_database(database: Database) -> None:
    _write_a_table(database)  # fails for the second of the two if they did


def test_two_tests_never_share_a_database_the_other(database: Database) -> None:
    _write_a_table(database)


def test_a_durable_database_waits_for_the_disk(durable_database_url: str) -> None:
    opened = open_database(durable_database_url)
    question = "PRAGMA synchronous" if opened.is_sqlite else "SHOW fsync"
    with opened.read() as session:
        assert str(session.scalar(sa.text(question))) in ("2", "on")
    opened.close()


def test_what_was_left_out_is_named() -> None:
    lines = missing.summary(
        [
            ("tests/web/test_a.py::test_b", f"Skipped: {missing.OPENING}Chromium: not on PATH"),
            ("tests/web/test_a.py::test_c", f"Skipped: {missing.OPENING}Chromium: not on PATH"),
            ("tests/trace/test_d.py::test_e", "Skipped: too slow"),
        ]
    )
    assert lines[:2] == ["Chromium: not on PATH", "  leaves out 2 tests:"]
    assert "other reason: too slow" in lines
