"""The scratch PIN of a package: 8 digits under scratch ink, never in the symbol.

A PIN is the keyed hash itself: HMAC-SHA256, under a key derived from the installation's secret,
over the package's path and the salt drawn for it when it was issued, cut to 8 digits. So nothing
more has to be stored, and a label that jammed in the printer can be drawn again. A copy of the
database tells nothing without the passphrase that seals the secret; the secret alone tells
nothing without the salts. A stored hash of a drawn PIN would guard no better, since whoever has
its key tries all 10^8 in a minute, and the clear PINs would have to wait somewhere between the
commit and the drawing. (Salts of codes whose key was revoked are public: ``printing.run_proof``.)
Every drawing of PINs is a record of its own instead.
"""

from __future__ import annotations

import hmac
import re

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from suyuan.trace.errors import InvalidInput
from suyuan.trace.written import compacted

PIN_DIGITS = 8
_CONTEXT = b"suyuan.pin/1\n"


def pin_key(secret: bytes, use: str = "pins") -> bytes:
    """32 bytes for one ``use`` of PINs, from the installation's secret (HKDF, RFC 5869)."""
    info = f"suyuan/{use}/1".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(secret)


def pin_of(key: bytes, path: str, salt: bytes) -> str:
    """The PIN of the package at ``path``; ``key`` from ``pin_key``, ``salt`` of its issuing."""
    drawn = hmac.digest(key, _CONTEXT + path.encode() + b"\n" + salt, "sha256")
    # 2^256 against 10^8: what is left of evenness by the remainder nobody can measure
    return f"{int.from_bytes(drawn) % 10**PIN_DIGITS:0{PIN_DIGITS}d}"


def is_pin(key: bytes, path: str, salt: bytes, entered: str) -> bool:
    """Whether ``entered``, as ``read_pin`` gives it, is the PIN; takes the same time either way."""
    return hmac.compare_digest(pin_of(key, path, salt), entered)


def read_pin(typed: str) -> str:
    """The 8 digits as somebody typed them, in any digits and with any spaces.

    Raises InvalidInput for anything else, which is then no try.
    """
    plain = compacted(typed).replace("-", "")
    if not re.fullmatch(f"[0-9]{{{PIN_DIGITS}}}", plain):
        raise InvalidInput(
            "The number under the scratch ink has {digits} digits.", field="pin", digits=PIN_DIGITS
        )
    return plain
