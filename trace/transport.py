"""Asking other machines over HTTP: witnesses, and logs that are audited.

What asks takes a ``Transport``, so that it works the same over the network, over an application
in the same process, and over a log made up for a test.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from suyuan.trace.errors import InvalidInput, TooLarge, Unavailable

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that are read: a full bundle of 256 entries has at most 16 MiB."""
_TRIES_OF_READING = 3
_WAITS = 10
"""Times the patience for one wait that a whole answer may take."""
_PART = 64 * 1024


class NoAnswer(Unavailable):
    """The other machine could not be reached, or broke off."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, media type without parameters, and the body.

    ``location``: where a redirect leads, which is for people to judge.
    """

    status: int
    media_type: str
    body: bytes
    location: str = ""


class Transport(Protocol):
    """Whatever can ask an address. Raises NoAnswer where nothing comes back."""

    def get(self, url: str) -> Answer:
        """GET ``url``."""

    def post(self, url: str, body: bytes) -> Answer:
        """POST ``body`` to ``url``, once."""


class HttpTransport:
    """HTTP and HTTPS with connections that are kept; follows no redirects.

    ``seconds``: how long connecting, and each wait for data, may take; a whole answer may take ten
    times that, so that nobody can hold on to who asks by sending a byte now and then. The proxy
    of the environment (``https_proxy`` …) is used. Reading is tried again, posting is not.
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
        """Raises NoAnswer, and TooLarge for an answer that is longer than any should be."""
        require_web_address(url)
        try:
            response = self._pool(url).request(
                method, url, body=body, retries=retry, redirect=False, preload_content=False,
                timeout=self._seconds, headers={"Content-Type": "text/plain; charset=utf-8"},
            )  # fmt: skip
            try:
                data = self._read(response, url)
            except BaseException:
                response.close()  # what is still to come is not waited for
                raise
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._no_answer(url, error) from error
        media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        location = response.headers.get("Location", "") if 300 <= response.status < 400 else ""
        return Answer(response.status, media_type, data, location)

    def _read(self, response: urllib3.BaseHTTPResponse, url: str) -> bytes:
        data, end = bytearray(), time.monotonic() + self._seconds * _WAITS
        while part := response.read1(_PART):
            data += part
            if len(data) > MAX_ANSWER:
                raise TooLarge(
                    "{url} answered with more than {most} bytes.", url=url, most=MAX_ANSWER
                )
            if time.monotonic() > end:
                raise self._late(url, _WAITS)
        return bytes(data)

    def _late(self, url: str, times: int = 1) -> NoAnswer:
        seconds = f"{self._seconds * times:g}"
        return NoAnswer("{url} did not answer within {seconds} s.", url=url, seconds=seconds)

    def _no_answer(self, url: str, error: Exception) -> NoAnswer:
        """What went wrong, in words that lead to what to mend."""
        retried = isinstance(error, urllib3.exceptions.MaxRetryError)
        cause = getattr(error, "reason", None) if retried else error
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            return NoAnswer("There is no host {host}.", host=str(urlsplit(url).hostname))
        if isinstance(cause, urllib3.exceptions.NewConnectionError):  # to urllib3 a time-out too
            return NoAnswer("{url} takes no connections.", url=url)
        if isinstance(cause, urllib3.exceptions.TimeoutError):
            return self._late(url)
        return NoAnswer("{url} did not answer: {why}", url=url, why=type(cause).__name__)

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
