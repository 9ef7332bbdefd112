"""The manifest of a print run: one root, logged before printing, that binds all its codes.

The leaf data of the RFC 6962 tree are ``SHA-256(16-byte salt ‖ path)``, a salt for each code:
who knows the root and one code learns nothing about the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from suyuan.trace.codes.paths import CodePath
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import merkle

SALT_SIZE = 16


class ManifestError(InvalidInput):
    """A print run's manifest cannot be made, or does not hold a code."""


@dataclass(frozen=True)
class PrintedItem:
    """A code of a run: its path and its 16 random bytes."""

    path: CodePath
    salt: bytes

    def leaf_hash(self) -> bytes:
        """Its leaf of the manifest's tree. Raises ManifestError for a salt of another size."""
        if len(self.salt) != SALT_SIZE:
            raise ManifestError("The salt of a code has {should} bytes.", should=SALT_SIZE)
        return item_leaf(str(self.path), self.salt)


@dataclass(frozen=True)
class ManifestProof:
    """Shows that ``item`` is number ``index`` of a run of ``size`` codes."""

    item: PrintedItem
    index: int
    size: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True)
class LoggedRun:
    """A print run as the log has it: the index of its leaf, its root, and a code's proof."""

    leaf_index: int
    root: bytes
    proof: ManifestProof

    def holds(self, path: CodePath) -> bool:
        """Whether the run's manifest holds ``path``."""
        try:
            check_item(self.proof, self.root)
        except InvalidInput:
            return False
        return self.proof.item.path == path


def item_leaf(path: str, salt: bytes) -> bytes:
    """The leaf of a code whose path and salt are known to be right."""
    return merkle.leaf_hash(hashlib.sha256(salt + path.encode()).digest())


def manifest_root(items: Iterable[PrintedItem]) -> bytes:
    """The root that is logged. Raises ManifestError for a run without codes."""
    leaves = [item.leaf_hash() for item in items]
    if not leaves:
        raise ManifestError("A print run has at least one code.")
    return merkle.root(leaves)


def prove_item(items: Sequence[PrintedItem], index: int) -> ManifestProof:
    """The proof for number ``index`` of the run. Raises ProofError."""
    return prove_among(items[index], index, [item.leaf_hash() for item in items])


def prove_among(item: PrintedItem, index: int, leaves: Sequence[bytes]) -> ManifestProof:
    """The proof that ``item`` is number ``index`` of these leaves. Raises ProofError."""
    hashes = merkle.inclusion_proof(leaves, index)
    return ManifestProof(item, index, len(leaves), tuple(hashes))


def check_item(proof: ManifestProof, root: bytes) -> None:
    """Checks a proof against the logged root. Raises ProofError and ManifestError."""
    leaf = proof.item.leaf_hash()
    merkle.verify_inclusion(leaf, proof.index, proof.size, proof.hashes, root)
