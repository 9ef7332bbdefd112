"""The points of Ed25519 whose order divides 8, which no honest key or signature has.

OpenSSL and the browsers disagree about them, and a key among them would verify what nobody
signed, so every verifier of ours refuses them first (see RFC 8032 section 5.1.7 and "Taming the
Many EdDSAs", Chalkias and others, 2020).
"""

from __future__ import annotations

_P = 2**255 - 19
_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
"""The least y of the points of order 8; the other is its negative."""

_Y = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})


def is_low_order(point: bytes) -> bool:
    """Whether these 32 bytes write such a point, whatever its sign, canonically or not."""
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y % _P in _Y
