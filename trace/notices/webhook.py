"""Sending warnings to a program: a signed POST, and nowhere but where it may go.

Whoever names a web address has this server ask it. So only addresses of the open Internet are
asked, over HTTPS, and the machine that was looked up is the machine that is asked: a name that
leads elsewhere the second time gains nothing. Hosts of the operator's own network are those that
the settings name. Redirects are not followed.

The body is RFC 8785 JSON. ``Suyuan-Signature: t=<seconds>,v1=<hex>`` is HMAC-SHA256 over
``<seconds>.<body>`` with the contact's secret; the id in ``Suyuan-Notice`` is the same each time
a message is sent again.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from suyuan.trace.canonical import write_canonical
from suyuan.trace.errors import InvalidInput, Unavailable
from suyuan.trace.notices.destinations import Destination, Undeliverable
from suyuan.trace.notices.messages import Message
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


def signing_secret(secret: bytes, contact: str) -> str:
    """The secret that a contact's messages are signed with, derived from the installation's."""
    return hmac.new(secret, f"suyuan.webhook\n{contact}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, body: bytes, at: int) -> str:
    """The signature of a body at a moment (POSIX seconds)."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


class WebhookSender:
    """Posts messages. ``look_up`` gives the addresses of a host; ``clock`` POSIX seconds."""

    def __init__(
        self,
        secret: bytes,
        own_hosts: Collection[str],
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secret, self._own_hosts, self._seconds = secret, own_hosts, seconds
        self._clock = clock

    def send(self, message: Message, to: Destination) -> None:
        target = read_target(to.address, self._own_hosts)
        address = self._address(target)
        body = write_canonical(dict(message.data))
        headers = {
            "Host": target.host if target.port == _PORTS[target.scheme] else _with_port(target),
            "Content-Type": "application/json",
            "Suyuan-Notice": message.uid,
            "Suyuan-Signature": signature(
                signing_secret(self._secret, to.contact), body, int(self._clock())
            ),
        }
        connection = _Pinned(target, address, self._seconds)
        # however slowly the other side answers, it holds nobody for longer than this
        watch = threading.Timer(self._seconds * _WAITS, connection.break_off)
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", target.path, body, headers)
            status = connection.getresponse().status
        except (http.client.HTTPException, OSError) as error:
            why = type(error).__name__
            raise Unavailable("{host} did not answer: {why}", host=target.host, why=why) from error
        finally:
            watch.cancel()
            connection.close()
        _require_taken(target.host, status)

    def _address(self, target: Target) -> str:
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
