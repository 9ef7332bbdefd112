"""Vectors of the tree: checkpoints, proofs, tiles, and logs that follow each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from suyuan.trace.canonical import write_base64
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from suyuan.trace.log import merkle
from suyuan.trace.log.tiles import Tile, write_entries
from tests.vectors.cast import LOG, LOG_2, NEXT_LOG, ORIGIN, STATUS

SMALL = 7
LARGE = 65_836
"""256² + 300: a tile of level 2 is begun, those below are full, or partly so."""


def entry(index: int) -> bytes:
    """Entry ``index``: its digest is SHA-256 of the index in decimal."""
    digest = write_base64(hashlib.sha256(b"%d" % index).digest())
    return b'{"at":"2026-06-01T00:00Z","digest":"%s","v":1}' % digest.encode()


ENTRIES = [entry(index) for index in range(SMALL)]
LEAVES = [merkle.leaf_hash(one) for one in ENTRIES]


def vectors() -> dict[str, Any]:
    """The content of ``log.json``."""
    five = checkpoint(LEAVES[:5])
    return {
        "about": "A log of seven entries; entry n has SHA-256 of n in decimal as its digest. A "
        "larger log is made by the same rule.",
        "key": str(LOG.verifier),
        "entries": [one.decode() for one in ENTRIES],
        "leaf_hashes": [one.hex() for one in LEAVES],
        "roots": [merkle.root(LEAVES[:size]).hex() for size in range(SMALL + 1)],
        "worked": {
            "leaf hash of entry 0": LEAVES[0].hex(),
            "leaf hash of entry 1": LEAVES[1].hex(),
            "root of 2": merkle.root(LEAVES[:2]).hex(),
            "root of 5": merkle.root(LEAVES[:5]).hex(),
            "the same in base64": write_base64(merkle.root(LEAVES[:5])),
            "root of 7": merkle.root(LEAVES).hex(),
            "path of entry 4 in 7": " ".join(x.hex() for x in merkle.inclusion_proof(LEAVES, 4)),
            "proof from 5 to 7": " ".join(x.hex() for x in merkle.consistency_proof(LEAVES, 5)),
        },
        "worked_entry": ENTRIES[0].decode(),
        "worked_checkpoint": five,
        "checkpoints": list(_checkpoints()),
        "inclusion": list(_inclusion()),
        "consistency": list(_consistency()),
        "tile_paths": list(_tile_paths()),
        "tiles": {
            "tile/0/000.p/7": b"".join(LEAVES).hex(),
            "tile/entries/000.p/7": write_entries(ENTRIES).hex(),
        },
        "large": _large(),
        "positions": [
            {"log": log, "index": index, "position": (log - 1) * NEXT_LOG + index}
            for log, index in ((1, 0), (1, 4), (2, 0), (2, 4), (3, 70_000))
        ],
    }


def checkpoint(leaves: Sequence[bytes], signer: Ed25519Signer = LOG) -> str:
    """A signed checkpoint of a tree of these leaves."""
    root = write_base64(merkle.root(leaves))
    return str(sign_note(f"{signer.name}\n{len(leaves)}\n{root}\n", (signer,)))


def _checkpoints() -> Iterator[dict[str, Any]]:
    root = write_base64(merkle.root(LEAVES))

    def case(why: str, text: str, accepted: bool = False, signer: Ed25519Signer = LOG) -> Any:
        note = str(sign_note(text, (signer,)))
        return {"why": why, "note": note, "key": str(signer.verifier), "accepted": accepted}

    name = LOG.name
    yield case("as it is served", f"{name}\n7\n{root}\n", True)
    empty = write_base64(merkle.EMPTY_ROOT)
    yield case("an empty tree", f"{name}\n0\n{empty}\n", True)
    yield case("the second log", f"{LOG_2.name}\n7\n{root}\n", True, LOG_2)
    yield case("a fourth line", f"{name}\n7\n{root}\nmore\n")
    yield case("two lines", f"{name}\n7\n")
    yield case("the origin is not the key's name", f"{ORIGIN}\n7\n{root}\n")
    yield case("another log's origin", f"{name}\n7\n{root}\n", signer=STATUS)
    yield case("no origin", f"\n7\n{root}\n")
    yield case("a size with zeros", f"{name}\n07\n{root}\n")
    yield case("a size below zero", f"{name}\n-7\n{root}\n")
    yield case("a size of 2^63", f"{name}\n{1 << 63}\n{root}\n")
    yield case("a size of 2^63 - 1", f"{name}\n{(1 << 63) - 1}\n{root}\n", True)
    short = write_base64(merkle.root(LEAVES)[:31])
    yield case("a root of 31 bytes", f"{name}\n7\n{short}\n")
    longer = write_base64(merkle.root(LEAVES) + b"\0")
    yield case("a root of 33 bytes", f"{name}\n7\n{longer}\n")
    yield case("a root in hex", f"{name}\n7\n{merkle.root(LEAVES).hex()}\n")


def _inclusion() -> Iterator[dict[str, Any]]:
    def case(
        why: str, accepted: bool, leaf: bytes, index: int, size: int, path: Sequence[bytes],
        root: bytes,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "why": why, "accepted": accepted, "leaf": leaf.hex(), "index": index, "size": size,
            "path": [one.hex() for one in path], "root": root.hex(),
        }  # fmt: skip

    for size in range(1, SMALL + 1):
        root = merkle.root(LEAVES[:size])
        for index in range(size):
            path = merkle.inclusion_proof(LEAVES[:size], index)
            yield case("right", True, LEAVES[index], index, size, path, root)
    root, path, leaf = merkle.root(LEAVES), merkle.inclusion_proof(LEAVES, 2), LEAVES[2]
    yield case("another leaf", False, LEAVES[3], 2, 7, path, root)
    yield case("another index", False, leaf, 3, 7, path, root)
    yield case("an index beyond the tree", False, leaf, 7, 7, path, root)
    yield case("an empty tree", False, leaf, 0, 0, [], merkle.EMPTY_ROOT)
    yield case("another size", False, leaf, 2, 3, path, root)
    yield case("another root", False, leaf, 2, 7, path, LEAVES[0])
    yield case("a hash too few", False, leaf, 2, 7, path[:-1], root)
    yield case("a hash too many", False, leaf, 2, 7, [*path, root], root)
    yield case("the hashes in another order", False, leaf, 2, 7, path[::-1], root)
    yield case("a hash of 31 bytes", False, leaf, 2, 7, [path[0][:31], *path[1:]], root)
    yield case("a root of 31 bytes", False, leaf, 2, 7, path, root[:31])
    yield case("a leaf hash of 64 bytes", False, leaf + path[0], 2, 7, path, root)


def _consistency() -> Iterator[dict[str, Any]]:
    roots = [merkle.root(LEAVES[:size]) for size in range(SMALL + 1)]

    def case(
        why: str, accepted: bool, old: int, new: int, proof: Sequence[bytes],
        old_root: bytes | None = None, new_root: bytes | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "why": why, "accepted": accepted, "old": old, "new": new,
            "old_root": (roots[old] if old_root is None else old_root).hex(),
            "new_root": (roots[new] if new_root is None else new_root).hex(),
            "proof": [one.hex() for one in proof],
        }  # fmt: skip

    for new in range(1, SMALL + 1):
        for old in range(1, new + 1):
            yield case("right", True, old, new, merkle.consistency_proof(LEAVES[:new], old))
    proof = merkle.consistency_proof(LEAVES, 5)
    yield case("another old root", False, 5, 7, proof, old_root=roots[4])
    yield case("another new root", False, 5, 7, proof, new_root=roots[6])
    yield case("a hash too few", False, 5, 7, proof[:-1])
    yield case("a hash too many", False, 5, 7, [*proof, roots[1]])
    yield case("no hashes", False, 5, 7, [])
    yield case("sizes exchanged", False, 7, 5, proof)
    yield case("the empty tree, of which nothing can be shown", False, 0, 7, [])
    yield case("one size and a proof", False, 7, 7, [roots[1]])
    yield case("one size and two roots", False, 7, 7, [], old_root=roots[6])
    yield case("a hash of 33 bytes", False, 5, 7, [proof[0] + b"\0", *proof[1:]])


def _tile_paths() -> Iterator[dict[str, Any]]:
    for tile in (Tile(0, 0), Tile(0, 5, 7), Tile(1, 999), Tile(0, 1000), Tile(2, 1_234_067, 255),
                 Tile("entries", 0, 1), Tile("entries", 1_000_000)):  # fmt: skip
        yield {"path": tile.path(), "level": tile.level, "index": tile.index, "width": tile.width}
    for path in ("tile/0/0", "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256",
                 "tile/0/000.p/07", "tile/00/000", "tile/64/000", "tile/0/1000", "tile/0/x1/000",
                 "tile/0/001/x000", "tile/0/000/", "tile/0/-01", "/tile/0/000", "tile/entry/000",
                 "tile/0/000.p/1/"):  # fmt: skip
        yield {"path": path, "level": None}


def _large() -> dict[str, Any]:
    leaves = [merkle.leaf_hash(entry(index)) for index in range(LARGE)]
    full = [merkle.root(leaves[at : at + 256]) for at in range(0, LARGE - 255, 256)]
    root = merkle.root(leaves)
    return {
        "size": LARGE,
        "root": root.hex(),
        "tiles": {
            "tile/0/257.p/44": b"".join(leaves[65_792:]).hex(),
            "tile/1/001.p/1": full[256].hex(),
            "tile/2/000.p/1": merkle.root(full[:256]).hex(),
        },
        "checkpoint": checkpoint(leaves),
        "inclusion": [
            {"index": index, "path": [one.hex() for one in merkle.inclusion_proof(leaves, index)]}
            for index in (0, 255, 65_535, 65_536, LARGE - 1)
        ],
        "consistency": {
            "old": 65_536,
            "old_root": merkle.root(leaves[:65_536]).hex(),
            "proof": [one.hex() for one in merkle.consistency_proof(leaves, 65_536)],
        },
    }
