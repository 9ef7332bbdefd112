"""What the agent asks of the server, over HTTPS with the station's token."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import urllib3

from suyuan.trace.errors import InvalidInput, SuyuanError, Unavailable
from suyuan.trace.printers.facts import Ending
from suyuan.trace.transport import require_web_address

_HERE = ("127.0.0.1", "::1", "localhost")
_UNAUTHENTICATED, _FORBIDDEN, _CONFLICT, _TOO_MANY, _SERVERS_OWN = 401, 403, 409, 429, 500
_NOT_GIVEN = 300
_DETAIL = 300
_PART = 256 * 1024


class NotLetIn(SuyuanError):
    """The server does not know the token (any more), or its role may not print."""


class NotOurs(SuyuanError):
    """The job is another agent's by now, or has ended."""


class Refused(SuyuanError):
    """The server cannot give what was asked for, and says why."""


@dataclass(frozen=True)
class Taken:
    """A job that is ours for now."""

    job: str
    holder: str
    labels: int


class Server:
    """The server that a station's printers are registered at.

    ``seconds``: how long each wait for it may take. Raises InvalidInput where the token would go
    over the network in the clear.
    """

    def __init__(self, address: str, token: str, seconds: float = 30) -> None:
        require_web_address(address)
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _HERE:
            raise InvalidInput(
                "The server's address begins with https://: else everybody on the way reads the "
                "token.",
                field="server",
            )
        self._base = address.rstrip("/") + "/api/v1"
        self._pool = urllib3.PoolManager(
            timeout=seconds, retries=False, headers={"Authorization": f"Bearer {token}"}
        )

    def take(self, printer: str) -> Taken | None:
        """The next job of a printer; None where there is none.

        Raises Refused and NotOurs where the server feeds no such printer of this station.
        """
        answer = self._ask("POST", f"/printers/{quote(printer, safe='')}/take", None)
        try:
            found = json.loads(answer)
            return Taken(found["job"], found["holder"], found["labels"]) if found["job"] else None
        except (ValueError, KeyError, TypeError) as error:
            # e.g. the page of a network that asks for a sign-in before it lets anybody out
            why = "something else answered in its place"
            raise Unavailable("The server does not answer: {why}", why=why) from error

    def labels(self, taken: Taken, out: BinaryIO, alive: Callable[[], None]) -> None:
        """Write the bytes for the printer to a file, few of them in memory at a time; ``alive`` is
        called now and then."""
        path = f"/printer-jobs/{taken.job}/labels?holder={taken.holder}"
        try:
            answer = self._pool.request("GET", self._base + path, preload_content=False)
            try:
                if answer.status >= _NOT_GIVEN:
                    raise _refusal(answer.status, answer.read())
                for part in answer.stream(_PART):
                    out.write(part)
                    alive()
            finally:
                answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise _absent(error) from error

    def hold(self, taken: Taken, *, begins: bool = False) -> None:
        """Say that we live, or that the first byte goes out now."""
        said = {"holder": taken.holder, "begins": begins}
        self._ask("POST", f"/printer-jobs/{taken.job}/hold", said)

    def end(self, taken: Taken, ending: Ending) -> None:
        """Tell how it went."""
        said = {
            "holder": taken.holder,
            "state": ending.state,
            "why": ending.why,
            "detail": ending.detail[:_DETAIL],
            "sent": ending.sent,
        }
        told = {name: value for name, value in said.items() if value is not None}
        self._ask("POST", f"/printer-jobs/{taken.job}/end", told)

    def _ask(self, method: str, path: str, said: dict[str, Any] | None) -> bytes:
        try:
            answer = self._pool.request(method, self._base + path, json=said)
        except urllib3.exceptions.HTTPError as error:
            raise _absent(error) from error
        if answer.status >= _NOT_GIVEN:
            raise _refusal(answer.status, answer.data)
        return bytes(answer.data)


def _absent(error: Exception) -> Unavailable:
    return Unavailable("The server does not answer: {why}", why=error)


def _refusal(status: int, body: bytes) -> SuyuanError:
    """What an answer means that gives nothing."""
    problem = _problem(body) or f"HTTP {status}"
    if status in (_UNAUTHENTICATED, _FORBIDDEN):
        return NotLetIn("The server does not let this station in: {why}", why=problem)
    if status == _CONFLICT:
        return NotOurs("The server has this otherwise: {why}", why=problem)
    if status == _TOO_MANY or status >= _SERVERS_OWN:
        return Unavailable("The server does not answer: {why}", why=problem)
    return Refused("The server refuses: {why}", why=problem)


def _problem(body: bytes) -> str:
    """What a problem document says; nothing where it is none (RFC 9457)."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return ""
