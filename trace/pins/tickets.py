"""Tickets for answers that wait: the entry itself, signed, in the hands of who made it.

Nothing is kept for them, so nobody can fill anything up with them. A ticket holds the number that
its holder typed, and is sent in forms only, never in an address.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from suyuan.trace.canonical import write_canonical
from suyuan.trace.errors import InvalidInput


@dataclass(frozen=True)
class Ticket:
    """An entry that is answered from ``ready_at`` on."""

    path: str
    pin: str
    ready_at: datetime

    def write(self, key: bytes) -> str:
        """The ticket as text: base64url of its JSON, a point, and of the keyed hash over that."""
        ready = self.ready_at.astimezone(UTC).isoformat()
        said = write_canonical({"path": self.path, "pin": self.pin, "ready": ready})
        return f"{_encoded(said)}.{_encoded(hmac.digest(key, said, 'sha256'))}"

    @classmethod
    def read(cls, key: bytes, text: str) -> Ticket:
        """A ticket that was written with this key. Raises InvalidInput."""
        said, _, proof = text.partition(".")
        try:
            body, given = _decoded(said), _decoded(proof)
        except (ValueError, binascii.Error) as error:
            raise _no_ticket() from error
        if not hmac.compare_digest(hmac.digest(key, body, "sha256"), given):
            raise _no_ticket()
        read = json.loads(body)
        return cls(read["path"], read["pin"], datetime.fromisoformat(read["ready"]))


def _no_ticket() -> InvalidInput:
    return InvalidInput(
        "This is no ticket for an answer. Enter the number under the scratch ink again.",
        field="ticket",
    )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True)
