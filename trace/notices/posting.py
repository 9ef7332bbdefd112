"""Posting to other machines over HTTP: to nowhere but where it may go, and never for long.

Only addresses of the open Internet are asked, over HTTPS, and the machine that was looked up is the
machine that is asked: a name that leads elsewhere the second time gains nothing. Hosts of the
operator's own network are those that the settings name. Redirects are not followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from suyuan.trace.errors import InvalidInput, Unavailable
from suyuan.trace.notices.destinations import Undeliverable
from suyuan.trace.transport import require_web_address

_PORTS = {"http": 80, "https": 443}
_WAITS = 3
"""Times the patience for one wait that a whole answer may take."""
_AGAIN = frozenset({408, 425, 429})
"""Refusals that hold for now only."""

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """A web address that may be asked, in its parts; ``own``: of the operator's network."""

    scheme: str
    host: str
    port: int
    path: str
    own: bool


def read_target(url: str, own_hosts: Collection[str]) -> Target:
    """Take a web address apart. Raises InvalidInput unless it is https, or an ``own_hosts`` one."""
    require_web_address(url)
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as error:
        raise InvalidInput("This web address names a port that there is not.", "address") from error
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("Leave names and passwords out of the web address.", "address")
    own = host in own_hosts
    if parts.scheme != "https" and not own:
        raise InvalidInput("A web address for warnings begins with https://.", "address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not url.isascii() or any(character.isspace() for character in url):
        raise InvalidInput("Write the web address in ASCII, without spaces.", "address")
    return Target(parts.scheme, host, port, path, own)


def is_open_internet(address: IpAddress) -> bool:
    """Whether anybody may be asked there: no loopback, private, link-local or reserved address,
    nor one that carries such an IPv4 address inside."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inside is not None:
            return is_open_internet(inside)
    return address.is_global and not address.is_multicast


class Poster:
    """Posts to web addresses; waits ``seconds`` for an answer."""

    def __init__(self, own_hosts: Collection[str], seconds: float) -> None:
        self._own_hosts, self._seconds = own_hosts, seconds

    def post(self, url: str, body: bytes, headers: Mapping[str, str], read: int = 0) -> bytes:
        """Post ``body``; returns at most ``read`` bytes of the answer, once it was taken.

        Raises InvalidInput for an address that cannot be used, Unavailable where it may be tried
        again, Undeliverable where it was refused.
        """
        target = read_target(url, self._own_hosts)
        connection = _Pinned(target, _address(target), self._seconds)
        host = target.host if target.port == _PORTS[target.scheme] else _with_port(target)
        # however slowly the other side answers, it holds nobody for longer than this
        watch = threading.Timer(self._seconds * _WAITS, connection.break_off)
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", target.path, body, {"Host": host, **headers})
            response = connection.getresponse()
            status, answer = response.status, response.read(read) if read else b""
        except (http.client.HTTPException, OSError) as error:
            why = type(error).__name__
            raise Unavailable("{host} did not answer: {why}", host=target.host, why=why) from error
        finally:
            watch.cancel()
            connection.close()
        _require_taken(target.host, status)
        return answer


def _address(target: Target) -> str:
    """The machine to ask. Raises Undeliverable where it is none that may be asked."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable("There is no host {host}.", host=target.host) from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not target.own and not all(is_open_internet(one) for one in addresses):
        raise Undeliverable(
            "{host} is not on the open Internet: name it in SUYUAN_WEBHOOK_HOSTS where it is "
            "yours.",
            host=target.host,
        )
    return str(addresses[0])


class _Pinned(http.client.HTTPConnection):
    """A connection to one machine, whatever its name leads to by now."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target, self._address = target, address

    def connect(self) -> None:
        sock = socket.create_connection((self._address, self._target.port), self.timeout)
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=self._target.host)
        self.sock = sock

    def break_off(self) -> None:
        """End whatever is being waited for, from another thread."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _with_port(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{target.port}"


def _require_taken(host: str, status: int) -> None:
    if 200 <= status < 300:
        return
    kind = Unavailable if status >= 500 or status in _AGAIN else Undeliverable
    raise kind("{host} answered {status}.", host=host, status=status)
