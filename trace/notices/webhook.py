"""Sending warnings to a program: a signed POST (see ``posting`` for where it may go).

Whoever names a web address has this server ask it. The body is RFC 8785 JSON.
``Suyuan-Signature: t=<seconds>,v1=<hex>`` is HMAC-SHA256 over ``<seconds>.<body>`` with the
contact's secret; the id in ``Suyuan-Notice`` is the same each time a message is sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Collection

from suyuan.trace.canonical import write_canonical
from suyuan.trace.notices.destinations import Destination
from suyuan.trace.notices.messages import Message
from suyuan.trace.notices.posting import Poster


def signing_secret(secret: bytes, contact: str) -> str:
    """The secret that a contact's messages are signed with, derived from the installation's."""
    return hmac.new(secret, f"suyuan.webhook\n{contact}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, body: bytes, at: int) -> str:
    """The signature of a body at a moment (POSIX seconds)."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


class WebhookSender:
    """Posts messages. ``clock`` gives POSIX seconds."""

    def __init__(
        self,
        secret: bytes,
        own_hosts: Collection[str],
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secret, self._clock = secret, clock
        self._poster = Poster(own_hosts, seconds)

    def send(self, message: Message, to: Destination) -> None:
        body = write_canonical(dict(message.data))
        secret = signing_secret(self._secret, to.contact)
        headers = {
            "Content-Type": "application/json",
            "Suyuan-Notice": message.uid,
            "Suyuan-Signature": signature(secret, body, int(self._clock())),
        }
        self._poster.post(to.address, body, headers)
