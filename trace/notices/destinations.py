"""Where messages go, and what stops one for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from suyuan.trace.errors import SuyuanError
from suyuan.trace.notices.messages import Message

CHANNELS = ("email", "sms", "webhook")
"""The ways beside the pages."""


class Undeliverable(SuyuanError):
    """The other side will not take this message, however often it is sent."""

    status = 502
    kind = "undeliverable"


@dataclass(frozen=True)
class Destination:
    """Where a message goes: the contact's uid and its address."""

    contact: str
    address: str


class Sender(Protocol):
    """Sends over one channel. Raises Unavailable where it may be tried again, Undeliverable, and
    InvalidInput for an address that cannot be used."""

    def send(self, message: Message, to: Destination) -> None:
        """Hand ``message`` to the other side; returns once that has taken it."""
