"""Fixtures that every room's tests share, and the end of the run: what was left out, and counts.

See tests/README.md.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from PIL.Image import Image
from playwright.sync_api import Browser

from suyuan.trace.clock import SetClock
from suyuan.trace.database import Database, open_database
from tests import compiled, databases, missing, postgres
from tests.browser import NoBrowser, chromium
from tests.ledgers import durable, ledger, remarks, settings

__all__ = ["durable", "ledger", "remarks", "settings"]

KINDS = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parent.parent
FOLDER = pytest.StashKey[Path]()


def place_for_databases() -> str:
    """A folder in memory where there is room for a run's databases, else one on disk.

    Every commit waits until it is written, as in production; on a disk that is most of what a run
    takes. Short, whatever TMPDIR says: a socket's path may have no more than 107 characters.
    """
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 6 << 30
    return str(memory) if roomy else "/tmp"


# read by pytest when a test first asks for a folder
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", place_for_databases())

# how long an example takes is a matter of the machine: speed is measured in bench/
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

compiled.keep()


# --- the run -------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=KINDS,
        action="append",
        help="run database tests on this database only (default: on both)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder, or take the one that the controlling process made."""
    given = getattr(config, "workerinput", {}).get("folder")
    folder = given or tempfile.mkdtemp(prefix="suyuan-test-", dir=place_for_databases())
    config.stash[FOLDER] = Path(folder)
    config.stash[FOLDER].chmod(0o755)


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    postgres.stop(config.stash[FOLDER])
    shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker process of pytest-xdist where the run's folder is."""
    node.workerinput["folder"] = str(node.config.stash[FOLDER])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("database") or KINDS
        metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return missing.failed_if_left_out(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return missing.failed_if_left_out(report)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what could not be got, which tests that left out, and one plain line of counts."""
    stats = terminalreporter.stats
    skipped = stats.get("skipped", [])
    terminalreporter.section("What was left out")
    for line in missing.summary((report.nodeid, missing.reason(report)) for report in skipped):
        terminalreporter.write_line(line)
    if not skipped:
        terminalreporter.write_line("nothing")
    failed = len(stats.get("failed", [])) + len(stats.get("error", []))
    terminalreporter.write_line("")
    terminalreporter.write_line(
        f"{len(stats.get('passed', []))} passed, {failed} failed, {len(skipped)} skipped"
    )


# --- databases -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """A folder that all test processes of this run share and that is removed at its end."""
    return pytestconfig.stash[FOLDER]


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``: a test that asks for a database runs once on each."""
    return str(request.param)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, database_kind: str, run_folder: Path, tmp_path: Path
) -> Iterator[str]:
    """The address of a fresh database, migrated to head, for this test alone.

    It is empty, but where the test asks for a ledger.
    """
    opened = "ledger" in request.fixturenames
    with databases.fresh(database_kind, run_folder, tmp_path, opened=opened) as url:
        yield url


@pytest.fixture
def durable_database_url(database_kind: str, run_folder: Path, tmp_path: Path) -> Iterator[str]:
    """As ``database_url``, on a server that waits for the disk: for tests of crashes."""
    with databases.fresh(database_kind, run_folder, tmp_path, durable=True) as url:
        yield url


@pytest.fixture
def empty_database_url(database_kind: str, run_folder: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table: for tests of ``init`` and the migrations."""
    with databases.fresh(database_kind, run_folder, tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database, opened; closed at the end of the test."""
    opened = open_database(database_url)
    databases.compile_once(opened)
    yield opened
    opened.close()


# --- other ground --------------------------------------------------------------------------------


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at one known moment: 2026-06-01 08:00 in Shanghai."""
    return SetClock(databases.MOMENT)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test data that other parties publish (vectors, sample sheets)."""
    folder = Path(os.environ.get("SUYUAN_SHARED") or ROOT.parent / "shared")
    if not (folder / "vectors").is_dir():
        missing.leave_out_without(
            "shared test data", "no folder beside the repository, nor SUYUAN_SHARED"
        )
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the tests of one module.

    For one module only: while Playwright's sync API is open no other event loop can run.
    """
    try:
        with chromium() as opened:
            yield opened
    except NoBrowser as error:
        missing.leave_out("Chromium", str(error))


@pytest.fixture(scope="session")
def zbar() -> Callable[[Image], list[str]]:
    """zbar's reader of symbols: a picture in, the texts found out."""
    try:
        from pyzbar import pyzbar  # needs the C library, which pip does not bring
    except ImportError as error:
        missing.leave_out("zbar", str(error))
    return lambda picture: [found.data.decode() for found in pyzbar.decode(picture)]
