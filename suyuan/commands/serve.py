"""``suyuan serve``: the pages and the API, under gunicorn."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from suyuan.commands.opened import data_option, writing_ledger
from suyuan.commands.unreadable import Worker
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.database import open_database
from suyuan.trace.errors import Conflict
from suyuan.trace.journal import set_up_journal

_TIMEOUT = 60
"""Seconds after which a worker that does not answer is replaced."""


@click.command(epilog="Example: suyuan serve --data /srv/suyuan --host 127.0.0.1 --port 8000")
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
def serve(data: Path | None, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages and the API until stopped.

    The keys are unlocked once, before the workers start. For the Internet, put a reverse proxy
    with TLS in front and set SUYUAN_HTTPS and SUYUAN_TRUSTED_PROXIES.
    """
    set_up_journal(json=True)
    require_free(host, port)
    with writing_ledger(data) as ledger:
        # no connection may be open when the workers are forked from this process
        ledger.database.close()
        click.echo(f"Serving on http://{host}:{port}", err=True)
        run_server(ledger, host, port, workers, threads)


def require_free(host: str, port: int) -> None:
    """Raises Conflict where something listens on ``port`` already, before any work is done."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # a server that was stopped a moment ago does not count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return  # gunicorn says it better
            raise Conflict(
                "Something listens on port {port} already: stop it, or choose another port.",
                "port",
                port=port,
            ) from error


def run_server(
    ledger: Ledger, host: str, port: int, workers: int, threads: int, **settings: Any
) -> None:
    """Serve ``ledger`` until the process is told to stop; ``settings`` are gunicorn's."""

    def load() -> Flask:
        """The application of one worker, with connections of its own."""
        from suyuan.web.app import create_app

        return create_app(replace(ledger, database=open_database(ledger.settings.database_url)))

    Server(load, host, port, workers=workers, threads=threads, **settings).run()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is published without types
    """gunicorn without its own command line. ``load`` makes the application in each worker.

    Verdicts need the RAW_URI that it hands on.
    """

    def __init__(
        self,
        load: Callable[[], Flask],
        host: str,
        port: int,
        *,
        workers: int,
        threads: int,
        **settings: Any,
    ) -> None:
        self._load = load
        self._settings = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": Worker,
            "timeout": _TIMEOUT,
            "graceful_timeout": 20,
            # codes are longer than most addresses, and come with what messengers append
            "limit_request_line": 4094,
            "accesslog": None,
            # nobody steers the server over a socket in somebody's home folder
            "control_socket_disable": True,
            **settings,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._load()
