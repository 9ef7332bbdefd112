"""Where private keys are: sealed in the database, or in a module that never gives them away.

A key store makes keys and opens them again as signers. Suyuan has one, ``SealedKeys``. For an HSM
or a KMS an operator writes another (two methods) and names it in ``SUYUAN_KEY_STORE``; keys that
were made before stay where they are until they are rotated.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Protocol

from suyuan.trace.errors import Misconfigured
from suyuan.trace.keys.notes import Ed25519Signer, Signer, VerifierKey
from suyuan.trace.keys.sealing import Keyring, SealError

_CHALLENGE = b"suyuan.key-store/1\n"
"""What a key of another store signs when it is opened; nothing that is signed begins so."""


@dataclass(frozen=True)
class MadeKey:
    """A key that was just made. ``kept``: what opens it again, to be stored in the database: the
    sealed key itself, or the handle by which a module knows it."""

    verifier: VerifierKey
    kept: bytes


class KeyStore(Protocol):
    """Something that keeps Ed25519 keys."""

    def make(self, name: str) -> MadeKey:
        """A fresh key under this name."""

    def open(self, verifier: VerifierKey, kept: bytes) -> Signer:
        """The signer of a key that ``make`` gave. May raise any SuyuanError."""


class SealedKeys:
    """Keys kept in the database, sealed by the keyring; open ones are in this process's memory."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def make(self, name: str) -> MadeKey:
        signer = Ed25519Signer.generate(name)
        return MadeKey(signer.verifier, self._keyring.seal(signer))

    def open(self, verifier: VerifierKey, kept: bytes) -> Ed25519Signer:
        signer = self._keyring.open(verifier.name, kept)
        if signer.verifier != verifier:
            raise SealError("The sealed key {name} is another one.", name=verifier.name)
        return signer


def named_store(name: str) -> KeyStore:
    """The store that ``module:function`` gives when it is called.

    Raises Misconfigured where there is no such function.
    """
    module, _, function = name.partition(":")
    try:
        store: KeyStore = getattr(importlib.import_module(module), function)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise Misconfigured(
            "The key store {name} cannot be opened ({why}). SUYUAN_KEY_STORE names it as "
            "module:function.",
            name=name,
            why=error,
        ) from error
    return store


def open_tried(store: KeyStore, verifier: VerifierKey, kept: bytes) -> Signer:
    """A signer of somebody else's store, believed once it has signed as ``verifier`` reads.

    Raises Misconfigured for the signer of another key.
    """
    signer = store.open(verifier, kept)
    same = (signer.name, signer.key_id) == (verifier.name, verifier.key_id)
    if not same or not verifier.verifies(signer.sign(_CHALLENGE), _CHALLENGE):
        raise Misconfigured(
            "The key store gives another key than {name}: what it signs does not verify.",
            name=verifier.name,
        )
    return signer
