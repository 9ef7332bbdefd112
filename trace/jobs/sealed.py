"""Files that are sealed while they lie on disk, written and read a portion at a time.

The form is that of age (C2SP age.md, "Payload"; the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015): 16 random bytes, then portions of 64 KiB, each sealed by ChaCha20-Poly1305
under its number and whether it is the last. So portions that were exchanged, left out or cut off
at the end do not open. The key of a file is derived from the installation's secret, the random
bytes and the file's name (HKDF, RFC 5869).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from suyuan.trace.errors import InvalidInput

_RANDOM = 16
_PORTION = 64 * 1024
_TAG = 16


class NotSealed(InvalidInput):
    """A file is not what was sealed here under this name."""

    def __init__(self) -> None:
        super().__init__("This file was not sealed here, or it was changed since.")


class SealingWriter:
    """Seals into ``file`` what is written to it, and to its end only. What was not brought to its
    end, because the drawing broke off, does not open."""

    def __init__(self, file: BinaryIO, secret: bytes, name: str) -> None:
        random = os.urandom(_RANDOM)
        file.write(random)
        self._file = file
        self._cipher = _cipher(secret, random, name)
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        # the last portion is marked, so what may be the last waits until it is known
        while len(self._waiting) > _PORTION:
            self._seal(bytes(self._waiting[:_PORTION]), last=False)
            del self._waiting[:_PORTION]
        return len(data)

    def flush(self) -> None:
        """Nothing: only whole portions are sealed."""

    def end(self) -> None:
        """Seal what is left."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, portion: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, portion, None))
        self._number += 1


def unsealed(file: BinaryIO, secret: bytes, name: str) -> Iterator[bytes]:
    """What was sealed into a file, a portion at a time. Raises NotSealed."""
    cipher = _cipher(secret, file.read(_RANDOM), name)
    number, portion = 0, file.read(_PORTION + _TAG)
    while True:
        following = file.read(_PORTION + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), portion, None)
        except InvalidTag as error:
            raise NotSealed() from error
        if not following:
            return
        number, portion = number + 1, following


def _cipher(secret: bytes, random: bytes, name: str) -> ChaCha20Poly1305:
    info = b"suyuan/drawn-files/1\n" + name.encode()
    return ChaCha20Poly1305(HKDF(SHA256(), length=32, salt=random, info=info).derive(secret))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
