"""The scan page against a bare Flask page, under the same server with the same settings.

No cache stands in front and no answer is 304. The other gives the same bytes from a view that
does nothing. One worker, one connection that is kept open, one request after the other. Ours in
three ways:

after a write: the log has grown since, so all that is remembered is void: the passport is read
from the database and the page drawn.
another package: nothing was written; each request is of a package that nobody opened before, of a
batch of which others were: its own answers are looked up and its page drawn.
opened again: the same package over and over; the database is asked each time whether anything was
written and how often it was opened, the rest is remembered.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from _measure import KINDS, Figure, in_turn, keep, opened
from flask import Flask, Response

from suyuan.commands.serve import Server
from suyuan.trace.acts.parties import add_site
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.facts import SiteFacts
from suyuan.web.app import create_app
from tests.jerky import make_jerky

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
    page = create_app(ledger, testing=True).test_client().get(paths[-1], base_url=f"https://{HOST}")
    assert page.status_code == 200
    ledger.database.close()

    def write(run: int) -> None:
        site = SiteFacts(str(jerky.actor.party_uid), "workshop", f"{run}", jerky.trace_code[:6])
        ledger.perform(jerky.actor, add_site, site)

    with serving(ledger) as ours, serving(ledger, bare=page.data) as other:

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
            figure("after a write", paths, write),
            figure("another package", paths[RUNS * 3 // 2 :], _nothing),
            figure("opened again", paths[:1] * RUNS * 2, _nothing),
        ]


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


class BareServer(Server):
    """The same server with an application that does nothing."""

    def __init__(self, ledger: Ledger, settings: dict[str, object], page: bytes) -> None:
        self._page = page
        super().__init__(ledger, settings)

    def load(self) -> Flask:
        app = Flask("bare")
        app.add_url_rule("/<path:_>", view_func=lambda _: Response(self._page), endpoint="page")
        return app


@contextmanager
def serving(ledger: Ledger, bare: bytes | None = None) -> Iterator[Visitor]:
    """A server in a process of its own, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings: dict[str, object] = {
        "bind": f"127.0.0.1:{port}", "workers": 1, "threads": 4, "worker_class": "gthread",
        "keepalive": 60, "loglevel": "error", "control_socket_disable": True,
    }  # fmt: skip
    child = os.fork()
    if child == 0:
        try:
            (BareServer(ledger, settings, bare) if bare else Server(ledger, settings)).run()
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
