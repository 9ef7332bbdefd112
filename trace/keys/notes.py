"""Signed notes (https://c2sp.org/signed-note) and the verifier keys that read them.

A note is text, a blank line, and one line for each signature. Checkpoints, the key directory and
the status list all have this form, so one verifier reads all of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from suyuan.trace.canonical import NotCanonical, read_base64, write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.low_order import is_low_order

ED25519 = 0x01
"""Signature type of a plain Ed25519 signature over the note's text."""
COSIGNATURE = 0x04
"""Signature type of a witness: eight bytes of time and Ed25519 (c2sp.org/tlog-cosignature)."""

MAX_NOTE = 16 * 1024 * 1024
"""Bytes of a note; the specification asks for some limit. A directory of 50 000 keys fits."""
MAX_SIGNATURES = 100
"""Signatures of a note, as in Go's note package; the specification asks for at least 16."""

_MARK = "\N{EM DASH} "
_VERIFIER_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[0-9A-Za-z+/]+=*)")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


class NoteError(InvalidInput):
    """A note or a key is not written as c2sp.org/signed-note asks, or is not to be believed."""


def key_id(name: str, public_key: bytes, kind: int = ED25519) -> bytes:
    """First four bytes of SHA-256(name ‖ 0x0A ‖ signature type ‖ public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:4]


@dataclass(frozen=True)
class VerifierKey:
    """A public key by the name under which it signs. ``str()`` is its C2SP writing.

    ``public_key``: 32 bytes of Ed25519. ``kind``: ``ED25519`` or ``COSIGNATURE``.
    Raises NoteError for a name or a key that cannot be.
    """

    name: str
    public_key: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        require_key_name(self.name)
        if len(self.public_key) != 32 or self.kind not in (ED25519, COSIGNATURE):
            raise NoteError("A key here is Ed25519: a type byte 01 or 04, and 32 bytes.")

    @property
    def key_id(self) -> bytes:
        """Four bytes that find the key; others may have the same."""
        return key_id(self.name, self.public_key, self.kind)

    def __str__(self) -> str:
        encoded = write_base64(bytes([self.kind]) + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether this is the key's bare 64-byte Ed25519 signature of ``message``."""
        if len(signature) != 64 or is_low_order(self.public_key) or is_low_order(signature[:32]):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def verifies_note(self, signature: bytes, text: str) -> bool:
        """Whether this is the key's signature of a note's text, by the rule of its type."""
        if self.kind == ED25519:
            return self.verifies(signature, text.encode())
        message = cosigned_message(int.from_bytes(signature[:8], "big"), text)
        return self.verifies(signature[8:], message)


def parse_verifier_key(text: str) -> VerifierKey:
    """Reads ``name+hex id+base64``. Raises NoteError, also when the id is not the key's."""
    match = _VERIFIER_KEY.fullmatch(text)
    if match is None:
        raise NoteError("A verifier key is written name+hex id+base64.", field="key")
    try:
        material = read_base64(match["key"])
    except NotCanonical as error:
        raise NoteError("The last part of a verifier key is base64.", field="key") from error
    key = VerifierKey(match["name"], material[1:], material[0])
    if key.key_id.hex() != match["id"]:
        raise NoteError(
            "The id of this key is {is_}, it should be {should}.",
            field="key",
            is_=match["id"],
            should=key.key_id.hex(),
        )
    return key


def cosigned_message(timestamp: int, text: str) -> bytes:
    """What a witness signs over a checkpoint's text (c2sp.org/tlog-cosignature)."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


class Signer(Protocol):
    """Whatever signs: a key in memory, or a module that never gives its key away."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """Its four bytes."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over ``message``."""


class Ed25519Signer:
    """A signing key in memory. Raises NoteError for a name or a seed that cannot be."""

    def __init__(self, name: str, seed: bytes) -> None:
        if len(seed) != 32:
            raise NoteError("An Ed25519 private key has 32 bytes.")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())
        self._key_id = self.verifier.key_id

    @classmethod
    def generate(cls, name: str) -> Ed25519Signer:
        """A fresh key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def name(self) -> str:
        return self.verifier.name

    @property
    def key_id(self) -> bytes:
        return self._key_id

    def seed(self) -> bytes:
        """The 32 private bytes, to be sealed."""
        return self._private.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


@dataclass(frozen=True)
class Signature:
    """One signature line; ``signature`` is what follows the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_MARK}{self.name} {write_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A note that was read and not yet verified. ``text`` ends in a newline."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed_by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Those of ``keys`` that signed, at least one.

        Signatures of unknown keys are passed over. Where name and id fit several keys, each is
        tried. Raises NoteError when no known key signed, or when one is named whose signature is
        wrong: such a note has been tampered with.
        """
        known = tuple(keys)
        found: list[VerifierKey] = []
        for line in self.signatures:
            named = [key for key in known if (key.name, key.key_id) == (line.name, line.key_id)]
            good = [key for key in named if key.verifies_note(line.signature, self.text)]
            if named and not good:
                raise NoteError("The signature of {name} is not of this text.", name=line.name)
            found += [key for key in good if key not in found]
        if not found:
            raise NoteError("None of the keys that are trusted here has signed this note.")
        return tuple(found)

    def has_signature_of(self, key: VerifierKey) -> bool:
        """Whether ``key`` signed, and rightly."""
        return any(
            (line.name, line.key_id) == (key.name, key.key_id)
            and key.verifies_note(line.signature, self.text)
            for line in self.signatures
        )


def parse_note(data: bytes | str) -> Note:
    """Reads a signed note, strictly. Raises NoteError."""
    # a character may be four bytes: texts are measured as they are sent
    if len(data) > MAX_NOTE or len(data if isinstance(data, bytes) else _utf8(data)) > MAX_NOTE:
        raise NoteError("A signed note has at most {most} bytes.", most=MAX_NOTE)
    note = _decode(data)
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteError("A signed note is text, a blank line and lines of signatures.")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise NoteError("A signed note has at most {most} signatures.", most=MAX_SIGNATURES)
    return Note(text + "\n", tuple(_parse_signature(line) for line in signatures))


def sign_note(text: str, signers: Sequence[Signer]) -> Note:
    """Signs ``text``, which ends in a newline, with each of ``signers``. Raises NoteError."""
    if not text.endswith("\n"):
        raise NoteError("The text of a note ends in a newline.")
    message = _decode(text).encode()
    if not signers:
        raise NoteError("A note is signed by at least one key.")
    return Note(text, tuple(Signature(s.name, s.key_id, s.sign(message)) for s in signers))


def require_key_name(name: str) -> None:
    """Raises NoteError unless ``name`` may name a key: not empty, no spaces, no plus sign."""
    if not name or "+" in name or any(c.isspace() for c in name) or not _writable(name):
        raise NoteError("The name of a key has no spaces, plus signs or control characters.")


def _parse_signature(line: str) -> Signature:
    parts = line.removeprefix(_MARK).split(" ")
    if not line.startswith(_MARK) or len(parts) != 2:
        raise NoteError("A signature line is an em dash, a key's name and base64.")
    require_key_name(parts[0])
    try:
        signature = read_base64(parts[1])
    except NotCanonical as error:
        raise NoteError("The signature of {name} is not base64.", name=parts[0]) from error
    if len(signature) < 5:
        raise NoteError("The signature of {name} is too short.", name=parts[0])
    return Signature(parts[0], signature[:4], signature[4:])


def _utf8(text: str) -> bytes:
    try:
        return text.encode()  # refuses lone surrogates
    except UnicodeError as error:
        raise NoteError("A signed note is written in UTF-8.") from error


def _decode(data: bytes | str) -> str:
    try:
        text = data.decode() if isinstance(data, bytes) else data
    except UnicodeError as error:
        raise NoteError("A signed note is written in UTF-8.") from error
    _utf8(text)
    if _CONTROL.search(text):
        raise NoteError("A signed note has no control characters but newlines.")
    return text


def _writable(text: str) -> bool:
    try:
        _decode(text)
    except NoteError:
        return False
    return True
