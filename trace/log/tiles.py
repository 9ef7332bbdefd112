"""The tree as files: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).

A tile is up to 256 hashes of one level: leaf hashes at level 0, roots of full tiles of the level
below at the others. ``HashReader`` is the one thing that proofs need, so that they are made alike
from a database, from files or from somebody else's server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from suyuan.trace.errors import InvalidInput
from suyuan.trace.log import merkle
from suyuan.trace.log.frontier import TILE_HEIGHT
from suyuan.trace.log.merkle import HASH_SIZE

WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile."""
MAX_LEVEL = 63
MAX_ENTRY = 0xFFFF
"""Bytes that an entry of a bundle may have: its length is a uint16."""

HashReader = Callable[[int, int, int], Sequence[bytes]]
"""``(level, start, end)`` to the hashes number start to end (exclusive) of a tile level.

Number i of level n is the root of leaves ``i * 256**n`` to ``(i + 1) * 256**n``, all of them in
the tree. One call never crosses from one tile into the next.
"""

NOTHING: Mapping[merkle.Span, bytes] = MappingProxyType({})
"""No root of any span is known."""

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class TileError(InvalidInput):
    """A tile's address or content is not as C2SP tlog-tiles asks."""


@dataclass(frozen=True)
class Tile:
    """One tile, or one bundle of entries where ``level`` is "entries"; ``width`` 1 to 256."""

    level: int | Literal["entries"]
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        level = 0 if self.level == "entries" else self.level
        if not 0 <= level <= MAX_LEVEL or self.index < 0 or not 1 <= self.width <= WIDTH:
            raise TileError("There is no tile with this level, index and width.")

    def path(self) -> str:
        """Its address below the log's prefix: ``tile/0/x001/x234/067.p/112``."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "".join(f"x{group}/" for group in groups[:-1]) + groups[-1]
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{name}{partial}"

    def in_tree(self, size: int) -> bool:
        """Whether a tree of ``size`` holds this tile, whole or as the partial one of an older tree.

        Both may be served for ever: their hashes can no longer change.
        """
        return self.width <= tree_width(self.level, size) - self.index * WIDTH


def parse_tile_path(path: str) -> Tile:
    """Reads an address below the log's prefix, in its one writing. Raises TileError."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise TileError(
            "This is no address of a tile; one looks like tile/0/x001/x234/067 or tile/1/000.p/5."
        )
    level: int | Literal["entries"]
    level = "entries" if match["level"] == "entries" else int(match["level"])
    width = int(match["width"]) if match["width"] else WIDTH
    tile = Tile(level, int(match["index"].replace("x", "").replace("/", "")), width)
    if tile.path() != path:  # needless x000, or .p/256
        raise TileError("This address of a tile should be written {should}.", should=tile.path())
    return tile


def tree_width(level: int | Literal["entries"], size: int) -> int:
    """How many hashes a tree of ``size`` has at a tile level."""
    return size if level == "entries" else size >> (TILE_HEIGHT * level)


def tiles_of(size: int, before: int = 0) -> Iterator[Tile]:
    """The hash tiles of a tree of ``size`` that one of ``before`` leaves had not so."""
    level = 0
    while (width := tree_width(level, size)) > 0:
        old = tree_width(level, before)
        for index in range(old // WIDTH, -(-width // WIDTH)):
            tile = Tile(level, index, min(WIDTH, width - index * WIDTH))
            if tile.width != old - index * WIDTH:
                yield tile
        level += 1


def subtree_root(
    read: HashReader, start: int, end: int, known: Mapping[merkle.Span, bytes] = NOTHING
) -> bytes:
    """MTH(D[start:end]) of a span as the tree splits it. Raises ProofError.

    Its hashes come from the highest tile level on which they are whole, and those that are
    ``known`` (``Frontier.spans``) are not read at all.
    """
    if (start, end) in known:
        return known[start, end]
    size = end - start
    if size & (size - 1) or start % size:
        middle = start + merkle.split(size)
        left = subtree_root(read, start, middle, known)
        return merkle.node_hash(left, subtree_root(read, middle, end, known))
    level = (size.bit_length() - 1) // TILE_HEIGHT
    shift = TILE_HEIGHT * level
    return _root_of(write_hashes(read(level, start >> shift, end >> shift)))


@lru_cache(maxsize=4096)
def _root_of(hashes: bytes) -> bytes:
    """The root of a part of a tile. Kept by its content: most proofs share the upper tiles."""
    return merkle.joined_root(hashes)


def tree_root(read: HashReader, size: int) -> bytes:
    """The root of the first ``size`` leaves."""
    return subtree_root(read, 0, size) if size else merkle.EMPTY_ROOT


def inclusion_proof(
    read: HashReader, index: int, size: int, known: Mapping[merkle.Span, bytes] = NOTHING
) -> list[bytes]:
    """PATH(index, D[size]) of RFC 9162. Raises ProofError."""
    return [subtree_root(read, *span, known) for span in merkle.inclusion_spans(index, size)]


def consistency_proof(read: HashReader, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 9162. Raises ProofError."""
    return [subtree_root(read, *span) for span in merkle.consistency_spans(old, new)]


def reader_of_tiles(fetch: Callable[[Tile], bytes], size: int) -> HashReader:
    """Reads hashes out of the tiles of a log whose checkpoint has ``size`` leaves.

    ``fetch`` gives a tile's bytes. They are not yet believed: only a proof made from them that
    leads to the checkpoint's root is. Raises TileError for bytes that are no such tile.
    """

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        index = start // WIDTH
        tile = Tile(level, index, min(WIDTH, tree_width(level, size) - index * WIDTH))
        hashes = parse_hashes(fetch(tile), tile.width)
        return hashes[start - index * WIDTH : end - index * WIDTH]

    return read


def write_hashes(hashes: Sequence[bytes]) -> bytes:
    """The content of a tile: its hashes, one after another."""
    return b"".join(hashes)


def parse_hashes(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile's content. Raises TileError unless there are exactly ``width``."""
    if len(data) != width * HASH_SIZE:
        raise TileError(
            "The tile has {is_} bytes, {width} hashes have {should}.",
            is_=len(data),
            width=width,
            should=width * HASH_SIZE,
        )
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def write_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry behind its length as a big-endian uint16. Raises TileError."""
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise TileError("An entry of the log has at most {most} bytes.", most=MAX_ENTRY)
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_entries(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle. Raises TileError unless there are exactly ``width``."""
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) <= width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise TileError("The bundle ends inside an entry.")
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != width:
        raise TileError("The bundle does not hold {should} entries.", should=width)
    return entries
