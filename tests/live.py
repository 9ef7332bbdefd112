"""A site that really answers on a port, for browsers: its label host is its own address.

with live_site(folder) as live:
    jerky = make_jerky(live.ledger)
    page.goto(live.url + "/")
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from suyuan.trace.acts.opening import open_instance
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.database import open_database
from suyuan.trace.settings import Settings
from suyuan.web.app import create_app
from tests import databases
from tests.opened import CHEAP, OPENING
from tests.sockets import running, serve, web_server


@dataclass(frozen=True)
class Live:
    """A running site: where it answers, its application, and the ledger under it."""

    url: str
    app: Flask
    ledger: Ledger
    clock: SetClock

    def path_of(self, code: str) -> str:
        """The path of a signed address of this site."""
        return code.removeprefix(self.url)


@contextmanager
def live_site(run_folder: Path, folder: Path) -> Iterator[Live]:
    """A site on SQLite with a port of its own, stopped at the end; its clock stands."""
    with databases.fresh("sqlite", run_folder, folder) as url:
        # the port first: the labels name it
        server = web_server()
        host = f"127.0.0.1:{server.server_port}"
        database = open_database(url)
        clock = SetClock(datetime(2026, 6, 1, 0, 0, tzinfo=UTC))
        settings = Settings(
            data=folder / "data",
            database_url=url,
            passphrase_file=folder / "secret" / "passphrase",
            authority="索县农业农村局",
            icp="藏ICP备2026000001号",
            police_filing="藏公网安备54062602000001号",
        )
        opening = replace(OPENING, label_host=host, http=True, demo=True)
        ledger = open_instance(database, settings, clock, opening, CHEAP)
        app = create_app(ledger, testing=True)
        serve(server, app)
        with closing(database), running(server):
            yield Live(f"http://{host}", app, ledger, clock)
