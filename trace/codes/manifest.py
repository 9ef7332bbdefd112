"""The manifest of a print run: one root, logged before printing, that binds all its codes.

The leaf data of the RFC 6962 tree are ``SHA-256(16-byte salt ‖ path)``, a salt for each code:
who knows the root and one code learns nothing about the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from suyuan.trace.codes.paths import CodePath
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import merkle, tiles
from suyuan.trace.log.merkle import HASH_SIZE
from suyuan.trace.log.tiles import WIDTH

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


def manifest_parts(items: Sequence[PrintedItem]) -> bytes:
    """The roots of each 256 codes, one after another; those at the end that are fewer have none.

    With them a code is proved by the leaves beside it (``prove_in_parts``).
    """
    leaves = [item.leaf_hash() for item in items[: len(items) // WIDTH * WIDTH]]
    return b"".join(
        merkle.root(leaves[start : start + WIDTH]) for start in range(0, len(leaves), WIDTH)
    )


def prove_item(items: Sequence[PrintedItem], index: int) -> ManifestProof:
    """The proof for number ``index`` of the run. Raises ProofError."""
    hashes = merkle.inclusion_proof([item.leaf_hash() for item in items], index)
    return ManifestProof(items[index], index, len(items), tuple(hashes))


def prove_in_parts(
    item: PrintedItem,
    index: int,
    size: int,
    parts: bytes,
    leaves: Callable[[int, int], Sequence[bytes]],
) -> ManifestProof:
    """As ``prove_item``, of a run of ``size`` codes of which only few are read.

    ``leaves(start, end)`` gives the leaves of these codes; it is asked for spans within the same
    256 codes, of those about ``index`` and those at the end. Raises ProofError.
    """

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        if level == 0:
            return leaves(start, end)
        if level == 1:
            return [parts[at * HASH_SIZE : (at + 1) * HASH_SIZE] for at in range(start, end)]
        return [
            merkle.root(read(level - 1, at * WIDTH, (at + 1) * WIDTH)) for at in range(start, end)
        ]

    return ManifestProof(item, index, size, tuple(tiles.inclusion_proof(read, index, size)))


def check_item(proof: ManifestProof, root: bytes) -> None:
    """Checks a proof against the logged root. Raises ProofError and ManifestError."""
    leaf = proof.item.leaf_hash()
    merkle.verify_inclusion(leaf, proof.index, proof.size, proof.hashes, root)
