"""What is told of a key that is to be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suyuan.trace.keys.notes import VerifierKey


@dataclass(frozen=True)
class KeyFacts:
    """A key for one use, with what it may sign.

    ``gtin`` and ``division``: prefixes, as in ``directory.KeyEntry``; empty means any. ``since``
    is today and ``until`` the usual end where nothing is said. ``issuer``: who answers for it;
    where nothing is said, whoever answers for the newest code key. ``public``: the verifier key
    of a witness, whose private key is somebody else's.
    """

    use: str
    issuer: str = ""
    gtin: tuple[str, ...] = ()
    division: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    public: VerifierKey | None = None
