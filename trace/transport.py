"""Asking other machines over HTTP: witnesses, and logs that are audited.

What asks takes a ``Transport``, so that it works the same over the network, over an application
in the same process, and over a log made up for a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from suyuan.trace.errors import InvalidInput, TooLarge, Unavailable

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that are read: a full bundle of 256 entries has at most 16 MiB."""
_TRIES_OF_READING = 3


class NoAnswer(Unavailable):
    """The other machine could not be reached, or broke off."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, media type without parameters, and the body."""

    status: int
    media_type: str
    body: bytes


class Transport(Protocol):
    """Whatever can ask an address. Raises NoAnswer where nothing comes back."""

    def get(self, url: str) -> Answer:
        """GET ``url``."""

    def post(self, url: str, body: bytes) -> Answer:
        """POST ``body`` to ``url``, once."""


class HttpTransport:
    """HTTP and HTTPS with connections that are kept; follows no redirects.

    ``seconds``: how long connecting, and each wait for data, may take. The proxy of the
    environment (``https_proxy`` …) is used. Reading is tried again, posting is not.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pools: dict[str | None, urllib3.PoolManager] = {}

    def get(self, url: str) -> Answer:
        return self._ask("GET", url, None, urllib3.Retry(_TRIES_OF_READING, redirect=False,
            backoff_factor=0.5))  # fmt: skip

    def post(self, url: str, body: bytes) -> Answer:
        return self._ask("POST", url, body, urllib3.Retry(False))

    def _ask(self, method: str, url: str, body: bytes | None, retry: urllib3.Retry) -> Answer:
        require_web_address(url)
        try:
            response = self._pool(url).request(
                method, url, body=body, retries=retry, redirect=False, preload_content=False,
                timeout=self._seconds, headers={"Content-Type": "text/plain; charset=utf-8"},
            )  # fmt: skip
            try:
                data = response.read(MAX_ANSWER + 1)
            finally:
                response.drain_conn()
                response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise NoAnswer(
                "{url} did not answer: {why}", url=url, why=type(error).__name__
            ) from error
        if len(data) > MAX_ANSWER:
            raise TooLarge("{url} answered with more than {most} bytes.", url=url, most=MAX_ANSWER)
        media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        return Answer(response.status, media_type, data)

    def _pool(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        proxy = None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
        if proxy not in self._pools:
            self._pools[proxy] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]


def require_web_address(url: str) -> None:
    """Raises InvalidInput unless ``url`` is of http or https and names a host."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that do not match
        good = False
    if not good:
        raise InvalidInput("An address here begins with https:// or http://, not {is_}.", is_=url)
