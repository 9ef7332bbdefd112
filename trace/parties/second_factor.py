"""The second factor: codes of an authenticator (TOTP, RFC 6238: SHA-1, 30 seconds, six digits).

These parameters are the ones every authenticator app understands. Secrets are kept sealed under
a key derived from the installation's secret, bound to the person they belong to.
"""

from __future__ import annotations

import base64
import hmac
import os
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from suyuan.trace.errors import Misconfigured

SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
_NONCE = 12


def new_secret() -> bytes:
    """A fresh secret: 160 bits, as RFC 4226 section 4 recommends."""
    return os.urandom(SECRET_BYTES)


def step_of(secret: bytes, code: str, now: datetime, last: int | None) -> int | None:
    """The time step whose code this is: now, the one before or the one after; else None.

    A step up to ``last`` was used before and counts no more (RFC 6238 section 5.2).
    """
    given = "".join(code.split())
    current = int(now.timestamp()) // SECONDS
    for step in (current, current - 1, current + 1):
        if (last is None or step > last) and hmac.compare_digest(
            code_of(secret, step).encode(), given.encode()
        ):
            return step
    return None


def code_of(secret: bytes, step: int) -> str:
    """The code that an authenticator shows in this time step."""
    # RFC 6238 with SHA-1 is what authenticator apps speak; HMAC-SHA-1 is not broken by collisions
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def as_text(secret: bytes) -> str:
    """The secret for typing into an app: base 32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, issuer: str, account: str) -> str:
    """The ``otpauth:`` address that apps read from a QR symbol."""
    label = quote(f"{issuer}:{account}")
    said = {"secret": as_text(secret).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{label}?{urlencode(said)}"


def seal(secret: bytes, installation: bytes, person_uid: str) -> bytes:
    """The secret, sealed for this person."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(installation).encrypt(nonce, secret, person_uid.encode())


def unseal(sealed: bytes, installation: bytes, person_uid: str) -> bytes:
    """The secret again. Raises Misconfigured where another installation or person sealed it."""
    try:
        return _cipher(installation).decrypt(sealed[:_NONCE], sealed[_NONCE:], person_uid.encode())
    except (InvalidTag, ValueError) as error:
        raise Misconfigured(
            "The second factor of {person} was sealed by another installation.", person=person_uid
        ) from error


def _cipher(installation: bytes) -> ChaCha20Poly1305:
    derivation = HKDF(SHA256(), length=32, salt=None, info=b"suyuan/second-factor")
    return ChaCha20Poly1305(derivation.derive(installation))
