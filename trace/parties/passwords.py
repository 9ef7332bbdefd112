"""PINs and passwords: what is good enough, how they are kept, and whether one fits."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from suyuan.trace.errors import InvalidInput

LEAST = 6
"""Digits of a PIN or characters of a password, at the least (NIST SP 800-63B: 6 for a PIN)."""

LONGEST = 256
"""More is not hashed: a password of megabytes is an attack on the hasher."""

_HASHER = PasswordHasher()


def hashed(password: str, field: str = "password") -> str:
    """The Argon2id hash under which a PIN or password is kept. Raises InvalidInput for a poor one.

    Poor: too short, one character all through, or a run such as 123456.
    """
    if len(password) < LEAST or len(set(password)) == 1 or _is_run(password):
        raise InvalidInput(
            "A PIN has at least {least} digits that are not all the same and not a row such as "
            "123456.",
            field,
            least=LEAST,
        )
    if len(password) > LONGEST:
        raise InvalidInput("A password has at most {most} characters.", field, most=LONGEST)
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one kept. Takes as long where none is kept."""
    try:
        return _HASHER.verify(kept or _nobodys(), password[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def _is_run(password: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    return steps in ({1}, {-1})


@cache
def _nobodys() -> str:
    """A hash that nothing matches: comparing with it costs what a real comparison costs."""
    return _HASHER.hash("nobody has this password")
