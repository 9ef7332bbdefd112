"""Private keys at rest: sealed under a passphrase that is not kept.

One key-encryption key is derived from the passphrase by scrypt (RFC 7914) for a whole keyring,
so unlocking costs once. Each private key is then sealed by ChaCha20-Poly1305 (RFC 8439) with its
name as associated data: a sealed key moved under another name does not open.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from suyuan.trace.canonical import Json, Members, read_base64, write_base64
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.keys.notes import Ed25519Signer

FORMAT = "suyuan.keyring/1"
_NONCE = 12
_CHECK = FORMAT.encode()
_MAX_MEMORY = 1 << 30


class SealError(InvalidInput):
    """A keyring or a sealed key is not what it should be."""


class WrongPassphrase(Forbidden):
    """The passphrase does not open this keyring."""


@dataclass(frozen=True)
class ScryptCost:
    """What deriving costs: ``n`` (a power of two), ``r`` and ``p`` of RFC 7914.

    128 · n · r bytes of memory; the default is 128 MiB, OWASP's first choice (Password Storage
    Cheat Sheet). Raises SealError beyond 1 GiB, so that a keyring cannot exhaust a machine.
    """

    n: int = 1 << 17
    r: int = 8
    p: int = 1

    def __post_init__(self) -> None:
        power_of_two = self.n >= 2 and self.n & (self.n - 1) == 0
        if not power_of_two or not 1 <= self.r <= 64 or not 1 <= self.p <= 64:
            raise SealError("The cost of scrypt is a power of two n, and r and p of 1 to 64.")
        if 128 * self.n * self.r > _MAX_MEMORY:
            raise SealError(
                "This cost of scrypt asks for more than {most} bytes.", most=_MAX_MEMORY
            )


class Keyring:
    """An unlocked keyring: seals and opens private keys.

    Made by ``create`` or ``unlock``; the passphrase is not kept. ``stored`` is what to keep as
    JSON: format, scrypt's n, r, p and salt, and a sealed check value.
    """

    def __init__(self, stored: Mapping[str, Json], key: bytes) -> None:
        self.stored = dict(stored)
        self._cipher = ChaCha20Poly1305(key)

    @classmethod
    def create(cls, passphrase: str, cost: ScryptCost | None = None) -> Keyring:
        """A new keyring with a fresh salt. Raises SealError for an empty passphrase."""
        cost = cost or ScryptCost()
        salt = os.urandom(16)
        key = _derive(passphrase, cost, salt)
        check = _seal(ChaCha20Poly1305(key), _CHECK, _CHECK)
        stored: dict[str, Json] = {
            "format": FORMAT,
            "n": cost.n,
            "r": cost.r,
            "p": cost.p,
            "salt": write_base64(salt),
            "check": write_base64(check),
        }
        return cls(stored, key)

    @classmethod
    def unlock(cls, stored: Mapping[str, Json], passphrase: str) -> Keyring:
        """Opens a stored keyring. Raises WrongPassphrase, and SealError for a damaged one."""
        members = Members(stored)
        if members.text("format") != FORMAT:
            raise SealError("A keyring begins with {should}.", should=FORMAT)
        cost = ScryptCost(members.count("n"), members.count("r"), members.count("p"))
        salt, check = read_base64(members.text("salt")), read_base64(members.text("check"))
        key = _derive(passphrase, cost, salt)
        try:
            _open(ChaCha20Poly1305(key), check, _CHECK)
        except InvalidTag as error:
            raise WrongPassphrase(
                "The passphrase does not open this keyring. Give the one it was made with.",
                field="passphrase",
            ) from error
        return cls(stored, key)

    def seal(self, signer: Ed25519Signer) -> bytes:
        """The private key, to be stored beside its name."""
        return _seal(self._cipher, signer.seed(), signer.name.encode())

    def open(self, name: str, sealed: bytes) -> Ed25519Signer:
        """The key that was sealed under ``name``. Raises SealError when it was another one's."""
        try:
            return Ed25519Signer(name, _open(self._cipher, sealed, name.encode()))
        except InvalidTag as error:
            raise SealError(
                "The sealed key {name} is damaged, or belongs to another name or keyring.",
                name=name,
            ) from error


def _derive(passphrase: str, cost: ScryptCost, salt: bytes) -> bytes:
    if not passphrase:
        raise SealError("The passphrase is empty.", field="passphrase")
    derivation = Scrypt(salt=salt, length=32, n=cost.n, r=cost.r, p=cost.p)
    return derivation.derive(passphrase.encode("utf-8", "surrogateescape"))


def _seal(cipher: ChaCha20Poly1305, secret: bytes, name: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, secret, name)


def _open(cipher: ChaCha20Poly1305, sealed: bytes, name: bytes) -> bytes:
    if len(sealed) <= _NONCE:
        raise InvalidTag
    return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name)
