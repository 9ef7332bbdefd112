"""Servers on ports of this machine: an application, or one that answers as no application would."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from socket import socket
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Reply = Callable[[str, socket], None]
"""Given the request line, writes to the connection what it likes; it is closed afterwards."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which ``app`` answers meanwhile."""
    server = web_server()
    serve(server, app)
    with running(server):
        yield f"http://127.0.0.1:{server.server_port}"


def web_server() -> BaseWSGIServer:
    """A server on a free port that has nothing to serve yet, for who must know the port first."""
    return make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)


def serve(server: BaseWSGIServer, app: Flask) -> None:
    """Let ``server`` answer with ``app``, each answer read whole and closed before it is sent.

    werkzeug's server leaves an answer open when who asked hangs up with bytes still unread (a
    browser that goes on to another page), and a file left open fails the test that is running
    when the collector finds it.
    """
    server.app = _whole(app)


def _whole(app: WSGIApplication) -> WSGIApplication:
    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if close := getattr(answer, "close", None):
                close()

    return answered


@contextmanager
def replying(reply: Reply) -> Iterator[str]:
    """The address of a server that does with each request what ``reply`` does."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline().decode("ascii").strip()
            length = 0
            while (header := self.rfile.readline().strip().lower()) != b"":
                if header.startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            self.rfile.read(length)
            with suppress(OSError):  # who asked has had enough
                reply(line, self.connection)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    with running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    """``server`` answers meanwhile, in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """An answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def saying(status: str, body: bytes = b"", *headers: str) -> Reply:
    """Gives everybody the same answer."""
    return lambda _line, to: to.sendall(answer(status, body, *headers))
