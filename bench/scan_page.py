"""The scan page against a bare Flask page, under the same server with the same settings.

No cache stands in front and no answer is 304. The other gives the same bytes from a view that
does nothing. One worker, one connection that is kept open, one request after the other. Ours in
four ways:

nothing remembered: a record that concerns everybody (a new place) was written since, so the
passport is read from the database and the page drawn.
after others wrote: an event of another batch was recorded since. It is looked at, and the page that
is remembered still holds.
another package: nothing was written; each request is of a package that nobody opened before, of a
batch of which others were: its own answers are looked up and its page drawn.
opened again: the same package over and over; the database is asked each time whether anything was
written and how often it was opened, the rest is remembered.

The aim, 0.4 of the bare page's rate, is 2.5 times its time. A page of which nothing is remembered
does not have it: on PostgreSQL its statements alone, by the bare driver and with nothing made of
their rows, take longer (the last figure); on SQLite making rows, facts and a hundred phrases in the
reader's language of them does.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from _measure import KINDS, Figure, in_turn, keep, opened
from flask import Flask, Response

from suyuan.commands.serve import Server
from suyuan.trace.acts.parties import add_site
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.facts import SiteFacts
from suyuan.web.app import create_app
from tests.jerky import make_jerky
from tests.world import make_batch, make_event

Statement = tuple[str, Any]
"""SQL and values, as the driver is given them."""

RUNS = 300
HOST = "t.example.cn"


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as ledger:
            figures += measure(ledger, kind)
    keep("scan_page", figures)


def measure(ledger: Ledger, kind: str) -> list[Figure]:
    """The figures for one kind of database."""
    ledger = replace(ledger, settings=replace(ledger.settings, https=True))
    jerky = make_jerky(ledger, labels=RUNS * 3)
    paths = [code.split(HOST, 1)[1] for code in jerky.codes]
    page, statements = _drawn(ledger, paths[-1])
    beside = make_batch(ledger, jerky.actor)
    ledger.database.close()

    def write(run: int) -> None:
        site = SiteFacts(str(jerky.actor.party_uid), "workshop", f"{run}", jerky.trace_code[:6])
        ledger.perform(jerky.actor, add_site, site)

    def write_beside(_run: int) -> None:
        make_event(ledger, jerky.actor, "store", beside)

    with serving(ledger) as ours, serving(ledger, bare=page) as other:

        def figure(what: str, of: list[str], before: Callable[[int], None]) -> Figure:
            return in_turn(
                f"scan page, {what}, {kind}",
                lambda run: ours.get(of[run]),
                lambda run: other.get(of[run]),
                other_is="a bare Flask page of the same size",
                runs=RUNS,
                before=before,
            )

        return [
            figure("nothing remembered", paths, write),
            figure("after others wrote", paths[:1] * RUNS * 2, write_beside),
            figure("another package", paths[RUNS * 3 // 2 :], _nothing),
            figure("opened again", paths[:1] * RUNS * 2, _nothing),
            _statements_alone(ledger, statements, lambda run: other.get(paths[run]), kind, write),
        ]


def _drawn(ledger: Ledger, path: str) -> tuple[bytes, list[Statement]]:
    """A page of which nothing is remembered, and the statements it was drawn from."""
    client = create_app(ledger, testing=True).test_client()
    statements: list[Statement] = []

    def note(_c: object, _k: object, sql: str, values: object, *_more: object) -> None:
        statements.append((sql, values))

    sa.event.listen(ledger.database.engine, "before_cursor_execute", note)
    page = client.get(path, base_url=f"https://{HOST}")
    sa.event.remove(ledger.database.engine, "before_cursor_execute", note)
    assert page.status_code == 200
    return page.data, statements


def _statements_alone(
    ledger: Ledger,
    statements: list[Statement],
    other: Callable[[int], None],
    kind: str,
    before: Callable[[int], None],
) -> Figure:
    connection = ledger.database.glances.raw_connection()

    def ours(_run: int) -> None:
        cursor = connection.cursor()
        for sql, values in statements:
            cursor.execute(sql, values)
            cursor.fetchall()
        cursor.close()

    what = f"scan page, its {len(statements)} statements alone, {kind}"
    figure = in_turn(
        what, ours, other, other_is="a bare Flask page of the same size", runs=RUNS, before=before
    )
    connection.close()
    return figure


def _nothing(_run: int) -> None:
    """Done before a run where nothing is to be done."""


@dataclass
class Visitor:
    """One connection that is kept open."""

    port: int
    connection: socket.socket | None = None

    def get(self, path: str) -> None:
        """Ask for a page and read all of it; anything but 200 is an error."""
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port))
        asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Language: zh\r\n\r\n"
        self.connection.sendall(asked.encode())
        got = self.connection.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        lacking = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) - len(body)
        while lacking > 0:
            lacking -= len(self.connection.recv(65536))


def _bare(page: bytes) -> Flask:
    """An application that does nothing."""
    app = Flask("bare")
    app.add_url_rule("/<path:_>", view_func=lambda _: Response(page), endpoint="page")
    return app


@contextmanager
def serving(ledger: Ledger, bare: bytes | None = None) -> Iterator[Visitor]:
    """A server in a process of its own, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    load = partial(create_app, ledger) if bare is None else partial(_bare, bare)
    child = os.fork()
    if child == 0:
        try:
            Server(
                load, "127.0.0.1", port, workers=1, threads=4, keepalive=60, loglevel="error"
            ).run()
        finally:
            os._exit(0)  # nothing of the parent's is put away here
    try:
        _wait_for(port)
        yield Visitor(port)
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server does not answer")


if __name__ == "__main__":
    main()
