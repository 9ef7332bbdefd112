"""Growing the tree from its edge alone: O(log n) hashes stand for all leaves before.

The frontier holds the roots of the perfect subtrees that the tree splits into, one for each 1 in
the binary writing of its size, largest first. Appending never reads the leaves before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from suyuan.trace.log.merkle import EMPTY_ROOT, HASH_SIZE, ProofError, Span, node_hash

TILE_HEIGHT = 8
"""Levels of the tree in one tile (C2SP tlog-tiles)."""


@dataclass(frozen=True)
class CompletedTile:
    """A tile that became full: its place, and its root, which is a hash of the level above."""

    level: int
    index: int
    root: bytes


@dataclass(frozen=True)
class Frontier:
    """The right edge of a tree of ``size`` leaves. Raises ProofError when the two do not fit."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ProofError(
                "A tree of {size} has not {is_} hashes at its edge.",
                size=self.size,
                is_=len(self.hashes),
            )
        if any(len(value) != HASH_SIZE for value in self.hashes):
            raise ProofError("Each hash at the edge has {should} bytes.", should=HASH_SIZE)

    def root(self) -> bytes:
        """MTH of all leaves (RFC 6962 section 2.1)."""
        if not self.hashes:
            return EMPTY_ROOT
        result = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            result = node_hash(left, result)
        return result

    def spans(self) -> dict[Span, bytes]:
        """The roots of the perfect subtrees by the leaves that they span, largest first."""
        found, start = {}, 0
        for value in self.hashes:
            width = 1 << (self.size - start).bit_length() - 1
            found[start, start + width] = value
            start += width
        return found

    def to_bytes(self) -> bytes:
        """The hashes, one after another; the size is kept beside them."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """Reads what ``to_bytes`` wrote. Raises ProofError."""
        cut = range(0, len(data), HASH_SIZE)
        return cls(size, tuple(data[at : at + HASH_SIZE] for at in cut))


@dataclass(frozen=True)
class Growth:
    """What an append made: the new edge, and the tiles that became full, in writing order.

    A tile of level 0 is filled from leaf hashes, one of level n from the roots of 256 tiles of
    level n - 1; each ``root`` here is one of those, so keep it with the tile.
    """

    frontier: Frontier
    completed: tuple[CompletedTile, ...]


def append(frontier: Frontier, leaf_hashes: Iterable[bytes]) -> Growth:
    """Appends leaves in order; about three hashes of work for two leaves.

    Raises ProofError for a leaf hash that is not 32 bytes.
    """
    size = frontier.size
    edge = list(frontier.hashes)
    completed: list[CompletedTile] = []
    for leaf in leaf_hashes:
        if len(leaf) != HASH_SIZE:
            raise ProofError("A leaf hash has {should} bytes.", should=HASH_SIZE)
        edge.append(leaf)
        size += 1
        for height in range(1, (size & -size).bit_length()):  # carries, as in binary counting
            right = edge.pop()
            edge[-1] = node_hash(edge[-1], right)
            if height % TILE_HEIGHT == 0:
                tile = CompletedTile(height // TILE_HEIGHT - 1, (size >> height) - 1, edge[-1])
                completed.append(tile)
    return Growth(Frontier(size, tuple(edge)), tuple(completed))
