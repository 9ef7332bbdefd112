"""The ground the other tests stand on: a fresh, migrated database for each test, on both kinds,
a browser, a second reader of symbols, and the word on what could not be got.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
import qrcode
import sqlalchemy as sa
from PIL.Image import Image
from playwright.sync_api import Browser

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


@pytest.mark.parametrize(
    ("everything", "said", "outcome"),
    [
        ("1", "too slow", "failed"),
        ("0", "too slow", "skipped"),
        ("1", f"{missing.OPENING}Chromium: not on PATH", "failed"),
        ("1", f"{missing.NOT_GIVEN}shared test data: no folder", "skipped"),
    ],
)
def test_a_test_left_out_fails_where_everything_is_required(
    monkeypatch: pytest.MonkeyPatch,
    everything: str,
    said: str,
    outcome: Literal["failed", "skipped"],
) -> None:
    monkeypatch.setenv("SUYUAN_TEST_REQUIRE_ALL", everything)
    report = pytest.TestReport(
        nodeid="tests/test_a.py::test_b",
        location=("tests/test_a.py", 1, "test_b"),
        keywords={},
        outcome="skipped",
        longrepr=("tests/test_a.py", 1, f"Skipped: {said}"),
        when="call",
    )
    judged = missing.failed_if_left_out(report)
    assert judged.outcome == outcome
    assert said in missing.reason(judged)


def test_the_browser_shows_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>溯源</h1>")
    assert page.inner_text("h1") == "溯源"
    page.close()


def test_zbar_reads_a_symbol(zbar: Callable[[Image], list[str]]) -> None:
    picture = qrcode.make("https://example.test/t/1").get_image().convert("L")
    assert zbar(picture) == ["https://example.test/t/1"]
